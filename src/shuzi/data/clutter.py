"""What a careless crop leaves beside a digit: lines of a printed box, a slice of the neighbouring digit."""

from __future__ import annotations

import numpy as np

from shuzi.shapes import Float32, Int64

# Darker than this is ink that counts for a box around it.
_INK = 0.2


def add_clutter(
    ink: Float32[np.ndarray, "n s s"], rng: np.random.Generator, lines: float, neighbours: float
) -> Float32[np.ndarray, "n s s"]:
    """Put a box line beside a share `lines` of the digits and a neighbour's edge beside a share `neighbours`.

    ink is 0 (paper) to 1, framed as MNIST frames digits. So are the results: with more to fit in, the digit
    is smaller and off the middle.
    """
    luck = rng.random(len(ink))
    result = ink.copy()
    # A quarter turn brings each side to the top in turn: the line is always drawn there.
    side = rng.integers(0, 4, len(ink))
    for turn in range(4):
        chosen = np.flatnonzero((luck < lines) & (side == turn))
        scene = np.rot90(_scene(ink[chosen]), turn, (1, 2))
        scene = np.maximum(scene, _line_above(scene, rng))
        result[chosen] = _reframed(np.rot90(scene, -turn, (1, 2)), ink.shape[1])
    beside = (luck >= lines) & (luck < lines + neighbours)
    for turn in range(2):
        chosen = np.flatnonzero(beside & (side % 2 == turn))
        other = _scene(ink[rng.integers(0, len(ink), len(chosen))])
        scene = _scene(ink[chosen])[:, :, :: 1 - 2 * turn]
        scene = np.maximum(scene, _slice_to_the_right(scene, other, rng))
        result[chosen] = _reframed(scene[:, :, :: 1 - 2 * turn], ink.shape[1])
    return result


def _scene(ink: Float32[np.ndarray, "n s s"]) -> Float32[np.ndarray, "n t t"]:
    """The digit in the middle of a picture of twice the side."""
    margin = ink.shape[1] // 2
    return np.pad(ink, ((0, 0), (margin, margin), (margin, margin)))


def _line_above(
    scene: Float32[np.ndarray, "n t t"], rng: np.random.Generator
) -> Float32[np.ndarray, "n t t"]:
    count, side, _ = scene.shape
    unit = side / 56
    top = (scene.max(2) > _INK).argmax(1)
    left, right = _extent(scene)
    thick = rng.uniform(0.7, 2.0, count) * unit
    height = top - thick / 2 - rng.uniform(1.2, 6, count) * unit
    start, end = left - rng.uniform(-2, 14, count) * unit, right + rng.uniform(-2, 14, count) * unit
    place = np.arange(side)
    tilt = rng.normal(0, 0.02, (count, 1, 1)) * (place - side / 2)
    away = np.abs(place[:, None] - height[:, None, None] - tilt)
    line = np.clip((thick[:, None, None] / 2 - away) + 0.5, 0, 1) * rng.uniform(0.5, 1, (count, 1, 1))
    along = (place >= start[:, None]) & (place <= end[:, None])
    return np.asarray(line * along[:, None, :], np.float32)


def _slice_to_the_right(
    scene: Float32[np.ndarray, "n t t"], other: Float32[np.ndarray, "n t t"], rng: np.random.Generator
) -> Float32[np.ndarray, "n t t"]:
    count, side, _ = scene.shape
    unit = side / 56
    start = _extent(scene)[1] + np.rint(rng.uniform(1, 5, count) * unit).astype(np.int64)
    columns = np.arange(side) - start[:, None] + _extent(other)[0][:, None]
    moved = np.take_along_axis(other, columns.clip(0, side - 1)[:, None, :], axis=2)
    place = np.arange(side)
    seen = (place >= start[:, None]) & (place < start[:, None] + rng.uniform(1, 5, (count, 1)) * unit)
    return np.asarray(moved * seen[:, None, :], np.float32)


def _extent(scene: Float32[np.ndarray, "n t t"]) -> tuple[Int64[np.ndarray, " n"], Int64[np.ndarray, " n"]]:
    """First and last column with ink, (n,) each."""
    inked = scene.max(1) > _INK
    return inked.argmax(1), scene.shape[2] - 1 - inked[:, ::-1].argmax(1)


def _reframed(scene: Float32[np.ndarray, "n t t"], side: int) -> Float32[np.ndarray, "n {side} {side}"]:
    """Scale all ink to the box of 20/28 of `side` and move its centre of mass to the middle."""
    widths = [last - first + 1 for first, last in (_extent(scene), _extent(scene.transpose(0, 2, 1)))]
    scale = 20 / 28 * side / np.maximum(*widths)
    place = np.arange(scene.shape[1])
    mass = np.maximum(scene.sum((1, 2)), 1e-6)
    # Where in the scene each pixel of the result lies, and how much of its neighbours it takes in.
    matrices = []
    for axis in (2, 1):
        centre = scene.sum(axis) @ place / mass
        wanted = centre[:, None] + (np.arange(side) - side / 2) / scale[:, None]
        near = np.maximum(0, 1 - np.abs(wanted[:, :, None] - place) * np.minimum(scale, 1)[:, None, None])
        matrices.append((near * np.minimum(scale, 1)[:, None, None]).astype(np.float32))
    return np.asarray(np.clip(matrices[0] @ scene @ matrices[1].transpose(0, 2, 1), 0, 1), np.float32)
