"""Pen strokes drawn as pictures: any pen, slant and ink, framed as MNIST frames its digits.

>>> from shuzi.data import strokes, unipen  # doctest: +SKIP
>>> images = strokes.draw(unipen.digits("fit"), np.random.default_rng(0))  # doctest: +SKIP

One set of strokes gives endless pictures, since `Hand` says how far slant, shape, pen and ink may vary. All
characters of a chunk are worked on at once; some 6,000 digits a second on one core.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from shuzi.data.ink import Ink, apply_ink
from shuzi.data.rasterise import centre, rasterise
from shuzi.data.trajectories import Strokes
from shuzi.shapes import Bool, Float32, Int64, UInt8

# Points along each character; at 20 px and a pen of 1 px still less than a pen's width apart.
_POINTS = 96
_CHUNK = 512


@dataclass(frozen=True)
class Hand:
    """How handwriting varies from picture to picture.

    Lengths are fractions of the character's longer side, `sd` is a standard deviation. The defaults keep
    every digit legible: more slant or squeeze turns a flagged 1 into a 7.
    """

    slant: float = 0.06
    """Mean lean to the right, as a shift of the top against the foot by this part of the height."""
    slant_sd: float = 0.17
    rotation_sd: float = 0.08
    """Radians."""
    aspect_sd: float = 0.24
    """Of the logarithm of width over height."""
    narrow: float = 0.15
    """Share squeezed further, to 45 to 85 % of their width, as digits in narrow boxes are."""
    perspective_sd: float = 0.06
    bend_sd: float = 0.02
    """Slow waves that bend the whole character."""
    tremor_sd: float = 0.008
    """Quick waves along the strokes, in about a third of the characters."""
    apart_sd: float = 0.02
    """Shift of each stroke on its own, which opens and crosses joins."""
    trim: float = 0.03
    """Up to this part of the ink is missing at the beginning and at the end."""
    broken: float = 0.06
    """Share of characters with gaps in the ink."""
    nib: float = 0.2
    """Share written with a broad nib, whose width depends on the direction."""
    pen_width: float = 2.6
    """Median pen width in pixels when the picture has 28."""
    pen_width_sd: float = 0.45
    """Of the logarithm of the pen's width; it stays within 1 and 8 pixels."""
    ink: Ink = field(default_factory=Ink)

    def squeeze(self, rng: np.random.Generator, count: int) -> Float32[np.ndarray, " {count}"]:
        """Draw the logarithm by which width over height changes, for `count` characters."""
        narrow = np.log(rng.uniform(0.45, 0.85, count)) * (rng.random(count) < self.narrow)
        return np.asarray(narrow + rng.normal(0, self.aspect_sd, count), np.float32)


def draw(
    strokes: Strokes, rng: np.random.Generator, hand: Hand | None = None, size: int = 28
) -> UInt8[np.ndarray, "c {size} {size}"]:
    """Draw each character once, white on black: its ink fits a box of 20/28 of the picture, its centre of
    mass is in the middle (MNIST's framing). The same `rng` state gives the same pictures.
    """
    hand = hand or Hand()
    images = np.empty((len(strokes), size, size), np.uint8)
    for start in range(0, len(strokes), _CHUNK):
        part = strokes.take(np.arange(start, min(start + _CHUNK, len(strokes))))
        images[start : start + _CHUNK] = _draw(part, rng, hand, size)
    return images


def _draw(
    strokes: Strokes, rng: np.random.Generator, hand: Hand, size: int
) -> UInt8[np.ndarray, "c {size} {size}"]:
    points, stroke = strokes.sample(_POINTS)
    points = _reshape(points / 1000 - 0.5, stroke, rng, hand)
    inked = _inked(len(points), rng, hand)
    box = 20 / 28 * size * np.exp(rng.normal(0, 0.03, (len(points), 1))).astype(np.float32)
    width = _pen_width(points, stroke, rng, hand, box)
    points = _fit(points, inked, width, box, rng, size)
    radii = _radii(points, width, rng, hand)
    ink = rasterise(points, radii, inked.astype(np.float32), hand.ink.softness(rng, len(points)), size, size)
    return apply_ink(centre(ink), rng, hand.ink)


def _reshape(
    points: Float32[np.ndarray, "c k 2"],
    stroke: Int64[np.ndarray, "c k"],
    rng: np.random.Generator,
    hand: Hand,
) -> Float32[np.ndarray, "c k 2"]:
    """Slant, turn, squeeze, tilt and bend each character and move its strokes against one another."""
    count = len(points)

    def normal(sd: float, *shape: int) -> Float32[np.ndarray, ...]:
        # Extremes are cut off: they cost more digits their identity than they add hands.
        return np.asarray(sd * rng.standard_normal((count, *shape), np.float32).clip(-2.2, 2.2), np.float32)

    shift = normal(hand.apart_sd, int(stroke.max(initial=0)) + 1, 2)
    points = points + shift[np.arange(count)[:, None], stroke]
    trembling = normal(hand.tremor_sd, 1, 2) * (rng.random((count, 1, 1)) < 0.35)
    points = points + trembling * waves(
        rng, np.linspace(0, 1, points.shape[1], dtype=np.float32), count, 3.0, 12.0
    )
    swapped = points[..., ::-1]
    points = points + normal(hand.bend_sd, 1, 2) * waves(rng, swapped, count, 0.4, 1.2)

    aspect = hand.squeeze(rng, count)[:, None]
    slant, turn = hand.slant + normal(hand.slant_sd, 1), normal(hand.rotation_sd, 1)
    x, y = points[..., 0] * np.exp(aspect / 2), points[..., 1] * np.exp(-aspect / 2)
    x = x - slant * y
    x, y = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    depth = 1 + normal(hand.perspective_sd, 1) * x + normal(hand.perspective_sd, 1) * y
    return np.stack([x / depth, y / depth], axis=2).astype(np.float32)


