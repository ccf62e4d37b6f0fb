"""Pictures taken askew, sideways or upside down: by what angle, as their numbers tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shuzi.reading.output import Number
from shuzi.reading.ranks import median
from shuzi.shapes import Float

_LEANING = 0.06  # the slope of a sheet's side that isn't one that small pictures have
_LEAST = np.radians(5)  # what leans less is read as it is
_SPREAD = 0.5  # squared heights of digits, summed: what is shorter has to lean by more to tell a direction
_STEEPEST = 0.5  # the slope at which one number may go on with the next
_NEAR, _BELOW = 2.2, 0.9  # heights from one to the other, and how much lower, so that it isn't another line's


def tilt(numbers: Sequence[Number]) -> float:
    """By what angle numbers fall to the right, in radians; 0 where there is too little to tell.

    One direction for all of them, which goes through the middles of their digits as well as may be; and from
    the end of one to the beginning of the next, since writing that falls or rises may look like several.
    """
    if not numbers:
        return 0.0
    lines = [np.array([digit.box for digit in number.digits], np.float64) for number in numbers]
    x, y = np.concatenate([*map(_from_the_middle, lines), _to_the_next(lines)]).T
    along = float((x**2).sum())
    angle = float(np.arctan2((x * y).sum(), along))
    return angle if abs(angle) * min(1.0, along / _SPREAD) > _LEAST else 0.0


def _from_the_middle(line: Float[np.ndarray, "k 4"]) -> Float[np.ndarray, "k 2"]:
    """Where the digits of a number stand, in heights; boxes are (left, top, width, height)."""
    middles = line[:, :2] + line[:, 2:] / 2
    return np.asarray((middles - middles.mean(axis=0)) / max(1.0, median(line[:, 3])))


def _to_the_next(lines: list[Float[np.ndarray, "_ 4"]]) -> Float[np.ndarray, "n 2"]:
    """From the ends of numbers to the beginnings of others that may be their continuation, in heights."""
    last, first = np.array([line[-1] for line in lines])[:, None], np.array([line[0] for line in lines])
    height = np.maximum(1.0, (last[..., 3:] + first[..., 3:]) / 2)
    step = (first[..., :2] + first[..., 2:] / 2 - last[..., :2] - last[..., 2:] / 2) / height
    gap = (first[..., 0] - last[..., 0] - last[..., 2]) / height[..., 0]
    along, down = step[..., 0], np.abs(step[..., 1])
    near = (along > 0) & (gap < _NEAR) & (down < np.minimum(_BELOW, _STEEPEST * along))
    return np.asarray(step[near])


def lies_askew(corners: Float[np.ndarray, "4 2"]) -> bool:
    """Whether a sheet with these corners, (x, y) clockwise, isn't seen straight and from right above."""
    sides = np.abs(np.roll(corners, -1, axis=0) - corners)
    off = np.minimum(sides[:, 0], sides[:, 1]) / np.maximum(sides[:, 0], sides[:, 1])
    return bool(off.max() > _LEANING)
