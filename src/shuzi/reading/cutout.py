"""One digit of a picture by its box, framed as MNIST frames it: what touches it is cut through."""

from __future__ import annotations

import numpy as np

from shuzi.reading.components import find_components
from shuzi.reading.framing import SIDE, frame_segment, written
from shuzi.reading.ink import Ink, find_ink
from shuzi.reading.segments import main_segment
from shuzi.shapes import UInt8

# In heights of the box: how much paper around it ink is told from, and how far beyond it ink is the digit's.
_AROUND, _BEYOND = 0.3, 0.03


def cut_out(pixels: UInt8[np.ndarray, "h w 3"], box: tuple[int, int, int, int]) -> UInt8[np.ndarray, "28 28"]:
    """The digit in a box (left, top, right, bottom), in pixels; all zeros where there is no ink."""
    left, top, right, bottom = box
    margin, beyond = (1 + round(share * (bottom - top)) for share in (_AROUND, _BEYOND))
    x, y = max(0, left - margin), max(0, top - margin)
    seen = find_ink(np.ascontiguousarray(pixels[y : bottom + margin, x : right + margin]))
    own = np.zeros(seen.mask.shape, np.bool_)
    own[max(0, top - y - beyond) : bottom - y + beyond, max(0, left - x - beyond) : right - x + beyond] = True
    ink = Ink(np.where(own, seen.level, np.float32(0)), seen.mask & own)
    components = find_components(ink.mask)
    digit = main_segment(components, written(components, ink), ink.mask.shape)
    return np.zeros((SIDE, SIDE), np.uint8) if digit is None else frame_segment(ink, components, digit)
