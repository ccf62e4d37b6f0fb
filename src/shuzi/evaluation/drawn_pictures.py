"""Pictures of handwritten numbers that reading is measured with: codes cut from forms, and whole pages.

They are drawn from what no net has learned from (`evaluation.drawn_writers`), and by a plan of their own, not
that of the training scenes: as people fill in forms and as scanners and phones take them, without extremes.
The same seed gives the same pictures, and the first of many are those of few. With `with_unipen=False` they
are written with MNIST's digits and invented ones only, so that they can be drawn, and are alike, everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from shuzi.data.scenes.setting import set_line
from shuzi.evaluation.drawn_pages import draw_page
from shuzi.evaluation.drawn_scans import Layer, Picture, choose_scan, take, turned
from shuzi.evaluation.drawn_writers import Writers
from shuzi.reading.output import Box

Found = Sequence[tuple[str, Box]]

_SHEET = (260, 920)  # height and width of what a code is cut from, in pixels
_START = (260.0, 130.0)  # of the code on it: left end, and middle of the line
_BRIM = 12  # cut away after the sheet was turned
_WIDTHS, _HEIGHTS = (200, 400), (60, 110)
_TOUCHING = 0.33  # share of codes without boxes in which digits touch: every fourth of all


def five_digit_codes(
    count: int, seed: int = 0, *, with_unipen: bool = True
) -> tuple[list[Picture], list[str]]:
    """Draw `count` pictures of five digits, 60..110 px high and 200..400 wide, and what they say.

    Digits are 24 to 60 px high and touch in places. Raises DataError for writers that can't be had.
    """
    writers = Writers(seed, with_unipen=with_unipen)
    pictures: list[Picture] = []
    texts = []
    for index in range(count):
        rng = np.random.default_rng((seed, 5, index))
        text = "".join(str(digit) for digit in rng.integers(0, 10, 5))
        pictures.append(_code(writers, text, rng))
        texts.append(text)
    return pictures, texts


def a4_pages(
    count: int, seed: int = 0, *, with_unipen: bool = True, chinese: Sequence[Path] = ()
) -> tuple[list[Picture], list[list[tuple[str, Box]]]]:
    """Draw `count` pages of 1000x1400 px, each with 30 handwritten numbers, and where those are.

    Around them stand several hundred printed words, tables and rulings, and with UNIPEN handwritten words;
    nothing else on them is a digit. With fonts for `chinese` the print is Chinese, otherwise Latin. Raises
    DataError for writers that can't be had.
    """
    writers = Writers(seed, with_unipen=with_unipen)
    drawn = [draw_page(writers, np.random.default_rng((seed, 4, index)), chinese) for index in range(count)]
    return [picture for picture, _ in drawn], [numbers for _, numbers in drawn]


def score_pages(found: Sequence[Found], truth: Sequence[Found]) -> tuple[float, float]:
    """Recall and precision, 0..1, of the numbers found on each page, against those that are there.

    A number is found where exactly its text was read, at a box that shares half of their union with its own
    or holds, or lies in, 80 % of the smaller one; each counts once. Where none was read, precision is 1.
    """
    right = 0
    for read, there in zip(found, truth, strict=True):
        left = list(there)
        for text, box in read:
            hit = next((n for n in left if n[0] == text and _same_place(n[1], box)), None)
            if hit is not None:
                left.remove(hit)
                right += 1
    read_all, all_there = sum(map(len, found)), sum(map(len, truth))
    return right / max(all_there, 1), right / read_all if read_all else 1.0


def _same_place(one: Box, other: Box) -> bool:
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return False
    areas = one[2] * one[3], other[2] * other[3]
    return width * height >= min(0.5 * (sum(areas) - width * height), 0.8 * min(areas))


def _code(writers: Writers, text: str, rng: np.random.Generator) -> Picture:
    while True:
        hand, height = writers.hand(rng), float(rng.uniform(26, 58))
        cell = height * float(rng.uniform(1.15, 1.45)) if rng.random() < 0.2 else 0.0
        slope = 0.0 if cell else float(rng.normal(0, 0.015))
        line = hand.line(text, height, rng, touching=0.0 if cell else _TOUCHING, slope=slope)
        line.cell = cell
        ink = np.zeros(_SHEET, np.float32)
        set_line(line, writers.write(line, rng), ink, *_START, rng)
        rows, columns = np.flatnonzero(ink.max(1)), np.flatnonzero(ink.max(0))
        wide, high = int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1
        fits = wide <= _WIDTHS[1] - 12 and high <= _HEIGHTS[1] - 10
        widest = max((right - left for _, left, _, right, _ in line.boxes), default=0)
        if len(line.boxes) == 5 and fits and (not cell or widest < 0.85 * cell):
            break
    edges = (int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1]))
    rules = _frame(edges, height, cell, rng)
    width = int(np.clip(wide + height * rng.uniform(0.4, 2), *_WIDTHS))
    tall = int(np.clip(high + height * rng.uniform(0.35, 1), *_HEIGHTS))
    left = edges[0] - int(rng.integers(5, width - wide - 4))
    top = edges[1] - int(np.clip(rng.normal(0.5, 0.12) * (tall - high), 4, tall - high - 4))
    turn = float(np.clip(rng.normal(0, 0.5), -1.2, 1.2))
    part = slice(top - _BRIM, top + tall + _BRIM), slice(left - _BRIM, left + width + _BRIM)
    cut = (slice(_BRIM, _BRIM + tall), slice(_BRIM, _BRIM + width))
    ink, rules = turned(ink[part], turn)[cut], turned(rules[part], turn)[cut]
    return take(choose_scan(rng), ink, np.zeros_like(ink), rules, rng)


def _frame(edges: Box, height: float, cell: float, rng: np.random.Generator) -> Layer:
    """What the form gives the code to stand on or in: nothing, a line, a box, or a comb of boxes."""
    sheet = Image.new("L", _SHEET[::-1])
    draw = ImageDraw.Draw(sheet)
    left, top, right, bottom = edges
    thick = int(rng.choice([1, 1, 2]))
    style = 1.0 if cell else rng.random()
    if cell:
        half = height * float(rng.uniform(0.62, 0.8))
        x0, y0, y1 = _START[0], _START[1] - half, _START[1] + half
        teeth = y1 - half * float(rng.choice([2.0, 2.0, 0.5]))
        for k in range(6):
            draw.line((x0 + k * cell, teeth, x0 + k * cell, y1), 255, thick)
        draw.line((x0, y1, x0 + 5 * cell, y1), 255, thick)
        if teeth == y0:
            draw.line((x0, y0, x0 + 5 * cell, y0), 255, thick)
    elif style < 0.3:
        y = bottom + height * rng.uniform(0.02, 0.2)
        before, after = height * rng.uniform(0.2, 3, 2)
        draw.line((left - before, y, right + after, y), 255, thick)
    elif style < 0.55:
        off = height * rng.uniform(0.15, 0.5, 4)
        draw.rectangle(
            (left - off[0], top - off[1], right + off[2], bottom + off[3]), outline=255, width=thick
        )
    return np.asarray(sheet, np.float32) / 255
