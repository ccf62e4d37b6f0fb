"""A closer look at every digit of a number, by itself: what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from shuzi.beside import beside
from shuzi.models import CloseUp
from shuzi.reading.contrast import contrast
from shuzi.reading.looks import Found, all_agreed, resized
from shuzi.reading.patches import HEIGHT, patches
from shuzi.reading.ranks import median
from shuzi.shapes import Float32, UInt8

_SIDE = 48  # of a close-up, in pixels
_AROUND = 1.2  # heights of the tallest digit: how much is seen beside and above a number
_MOST_ENLARGED = 6.0
_SAY = np.array([0.3, 0.7], np.float32)  # of the looks so far, and of the close-up


def look_closer(
    close_up: CloseUp, grey: Float32[np.ndarray, "h w"], number: Found
) -> Callable[[Found], Found]:
    """Begin to look at the digits of one number. What is returned takes them, their presence as it may have
    become meanwhile, and gives them with the opinion of the close-up, too."""
    if not len(number):
        return lambda found: found
    closer = beside(partial(close_up.probabilities, close_ups(grey, number.boxes, _SIDE)))
    return lambda found: replace(found, values=all_agreed(np.stack([found.values, closer()]), _SAY))


def close_ups(
    grey: Float32[np.ndarray, "h w"], boxes: Float32[np.ndarray, "k 4"], side: int
) -> UInt8[np.ndarray, "k {side} {side}"]:
    """Each digit of one number and what is around it, at one size."""
    heights = boxes[:, 3] - boxes[:, 1]
    margin = _AROUND * float(heights.max())
    height, width = grey.shape
    left, top = (max(0, int(edge)) for edge in boxes[:, :2].min(axis=0) - margin)
    right, bottom = (int(edge) + 1 for edge in boxes[:, 2:].max(axis=0) + margin)
    part = grey[top : min(bottom, height), left : min(right, width)]
    scale = min(_MOST_ENLARGED, HEIGHT / max(median(heights), 1.0))
    size = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
    shown = contrast(resized(part, size))
    zoom = np.array([size[0] / part.shape[1], size[1] / part.shape[0]] * 2, np.float32)
    placed = (boxes - np.array([left, top, left, top], np.float32)) * zoom
    return patches(shown[None], np.zeros(len(boxes), np.int64), placed.astype(np.float32), side)
