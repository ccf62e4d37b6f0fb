"""Digits in a row with the wall of a table's cell between them: the numbers that it parts.

In a comb, or in boxes for one digit each, walls stand between the digits of one number, and all digits are
equally far apart. In a table the digits of a number are close together in its cell, and those of the next one
are further away.
"""

from __future__ import annotations

import numpy as np

from shuzi.shapes import Float32

_FURTHER = 1.6  # how many times as far from each other as the digits of one number
_BEYOND = 0.15  # heights: how far a wall reaches beyond the digits, at least, above and below
_LEANS = (0.0, -0.05, 0.05, -0.1, 0.1)  # how far a wall may lean, as its slope
_UNBROKEN = 0.97  # of its height
_NARROW = 0.2  # heights: how wide a wall may be
_FAINTEST, _OF_NOISE = 6.0, 4.0  # grey levels, and times the paper's noise, that a wall differs from paper


def walls(grey: Float32[np.ndarray, "h w"], boxes: Float32[np.ndarray, "k 4"]) -> list[int]:
    """The gaps, by the index of the digit before, where a cell ends. `boxes`: of the digits in a row, from
    the left."""
    if len(boxes) < 3:  # two digits may as well be those of a comb
        return []
    middles = (boxes[:, 0] + boxes[:, 2]) / 2
    steps = np.diff(middles)
    height = float(np.median(boxes[:, 3] - boxes[:, 1]))
    far = np.flatnonzero(steps > _FURTHER * np.sort(steps)[(len(steps) - 1) // 3])
    return [int(at) for at in far if _stands_between(grey, boxes[at], boxes[at + 1], height)]


def _stands_between(
    grey: Float32[np.ndarray, "h w"],
    before: Float32[np.ndarray, " 4"],
    after: Float32[np.ndarray, " 4"],
    height: float,
) -> bool:
    reach = _BEYOND * height
    top, bottom = int(min(before[1], after[1]) - reach), int(np.ceil(max(before[3], after[3]) + reach))
    gap = grey[max(0, top) : bottom, int(before[2]) + 1 : int(after[0])]
    if gap.shape[1] < 4 or gap.shape[0] < 8:
        return False
    off = gap - np.median(gap, axis=1, keepdims=True)
    noise = float(np.median(np.abs(off)))
    dark = np.abs(off) > max(_FAINTEST, _OF_NOISE * noise)
    # A ruling across the gap is as far from what is paper in its row.
    dark &= dark.mean(axis=1, keepdims=True) < 0.5
    rows = np.arange(len(dark))
    for lean in _LEANS:
        moved = np.rint(lean * (rows - len(rows) / 2)).astype(np.int64)
        columns = (np.arange(dark.shape[1])[None] + moved[:, None]) % dark.shape[1]
        upright = np.take_along_axis(dark, columns, axis=1)
        # A line of one pixel, blurred or askew, goes from one column to the next.
        near = upright[:, :-2] | upright[:, 1:-1] | upright[:, 2:]
        unbroken = near.mean(axis=0) >= _UNBROKEN
        if 0 < np.count_nonzero(unbroken) <= max(4.0, _NARROW * height):
            return True
    return False
