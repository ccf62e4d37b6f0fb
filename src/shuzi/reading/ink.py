"""A picture -> how much ink is where: of any colour, on any paper, light on dark or dark on light."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from shuzi.reading.ranks import median, quantile
from shuzi.reading.tone import flatten, to_grey
from shuzi.shapes import Bool, Float32, Shaped, UInt8

INKED = 0.5  # the level from which a pixel is ink for sure; fainter ones are ink if joined to such a pixel
_FAINTEST = 0.15  # the lowest level that is taken for ink, where the paper is clean
_NOISES = 4.0  # standard deviations of the paper's noise that ink must stand out by
_MOST_NOISE = 1 / 6  # of the ink's contrast: above this, it is noise that looks like ink
_SAMPLES = 20_000  # pixels, in whole rows, that paper and noise are estimated from
_LEAST_CONTRAST = 12  # grey levels of 255 between the darkest and the lightest pixel
_STRONG = 0.5  # edges at least this strong, relative to the strongest, say where ink begins
_FRAME = 0.7  # a ring of pixels this clearly dark or light may be a frame around the picture


@dataclass(frozen=True, eq=False)
class Ink:
    """`level` is how inked each pixel is, from 0 (paper) to 1; `mask` is where there may be ink."""

    level: Float32[np.ndarray, "h w"]
    mask: Bool[np.ndarray, "h w"]


def find_ink(pixels: UInt8[np.ndarray, "h w 3"]) -> Ink:
    """Separate ink from paper. A picture without ink, or of noise, gives level 0 and no mask."""
    return ink_in(to_grey(pixels))


def ink_in(grey: Float32[np.ndarray, "h w"]) -> Ink:
    """As `find_ink`, of a picture that `to_grey` made grey."""
    flat = flatten(grey)
    blank = Ink(np.zeros(flat.shape, np.float32), np.zeros(flat.shape, np.bool_))
    low, high = float(flat.min()), float(flat.max())
    if high - low < _LEAST_CONTRAST:
        return blank
    threshold = _edge_threshold(_without_blank_margins(flat), low, high)
    dark = flat < threshold
    if not dark.any() or dark.all():
        return blank
    if darkness_is_ink(dark) < 0:
        flat, dark = -flat, ~dark
    some = slice(None, None, max(1, flat.size // _SAMPLES))
    light = ~dark[some]
    paper = median(flat[some][light]) if light.any() else float(flat[~dark].mean())
    contrast = paper - quantile(flat[dark], 0.3)  # a soft pen's edges are dark too: not the median
    level = (paper - flat) / contrast
    # Noise is what differs from pixel to pixel; a blurred stroke's halo, which is paper too, doesn't.
    steps = np.abs(np.diff(level[some], axis=1))[light[:, 1:] & light[:, :-1]]
    noise = 1.4826 / np.sqrt(2) * median(steps) if len(steps) else 0.0
    if noise > _MOST_NOISE:
        return blank
    return Ink(level.clip(0, 1), level > max(_FAINTEST, _NOISES * noise))


def dilate(mask: Bool[np.ndarray, "h w"]) -> Bool[np.ndarray, "h w"]:
    """The mask and the eight neighbours of each of its pixels."""
    return _extreme(mask, np.logical_or)


def _without_blank_margins(flat: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, "a b"]:
    """What isn't all of one value, and a pixel around it: there are all the edges, quickly looked through."""
    other = flat != flat[0, 0]
    rows, columns = (np.flatnonzero(other.any(axis=axis)) for axis in (1, 0))
    top, left = max(0, rows[0] - 1), max(0, columns[0] - 1)
    return flat[top : rows[-1] + 2, left : columns[-1] + 2]


