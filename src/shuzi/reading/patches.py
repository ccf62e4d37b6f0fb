"""Digits cut out of pictures together with what stands around them, all at one size."""

from __future__ import annotations

import numpy as np

from shuzi.reading.contrast import PAPER
from shuzi.shapes import Float32, Int64, UInt8

HEIGHT = 32.0  # of the digits on a patch, in pixels
_WIDEST = 1.5  # a digit's width in heights; a wider one is shown smaller


def patches(
    images: UInt8[np.ndarray, "n h w"],
    which: Int64[np.ndarray, " m"],
    boxes: Float32[np.ndarray, "m 4"],
    side: int,
) -> UInt8[np.ndarray, "m {side} {side}"]:
    """Cut what is in each box (left, top, right, bottom) out of its picture, as `reading.contrast` gives it.

    It is in the patch's middle, `HEIGHT` pixels high; beyond the picture there is paper.
    """
    width, height = (boxes[:, 2:] - boxes[:, :2]).T
    step = np.maximum(np.maximum(height, width / _WIDEST), 1) / HEIGHT
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    off = np.arange(side, dtype=np.float32) + np.float32(0.5 - side / 2)
    x, y = (middle[:, axis, None] + off * step[:, None] - 0.5 for axis in (0, 1))
    # Where they are beyond the picture, both neighbours are on its rim of paper.
    rows, columns = images.shape[1:]
    seen = np.full((len(images), rows + 3, columns + 3), PAPER, np.float32)
    seen[:, 1:-2, 1:-2] = images
    x, y = x.clip(-1, columns) + 1, y.clip(-1, rows) + 1
    left, top = x.astype(np.int64)[:, None, :], y.astype(np.int64)[:, :, None]
    right_share, lower_share = x[:, None, :] - left, y[:, :, None] - top
    at = (which[:, None, None] * seen.shape[1] + top) * seen.shape[2] + left
    flat = seen.ravel()
    here, beside, below, across = (flat[further:].take(at) for further in (0, 1, columns + 3, columns + 4))
    above = here * (1 - right_share) + beside * right_share
    below = below * (1 - right_share) + across * right_share
    return np.asarray((above * (1 - lower_share) + below * lower_share + 0.5), np.uint8)
