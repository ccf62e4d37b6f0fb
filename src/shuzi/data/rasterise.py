"""Turning points along pen strokes into anti-aliased pictures, thousands a second, in numpy alone.

The exact way asks, for each pixel, for the distance to the nearest of many line segments. Here that minimum
is softened: each point spreads a Gaussian, and the logarithm of their sum gives the distance back. A Gaussian
is a product of a function of x and one of y, so the sum over all points of a character is one product of two
small matrices, (height, points) @ (points, width), which BLAS does in microseconds. Points may have a radius
each, which gives pressure and broad nibs for nothing. On a straight line the distance is exact; where strokes
cross, ink is a little thicker (under 8 % of the pen's radius), as ink is.
"""

from __future__ import annotations

import numpy as np

from shuzi.shapes import Float32

# Gaussians are this much narrower than the pen: sharper meets the exact distance, wider needs fewer points.
_SHARPNESS = 3.0
# Points further apart than this many sigmas would show as beads (at 2.4 the ripple is 6 % of a sigma).
_MAX_SPACING = 2.4
# exp(-40) squared is still a normal float32; denormal numbers would make everything ten times as slow.
_MAX_EXPONENT = np.float32(40)
# Characters a chunk: their matrices stay in the cache of one core.
_CHUNK = 32


def rasterise(
    points: Float32[np.ndarray, "n k 2"],
    radii: Float32[np.ndarray, "n k"],
    weights: Float32[np.ndarray, "n k"],
    softness: Float32[np.ndarray, " n"],
    height: int,
    width: int,
) -> Float32[np.ndarray, "n {height} {width}"]:
    """Draw n characters, each given as k points at equal steps along its strokes.

    points: x to the right and y down in pixels, the middle of the first pixel is 0. radii: half the pen's
    width in pixels at each point. weights: 1 for ink, 0 to lift the pen. softness: width in pixels of the
    edge over which ink fades (1 is plain anti-aliasing). Returns ink from 0 (paper) to 1.
    """
    ink = np.empty((len(points), height, width), np.float32)
    for start in range(0, len(points), _CHUNK):
        part = slice(start, start + _CHUNK)
        ink[part] = _chunk(points[part], radii[part], weights[part], softness[part], height, width)
    return ink


def centre(ink: Float32[np.ndarray, "n h w"]) -> Float32[np.ndarray, "n h w"]:
    """Move each picture by whole pixels so that its centre of mass is at (h / 2, w / 2), as MNIST's are.

    Pictures that are already within half a pixel of it stay as they are; ink at the edges stays inside.
    """
    mass = np.maximum(ink.sum((1, 2)), 1e-6)
    moves = []
    for axis, others in ((1, 2), (2, 1)):
        places = np.arange(ink.shape[axis])
        away = np.rint(ink.shape[axis] / 2 - ink.sum(others) @ places / mass).astype(np.int64)
        inked = ink.max(others) > 0
        room = -inked.argmax(1), inked[:, ::-1].argmax(1)
        moves.append(away.clip(np.minimum(room[0], 0), np.maximum(room[1], 0)))
    moved = ink.copy()
    for index in np.flatnonzero(moves[0] | moves[1]):
        moved[index] = np.roll(ink[index], (moves[0][index], moves[1][index]), (0, 1))
    return moved


def _chunk(
    points: Float32[np.ndarray, "n k 2"],
    radii: Float32[np.ndarray, "n k"],
    weights: Float32[np.ndarray, "n k"],
    softness: Float32[np.ndarray, " n"],
    height: int,
    width: int,
) -> Float32[np.ndarray, "n {height} {width}"]:
    # The median, because steps from one stroke to the next are long and of no interest.
    spacing = np.median(np.hypot(*np.moveaxis(np.diff(points, axis=1), 2, 0)), axis=1)[:, None]
    spacing = np.maximum(spacing, 1e-3).astype(np.float32)
    pen = radii.mean(1, keepdims=True)
    # The clipped exponent must still tell the end of the fading edge from paper.
    reach = np.sqrt(2 * _MAX_EXPONENT) / (1.1 + 0.5 * softness[:, None] / pen)
    sharpness = np.minimum(np.minimum(_SHARPNESS, reach), _MAX_SPACING * pen / spacing)
    sigma = radii / sharpness
    scale = np.float32(np.sqrt(0.5)) / sigma
    # Normalised so that the sum over a long straight line is exp(-(distance / sigma)**2 / 2).
    weights = weights * spacing / (sigma * np.float32(np.sqrt(2 * np.pi)))
    columns = (np.arange(width, dtype=np.float32)[None, :, None] - points[:, None, :, 0]) * scale[:, None, :]
    rows = (np.arange(height, dtype=np.float32)[None, :, None] - points[:, None, :, 1]) * scale[:, None, :]
    for axis in (columns, rows):
        np.minimum(np.square(axis, out=axis), _MAX_EXPONENT, out=axis)
        np.exp(np.negative(axis, out=axis), out=axis)
    rows *= weights[:, None, :]
    total = np.matmul(rows, columns.transpose(0, 2, 1))
    distance = np.sqrt(-2 * np.log(np.clip(total, 1e-30, 1, out=total))) / sharpness[:, :, None]
    ink = (1 - distance) * (pen / softness[:, None])[:, :, None] + np.float32(0.5)
    return np.asarray(np.clip(ink, 0, 1))
