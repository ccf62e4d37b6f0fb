"""Digits cut out of drawn numbers as the reader cuts them: with what touches them, on any paper."""

from __future__ import annotations

import numpy as np

from shuzi.data.scenes.draw import draw_scenes
from shuzi.data.scenes.stock import Stock
from shuzi.reading.cutout import cut_out
from shuzi.shapes import Int64, UInt8

_SCENES = 64  # drawn at once
_SMALLEST = 12  # pixels high
_OFF = 0.04  # standard deviation of an edge of the detector's boxes, in heights


def cut_from_scenes(
    stock: Stock, count: int, rng: np.random.Generator
) -> tuple[UInt8[np.ndarray, "{count} 28 28"], Int64[np.ndarray, " {count}"]]:
    """Draw numbers until `count` of their digits are cut out: pictures framed as MNIST's, and values."""
    images: list[UInt8[np.ndarray, "28 28"]] = []
    values: list[int] = []
    while len(images) < count:
        scenes = draw_scenes(stock, _SCENES, rng)
        for scene, value, *box in scenes.digits:
            height = box[3] - box[1]
            if height < _SMALLEST:
                continue
            left, top, right, bottom = np.rint(np.array(box) + rng.normal(0, _OFF * height, 4)).astype(int)
            picture = scenes.images[int(scene)]
            pixels = np.repeat(255 - picture[..., None], 3, axis=2)
            image = cut_out(pixels, (max(0, left), max(0, top), max(left + 1, right), max(top + 1, bottom)))
            if image.any():
                images.append(image)
                values.append(int(value))
    return np.stack(images[:count]), np.array(values[:count], np.int64)
