"""Light that changes abruptly: shadows with an edge."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageFilter

from shuzi.reading.ranks import quantile
from shuzi.reading.tone import brightness
from shuzi.shapes import UInt8

_SIDE = 64  # pixels: a picture made so small tells whether its paper is of several levels
_WIDEST = 4  # strokes are narrower than the picture's shorter side divided by this
_ENDS = 0.05, 0.95  # quantiles: the darkest and the lightest paper
_APART, _DARKER = 40, 0.65  # how many levels they are apart, and what share of the light the dark one has
_BRIGHTER = 8.0  # at most, so that what is black doesn't become noise


def lit_evenly(pixels: UInt8[np.ndarray, "h w 3"]) -> Iterator[UInt8[np.ndarray, "h w 3"]]:
    """The picture with all of its paper equally light, if that isn't so already: once for dark ink, and once
    for light ink, turned dark, since it may be either."""
    small = Image.fromarray(pixels)
    small.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    lights = []
    for seen in (np.asarray(small), ~np.asarray(small)):
        paper = _paper(seen).ravel()
        dark, light = (quantile(paper, end) for end in _ENDS)
        # Where ink is of the other kind, it is what lies between digits that differs from the paper.
        if light - dark <= _APART or dark >= _DARKER * light:
            return
        lights.append(light)
    yield _evened(pixels, lights[0])
    yield _evened(~pixels, lights[1])


def _evened(pixels: UInt8[np.ndarray, "h w 3"], light: float) -> UInt8[np.ndarray, "h w 3"]:
    paper = _paper(np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(1))))
    gain = np.minimum(_BRIGHTER, light / np.maximum(paper, 1).astype(np.float32))
    return np.asarray(np.minimum(pixels * gain[..., None], 255), np.uint8)


def _paper(pixels: UInt8[np.ndarray, "h w 3"]) -> UInt8[np.ndarray, "h w"]:
    """What remains when all that is darker and narrow is taken away: the closing with a square that no stroke
    holds. Its edges stay sharp, so that shadows and tables go, and strokes stay."""
    grey = brightness(pixels).astype(np.uint8)
    side = max(3, min(grey.shape) // _WIDEST) | 1
    for axis in (0, 1):
        grey = _highest(grey, side, axis)
    for axis in (0, 1):
        grey = ~_highest(~grey, side, axis)
    return grey


def _highest(grey: UInt8[np.ndarray, "h w"], side: int, axis: int) -> UInt8[np.ndarray, "h w"]:
    """The largest value within a window of so many pixels, an odd number, around each."""
    along = grey.swapaxes(0, axis)
    edges = ([edge] * (side // 2) for edge in (along[:1], along[-1:]))
    result, width = np.concatenate([*next(edges), along, *next(edges)]), 1
    while width < side:  # of two windows beside each other, or overlapping
        step = min(width, side - width)
        result = np.maximum(result[:-step], result[step:])
        width += step
    return result.swapaxes(0, axis)
