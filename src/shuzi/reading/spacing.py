"""Numbers that stand in one row with nothing but room between them, as in columns without lines."""

from __future__ import annotations

import numpy as np

from shuzi.reading.inked import inked
from shuzi.reading.ranks import median
from shuzi.shapes import Bool, Float32

# Heights of the digits: what is further apart may be two numbers, if so much of it is clear, too. Thousands
# are closer to what is before them, or have a point in between (docs/LOG.md).
_ROOM, _CLEAR = 1.45, 1.25
_CLOSER = 2.5  # times as far apart as the digits of one number: else they stand in boxes
_LEAST = 0.2  # heights: digits that are closer than that, or touch, count as this far apart
_STRAIGHT = 0.85  # of a gap: what runs through so much of it is a ruling
_BELOW = 0.2  # heights: how far below digits a comma reaches


def wide_gaps(grey: Float32[np.ndarray, "h w"], boxes: Float32[np.ndarray, "k 4"]) -> list[int]:
    """The gaps between numbers, by the index of the digit before. `boxes`: of the digits in a row, from the
    left."""
    gaps = boxes[1:, 0] - boxes[:-1, 2]
    height = median(boxes[:, 3] - boxes[:, 1])
    wide = gaps > _ROOM * height
    if wide.all() or not wide.any():  # in boxes all digits are as far apart
        return []
    within = max(float(gaps[~wide].max()), _LEAST * height)
    wide &= gaps > _CLOSER * within
    if not wide.any():
        return []
    ink, here = inked(grey, boxes, _BELOW * height)
    return [
        int(at)
        for at in np.flatnonzero(wide)
        if _clear(ink, here[at], here[at + 1], _BELOW * height) > _CLEAR * height
    ]


def _clear(
    ink: Bool[np.ndarray, "h w"],
    before: Float32[np.ndarray, " 4"],
    after: Float32[np.ndarray, " 4"],
    below: float,
) -> int:
    """The widest stretch without ink, in pixels, between two digits."""
    top, bottom = max(0, int(min(before[1], after[1]))), int(max(before[3], after[3]) + below) + 1
    gap = ink[top:bottom, int(before[2]) + 1 : int(np.ceil(after[0]))]
    met = (gap & (gap.mean(axis=1, keepdims=True) < _STRAIGHT)).any(axis=0)
    return int(np.diff(np.flatnonzero(np.concatenate([[True], met, [True]]))).max()) - 1
