"""The walls of cells in a row of digits: those that were taken for a 1, and those that part numbers.

In a comb, or in boxes for one digit each, walls stand between the digits of one number, and all digits are
equally far apart. In a table the digits of a number are close together in its cell, and those of the next one
are further away.
"""

from __future__ import annotations

import numpy as np

from shuzi.reading.ranks import median, row_medians
from shuzi.shapes import Bool, Float, Float32

_FURTHER = 1.6  # how many times as far from each other as the digits of one number
_BEYOND = 0.15  # heights: how far a wall reaches beyond the digits, at least, above and below
_WRITTEN_OVER = 0.3  # the same, and further, where a digit may be written over it
_BESIDE = 2.5  # heights: how far beside digits lines of squared paper are looked for
_DOUBLE, _SQUARE = 0.2, 1.2  # heights: from where two lines aren't one, and how wide squares are at most
_RIM = 0.1  # of a digit's width: where a wall may stand in its box
_LEANS = (0.0, -0.05, 0.05, -0.1, 0.1)  # how far a wall may lean, as its slope
_UNBROKEN = 0.97  # of its height
_NARROW = 0.2  # heights: how wide a wall may be
_FAINTEST, _OF_NOISE = 6.0, 4.0  # grey levels, and times the paper's noise, that a wall differs from paper
_SEVERAL = 3  # other walls in a row, from which one may have been taken for a 1
_DARKER = 1.5  # times as far from paper as walls are: ink on a line of squared paper
_AROUND = 0.5  # heights: how much paper is looked at beside what may be one


def are_walls(
    grey: Float32[np.ndarray, "h w"], boxes: Float32[np.ndarray, "k 4"], ones: Bool[np.ndarray, " k"]
) -> Bool[np.ndarray, " k"]:
    """Which digits of a row are walls: of those that look like `ones`, what is straight, reaches beyond the
    other digits, and isn't the only such line, nor a darker one. `boxes`: of the digits, from the left."""
    result = np.zeros(len(boxes), np.bool_)
    if ones.all() or not ones.any():
        return result
    others = boxes[~ones].astype(np.float64)
    height = median(others[:, 3] - others[:, 1])
    top, bottom = median(others[:, 1]), median(others[:, 3])
    for at in np.flatnonzero(ones):
        left, _, right, _ = boxes[at].tolist()
        around = (left - _AROUND * height, top, right + _AROUND * height, bottom)
        lines = upright(grey, around, height)
        result[at] = ((lines > left - 0.1 * height) & (lines < right + 0.1 * height)).any()
    if not result.any():
        return result
    row = (float(boxes[0, 0]) - height, top, float(boxes[-1, 2]) + height, bottom)
    lines = upright(grey, row, height)
    if len(lines) <= _SEVERAL:
        return np.zeros_like(result)
    seen = grey[max(0, int(top)) : int(bottom) + 1]
    off = np.abs(seen - row_medians(seen))
    faintest = min(_strength(off, float(x) - 3, float(x) + 3) for x in lines)  # others have digits on them
    for at in np.flatnonzero(result):
        result[at] = _strength(off, float(boxes[at, 0]), float(boxes[at, 2])) < _DARKER * faintest
    return result


def _strength(off: Float32[np.ndarray, "h w"], left: float, right: float) -> float:
    """How far from paper the strongest ink is between two columns, in half of the rows at least."""
    first = min(max(0, int(left)), off.shape[1] - 1)
    return median(off[:, first : max(first, int(right)) + 1].max(axis=1))


