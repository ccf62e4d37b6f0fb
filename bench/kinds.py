"""How well numbers are read on what people write them on: tables of marks, boxes, boards, corrections, sums.

    python bench/kinds.py [--each N] [--seed S] [--without-unipen] [--only KIND ...] [--wrong FOLDER]

N pictures of each kind, drawn in colour and saved as JPEG, by writers that no net has learned from, and by
other code than the scenes that nets learn from. Nothing is known of the numbers. What should be read of them:
digits only, and 12+34=46 is three numbers, 85/100 one. Misread pictures are left in FOLDER as
KIND-NUMBER-TRUTH-READ.png.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

import shuzi
from desk import SIGNS, Desk
from shuzi.evaluation.drawn_writers import Writers

FONT = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
Truth = list[str]


def marks(desk: Desk) -> Truth:
    """A table: names, and two or three digits in each cell."""
    rows, columns = int(desk.rng.integers(2, 10)), int(desk.rng.integers(1, 6))
    wide, tall = desk.rng.uniform(90, 130), desk.rng.uniform(36, 52)
    desk.sheet(tall * (rows + 1), wide * (columns + 1) + 60)

    def grid(draw: ImageDraw.ImageDraw) -> None:
        for row in range(rows + 1):
            y = tall * (row + 0.5)
            draw.line((30, y, 30 + wide * (columns + 1), y), fill=255)
        for column in range(columns + 2):
            draw.line((30 + column * wide, tall / 2, 30 + column * wide, tall * (rows + 0.5)), fill=255)
        for row in range(rows):
            name = "".join(desk.rng.choice(list("aeinorstlmd"), 5)).title()
            draw.text((30 + 0.1 * wide, tall * (row + 0.7)), name, 255, ImageFont.truetype(FONT, tall * 0.45))

    desk.draw(grid, (60, 60, 60))
    said = []
    for row in range(rows):
        for column in range(columns):
            said.append(str(desk.rng.integers(40, 101)))
            ink = desk.written(said[-1], tall * desk.rng.uniform(0.5, 0.62))
            desk.centred(ink, 30 + wide * (column + 1), tall * (row + 0.5), 0.85 * wide, tall)
    return said


def postcode(desk: Desk) -> Truth:
    """Six red boxes at some distance from each other, on white or brown paper."""
    cell, pitch = desk.rng.uniform(34, 60), desk.rng.uniform(1.1, 1.4)
    desk.sheet(cell * 3, cell * (6 * pitch + 3), [(245, 243, 235), (205, 175, 130)][desk.rng.integers(2)])
    boxes = [(cell + k * cell * pitch, cell * 0.8) for k in range(6)]

    def frames(draw: ImageDraw.ImageDraw) -> None:
        for x, y in boxes:
            draw.rectangle((x, y, x + cell, y + cell * 1.15), outline=255, width=2)

    desk.draw(frames, (200, 30, 30))
    text = desk.digits(6, 6)
    desk.in_cells(text, cell, cell * 0.8, cell, cell * 1.15, pitch)
    return [text]


def comb(desk: Desk, count: int = 18) -> Truth:
    """Cells side by side, closed or open at the top, in black, red or blue print."""
    cell, x = desk.rng.uniform(26, 44), 60.0
    desk.sheet(cell * 3, cell * (count + 1) + 120)
    top, closed, thick = cell * 0.8, desk.rng.random() < 0.6, int(desk.rng.integers(1, 3))

    def cells(draw: ImageDraw.ImageDraw) -> None:
        begin = top if closed else top + 0.8 * cell
        for k in range(count + 1):
            draw.line((x + k * cell, begin, x + k * cell, top + 1.2 * cell), fill=255, width=thick)
        for y in (top, top + 1.2 * cell)[not closed :]:
            draw.line((x, y, x + count * cell, y), fill=255, width=thick)

    desk.draw(cells, [(60, 60, 60), (200, 60, 60), (60, 90, 190)][desk.rng.integers(3)])
    text = desk.digits(count, count)
    desk.in_cells(text, x, top, cell, cell * 1.2)
    return [text]


def meter(desk: Desk) -> Truth:
    """The same with six cells, as a card for a meter has them."""
    return comb(desk, 6)


def corrected(desk: Desk) -> Truth:
    """A number struck out with one to three strokes, and the right one beside it."""
    size = desk.rng.uniform(36, 50)
    wrong, text = desk.digits(3, 5), desk.digits(3, 5)
    first, second = desk.written(wrong, size), desk.written(text, size)
    desk.sheet(max(len(first), len(second)) + 60, first.shape[1] + second.shape[1] + 160)
    desk.put(first, 40, 30)
    desk.put(second, 90 + first.shape[1], 30)

    def strokes(draw: ImageDraw.ImageDraw) -> None:
        for at in np.linspace(0.4, 0.6, desk.rng.integers(1, 4)):
            y = 30 + len(first) * at + desk.rng.normal(0, 3, 2)
            draw.line((32, y[0], 48 + first.shape[1], y[1]), fill=255, width=4)

    desk.draw(strokes)
    return [text]


def ringed(desk: Desk) -> Truth:
    """One to three digits in a ring."""
    ink = desk.written(text := desk.digits(1, 3), desk.rng.uniform(50, 80))
    side = max(ink.shape) * desk.rng.uniform(1.4, 1.6) + 40
    desk.sheet(side, side)
    angles = np.linspace(0.2, 2 * np.pi + 0.3, 60)
    far = (side / 2 - 20) * (1 + 0.04 * np.sin(2 * angles + desk.rng.uniform(0, 6)))
    ring = [(side / 2 + r * np.cos(a), side / 2 + r * np.sin(a)) for r, a in zip(far, angles, strict=True)]
    desk.draw(lambda draw: draw.line(ring, fill=255, width=4))
    desk.centred(ink, 0, 0, side, side)
    return [text]


def in_brackets(desk: Desk) -> Truth:
    """A number in round brackets."""
    size = desk.rng.uniform(36, 60)
    ink = desk.written(text := desk.digits(1, 4), size)
    desk.sheet(2.2 * size, ink.shape[1] + 3 * size)
    left, right, top = 1.1 * size, 1.4 * size + ink.shape[1], 0.4 * size

    def brackets(draw: ImageDraw.ImageDraw) -> None:
        draw.arc((left, top, left + size / 2, top + 1.4 * size), 110, 250, fill=255, width=4)
        draw.arc((right, top, right + size / 2, top + 1.4 * size), -70, 70, fill=255, width=4)

    desk.draw(brackets)
    desk.put(ink, 1.45 * size, 1.1 * size - len(ink) / 2)
    return [text]


def in_a_row(desk: Desk, parts: list[str], gap: float) -> None:
    """Write parts of a line side by side, `gap` heights apart."""
    size = desk.rng.uniform(36, 56)
    inks = [(desk.sign if part in SIGNS else desk.written)(part, size) for part in parts]
    desk.sheet(2.2 * size, sum(ink.shape[1] + gap * size for ink in inks) + 80)
    x = 40.0
    for part, ink in zip(parts, inks, strict=True):
        low = 0.15 if part in ("m", "cm", "mm") else 0
        desk.put(ink, x, 1.1 * size - len(ink) / 2 + low * size)
        x += ink.shape[1] + size * desk.rng.uniform(0.6, 1.2) * gap


def percentage(desk: Desk) -> Truth:
    """A number and a percent sign."""
    in_a_row(desk, [text := desk.digits(1, 3), "%"], 0.2)
    return [text]


def score(desk: Desk) -> Truth:
    """So many of a hundred; a stroke only separates, so it is one number."""
    text = str(desk.rng.integers(0, 101))
    in_a_row(desk, [text, "/", "100"], 0.2)
    return [text + "100"]


def measure(desk: Desk) -> Truth:
    """A number and what it counts, in letters."""
    in_a_row(desk, [text := desk.digits(1, 4), str(desk.rng.choice(["kg", "cm", "m", "mm", "km"]))], 0.25)
    return [text]


def worked_out(desk: Desk) -> Truth:
    """A sum or a product and its result: three numbers."""
    first, second = desk.digits(1, 3), desk.digits(1, 2)
    sign = str(desk.rng.choice(["+", "x"]))
    result = str(int(first) + int(second) if sign == "+" else int(first) * int(second))
    in_a_row(desk, [first, sign, second, "=", result], 0.35)
    return [first, second, result]


def blackboard(desk: Desk) -> Truth:
    """Chalk, on a board that was wiped."""
    desk.sheet(240, 640, [(35, 60, 50), (40, 45, 45)][desk.rng.integers(2)])
    smears = Image.fromarray(desk.rng.normal(0, 1, (8, 10)).astype(np.float32)).resize((640, 240), 3)
    desk.pixels += 6 * np.asarray(smears)[..., None]
    ink = desk.written(text := desk.digits(3, 6), desk.rng.uniform(55, 85))
    ink = ink * (desk.rng.random(ink.shape) > desk.rng.uniform(0.1, 0.45))
    desk.put(ink, 40, 120 - len(ink) / 2, (225, 225, 215))
    return [text]


def squared_paper(desk: Desk) -> Truth:
    """On squared paper, over one or two squares."""
    side = desk.rng.uniform(18, 30)
    desk.sheet(7 * side, 18 * side)
    ends = np.arange(side / 2, 18 * side, side)

    def squares(draw: ImageDraw.ImageDraw) -> None:
        for at in ends:
            draw.line((at, 0, at, 7 * side), fill=255)
            draw.line((0, at, 18 * side, at), fill=255)

    desk.draw(squares, (150, 180, 225))
    ink = desk.written(text := desk.digits(3, 7), side * desk.rng.uniform(1, 2))
    desk.put(ink, side * desk.rng.uniform(1, 2), side * desk.rng.uniform(1.5, 2.5))
    return [text]


def column(desk: Desk) -> Truth:
    """Numbers one below the other, flush right."""
    size = desk.rng.uniform(28, 44)
    said = [desk.digits(2, 5) for _ in range(desk.rng.integers(3, 8))]
    inks = [desk.written(text, size) for text in said]
    wide = max(ink.shape[1] for ink in inks)
    desk.sheet(size * (1.35 * len(inks) + 2), wide + 140)
    for row, ink in enumerate(inks):
        desk.put(ink, 70 + wide - ink.shape[1], size * (1 + 1.33 * row))
    return said


def dated(desk: Desk) -> Truth:
    """A date; strokes only separate, so it is one number."""
    parts = [str(desk.rng.integers(1, most)) for most in (32, 13)] + [str(desk.rng.integers(1980, 2030))]
    in_a_row(desk, [parts[0], "/", parts[1], "/", parts[2]], 0.2)
    return ["".join(parts)]


def closed(desk: Desk) -> Truth:
    """An amount, closed with strokes so that nobody adds a digit."""
    ends = (["/", "-"], ["/", "="], ["/", "/", "/"], ["="], ["-"])
    in_a_row(desk, [text := desk.digits(2, 6), *ends[desk.rng.integers(len(ends))]], 0.2)
    return [text]


def spaced(desk: Desk) -> Truth:
    """Two to four numbers in a row, as in columns without lines."""
    said = [desk.digits(2, 4) for _ in range(desk.rng.integers(2, 5))]
    in_a_row(desk, said, desk.rng.uniform(2.0, 2.6))
    return said


def ticked(desk: Desk) -> Truth:
    """One to three digits, and a tick in red beside them, on either side."""
    size = desk.rng.uniform(36, 56)
    ink = desk.written(text := desk.digits(1, 3), size)
    desk.sheet(2.4 * size, ink.shape[1] + 3.6 * size)
    left = desk.rng.random() < 0.3
    x, y = 0.4 * size if left else ink.shape[1] + 1.9 * size, 1.2 * size
    tick = np.array([[0, 0], [0.25, 0.35], [0.85, -0.55]]) + desk.rng.normal(0, 0.04, (3, 2))
    corners = [(x + across * size, y + down * size) for across, down in tick.tolist()]
    desk.draw(lambda draw: draw.line(corners, fill=255, width=5), (200, 30, 40))
    desk.put(ink, 1.5 * size, y - len(ink) / 2)
    return [text]


KINDS = (
    *(marks, postcode, comb, meter, corrected, ringed, in_brackets, percentage, score, measure, worked_out),
    *(blackboard, squared_paper, column, dated, closed, spaced, ticked),
)


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
        if kind.__name__ not in options.only or (kind is measure and not writers.write_words):
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
        scores = f"recall {found / written:6.1%}, precision {found / max(1, read):6.1%}"
        sure_of = f"accepted {accepted / max(1, read):5.1%}, {wrong} of them wrong"
        print(f"{kind.__name__:14} pictures {right}/{options.each}, {scores}, {sure_of}", flush=True)


if __name__ == "__main__":
    main()
