"""How well numbers are read on what people write them on: tables of marks, boxes, boards, corrections, sums.

    python bench/kinds.py [--each N] [--seed S] [--without-unipen] [--only KIND ...] [--wrong FOLDER]

N pictures of each kind, drawn in colour and saved as JPEG, by writers that no net has learned from, and by
other code than the scenes that nets learn from. Nothing is known of the numbers. What should be read of them:
digits only; 12+34=46 is three numbers, 85/100 one, a word none. Misread pictures are left in FOLDER as
KIND-NUMBER-TRUTH-READ.png.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np

import shuzi
import written_beside
import written_on
from desk import Desk
from shuzi.evaluation.drawn_writers import Writers

KINDS = (
    written_on.marks,
    written_on.postcode,
    written_on.comb,
    written_on.meter,
    written_beside.corrected,
    written_beside.ringed,
    written_beside.in_brackets,
    written_beside.percentage,
    written_beside.score,
    written_beside.measure,
    written_beside.worked_out,
    written_on.blackboard,
    written_on.squared_paper,
    written_on.column,
    written_beside.dated,
    written_beside.closed,
    written_on.spaced,
    written_beside.ticked,
    written_on.cheque,
    written_beside.opened,
    written_beside.word,
    written_beside.labelled,
)
NEED_LETTERS = (written_beside.measure, written_beside.word, written_beside.labelled)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--each", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without-unipen", action="store_true")
    parser.add_argument("--only", nargs="*", default=[kind.__name__ for kind in KINDS])
    parser.add_argument("--wrong", type=Path)
    options = parser.parse_args()
    writers = Writers(options.seed, with_unipen=not options.without_unipen)
    reader = shuzi.Reader()
    for index, kind in enumerate(KINDS):
        if kind.__name__ not in options.only or (kind in NEED_LETTERS and not writers.write_words):
            continue
        right = written = read = found = accepted = wrong = 0
        for each in range(options.each):
            desk = Desk(writers, np.random.default_rng((options.seed, index, each)))
            truth = Counter(kind(desk))
            picture = desk.photo()
            page = reader.read(picture)
            said = Counter(number.text for number in page.numbers)
            right += truth == said
            written += truth.total()
            read += said.total()
            found += (truth & said).total()
            sure = [number.text for number in page.numbers if number.accepted]
            accepted += len(sure)
            wrong += (Counter(sure) - truth).total()
            if options.wrong and truth != said:
                options.wrong.mkdir(parents=True, exist_ok=True)
                texts = "-".join("+".join(texts.elements())[:60] for texts in (truth, said))
                picture.save(options.wrong / f"{kind.__name__}-{each}-{texts}.png")
        scores = f"recall {found / max(1, written):6.1%}, precision {found / max(1, read):6.1%}"
        sure_of = f"accepted {accepted / max(1, read):5.1%}, {wrong} of them wrong"
        print(f"{kind.__name__:14} pictures {right}/{options.each}, {scores}, {sure_of}", flush=True)


if __name__ == "__main__":
    main()
