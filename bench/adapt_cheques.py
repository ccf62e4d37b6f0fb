"""What adapting the reader to half of a set of labelled pictures gains on the other half.

    python bench/adapt_cheques.py FOLDER [--also FOLDER ...] [--weights FILE] [--rounds N]

FOLDER holds labels.csv (file, label) and the pictures, such as cheques. Every second one, from the second on,
is learnt from, the others are scored before and after. The adapted weights are thrown away. Sets named by
--also, which nothing is learnt from, show what the reader forgets.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from shuzi.data.labelled import read_labels
from shuzi.evaluation.adaptation import adapt_reader, right
from shuzi.evaluation.paired import Paired
from shuzi.models import READER


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--also", type=Path, nargs="*", default=[])
    parser.add_argument("--weights", default=READER)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    pictures = read_labels(options.folder)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        result = adapt_reader(
            pictures[1::2],
            pictures[0::2],
            Path(folder) / "adapted.onnx",
            options.weights,
            rounds=options.rounds,
            threads=options.threads,
            tell=lambda line: print(f"{time.monotonic() - started:6.0f} s  {line}", flush=True),
        )
        print(f"{options.folder.name}, other half: {result.held_out}", flush=True)
        for other in options.also:
            others = read_labels(other)
            print(
                f"{other.name}: {Paired.of(right(options.weights, others), right(result.path, others))}",
                flush=True,
            )


if __name__ == "__main__":
    main()
