"""What a pen draws over and around numbers: strokes that cancel them, as corrections are made, and rings."""

from __future__ import annotations

import numpy as np

from shuzi.data.rasterise import rasterise
from shuzi.data.scenes.layout import Line
from shuzi.shapes import Float, Float32

_POINTS = 160
_MANY = 3  # digits at most in a ring


def cancel(ink: Float32[np.ndarray, "h w"], line: Line, rng: np.random.Generator) -> None:
    """Strike out some digits of a line, or all, with strokes, a zigzag or a cross: they are none any more."""
    count = len(line.boxes)
    struck = count if rng.random() < 0.55 else int(rng.integers(1, count + 1))
    first = 0 if rng.random() < 0.6 else count - struck
    chosen, line.boxes[first : first + struck] = line.boxes[first : first + struck], []
    found = np.array(chosen, np.float64)
    left, top = found[:, 1:3].min(axis=0)
    right, bottom = found[:, 3:5].max(axis=0)
    size, thick = line.height, line.pen * float(rng.uniform(0.7, 1.3))
    left, right = left - size * rng.uniform(0.08, 0.5), right + size * rng.uniform(0.08, 0.5)
    middle = (top + bottom) / 2 + size * rng.normal(0, 0.07)
    slope = line.slope + rng.normal(0, 0.05)
    # One stroke through one digit is how some write a 7 or a 0.
    way = rng.choice(4, p=[0.62, 0.16, 0.12, 0.1])
    if way == 0:
        strokes = int(rng.integers(1 if struck > 1 else 2, 4))
        apart = size * rng.uniform(0.12, 0.3)
        for at in range(strokes):
            level = middle + (at - (strokes - 1) / 2) * apart
            ends = np.array([[left, level], [right, level]]) + size * rng.normal(0, 0.06, (2, 2))
            ends[:, 1] += slope * (ends[:, 0] - (left + right) / 2)
            _draw(ink, ends, thick, rng)
    elif way == 1:  # a zigzag from end to end
        turns = max(4, int((right - left) / (size * rng.uniform(0.12, 0.35))))
        x = np.linspace(left, right, turns) + size * rng.normal(0, 0.04, turns)
        y = middle + size * rng.uniform(0.2, 0.45) * np.where(np.arange(turns) % 2, -1, 1)
        _draw(ink, np.stack([x, y + size * rng.normal(0, 0.05, turns)], axis=1), thick, rng)
    elif way == 2:  # slanting strokes, one or two over each digit
        for x in np.arange(left, right, size * rng.uniform(0.35, 0.7)):
            ends = np.array([[x + 0.45 * size, top - 0.1 * size], [x - 0.1 * size, bottom + 0.1 * size]])
            _draw(ink, ends + size * rng.normal(0, 0.06, (2, 2)), thick, rng)
    else:
        corners = np.array([[left, top], [right, bottom], [right, top], [left, bottom]])
        corners += size * rng.normal(0, 0.08, (4, 2))
        _draw(ink, corners[:2], thick, rng)
        _draw(ink, corners[2:], thick, rng)


def encircle(ink: Float32[np.ndarray, "h w"], line: Line, rng: np.random.Generator) -> None:
    """Draw a ring around a number of few digits, where there is room for it."""
    found = np.array(line.boxes, np.float64)
    if not 0 < len(found) <= _MANY:
        return
    low, high = found[:, 1:3].min(axis=0), found[:, 3:5].max(axis=0)
    half = (high - low) / 2 * rng.uniform(1.25, 1.5) + line.height * rng.uniform(0.02, 0.2, 2)
    half = np.maximum(half, half.max() * rng.uniform(0.5, 1.0))
    centre = (low + high) / 2 + line.height * rng.normal(0, 0.04, 2)
    if (centre - half < 1).any() or (centre + half > np.array(ink.shape[::-1]) - 1).any():
        return
    start = rng.uniform(0, 2 * np.pi)
    angles = start + np.linspace(0, 2 * np.pi + rng.normal(0.15, 0.25), 40)
    wobble = 1 + rng.uniform(0, 0.06) * np.sin(2 * angles + rng.uniform(0, 6.3))
    wobble *= np.linspace(1, np.exp(rng.normal(0, 0.06)), len(angles))
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1) * half * wobble[:, None] + centre
    _draw(ink, ring, line.pen * float(rng.uniform(0.7, 1.3)), rng)


def _draw(
    ink: Float32[np.ndarray, "h w"], corners: Float[np.ndarray, "k 2"], thick: float, rng: np.random.Generator
) -> None:
    """Draw a line through points (x, y) as a hand does, a little bent."""
    at = np.linspace(0, len(corners) - 1, _POINTS)
    path = np.stack([np.interp(at, np.arange(len(corners)), axis) for axis in corners.T], axis=1)
    along = np.linspace(0, 2 * np.pi, _POINTS)
    path[:, 1] += thick * rng.normal(0, 0.4) * np.sin(along * rng.uniform(0.3, 1.2) + rng.uniform(0, 6.3))
    radii = np.full((1, _POINTS), max(0.5, thick / 2), np.float32)
    softness = rng.uniform(0.8, 1.5, 1).astype(np.float32)
    stroke = rasterise(path[None].astype(np.float32), radii, np.ones_like(radii), softness, *ink.shape)
    np.maximum(ink, stroke[0], out=ink)
