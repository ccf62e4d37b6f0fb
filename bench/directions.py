"""Pages that lie any way round: what is read of them, and how long it takes.

    python bench/directions.py [--pages N]

Drawn A4 pages with 30 numbers among words (without UNIPEN's writers), and pages of printed words, at several
sizes, without any number: all that is accepted there is wrong.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import shuzi
from shuzi.evaluation.drawn_pictures import a4_pages
from shuzi.evaluation.drawn_print import HANDWRITTEN

SIZES = (12, 16, 20, 26, 36, 60)  # of the font, in pixels
TURNS = (0, 90, 180, 270)  # degrees


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=4)
    options = parser.parse_args()
    reader = shuzi.Reader()
    reader.read(page_of_words(SIZES[0]))
    sheets, numbers = a4_pages(options.pages, 1, with_unipen=False)
    for turn in TURNS:
        right = said = wanted = 0
        start = time.perf_counter()
        for sheet, truth in zip(sheets, numbers, strict=True):
            texts = Counter(text for text, _ in truth)
            found = Counter(
                number.text for number in reader.read(turned(Image.fromarray(sheet), turn)).numbers
            )
            right += (texts & found).total()
            said, wanted = said + found.total(), wanted + texts.total()
        each = (time.perf_counter() - start) / len(sheets)
        scores = f"recall {right / wanted:.1%}, precision {right / said:.1%}"
        print(f"numbers, turned by {turn:3}: {scores}, {each:.2f} s")
    for turn in TURNS:
        doubtful = accepted = 0
        seconds = []
        for size in SIZES:
            start = time.perf_counter()
            made_up = reader.read(turned(page_of_words(size), turn)).numbers
            seconds.append(time.perf_counter() - start)
            accepted += sum(number.accepted for number in made_up)
            doubtful += sum(not number.accepted for number in made_up)
        print(
            f"words, turned by {turn:3}: {accepted} accepted, {doubtful} doubtful on {len(SIZES)} pages, "
            f"{np.mean(seconds):.2f} s, at most {max(seconds):.2f} s"
        )


def page_of_words(size: int) -> Image.Image:
    """A page of 1000x1400 full of words in print."""
    rng = np.random.default_rng(size)
    page = Image.new("L", (1000, 1400), 240)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(size=size)
    for y in range(60, 1300, round(1.6 * size)):
        line = str(rng.choice(HANDWRITTEN))
        while draw.textlength(line, font=font) < 800:
            line += " " + str(rng.choice(HANDWRITTEN))
        draw.text((60, y), line, fill=30, font=font)
    return page


def turned(picture: Image.Image, degrees: int) -> Image.Image:
    return picture.rotate(degrees, expand=True)


if __name__ == "__main__":
    main()
