"""Noise of dim light and small sensors, smoothed where there is much of it."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from shuzi.reading.ranks import median
from shuzi.shapes import UInt8

_MUCH = 7.0  # standard deviation in levels; pictures that people keep rarely have more than 3
_ROWS = 64  # that it is measured in, at most
# The filter that it is measured with answers to white noise with 6 times its deviation (Immerkaer 1996);
# the median of absolute values, which strokes don't change, is 0.6745 deviations.
_RESPONSE = 6 * 0.6745


def without_noise(pixels: UInt8[np.ndarray, "h w 3"]) -> UInt8[np.ndarray, "h w 3"]:
    """The picture, blurred by a pixel where it has much noise, which would break strokes."""
    if noise(pixels) < _MUCH:
        return pixels
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(1)))


def noise(pixels: UInt8[np.ndarray, "h w 3"]) -> float:
    """The standard deviation of a picture's noise, in levels."""
    height, width = pixels.shape[:2]
    if min(height, width) < 3:
        return 0.0
    rows = np.linspace(1, height - 2, min(height - 2, _ROWS)).astype(np.int64)
    above, here, below = (pixels[at].astype(np.int16) for at in (rows - 1, rows, rows + 1))
    colours = above - 2 * here + below
    bent = colours[..., 0] + 2 * colours[..., 1] + colours[..., 2]  # of 4 times the brightness
    answer = bent[:, :-2] - 2 * bent[:, 1:-1] + bent[:, 2:]
    return median(np.abs(answer).ravel()) / (4 * _RESPONSE)
