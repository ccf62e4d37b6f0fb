"""What people write numbers on: tables, boxes, boards, squared paper, cheques; drawn for bench/kinds.py."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from desk import Desk, Truth

FONT = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"


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


def spaced(desk: Desk) -> Truth:
    """Two to four numbers in a row, as in columns without lines."""
    said = [desk.digits(2, 4) for _ in range(desk.rng.integers(2, 5))]
    desk.in_a_row(said, desk.rng.uniform(2.0, 2.6))
    return said


def cheque(desk: Desk) -> Truth:
    """An amount on paper that arcs are printed all over: circles around two to four far places."""
    size = desk.rng.uniform(26, 48)
    ink = desk.written(text := desk.digits(3, 6), size)
    desk.sheet(2 * size, ink.shape[1] + 2 * size, (226, 232, 228))
    tall, wide = desk.pixels.shape[:2]
    arcs = np.zeros((tall, wide))
    y, x = np.mgrid[:tall, :wide]
    for _ in range(desk.rng.integers(2, 5)):
        far, angle = desk.rng.uniform(0.7, 3) * wide, desk.rng.uniform(0, 2 * np.pi)
        away = np.hypot(x - wide / 2 - far * np.cos(angle), y - tall / 2 - far * np.sin(angle))
        arcs = np.maximum(arcs, (away % desk.rng.uniform(5, 9)) < 1.3)
    desk.put(arcs * desk.rng.uniform(0.4, 0.9), 0, 0, (120, 140, 150))
    desk.put(ink, size, size - len(ink) / 2)
    return [text]
