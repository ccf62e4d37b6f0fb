"""How ink looks on a picture: soft or hard edges, low resolution, faint, grainy or blurred."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuzi.data.clutter import add_clutter
from shuzi.shapes import Float32, UInt8


@dataclass(frozen=True)
class Ink:
    """Shares of pictures, each from 0 to 1, that show one way in which pens, scanners and screens differ."""

    hard: float = 0.15
    """Edges without grey, as on a drawing pad or after a threshold."""
    coarse: float = 0.15
    """Scanned in black and white at 12 to 19 pixels and enlarged."""
    blurred: float = 0.15
    faint: float = 0.12
    """Darkest ink at 45 to 90 % of black."""
    grainy: float = 0.12
    """Pencil or a dry pen: ink that varies from pixel to pixel."""
    lines: float = 0.04
    """With a line of a printed box beside the digit."""
    neighbours: float = 0.04
    """With a slice of the next digit beside the digit."""

    def softness(self, rng: np.random.Generator, count: int) -> Float32[np.ndarray, " {count}"]:
        """Width of the edge, in pixels, over which ink fades to paper; MNIST's own is near 1.5."""
        soft = rng.uniform(0.9, 2.0, count)
        return np.where(rng.random(count) < self.hard, 0.05, soft).astype(np.float32)


def apply_ink(
    ink: Float32[np.ndarray, "n h w"], rng: np.random.Generator, settings: Ink
) -> UInt8[np.ndarray, "n h w"]:
    """Turn drawn ink, 0 (paper) to 1, into pictures, 0 (paper) to 255, each with its own look."""
    count, height, width = ink.shape
    ink = add_clutter(ink, rng, settings.lines, settings.neighbours)
    pixels = np.where(rng.random(count) < settings.coarse, rng.integers(12, 20, count), 0)
    for n in np.unique(pixels[pixels > 0]):
        chosen = pixels == n
        # The ink's box is 20/28 of the picture. Half of the enlarged keep their steps, half are smooth.
        rows, columns = round(1.4 * n), round(1.4 * n * width / height)
        small = _area(rows, height) @ ink[chosen] @ _area(columns, width).T
        # Against the ink's own typical darkness, or thin lines would vanish.
        typical = np.square(small).sum((1, 2), keepdims=True) / np.maximum(
            small.sum((1, 2), keepdims=True), 1e-6
        )
        black = (small > rng.uniform(0.35, 0.75, (len(small), 1, 1)) * typical).astype(np.float32)
        steps = _area(height, rows) @ black @ _area(width, columns).T
        smooth = _linear(height, rows) @ black @ _linear(width, columns).T
        ink[chosen] = np.where(rng.random((len(black), 1, 1)) < 0.5, steps, smooth)
    blurred = np.flatnonzero(rng.random(count) < settings.blurred)
    ink[blurred] = _blur(ink[blurred], rng.uniform(0.4, 1.0, len(blurred)).astype(np.float32))
    grainy = np.flatnonzero(rng.random(count) < settings.grainy)
    depth = rng.uniform(0.1, 0.6, (len(grainy), 1, 1)).astype(np.float32)
    ink[grainy] *= 1 - depth * rng.random((len(grainy), height, width), np.float32)
    faint = np.where(rng.random((count, 1, 1)) < settings.faint, rng.uniform(0.45, 0.9, (count, 1, 1)), 1)
    peak = np.maximum(ink.max((1, 2), keepdims=True), 1e-6)
    return np.asarray(np.rint(255 * faint * np.minimum(ink / peak, 1)), np.uint8)


def _area(to: int, of: int) -> Float32[np.ndarray, "{to} {of}"]:
    """The matrix that resizes `of` samples to `to` by averaging over the area each covers."""
    edges = np.linspace(0, of, to + 1)
    left, right = edges[:-1, None], edges[1:, None]
    overlap = np.minimum(right, np.arange(1, of + 1)) - np.maximum(left, np.arange(of))
    return np.asarray(np.maximum(overlap, 0) * to / of, np.float32)


def _linear(to: int, of: int) -> Float32[np.ndarray, "{to} {of}"]:
    """The matrix that enlarges `of` samples to `to` by straight lines between their middles."""
    middles = (np.arange(to) + 0.5) * of / to - 0.5
    near = 1 - np.abs(middles.clip(0, of - 1)[:, None] - np.arange(of))
    return np.asarray(np.maximum(near, 0), np.float32)


def _blur(
    ink: Float32[np.ndarray, "n h w"], spread: Float32[np.ndarray, " n"]
) -> Float32[np.ndarray, "n h w"]:
    """Blur each picture by a Gaussian of its own standard deviation in pixels."""

    def kernel(length: int) -> Float32[np.ndarray, "n l l"]:
        offset = np.arange(length)[:, None] - np.arange(length)
        matrix = np.exp(-0.5 * np.square(offset / spread[:, None, None]))
        return np.asarray(matrix / matrix.sum(2, keepdims=True), np.float32)

    across = kernel(ink.shape[2]).transpose(0, 2, 1)
    return np.asarray(kernel(ink.shape[1]) @ ink @ across, np.float32)
