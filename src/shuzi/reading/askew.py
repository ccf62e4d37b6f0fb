"""Pictures taken askew, sideways or upside down: by what angle, as their numbers tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shuzi.reading.output import Number
from shuzi.shapes import Float

_LEANING = 0.06  # the slope of a sheet's side that isn't one that small pictures have
_SPREAD = 1.0  # squared heights of digits, summed: numbers that are shorter tell no direction


def tilt(numbers: Sequence[Number]) -> float:
    """By what angle numbers fall to the right, in radians; 0 where there is too little to tell.

    One direction for all of them, which goes through the middles of their digits as well as may be.
    """
    along = across = 0.0
    for number in numbers:
        boxes = np.array([digit.box for digit in number.digits], np.float64)
        middles = boxes[:, :2] + boxes[:, 2:] / 2
        off = (middles - middles.mean(axis=0)) / max(1.0, float(np.median(boxes[:, 3])))
        along += float((off[:, 0] ** 2).sum())
        across += float((off[:, 0] * off[:, 1]).sum())
    return float(np.arctan2(across, along)) if along > _SPREAD else 0.0


def lies_askew(corners: Float[np.ndarray, "4 2"]) -> bool:
    """Whether a sheet with these corners, (x, y) clockwise, isn't seen straight and from right above."""
    sides = np.abs(np.roll(corners, -1, axis=0) - corners)
    off = np.minimum(sides[:, 0], sides[:, 1]) / np.maximum(sides[:, 0], sides[:, 1])
    return bool(off.max() > _LEANING)
