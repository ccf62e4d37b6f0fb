"""Digits in a row, a character or a sign between them -> the numbers that it parts: 12号楼3单元, 12+34=46.

What joins digits is small, a point or comma, or has one stroke, a dash or slash; rulings and the walls of
boxes are straight. A character is as large as a digit, and has several strokes; +, x and = have two, which
cross or lie one above the other.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from shuzi.reading.inked import inked
from shuzi.reading.looks import Found
from shuzi.reading.ranks import median
from shuzi.reading.spacing import wide_gaps
from shuzi.reading.walls import are_walls, upright, walls
from shuzi.shapes import Bool, Float32, Int64

_ROOM, _SIGN_ROOM = 0.8, 0.5  # heights of the digits: narrower gaps hold no character, and no sign
_FAR = 3.0  # heights: what is further apart isn't one number anyway
_TALL, _WIDE = 0.45, 0.4  # heights: how many rows and columns its ink is in, at least
_STROKES = 1.35  # of its ink, on average: how often a row or a column meets it
_SIGN = (0.28, 0.8)  # heights: the sides of a sign, and the strokes of a +
_MOST = (0.04, 0.96)  # of its ink
_MIDDLE = 0.27  # of its height and width: how far off their middles the strokes of a + cross
_DOUBLE, _APART = 1.45, 0.12  # of its ink, for =: how often a column meets it; heights: how tall it is
_STRAIGHT = 0.85  # of a gap: what runs through so much of it is a ruling, or the wall of a box
_THICK = 0.1  # heights: how far to each side of its middle the wall of a box reaches
_WALLS = 0.75  # of a gap's ink
_BEYOND = 0.1  # heights: how far a character may reach above and below the digits


def part(
    grey: Float32[np.ndarray, "h w"], found: Found, chain: Int64[np.ndarray, " k"]
) -> list[Int64[np.ndarray, " _"]]:
    """Part the digits of a row, indices from the left, wherever a character stands between two of them, or
    the wall of a table's cell, or much room; walls that were taken for digits are left out."""
    ones = np.asarray(found.values[chain].argmax(axis=1) == 1)
    chain = chain[~are_walls(grey, found.boxes[chain], ones)]
    boxes = found.boxes[chain]
    ends = {*_characters(grey, boxes, range(len(chain) - 1)), *walls(grey, boxes), *wide_gaps(grey, boxes)}
    return np.split(chain, [at + 1 for at in sorted(ends)])


def fences(
    grey: Float32[np.ndarray, "h w"], found: Found, chain: Int64[np.ndarray, " k"], sure: float
) -> tuple[float, float]:
    """How far to the left and right a number may go on: up to digits of others, of at least the presence
    `sure`, that a character parts from it."""
    boxes = found.boxes[chain[found.presence[chain] >= sure]]
    first, last = boxes[0], boxes[-1]
    others = np.delete(found.boxes, chain, axis=0)[np.delete(found.presence, chain) >= sure]
    middle = (others[:, 1] + others[:, 3]) / 2
    row = others[(middle > boxes[:, 1].min()) & (middle < boxes[:, 3].max())]
    before, after = row[row[:, 2] <= first[0]], row[row[:, 0] >= last[2]]
    left, right = 0.0, float(grey.shape[1])
    if len(before):
        nearest = before[before[:, 2].argmax()]
        if _characters(grey, np.stack([nearest, *boxes]), [0]):
            left = float(nearest[2])
    if len(after):
        nearest = after[after[:, 0].argmin()]
        if _characters(grey, np.stack([*boxes, nearest]), [len(boxes) - 1]):
            right = float(nearest[0])
    return left, right


