"""Numbers among Chinese print: what is read on drawn forms, and on pages that have no number at all.

    python bench/chinese.py [--pages P] [--lines N] [--seed S] [--font FILE ...] [--without-unipen]

Drawn A4 pages with 30 numbers among Chinese words; lines such as 2026年11月27日 or 12号楼3单元1031室 filled
in by hand, each right if all its numbers are; and pages full of words at several sizes, where all that is
accepted is wrong. Fonts are Debian's fonts-wqy-microhei, fonts-wqy-zenhei, fonts-arphic-uming and
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
from shuzi.data.scenes.setting import set_line
from shuzi.evaluation.drawn_pictures import a4_pages, score_pages
from shuzi.evaluation.drawn_print import CHINESE
from shuzi.evaluation.drawn_writers import Writers
from shuzi.reading.output import Number

FOLDER = Path("/usr/share/fonts/truetype")
FONTS = ("wqy/wqy-microhei.ttc", "wqy/wqy-zenhei.ttc", "arphic/uming.ttc", "arphic/ukai.ttc")
UNITS = (  # what stands behind each number of a line, and how many digits that has at most
    (("年", 4), ("月", 2), ("日", 2)),
    (("号楼", 2), ("单元", 1), ("室", 4)),
    (("元", 6),),
    (("元", 4), ("角", 1), ("分", 1)),
    (("页", 3), ("张", 3)),
)
SIZES = (14, 18, 24, 32, 48)  # of the font, in pixels


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--lines", type=int, default=200)
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
    writers = Writers(options.seed, with_unipen=not options.without_unipen)
    right = accepted = wrong = 0
    for index in range(options.lines):
        rng = np.random.default_rng((options.seed, 6, index))
        picture, said = filled_in(writers, ImageFont.truetype(fonts[index % len(fonts)], 20), rng)
        numbers = reader.read(picture).numbers
        good = [n.text for n in numbers] == said
        sure = bool(numbers) and all(n.accepted for n in numbers)
        right, accepted, wrong = right + good, accepted + sure, wrong + (sure and not good)
    print(f"lines: {right} of {options.lines} right, {accepted} accepted, {wrong} of these wrong")
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


def filled_in(
    writers: Writers, font: ImageFont.FreeTypeFont, rng: np.random.Generator
) -> tuple[Image.Image, list[str]]:
    """A printed line with numbers filled in by hand, and what these are."""
    units = UNITS[int(rng.integers(len(UNITS)))]
    texts = [
        "".join(str(digit) for digit in rng.integers(0, 10, rng.integers(1, most + 1))) for _, most in units
    ]
    hand, tall, x = writers.hand(rng), float(rng.uniform(22, 32)), 10.0
    ink, printed = np.zeros((80, 700), np.float32), Image.new("L", (700, 80))
    draw = ImageDraw.Draw(printed)
    if rng.random() < 0.5:
        label = str(rng.choice(CHINESE.labels)) + "："
        draw.text((x, 48), label, 255, font, anchor="ls")
        x += font.getlength(label) + 10
    for (unit, _), text in zip(units, texts, strict=True):
        line = hand.line(list(text), tall, rng, touching=0.1)
        x, _ = set_line(line, writers.write(line, rng), ink, x, 40.0, rng)
        x += float(rng.uniform(2, 14))
        draw.text((x, 48), unit, 255, font, anchor="ls")
        x += font.getlength(unit) + float(rng.uniform(4, 16))
    dark = np.maximum(0.8 * ink, 0.75 * np.asarray(printed, np.float32) / 255)
    return Image.fromarray((235 * (1 - dark)).astype(np.uint8)).crop((0, 0, min(700, int(x) + 10), 80)), texts


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
