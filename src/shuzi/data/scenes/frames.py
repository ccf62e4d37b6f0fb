"""Printed frames for numbers: boxes and combs, whole or in part, seen from anywhere, and tables."""

from __future__ import annotations

import numpy as np

from shuzi.data.scenes.lines import draw_line
from shuzi.shapes import Float, Float32

_LEANING = 0.45  # the share that is seen from somewhere else than above
_LEAN, _FALL, _WARP = 0.13, 0.035, 0.03  # standard deviations of slopes: of sides, of what lies, between two
_SQUARE = 0.006  # and of those that are seen from above
_MISSING = 0.12  # the chance that a side isn't printed, or lies beyond the picture
_TEETH = 0.3  # of frames with walls: these only come up from below


def draw_frame(
    height: int,
    width: int,
    rng: np.random.Generator,
    around: tuple[float, float, float, float],
    size: float,
    walls: list[float],
) -> Float32[np.ndarray, "h w"]:
    """A frame around (left, top, right, bottom), some way off it, with `walls` (x) between its cells; ink, 0
    to 1. `size`: of the digits, in pixels."""
    result = np.zeros((height, width), np.float32)
    thick = float(np.clip(size * rng.uniform(0.02, 0.13), 1, 6))
    left, top, right, bottom = np.array(around) + np.array([-1, -1, 1, 1]) * size * rng.uniform(0, 0.5, 4)
    corners = np.array([[left, top], [right, top], [left, bottom], [right, bottom]])
    corners = _seen(corners, rng)
    sides = [(0, 1), (2, 3), (0, 2), (1, 3)]
    teeth = bool(walls) and rng.random() < _TEETH
    if teeth:
        sides, up = [(2, 3)], float(rng.uniform(0.2, 0.6))
        walls = [left, *walls, right]
    else:
        there = rng.random(4) > _MISSING
        there[1] |= not there[0]  # a side alone would be a 1
        sides, up = [side for side, shown in zip(sides, there, strict=True) if shown], 1.0
    for start, end in sides:
        draw_line(result, corners[start], corners[end], thick)
    for x in walls:
        share = (x - left) / (right - left)
        above = corners[0] + share * (corners[1] - corners[0])
        below = corners[2] + share * (corners[3] - corners[2])
        draw_line(result, below + up * (above - below), below, max(1.0, 0.7 * thick))
    return result


def draw_boxes(
    height: int,
    width: int,
    rng: np.random.Generator,
    around: tuple[float, float, float],
    cell: float,
    count: int,
    size: float,
) -> Float32[np.ndarray, "h w"]:
    """A box of its own for each digit, as for postcodes; `around`: left, top, bottom. Ink, 0 to 1.

    `cell`: from one digit to the next, in pixels; `size`: of the digits.
    """
    result = np.zeros((height, width), np.float32)
    thick = float(np.clip(size * rng.uniform(0.02, 0.1), 1, 4))
    left, top, bottom = around
    top, bottom = top - size * rng.uniform(0.02, 0.4), bottom + size * rng.uniform(0.02, 0.4)
    half = cell * rng.uniform(0.38, 0.48)
    corners = np.array([[-half, top], [half, top], [-half, bottom], [half, bottom]])
    lean, fall = rng.normal(0, (_LEAN, _FALL) if rng.random() < _LEANING else _SQUARE, 2)
    middle = np.array([left + cell * count / 2, (top + bottom) / 2])
    for place in left + cell * (np.arange(count) + 0.5):
        here = corners + np.array([place, 0.0])
        off = here - middle
        seen = here - lean * off[:, 1:] * [1, 0] + fall * off[:, :1] * [0, 1]
        for start, end in ((0, 1), (2, 3), (0, 2), (1, 3)):
            draw_line(result, seen[start], seen[end], thick)
    return result


def draw_table(
    height: int,
    width: int,
    rng: np.random.Generator,
    written: list[tuple[list[tuple[int, int, int, int, int]], float]],
) -> Float32[np.ndarray, "h w"]:
    """The walls of cells to both sides of numbers, and lines between their rows; ink, 0 to 1.

    `written`: of each number the digits' boxes (value, left, top, right, bottom), and their height.
    """
    result = np.zeros((height, width), np.float32)
    thick = float(rng.choice([1, 1, 1.5, 2, 3]))
    tall = rng.uniform(0.6, 1.0)
    for boxes, size in written:
        found = np.array(boxes, np.float64)
        left, right = found[:, 1].min(), found[:, 3].max()
        middle = (found[:, 2] + found[:, 4]).mean() / 2
        top, bottom = middle - tall * size, middle + tall * size
        for x in (left - size * rng.uniform(0.1, 0.9), right + size * rng.uniform(0.1, 0.9)):
            draw_line(result, np.array([x, top]), np.array([x, bottom]), thick)
        for y in (top, bottom):
            draw_line(result, np.array([left - size, y]), np.array([right + size, y]), thick)
    return result


def _seen(corners: Float[np.ndarray, "4 2"], rng: np.random.Generator) -> Float[np.ndarray, "4 2"]:
    """Where a frame's corners come to lie: its sides lean, what lies falls, and opposite ones don't agree."""
    if rng.random() >= _LEANING:
        lean, fall = rng.normal(0, _SQUARE, 2)
        warp = np.zeros((4, 2))
    else:
        lean, fall = rng.normal(0, _LEAN), rng.normal(0, _FALL)
        warp = rng.normal(0, _WARP, (4, 2)) * (corners[3, 1] - corners[0, 1])
    off = corners - corners.mean(axis=0)
    return np.asarray(corners - lean * off[:, 1:] * [1, 0] + fall * off[:, :1] * [0, 1] + warp)
