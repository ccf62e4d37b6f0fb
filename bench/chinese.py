"""Numbers among Chinese print: what is read on drawn forms, and on pages that have no number at all.

    python bench/chinese.py [--pages P] [--seed S] [--font FILE ...] [--without-unipen]

Drawn A4 pages with 30 numbers among Chinese words, and pages full of such words at several sizes: all that is
accepted there is wrong. Fonts are Debian's fonts-wqy-microhei, fonts-wqy-zenhei, fonts-arphic-uming and
fonts-arphic-ukai, as far as they are installed; no net has learned from these.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import shuzi
from shuzi.evaluation.drawn_pictures import a4_pages, score_pages
from shuzi.evaluation.drawn_print import CHINESE
from shuzi.reading.output import Number

FOLDER = Path("/usr/share/fonts/truetype")
FONTS = ("wqy/wqy-microhei.ttc", "wqy/wqy-zenhei.ttc", "arphic/uming.ttc", "arphic/ukai.ttc")
SIZES = (14, 18, 24, 32, 48)  # of the font, in pixels


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--font", type=Path, action="append")
    parser.add_argument("--without-unipen", action="store_true")
    options = parser.parse_args()
    fonts = options.font or [FOLDER / name for name in FONTS if (FOLDER / name).is_file()]
    if not fonts:
        sys.exit(f"None of {', '.join(FONTS)} is in {FOLDER}: install one, or name a font with --font.")
    reader = shuzi.Reader()
    reader.read(page_of_words(fonts[0], SIZES[-1]))
    sheets, truth = a4_pages(
        options.pages, options.seed, with_unipen=not options.without_unipen, chinese=fonts
    )
    start = time.perf_counter()
    read = [reader.read(sheet).numbers for sheet in sheets]
    each = (time.perf_counter() - start) / max(1, len(sheets))
    for name, kept in (("read", read), ("accepted", [[n for n in page if n.accepted] for page in read])):
        recall, precision = score_pages([places(page) for page in kept], truth)
        print(f"numbers {name}: recall {recall:.1%}, precision {precision:.1%} of {len(sheets)} pages")
    print(f"{1000 * each:.0f} ms a page")
    for font in fonts:
        accepted = doubtful = 0
        seconds = []
        for size in SIZES:
            page = page_of_words(font, size)
            start = time.perf_counter()
            made_up = reader.read(page).numbers
            seconds.append(time.perf_counter() - start)
            accepted += sum(number.accepted for number in made_up)
            doubtful += sum(not number.accepted for number in made_up)
        print(
            f"words in {font.stem}: {accepted} accepted, {doubtful} doubtful on {len(SIZES)} pages, "
            f"{np.mean(seconds):.2f} s, at most {max(seconds):.2f} s"
        )


def places(numbers: list[Number]) -> list[tuple[str, tuple[int, int, int, int]]]:
    """Texts and boxes."""
    return [(number.text, number.box) for number in numbers]


def page_of_words(path: Path, size: int) -> Image.Image:
    """A page of 1000x1400 full of Chinese print."""
    rng = np.random.default_rng(size)
    page = Image.new("L", (1000, 1400), 240)
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(path, size)
    for y in range(60, 1300, round(1.6 * size)):
        line = ""
        while draw.textlength(line, font=font) < 800:
            line += str(rng.choice(CHINESE.text))
        draw.text((60, y), line, fill=30, font=font)
    return page


if __name__ == "__main__":
    main()