def waves(
    rng: np.random.Generator, along: Float32[np.ndarray, ...], count: int, slow: float, quick: float
) -> Float32[np.ndarray, "c k 2"]:
    """Sine waves over `along`, (k,) or (c, k, 2), each character and axis with a frequency of its own."""
    frequency = rng.uniform(slow, quick, (count, 1, 2)).astype(np.float32)
    phase = rng.uniform(0, 1, (count, 1, 2)).astype(np.float32)
    along = along[None, :, None] if along.ndim == 1 else along
    return np.asarray(np.sin(np.float32(2 * np.pi) * (frequency * along + phase)), np.float32)


def _inked(count: int, rng: np.random.Generator, hand: Hand) -> Bool[np.ndarray, "{count} k"]:
    """Say where along the strokes the pen leaves ink: not at trimmed ends, not in gaps."""
    along = (np.arange(_POINTS) + 0.5) / _POINTS
    ends = rng.uniform(0, hand.trim, (2, count, 1)) * (rng.random((2, count, 1)) < 0.5)
    inked = (along >= ends[0]) & (along <= 1 - ends[1])
    middle, half = rng.uniform(0.1, 0.9, (count, 1, 2)), rng.uniform(0.01, 0.03, (count, 1, 2))
    broken = rng.random((count, 1, 2)) < hand.broken
    gap = (np.abs(along[None, :, None] - middle) < half) & broken
    return np.asarray(inked & ~gap.any(2))


def _pen_width(
    points: Float32[np.ndarray, "c k 2"],
    stroke: Int64[np.ndarray, "c k"],
    rng: np.random.Generator,
    hand: Hand,
    box: Float32[np.ndarray, "c 1"],
) -> Float32[np.ndarray, "c 1"]:
    """Draw a pen's width in pixels, thinner where a broad pen would fill the character's loops."""
    width = np.exp(rng.normal(np.log(hand.pen_width), hand.pen_width_sd, (len(points), 1)))
    width = width.clip(1, 8) * box / 20
    step = np.hypot(*np.moveaxis(np.diff(points, axis=1), 2, 0)) * (np.diff(stroke, axis=1) == 0)
    sides = np.ptp(points, axis=1)
    longer = np.maximum(sides.max(1, keepdims=True), 1e-3)
    length = step.sum(1, keepdims=True) / longer
    # A bar has length 1, an 8 more than 3: the longer the line folded into the box, the less room is between.
    room = 0.58 * box / np.maximum(length, 1)
    across = box * sides.min(1, keepdims=True) / longer
    room = np.where(length > 1.2, np.minimum(room, 0.23 * box), room)
    folded = length > 1.8
    room = np.where(folded, np.minimum(room, np.maximum(0.5 * across, box / 20)), room)
    return np.asarray(np.minimum(width, room), np.float32)


def _fit(
    points: Float32[np.ndarray, "c k 2"],
    inked: Bool[np.ndarray, "c k"],
    width: Float32[np.ndarray, "c 1"],
    box: Float32[np.ndarray, "c 1"],
    rng: np.random.Generator,
    size: int,
) -> Float32[np.ndarray, "c k 2"]:
    """Scale the ink, pen included, to the box and move its centre of mass to MNIST's place."""
    visible = inked[..., None]
    low = np.where(visible, points, np.float32(np.inf)).min(1)
    high = np.where(visible, points, np.float32(-np.inf)).max(1)
    scale = np.maximum(box - width, 1) / np.maximum((high - low).max(1, keepdims=True), 1e-3)
    points = points * scale[..., None]
    mass = (points * visible).sum(1, keepdims=True) / visible.sum(1, keepdims=True)
    # MNIST moved whole pixels, so its centres of mass spread evenly over one pixel around pixel 14.
    middle = size / 2 + rng.uniform(-0.5, 0.5, (len(points), 1, 2))
    return np.asarray(points - mass + middle, np.float32)


def _radii(
    points: Float32[np.ndarray, "c k 2"],
    width: Float32[np.ndarray, "c 1"],
    rng: np.random.Generator,
    hand: Hand,
) -> Float32[np.ndarray, "c k"]:
    """Give each point half the pen's width, varied by pressure and, for a broad nib, by direction."""
    count, k, _ = points.shape
    pressure = (
        rng.uniform(0, 0.2, (count, 1))
        * waves(rng, np.linspace(0, 1, k, dtype=np.float32), count, 0.5, 3.0)[..., 0]
    )
    direction = np.gradient(points, axis=1)
    angle = np.arctan2(direction[..., 1], direction[..., 0]) - rng.uniform(0, np.pi, (count, 1))
    thin = np.where(rng.random((count, 1)) < hand.nib, rng.uniform(0.35, 0.7, (count, 1)), 1.0)
    nib = thin + (1 - thin) * np.abs(np.sin(angle))
    return np.asarray(np.maximum(width / 2 * (1 + pressure) * nib, 0.4), np.float32)