def _characters(
    grey: Float32[np.ndarray, "h w"], boxes: Float32[np.ndarray, "k 4"], gaps: Iterable[int]
) -> list[int]:
    """Of these gaps, by the index of the digit before, those with a character in them."""
    height = median(boxes[:, 3] - boxes[:, 1])
    wide = [at for at in gaps if _SIGN_ROOM * height < boxes[at + 1, 0] - boxes[at, 2] < _FAR * height]
    if not wide:
        return []
    ink, here = inked(grey, boxes, _BEYOND * height)
    held = [at for at in wide if _holds_character(ink, here[at], here[at + 1], height)]
    return [at for at in held if not _are_boxes(grey, boxes, at, ink, here)]


def _are_boxes(
    grey: Float32[np.ndarray, "h w"],
    boxes: Float32[np.ndarray, "k 4"],
    at: int,
    ink: Bool[np.ndarray, "a b"],
    here: Float32[np.ndarray, "k 4"],
) -> bool:
    """Whether a gap's ink is nearly all walls: those of two boxes, blurred or askew, are as many strokes as a
    character has."""
    top, bottom = median(boxes[:, 1]), median(boxes[:, 3])
    thick = _THICK * (bottom - top)
    gap = ink[:, int(here[at, 2]) + 1 : int(np.ceil(here[at + 1, 0]))].sum(axis=0)
    columns = float(boxes[at, 2] - here[at, 2]) + int(here[at, 2]) + 1 + np.arange(len(gap))
    lines = upright(grey, (float(boxes[at, 2]), top, float(boxes[at + 1, 0]), bottom), bottom - top)
    walls = (np.abs(columns[:, None] - lines) <= thick).any(axis=1)
    return bool(gap[walls].sum() >= _WALLS * gap.sum())


def _holds_character(
    ink: Bool[np.ndarray, "h w"],
    before: Float32[np.ndarray, " 4"],
    after: Float32[np.ndarray, " 4"],
    height: float,
) -> bool:
    reach = _BEYOND * height
    top, bottom = max(0, int(min(before[1], after[1]) - reach)), int(max(before[3], after[3]) + reach) + 1
    gap = ink[top:bottom, int(before[2]) + 1 : int(np.ceil(after[0]))]
    gap = gap & (gap.mean(axis=1, keepdims=True) < _STRAIGHT) & (gap.mean(axis=0, keepdims=True) < _STRAIGHT)
    rows, columns = (np.count_nonzero(gap.any(axis=axis)) for axis in (1, 0))
    if not rows or columns < _SIGN[0] * height:
        return False
    met = [np.count_nonzero(np.diff(gap, axis=axis, prepend=False, append=False)) / 2 for axis in (1, 0)]
    large = gap.shape[1] >= _ROOM * height and rows >= _TALL * height and columns >= _WIDE * height
    if large and (met[0] / rows > _STROKES or met[1] / columns > _STROKES):
        return True
    return _is_sign(gap, met[0] / rows, met[1] / columns, height)


def _is_sign(gap: Bool[np.ndarray, "h w"], in_rows: float, in_columns: float, height: float) -> bool:
    """Whether a gap's ink is +, x or =. How often on average do rows and columns meet it?"""
    # The ends of the digits beside it may reach into the gap.
    tall, wide = (float(np.ptp(np.quantile(places, _MOST))) for places in np.nonzero(gap))
    if max(tall, wide) > _SIGN[1] * height:
        return False  # as a digit that was missed
    if in_columns > _DOUBLE:
        return tall >= _APART * height
    if tall < _SIGN[0] * height:
        return False
    if in_rows > _STROKES and in_columns > _STROKES:
        return True
    bar, stem = (_longest(gap.sum(axis=axis), _SIGN[0] * height) for axis in (1, 0))
    return bar and stem


def _longest(inked: Int64[np.ndarray, " n"], least: float) -> bool:
    """Whether a sign's longest row (or column) is long, and in its middle: a 1 has its bar at its foot."""
    first, last = np.searchsorted(inked.cumsum() / inked.sum(), _MOST)
    at = (inked.argmax() - first) / max(1, last - first)
    return bool(inked.max() >= least and abs(at - 0.5) < _MIDDLE)
