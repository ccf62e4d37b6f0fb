"""Close-ups to learn from: the digits of scenes, each with what is around it."""

from __future__ import annotations

import numpy as np

from shuzi.data.scenes.draw import NUMBER, PAGE, draw_scenes
from shuzi.data.scenes.stock import Stock
from shuzi.reading.patches import patches
from shuzi.shapes import Int64, UInt8

SIDE = 64  # of a close-up, in pixels; learning looks at a part of it, moved, slanted and zoomed
_PAGES = 0.2  # of the batches of scenes


def draw_close_ups(
    stock: Stock, rng: np.random.Generator, *, count: int, hurry: float
) -> tuple[UInt8[np.ndarray, "{count} 64 64"], Int64[np.ndarray, " {count}"]]:
    """Draw scenes until they have so many digits; returns close-ups of these, and their values.

    `hurry`: the share of lines that are written in a hurry.
    """
    images, values, enough = [], [], 0
    while enough < count:
        size = PAGE if rng.random() < _PAGES else NUMBER
        scenes = draw_scenes(stock, 16 if size == PAGE else 32, rng, size, hurry)
        which, said = scenes.digits[:, 0].astype(np.int64), scenes.digits[:, 1].astype(np.int64)
        images.append(patches(scenes.images, which, scenes.digits[:, 2:], SIDE))
        values.append(said)
        enough += len(said)
    return np.concatenate(images)[:count], np.concatenate(values)[:count]
