"""How well and how fast numbers are read on drawn codes and pages: hands that no net has learned from.

    python bench/drawn.py [--codes N] [--pages P] [--seed S] [--weights W] [--without-unipen] [--wrong FOLDER]

Nothing is known of the numbers when they are read; a code is right if it is all that was read. The same codes
are timed as crops of 200x60 pixels, too. Without UNIPEN, MNIST's and invented digits write alone. Misread
codes are left in FOLDER as TRUTH-READ.png.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from PIL import Image

import shuzi
from shuzi.evaluation.drawn_pictures import a4_pages, five_digit_codes, score_pages
from shuzi.reading.output import Page

CROP = (200, 60)  # width and height


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--codes", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--weights", default="champion")
    parser.add_argument("--without-unipen", action="store_true")
    parser.add_argument("--wrong", type=Path)
    options = parser.parse_args()
    reader = shuzi.Reader(options.weights)
    with_unipen = not options.without_unipen

    codes, texts = five_digit_codes(options.codes, options.seed, with_unipen=with_unipen)
    pages, each = read(reader, codes)
    said = [str(page).replace("\n", "+") for page in pages]
    right = np.array([one == text for one, text in zip(said, texts, strict=True)])
    if len(codes):
        print(f"codes  {right.mean():.2%} of {len(codes)} right, {each:.1f} ms each", flush=True)
        crops = [np.asarray(Image.fromarray(code).resize(CROP)) for code in codes]
        print(f"crops  {read(reader, crops)[1]:.1f} ms each", flush=True)
    for at in np.flatnonzero(~right) if options.wrong else []:
        options.wrong.mkdir(parents=True, exist_ok=True)
        Image.fromarray(codes[at]).save(options.wrong / f"{texts[at]}-{said[at]}.png")

    sheets, numbers = a4_pages(options.pages, options.seed, with_unipen=with_unipen)
    pages, each = read(reader, sheets)
    found = [[(number.text, number.box) for number in page.numbers] for page in pages]
    recall, precision = score_pages(found, numbers)
    if len(sheets):
        scores = f"recall {recall:.2%}, precision {precision:.2%}"
        print(f"pages  {scores} of {len(sheets)} pages, {each:.0f} ms each")


def read(reader: shuzi.Reader, pictures: list[np.ndarray]) -> tuple[list[Page], float]:
    """All pages, and how long one took on average, in milliseconds; the first picture warms up."""
    for picture in pictures[:1]:
        reader.read(picture)
    start = time.perf_counter()
    pages = [reader.read(picture) for picture in pictures]
    return pages, 1000 * (time.perf_counter() - start) / max(1, len(pictures))


if __name__ == "__main__":
    main()