def walls(grey: Float32[np.ndarray, "h w"], boxes: Float32[np.ndarray, "k 4"]) -> list[int]:
    """The gaps, by the index of the digit before, where a cell ends. `boxes`: of the digits in a row, from
    the left."""
    if len(boxes) < 3:  # two digits may as well be those of a comb
        return []
    steps = np.diff((boxes[:, 0] + boxes[:, 2]) / 2)
    far = np.flatnonzero(steps > _FURTHER * np.sort(steps)[(len(steps) - 1) // 3])
    top, bottom = median(boxes[:, 1]), median(boxes[:, 3])
    height = bottom - top
    ends = [int(at) for at in far if _parted(grey, boxes[at : at + 2], top, bottom)]
    if not ends:
        return []
    row = float(boxes[0, 2]), top, float(boxes[-1, 0]), bottom
    lines = upright(grey, row, height)
    # More of them are of boxes for one digit each.
    if (~_within(lines, boxes)).sum() > len(ends) or _is_squared(grey, row):
        return []
    return ends


def _is_squared(grey: Float32[np.ndarray, "h w"], row: tuple[float, float, float, float]) -> bool:
    """Whether lines in a row (left, top, right, bottom) and beside it are as close as on squared paper."""
    left, top, right, bottom = row
    height = bottom - top
    longer, beside = _WRITTEN_OVER * height, _BESIDE * height
    lines = upright(grey, (left - beside, top - longer, right + beside, bottom + longer), height)
    apart = np.diff(lines) / height
    return bool(((apart > _DOUBLE) & (apart < _SQUARE)).any())


def _within(lines: Float[np.ndarray, " n"], boxes: Float32[np.ndarray, "k 4"]) -> Bool[np.ndarray, " n"]:
    """Which lines go through a digit, and may be a stroke of it."""
    rim = _RIM * (boxes[:, 2] - boxes[:, 0])
    through = (lines[:, None] > boxes[:, 0] + rim) & (lines[:, None] < boxes[:, 2] - rim)
    return np.asarray(through.any(axis=1))


def _parted(
    grey: Float32[np.ndarray, "h w"], two: Float32[np.ndarray, "2 4"], top: float, bottom: float
) -> bool:
    """Whether a wall stands in the gap between two digits, or, where one of them is written over it, a line
    that is longer than digits are."""
    height = bottom - top
    if len(upright(grey, (float(two[0, 2]), top, float(two[1, 0]), bottom), height)):
        return True
    left, right = ((two[:, 0] + two[:, 2]) / 2).tolist()
    longer = _WRITTEN_OVER * height
    return len(upright(grey, (left, top - longer, right, bottom + longer), height)) > 0


def upright(
    grey: Float32[np.ndarray, "h w"], part: tuple[float, float, float, float], height: float
) -> Float[np.ndarray, " n"]:
    """Where (x) there are straight lines in a part of a picture (left, top, right, bottom) that reach beyond
    it, above and below."""
    reach = _BEYOND * height
    left, top = max(0, int(part[0]) + 1), max(0, int(part[1] - reach))
    seen = grey[top : int(np.ceil(part[3] + reach)), left : max(0, int(part[2]))]
    found = np.zeros(0)
    if not seen.size or seen.shape[1] < 4:
        return found
    off = np.abs(seen - row_medians(seen))
    dark = off > max(_FAINTEST, _OF_NOISE * median(off.ravel()))
    # Not where a ruling crosses, or a frame ends.
    rows = np.flatnonzero(dark.mean(axis=1) < 0.5)
    # Most often there is no ink beyond the digits, where a wall would be.
    if 2 * len(rows) < len(dark) or dark[rows].any(axis=1).mean() < _UNBROKEN:
        return found
    for lean in _LEANS:
        moved = np.rint(lean * (rows - len(dark) / 2)).astype(np.int64)
        upright = dark[rows[:, None], (np.arange(dark.shape[1]) + moved[:, None]) % dark.shape[1]]
        unbroken = np.zeros(dark.shape[1], np.bool_)
        # A line of one pixel, blurred or askew, goes from one column to the next.
        near = upright[:, :-2] | upright[:, 1:-1] | upright[:, 2:]
        unbroken[1:-1] = near.mean(axis=0) >= _UNBROKEN
        edges = np.flatnonzero(unbroken[1:] != unbroken[:-1])
        begin, end = edges[::2], edges[1::2]
        narrow = end - begin <= max(4.0, _NARROW * height)
        found = max(found, left + (begin + end + 1)[narrow] / 2, key=len)
    return found
