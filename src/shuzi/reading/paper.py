"""Paper goes on: colours for what lies beyond a sheet, or beyond a picture's edge."""

from __future__ import annotations

import numpy as np
from PIL import Image

from shuzi.shapes import Bool, Float32, UInt8


def surrounded(
    pixels: UInt8[np.ndarray, "h w 3"],
    kept: Bool[np.ndarray, "h w"],
    colours: Float32[np.ndarray, "sh sw 3"],
    paper: Bool[np.ndarray, "sh sw"],
) -> UInt8[np.ndarray, "h w 3"]:
    """A picture where it is kept, and the colours of its paper elsewhere. `colours` and `paper`: the picture
    made small, and where there is paper in it; somewhere there has to be."""
    size = pixels.shape[1], pixels.shape[0]
    around = Image.fromarray(_continued(colours, paper)).resize(size, Image.Resampling.BILINEAR)
    return np.where(kept[..., None], pixels, np.asarray(around))


def _continued(
    colours: Float32[np.ndarray, "h w 3"], paper: Bool[np.ndarray, "h w"]
) -> UInt8[np.ndarray, "h w 3"]:
    """The paper's colours, and elsewhere those of the nearest paper, ever more blurred."""
    known = paper[..., None].astype(np.float32)
    result = np.where(paper[..., None], colours, 0)
    radius = 2
    while not known.all():
        weights, sums = blurred(known, radius), blurred(result, radius)
        near = (weights > 1e-3) & (known == 0)
        result = np.where(near, sums / np.maximum(weights, 1e-3), result)
        known = np.maximum(known, near)
        radius *= 2
    return np.asarray(result + 0.5, np.uint8)


def blurred(values: Float32[np.ndarray, "h w c"], radius: int) -> Float32[np.ndarray, "h w c"]:
    """The mean over a square around each pixel, of what lies in the picture."""
    for axis in (0, 1):
        length = values.shape[axis]
        sums = np.cumsum(np.insert(values, 0, 0, axis=axis), axis=axis, dtype=np.float64)
        at = np.arange(length)
        low, high = np.maximum(at - radius, 0), np.minimum(at + radius + 1, length)
        values = (sums.take(high, axis) - sums.take(low, axis)) / (2 * radius + 1)
    return np.asarray(values, np.float32)
