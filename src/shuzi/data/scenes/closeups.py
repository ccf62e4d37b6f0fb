"""Close-ups to learn from: digits of scenes with what is around them, and what could be taken for digits."""

from __future__ import annotations

import numpy as np

from shuzi.data.scenes.draw import NUMBER, PAGE, Scenes, draw_scenes
from shuzi.data.scenes.stock import Stock
from shuzi.reading.patches import patches
from shuzi.shapes import Float32, Int64, UInt8

NOTHING = 10  # the value of what is no digit
SIDE = 64  # of a close-up, in pixels; learning looks at a part of it, moved, turned and zoomed
_PAGES = 0.2  # of the scenes' batches
_OTHERS, _BETWEEN, _PARTS = 0.12, 0.04, 0.04  # shares of letters and marks, gaps, and parts of digits
_LEAST = 6  # pixels: what is lower and narrower can't be looked at closely


def draw_close_ups(
    stock: Stock, rng: np.random.Generator, *, count: int
) -> tuple[UInt8[np.ndarray, "{count} 64 64"], Int64[np.ndarray, " {count}"]]:
    """Draw scenes until there are so many close-ups; returns them with their values, 0 to 9 or `NOTHING`."""
    images, values, enough = [], [], 0
    while enough < count:
        scenes = (
            draw_scenes(stock, 16, rng, PAGE)
            if rng.random() < _PAGES
            else draw_scenes(stock, 32, rng, NUMBER)
        )
        seen, said = close_ups(scenes, rng)
        images.append(seen)
        values.append(said)
        enough += len(said)
    return np.concatenate(images)[:count], np.concatenate(values)[:count]


def close_ups(
    scenes: Scenes, rng: np.random.Generator
) -> tuple[UInt8[np.ndarray, "m 64 64"], Int64[np.ndarray, " m"]]:
    """All digits of some scenes, and about a fifth as many boxes that hold none."""
    digits, others = scenes.digits, _small(scenes.others, rng)
    none = [
        _some(others, _OTHERS * len(digits), rng),
        _some(_between(digits), _BETWEEN * len(digits), rng),
        _some(_parts(digits, rng), _PARTS * len(digits), rng),
    ]
    boxes = np.concatenate([digits[:, [0, 2, 3, 4, 5]], *none])
    values = np.full(len(boxes), NOTHING)
    values[: len(digits)] = digits[:, 1]
    return patches(scenes.images, boxes[:, 0].astype(np.int64), boxes[:, 1:], SIDE), values


def _some(
    boxes: Float32[np.ndarray, "k 5"], count: float, rng: np.random.Generator
) -> Float32[np.ndarray, "_ 5"]:
    return boxes[rng.permutation(len(boxes))[: rng.poisson(count)]]


def _small(others: Float32[np.ndarray, "k 5"], rng: np.random.Generator) -> Float32[np.ndarray, "_ 5"]:
    """Boxes about as wide as digits: of a word a part."""
    result = others.copy()
    width, height = (others[:, 3:] - others[:, 1:3]).T
    part = np.minimum(width, height * rng.uniform(0.3, 1.0, len(others)))
    wide = width > 1.2 * height
    left = others[:, 1] + rng.random(len(others)) * (width - part)
    result[wide, 1], result[wide, 3] = left[wide], (left + part)[wide]
    return np.asarray(result[np.maximum(height, width) >= _LEAST])


def _between(digits: Float32[np.ndarray, "m 6"]) -> Float32[np.ndarray, "_ 5"]:
    """From the middle of a digit to the middle of the next one in its row."""
    one, other = digits[:-1], digits[1:]
    start, end = (one[:, 2] + one[:, 4]) / 2, (other[:, 2] + other[:, 4]) / 2
    top, bottom = np.maximum(one[:, 3], other[:, 3]), np.minimum(one[:, 5], other[:, 5])
    near = (one[:, 0] == other[:, 0]) & (end > start + _LEAST) & (bottom > top + _LEAST)
    near &= end - start < 1.5 * (bottom - top)
    return np.asarray(np.stack([one[:, 0], start, top, end, bottom], axis=1)[near])


def _parts(digits: Float32[np.ndarray, "m 6"], rng: np.random.Generator) -> Float32[np.ndarray, "_ 5"]:
    """The upper, lower, left or right half of each digit; not of 1s, whose halves are 1s again."""
    result = digits[:, [0, 2, 3, 4, 5]]
    edge = 1 + rng.integers(0, 4, len(digits))
    opposite = (edge + 1) % 4 + 1
    rows = np.arange(len(digits))
    share = rng.uniform(0.4, 0.55, len(digits)).astype(np.float32)
    result[rows, edge] += share * (result[rows, opposite] - result[rows, edge])
    return np.asarray(result[digits[:, 1] != 1])
