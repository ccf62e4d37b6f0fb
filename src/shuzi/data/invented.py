"""Digits invented by program: strokes through control points that are moved at random, no two alike."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from importlib import resources

import numpy as np

from shuzi.data.trajectories import Strokes, concatenate, rescale
from shuzi.shapes import Float32

# Points from one control point to the next.
_STEPS = 6
# Standard deviation of a control point, in hundredths of the digit's height; more blurs what is what.
_LOOSENESS = 2.2


@dataclass(frozen=True)
class Shape:
    """One way to write a digit: m control points with their ranges, and the matrix that draws through them.

    low, high: in hundredths of the digit's height, x to the right, y down. spline: from m to p points.
    """

    digit: int
    weight: float
    low: Float32[np.ndarray, "m 2"]
    high: Float32[np.ndarray, "m 2"]
    spline: Float32[np.ndarray, "p m"]
    stroke_lengths: tuple[int, ...]


def invent(count: int, rng: np.random.Generator) -> Strokes:
    """Invent `count` digits, each class equally often, in random order."""
    shapes = all_shapes()
    labels = rng.permutation(np.arange(count) % 10)
    chosen = np.empty(count, np.int64)
    for digit in range(10):
        mine = [i for i, shape in enumerate(shapes) if shape.digit == digit]
        weights = np.array([shapes[i].weight for i in mine])
        here = labels == digit
        chosen[here] = rng.choice(mine, int(here.sum()), p=weights / weights.sum())
    parts = [_write(shape, int((chosen == i).sum()), rng) for i, shape in enumerate(shapes)]
    # The parts come one shape after the other: put them back into the order of `chosen`.
    order = np.empty(count, np.int64)
    order[np.argsort(chosen, kind="stable")] = np.arange(count)
    return concatenate(parts).take(order)


def invent_hands(hands: int, copies: int, rng: np.random.Generator) -> Strokes:
    """Invent `hands` writers, each with one way to write each digit, and `copies` of each of their digits.

    The writers are named ``invented/0``, ``invented/1`` and so on.
    """
    shapes = all_shapes()
    parts = []
    for digit in range(10):
        mine = [shape for shape in shapes if shape.digit == digit]
        weights = np.array([shape.weight for shape in mine])
        ways = rng.choice(len(mine), hands, p=weights / weights.sum())
        for way, shape in enumerate(mine):
            whose = np.repeat(np.flatnonzero(ways == way), copies)
            names = tuple(f"invented/{hand}" for hand in range(hands))
            parts.append(replace(_write(shape, len(whose), rng), writers=whose, writer_names=names))
    return concatenate([part for part in parts if len(part)])


@functools.cache
def all_shapes() -> tuple[Shape, ...]:
    """All known ways to write a digit, from invented_shapes.txt."""
    text = resources.files("shuzi.data").joinpath("invented_shapes.txt").read_text("ascii")
    return tuple(read_shape(line) for line in text.splitlines() if line and not line.startswith("#"))


def read_shape(line: str) -> Shape:
    """Read one shape in the notation that invented_shapes.txt explains."""
    digit, weight, strokes = line.split(" ", 2)
    low: list[list[float]] = []
    high: list[list[float]] = []
    lengths: list[int] = []
    pieces: list[tuple[int, int, bool]] = []
    for stroke in strokes.split(";"):
        start = len(low)
        points = stroke.split()
        if len(points) < 2:
            raise ValueError(f"the stroke {stroke!r} has fewer than two points")
        lengths.append(0)
        for index, point in enumerate(points):
            ranges = [[float(end) for end in axis.split("~")] for axis in point.rstrip("!").split(",")]
            low.append([axis[0] for axis in ranges])
            high.append([axis[-1] for axis in ranges])
            if index and (point.endswith("!") or index == len(points) - 1):
                last = len(low) - 1
                pieces.append((start, last, index == len(points) - 1))
                lengths[-1] += (last - start) * _STEPS + pieces[-1][2]
                start = last
    spline = np.concatenate([_piece(len(low), *piece) for piece in pieces])
    low_array, high_array = np.array(low, np.float32), np.array(high, np.float32)
    return Shape(int(digit), float(weight), low_array, high_array, spline, tuple(lengths))


def _piece(controls: int, start: int, last: int, closing: bool) -> Float32[np.ndarray, "_ {controls}"]:
    """The rows of the spline's matrix that draw smoothly from control point `start` to `last`."""
    rows = []
    for index in range(start, last):
        for t in np.arange(_STEPS) / _STEPS:
            row = np.zeros(controls, np.float32)
            weights = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2)
            for neighbour, weight in zip(range(index - 1, index + 3), weights, strict=True):
                row[min(max(neighbour, start), last)] += weight / 2
            rows.append(row)
    if closing:
        rows.append(np.eye(controls, dtype=np.float32)[last])
    return np.stack(rows)


def _write(shape: Shape, count: int, rng: np.random.Generator) -> Strokes:
    controls = shape.low + (shape.high - shape.low) * rng.random((count, *shape.low.shape), np.float32)
    controls += np.float32(_LOOSENESS) * rng.standard_normal(controls.shape, np.float32)
    lengths = np.tile(np.array(shape.stroke_lengths, np.int64), count)
    per_character = np.full(count, len(shape.stroke_lengths), np.int64)
    points = (shape.spline @ controls).reshape(-1, 2)
    return Strokes(
        rescale(points, lengths, per_character),
        lengths,
        per_character,
        np.full(count, str(shape.digit), "<U1"),
        np.zeros(count, np.int64),
        ("invented/shuzi",),
    )
