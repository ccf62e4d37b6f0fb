"""Pictures taken askew, sideways or upside down: by what angle, as their numbers tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shuzi.reading.output import Number

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
