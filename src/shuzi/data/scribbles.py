"""Pen strokes that are no characters: tangles, zigzags, hatching, coils, spirals, grids and polygons."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shuzi.data.trajectories import Strokes, pack
from shuzi.shapes import Float, Float32

# A character as `pack` takes it: strokes of (points, 2).
Ink = list[Float32[np.ndarray, "_ 2"]]


def scribble(count: int, rng: np.random.Generator) -> Strokes:
    """Invent `count` scribbles; their label is a space. Each has more turns or lines than any digit."""
    kinds: tuple[Callable[[np.random.Generator], Ink], ...] = (
        _tangle,
        _zigzag,
        _hatch,
        _coil,
        _spiral,
        _star,
    )
    characters = [kinds[kind](rng) for kind in rng.integers(0, len(kinds), count)]
    return pack(characters, [" "] * count, ["scribble/shuzi"] * count)


def _tangle(rng: np.random.Generator) -> Ink:
    return [rng.random((int(rng.integers(8, 16)), 2), np.float32)]


def _zigzag(rng: np.random.Generator) -> Ink:
    turns = int(rng.integers(6, 14))
    across = np.linspace(0, rng.uniform(0.6, 1.6), turns)
    up = np.arange(turns) % 2 + rng.normal(0, 0.12, turns)
    points = np.stack([across, up], axis=1)
    return [_dense(points if rng.random() < 0.5 else points[:, ::-1])]


def _hatch(rng: np.random.Generator) -> Ink:
    lines = int(rng.integers(3, 7))
    starts = np.stack([np.linspace(0, 1, lines), rng.normal(0, 0.08, lines)], axis=1)
    slant = rng.normal(0, 0.3)
    bars = [np.array([start, start + np.array([slant, 1])], np.float32) for start in starts]
    if rng.random() < 0.5:  # a grid
        bars += [bar[:, ::-1] for bar in bars[: int(rng.integers(1, lines))]]
    return bars


def _coil(rng: np.random.Generator) -> Ink:
    angle = np.linspace(0, 2 * np.pi * rng.uniform(3, 6), 90)
    drift = rng.uniform(0.05, 0.2)
    return [np.stack([np.cos(angle) + drift * angle, np.sin(angle)], axis=1).astype(np.float32)]


def _spiral(rng: np.random.Generator) -> Ink:
    angle = np.linspace(0, 2 * np.pi * rng.uniform(2.3, 4), 90) * rng.choice([-1, 1])
    radius = np.linspace(0.05, 1, 90)
    return [np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).astype(np.float32)]


def _star(rng: np.random.Generator) -> Ink:
    corners = int(rng.integers(5, 9))
    angle = rng.uniform(0, 2 * np.pi) + 2 * np.pi * np.arange(corners + 1) * 2 / corners
    points = np.stack([np.cos(angle), np.sin(angle)], axis=1) * rng.uniform(0.8, 1.2, (corners + 1, 1))
    return [_dense(points)]


def _dense(points: Float[np.ndarray, "n 2"]) -> Float32[np.ndarray, "m 2"]:
    """Put points on straight lines between the corners, so that no spline rounds them."""
    steps = np.linspace(0, len(points) - 1, 8 * (len(points) - 1) + 1)
    columns = [np.interp(steps, np.arange(len(points)), column) for column in points.T]
    return np.stack(columns, axis=1).astype(np.float32)
