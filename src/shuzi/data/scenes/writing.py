"""Characters of the stock -> ink, each on a small patch of its own: from pen strokes or distance fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from PIL import Image

from shuzi.data.glyphs import bilinear
from shuzi.data.rasterise import rasterise
from shuzi.data.scenes.haste import hurried
from shuzi.data.scenes.stock import Fields
from shuzi.data.strokes import waves
from shuzi.data.trajectories import Strokes
from shuzi.shapes import Bool, Float32, Int64, UInt8

_POINTS = 96
_SIDES = (24, 40, 56, 80, 112, 160)  # of patches, in pixels
_WIDEST = 1.5  # a digit's width in heights; a flat one is drawn smaller


@dataclass(frozen=True, eq=False)
class Look:
    """How n characters are drawn. Lengths are in pixels of the scene.

    size: of the ink's height, or of its longer side where `by_height` is false. matrix: what is done to the
    shape first, slant, turn and squeeze in one. pen: width of the line. softness: of its edge. tremor: how
    much the hand trembles, in heights. gaps: true where the ink is broken. shift: where the middle of the
    shape moves to, across and down, as powers: 0 leaves it, below 0 the upper loop of an 8 becomes small.
    bend: how far the shape is bent, in heights. haste, sway: of the hand that writes strokes, see `hurried`.
    """

    size: Float32[np.ndarray, " n"]
    by_height: Bool[np.ndarray, " n"]
    matrix: Float32[np.ndarray, "n 2 2"]
    pen: Float32[np.ndarray, " n"]
    softness: Float32[np.ndarray, " n"]
    tremor: Float32[np.ndarray, " n"]
    gaps: Bool[np.ndarray, " n"]
    shift: Float32[np.ndarray, "n 2"]
    bend: Float32[np.ndarray, " n"]
    haste: Float32[np.ndarray, " n"]
    sway: Float32[np.ndarray, " n"]

    def take(self, chosen: Int64[np.ndarray, " k"]) -> Look:
        """Those of the chosen characters."""
        return Look(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


Patch = Float32[np.ndarray, "_ _"]
Draw: TypeAlias = Callable[[Any, int], Float32[np.ndarray, "_ _ _"]]
"""Draws the characters of these indices, each on a patch of this side."""


def write_strokes(
    strokes: Strokes, chosen: Int64[np.ndarray, " n"], look: Look, rng: np.random.Generator
) -> list[Patch]:
    """Draw pen strokes; each result is just as large as its ink."""
    part = strokes.take(chosen)
    points, stroke = part.sample(_POINTS)
    points = points / 1000
    if look.haste.any() or look.sway.any():
        points = hurried(points, stroke, look.haste, look.sway, rng)
    low, high = points.min(1, keepdims=True), points.max(1, keepdims=True)
    span = np.maximum(high - low, 1e-3)
    share = np.clip((points - low) / span, 0, 1)
    points = (share ** np.exp(look.shift)[:, None] - 0.5) * span
    count = len(points)
    along = np.linspace(0, 1, _POINTS, dtype=np.float32)
    trembling = look.tremor[:, None, None] * waves(rng, along, count, 2.0, 10.0)
    bending = look.bend[:, None, None] * waves(rng, points[..., ::-1], count, 0.4, 1.2)
    points = (points + trembling + bending) @ look.matrix.transpose(0, 2, 1)
    low, high = points.min(1), points.max(1)
    width, height = (high - low).T
    tall = np.where(look.by_height, np.maximum(height, width / _WIDEST), np.maximum(height, width))
    pen = np.minimum(look.pen, 0.45 * look.size)
    scale = np.maximum(look.size - pen, 1) / np.maximum(tall, 0.02)
    # A point is a spot of the pen, not a line as long as the size says.
    points = (points - (low + high)[:, None] / 2) * scale[:, None, None]
    ends = rng.uniform(0, 0.04, (2, count, 1)) * (rng.random((2, count, 1)) < 0.3)
    inked = (along >= ends[0]) & (along <= 1 - ends[1])
    middle, half = rng.uniform(0.1, 0.9, (count, 1)), rng.uniform(0.01, 0.04, (count, 1))
    inked &= ~((np.abs(along - middle) < half) & look.gaps[:, None])
    pressure = 1 + rng.uniform(0, 0.25, (count, 1)) * waves(rng, along, count, 0.5, 3.0)[..., 0]
    radii = np.maximum(pen[:, None] / 2 * pressure, 0.35).astype(np.float32)
    wanted = np.maximum(width, height) * scale + pen + 4
    return _in_patches(
        wanted,
        lambda which, side: rasterise(
            (points[which] + side / 2 + rng.uniform(-0.5, 0.5, (len(which), 1, 2))).astype(np.float32),
            radii[which],
            inked[which].astype(np.float32),
            look.softness[which],
            side,
            side,
        ),
    )


def write_fields(
    fields: Fields,
    chosen: Int64[np.ndarray, " n"],
    look: Look,
    rng: np.random.Generator,
    uneven: float = 0.35,
) -> list[Patch]:
    """Draw distance fields: MNIST's digits, fonts; each result is just as large as its ink.

    uneven: standard deviation of how much thicker each is drawn than it was, in cells.
    """
    half = fields.half[chosen]
    reach = np.einsum("nij,nj->ni", np.abs(look.matrix), half)
    tall = np.maximum(reach[:, 1], reach[:, 0] / _WIDEST)
    scale = (look.size / (2 * np.maximum(tall, 1))).astype(np.float32)
    # As thick as the pen where the shape allows it.
    thicker = np.clip(rng.normal(0, uneven, len(chosen)), -0.6, 0.6) * scale
    middle = (fields.values.shape[1] - 1) / 2
    inverse = np.linalg.inv(look.matrix).astype(np.float32)
    wanted = 2 * reach.max(1) * scale * (1 + 2 * look.bend) + 6
    across = np.maximum(half, 2.0)[:, None]
    frequency, phase = rng.uniform(0.1, 0.35, (len(chosen), 1, 2)), rng.uniform(0, 1, (len(chosen), 1, 2))

    def draw(which: Int64[np.ndarray, " k"], side: int) -> Float32[np.ndarray, "k s s"]:
        pixels = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=2).reshape(1, -1, 2) - side / 2
        pixels = (pixels + rng.uniform(-0.5, 0.5, (len(which), 1, 2))).astype(np.float32) / scale[
            which, None, None
        ]
        # From a pixel back to where it was before the shape was bent, and before its middle was shifted.
        places = pixels @ inverse[which].transpose(0, 2, 1) / across[which]
        amount = look.bend[which, None, None] * 2 * across[which][..., 1:] / across[which]
        places = places + amount * np.sin(
            2 * np.pi * (frequency[which] * places[..., ::-1] + phase[which])
        ).astype(np.float32)
        share = np.clip(places / 2 + 0.5, 0, 1)
        back = np.exp(-look.shift[which])[:, None]
        places = np.where(np.abs(places) < 1, 2 * share**back - 1, places) * across[which]
        places = places + fields.centre[chosen[which], None] + middle
        distance = bilinear(fields.values, chosen[which], places.astype(np.float32))
        distance = distance * scale[which, None] + thicker[which, None]
        ink = np.clip(distance / look.softness[which, None] + 0.5, 0, 1)
        # Where distances end a cell or two from the outline, soft edges would leave grey up to the rim.
        rim = (fields.lowest * scale[which] + thicker[which]) / look.softness[which] + 0.5
        paper = np.clip(rim, 0, 0.9)[:, None]
        ink = np.clip((ink - paper) / (1 - paper), 0, 1)
        return np.asarray(ink.reshape(len(which), side, side), np.float32)

    return _in_patches(wanted, draw)


def _in_patches(wanted: Float32[np.ndarray, " n"], draw: Draw) -> list[Patch]:
    """Draw each character on the smallest patch that holds it, and cut away what is empty."""
    bucket = np.searchsorted(_SIDES[:-1], wanted)
    patches: list[Patch] = [np.zeros((1, 1), np.float32)] * len(wanted)
    for size in np.unique(bucket):
        which = np.flatnonzero(bucket == size)
        for index, ink in zip(which, draw(which, _SIDES[size]), strict=True):
            patches[index] = _trim(ink)
    return patches


def _trim(ink: Patch) -> Patch:
    rows, columns = np.flatnonzero(ink.max(1) > 0.15), np.flatnonzero(ink.max(0) > 0.15)
    if not len(rows):
        return ink[:1, :1]
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def write_print(letters: list[UInt8[np.ndarray, "h _"]], height: float) -> Patch:
    """Set printed letters side by side; a capital letter is `height` pixels high."""
    picture = Image.fromarray(np.concatenate(letters, axis=1))
    scale = height * 2 / picture.height
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return _trim(np.asarray(picture.resize(size, Image.Resampling.BOX), np.float32) / 255)
