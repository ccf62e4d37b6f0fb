"""Ink -> 28x28 as MNIST frames it: in a box of 20x20, its centre of mass in the middle.

MNIST's own digits come out as they went in.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from shuzi.picture import PictureSource, open_picture
from shuzi.reading.components import Components, find_components
from shuzi.reading.ink import INKED, Ink, dilate, find_ink
from shuzi.reading.ranks import quantile
from shuzi.reading.rulings import find_rulings
from shuzi.reading.segments import Segment, main_segment
from shuzi.shapes import Bool, Float32, UInt8

SIDE = 28
BOX = 20
_CENTRE = SIDE // 2  # where MNIST has the centre of mass, counted from the middle of the first pixel
_VISIBLE = 0.1  # the level from which ink counts for the size of the digit
# The logarithm of the (geometric) mean level of ink in three quarters of MNIST's digits is above this.
_SOLID = math.log(0.6)
_SHADOW = 0.75  # what touches the picture's edge and is fainter than this part of the ink is no ink
_FULL = 0.8  # the quantile of ink that becomes full white


def frame(picture: PictureSource) -> UInt8[np.ndarray, "28 28"]:
    """Frame a picture of one digit as MNIST does: (28, 28) uint8, white ink on black.

    `picture`: a path, bytes, a binary file, a PIL image or an array. Any size, colour and polarity; printed
    lines and fragments of neighbours are left out. A picture without ink gives all zeros.
    Raises `PictureError` if the picture can't be used.

    >>> shuzi.classify(shuzi.frame("seven.png")).argmax()  # doctest: +SKIP
    7
    """
    ink = find_ink(open_picture(picture).pixels)
    components = find_components(ink.mask)
    digit = main_segment(components, written(components, ink), ink.mask.shape)
    return np.zeros((SIDE, SIDE), np.uint8) if digit is None else frame_segment(ink, components, digit)


def written(components: Components, ink: Ink) -> Bool[np.ndarray, " n"]:
    """Which components are ink beyond doubt: no printed lines, no shadows at the picture's edge."""
    sure = components.peaks(ink.level) >= INKED
    sure &= ~find_rulings(components, sure, ink.mask.shape)
    height, width = ink.mask.shape
    boxes = components.boxes
    at_edge = ((boxes <= 0) | (boxes >= np.array([width, height, width, height]))).any(axis=1)
    if not (sure & at_edge).any() or not (sure & ~at_edge).any():
        return sure
    means = components.means(ink.level)
    main = np.argmax(np.where(sure & ~at_edge, components.areas, -1))
    return np.asarray(sure & ~(at_edge & (means < _SHADOW * means[main])))


def frame_segment(ink: Ink, components: Components, digit: Segment) -> UInt8[np.ndarray, "28 28"]:
    """Frame one digit of a picture; what else there is near it is left out."""
    left, top, right, bottom = digit.box
    height, width = ink.mask.shape
    # One pixel more on each side: the soft edge of a stroke is fainter than the mask.
    box = (max(0, left - 1), max(0, top - 1), min(width, right + 1), min(height, bottom + 1))
    here = np.s_[box[1] : box[3], box[0] : box[2]]
    own = components.mask(digit.members, box)
    level = np.where(dilate(own) & (own | ~ink.mask[here]), ink.level[here], np.float32(0))
    return frame_level(level)


def frame_level(level: Float32[np.ndarray, "h w"]) -> UInt8[np.ndarray, "28 28"]:
    """Scale, harden and centre a map of one digit's ink, levels 0..1, of any size."""
    visible = level > _VISIBLE
    rows, columns = (np.flatnonzero(visible.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return np.zeros((SIDE, SIDE), np.uint8)
    digit = _hardened(_scaled(level[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]))
    framed = np.zeros((SIDE, SIDE), np.float32)
    y, x = (_offset(digit.sum(axis=axis)) for axis in (1, 0))
    framed[y : y + digit.shape[0], x : x + digit.shape[1]] = digit
    return np.rint(framed * 255).astype(np.uint8)


def _scaled(level: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, "a b"]:
    """Scaled so that the longer side is 20; one that is 19 or 20 stays as sharp as it is."""
    height, width = level.shape
    scale = BOX / max(height, width)
    if 1 <= scale <= BOX / (BOX - 1):
        return level
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    scaled = np.asarray(Image.fromarray(level).resize(size, method))
    return np.asarray(np.maximum(scaled, np.float32(0)))


def _hardened(level: Float32[np.ndarray, "a b"]) -> Float32[np.ndarray, "a b"]:
    """Stretch ink to 0..1, and make faint strokes as solid as MNIST's; what is solid stays as it is."""
    strokes = level[level > _VISIBLE * level.max()]
    level = np.minimum(level / quantile(strokes, _FULL), np.float32(1))
    mean = float(np.log(level[level > _VISIBLE]).mean())
    return level if mean >= _SOLID else level ** np.float32(_SOLID / mean)


def _offset(profile: Float32[np.ndarray, " n"]) -> int:
    """Where to put a digit along one axis so that its centre of mass is in the middle, and it fits in."""
    mass = float((np.arange(len(profile)) * profile).sum() / profile.sum())
    return min(max(0, math.floor(_CENTRE - mass + 0.5)), SIDE - len(profile))