def _edge_threshold(flat: Float32[np.ndarray, "h w"], low: float, high: float) -> float:
    """Otsu's threshold over the pixels at strong edges only.

    There, ink and paper are equally frequent however little ink there is, and faint rulings, stains and
    shadows are left out.
    """
    grey = ((flat - low) * np.float32(255 / (high - low))).astype(np.uint8)
    contrast = _extreme(grey, np.maximum) - _extreme(grey, np.minimum)
    clear = contrast[contrast > contrast.max() // 4]
    at_edges = grey[contrast >= math.ceil(_STRONG * quantile(clear, 0.9))]
    counts = np.bincount(at_edges, minlength=256).astype(np.float64)
    below, total = counts.cumsum()[:-1], counts.sum()
    moments = counts * np.arange(256)
    sums, mean = moments.cumsum()[:-1], moments.sum() / total
    # The variance between the two classes, for each threshold that leaves none of them empty.
    between = np.full(255, -1.0)
    both = (below > 0) & (below < total)
    between[both] = (mean * below - sums)[both] ** 2 / (below * (total - below))[both]
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))  # in an empty valley all are equally good
    return float(low + (best.mean() + 0.5) * (high - low) / 255)


def darkness_is_ink(dark: Bool[np.ndarray, "h w"]) -> float:
    """Vote whether the dark (positive) or the light pixels (negative) are the ink.

    Paper is what the border and the corners show, and the larger part. The border alone fails for digits
    that touch it, the area alone for bold ones. Swapping dark and light swaps the sign.
    """
    inside = _within_frame(dark)
    height, width = inside.shape
    side = max(2, min(height, width) // 8)
    corners = [inside[y, x] for y in np.s_[:side, -side:] for x in np.s_[:side, -side:]]
    shares = _share(*_ring(inside, 0)), _share(*corners), _share(inside)
    return (1 - 2 * shares[0]) + (1 - 2 * shares[1]) + 2 * (1 - 2 * shares[2])


def _within_frame(dark: Bool[np.ndarray, "h w"]) -> Bool[np.ndarray, "a b"]:
    """Without a frame around the picture: then the border says nothing about paper and ink."""
    depth = max(1, min(dark.shape) // 6)
    outermost = 1 - 2 * _share(*_ring(dark, 0))
    if abs(outermost) < _FRAME or not _may_be_framed(dark if outermost > 0 else ~dark, depth):
        return dark
    rings = np.array([1 - 2 * _share(*_ring(dark, k)) for k in range(depth)])
    opposite = np.flatnonzero(rings * np.sign(rings[0]) < -_FRAME)
    if not len(opposite):
        return dark
    k = opposite[-1] + 1
    return dark[k:-k, k:-k]


def _may_be_framed(dark: Bool[np.ndarray, "h w"], depth: int) -> bool:
    """Whether any of the outer rings can be mostly dark: quick, since nearly always none can.

    A ring lies on two rows and two columns, and has no more dark pixels than these.
    """
    sides = (dark, dark[::-1], dark.T, dark.T[::-1])
    on = sum(np.count_nonzero(side[1:depth], axis=1) for side in sides)
    length = 2 * (dark.shape[0] + dark.shape[1] - 4 * np.arange(1, depth)) - 4
    return bool((on >= (1 + _FRAME) / 2 * length).any())


def _ring(dark: Bool[np.ndarray, "h w"], k: int) -> list[Bool[np.ndarray, " _"]]:
    """The four sides of the rectangle k pixels inside the border."""
    inner = dark[k : dark.shape[0] - k, k : dark.shape[1] - k]
    return [inner[0], inner[-1], inner[1:-1, 0], inner[1:-1, -1]]


def _share(*parts: Bool[np.ndarray, ...]) -> float:
    """The share of dark pixels in all parts together."""
    return sum(int(np.count_nonzero(part)) for part in parts) / sum(part.size for part in parts)


def _extreme(grey: Shaped[np.ndarray, "h w"], choose: np.ufunc) -> Shaped[np.ndarray, "h w"]:
    """The largest or smallest value (`choose`: np.maximum or np.minimum) of each 3x3 neighbourhood."""
    rows = grey.copy()
    choose(rows[1:], grey[:-1], out=rows[1:])
    choose(rows[:-1], grey[1:], out=rows[:-1])
    both = rows.copy()
    choose(both[:, 1:], rows[:, :-1], out=both[:, 1:])
    choose(both[:, :-1], rows[:, 1:], out=both[:, :-1])
    return both
