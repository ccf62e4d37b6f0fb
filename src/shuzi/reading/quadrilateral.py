"""The four corners of what looks like a sheet of paper from anywhere."""

from __future__ import annotations

import numpy as np

from shuzi.shapes import Bool, Float, Int64

_FULL = 0.93  # of the area between its outermost points: a sheet; digits have bays
_STRAIGHT = 0.93  # of that area: the largest quadrilateral in it; of an ellipse it is 0.64
_SHORTEST = 0.08  # of its sides, as a share of the longest; that of a triangle is a pixel
_SHARPEST = 0.5  # the sine of its angles


def corners_of(mask: Bool[np.ndarray, "h w"]) -> Float[np.ndarray, "4 2"] | None:
    """The corners (x, y) of a mask's outline, from the upper left one clockwise, at the edges of pixels; None
    where it has other than four.
    """
    hull = _hull(_rim(mask))
    if len(hull) < 4:
        return None
    quadrilateral = _largest(hull.astype(np.float64))
    outer = _area(hull.astype(np.float64))
    if mask.sum() < _FULL * outer or _area(quadrilateral) < _STRAIGHT * outer:
        return None
    sides = np.roll(quadrilateral, -1, axis=0) - quadrilateral
    lengths = np.linalg.norm(sides, axis=1, keepdims=True)
    if lengths.min() < _SHORTEST * lengths.max():
        return None
    sides = sides / lengths
    before = np.roll(sides, 1, axis=0)
    if np.abs(before[:, 0] * sides[:, 1] - before[:, 1] * sides[:, 0]).min() < _SHARPEST:
        return None
    return np.roll(quadrilateral, -int(quadrilateral.sum(axis=1).argmin()), axis=0)


def _rim(mask: Bool[np.ndarray, "h w"]) -> Int64[np.ndarray, "n 2"]:
    """The corners (x, y) of the first and last pixel of each row, from the top."""
    rows = np.flatnonzero(mask.any(axis=1))
    first = mask[rows].argmax(axis=1)
    last = mask.shape[1] - mask[rows, ::-1].argmax(axis=1)
    x, y = np.concatenate([first, last] * 2), np.concatenate([rows, rows, rows + 1, rows + 1])
    return np.unique(np.stack([x, y], axis=1).astype(np.int64), axis=0)


def _hull(points: Int64[np.ndarray, "n 2"]) -> Int64[np.ndarray, "m 2"]:
    """The outermost of points that are sorted by x, then y, clockwise as seen (y points down)."""
    ways = []
    for ordered in (points.tolist(), points[::-1].tolist()):
        way: list[list[int]] = []
        for x, y in ordered:
            while len(way) > 1:
                (ax, ay), (bx, by) = way[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                way.pop()
            way.append([x, y])
        ways += way[:-1]
    return np.array(ways, np.int64)


def _largest(hull: Float[np.ndarray, "m 2"]) -> Float[np.ndarray, "4 2"]:
    """The largest quadrilateral between corners of a convex polygon."""
    count = len(hull)
    best, corners = -1.0, (0, 1, 2, 3)
    for i in range(count - 2):
        for k in range(i + 2, count):
            diagonal = hull[k] - hull[i]
            off = hull - hull[i]
            height = diagonal[0] * off[:, 1] - diagonal[1] * off[:, 0]
            one = i + 1 + int(np.abs(height[i + 1 : k]).argmax())
            beyond = np.r_[k + 1 : count, 0:i]
            if not len(beyond):
                continue
            other = int(beyond[np.abs(height[beyond]).argmax()])
            area = abs(height[one]) + abs(height[other])
            if area > best:
                best, corners = area, (i, one, k, other)
    return hull[list(corners)]


def _area(polygon: Float[np.ndarray, "m 2"]) -> float:
    x, y = polygon.T
    return float(abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) / 2)
