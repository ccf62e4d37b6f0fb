"""Fifteen ways in which a digit can look bad while a person still reads it: how robust is a net?

They follow the description and severities of MNIST-C (Mu and Gilmer 2019, arXiv 1906.02337) but are written
anew, so that figures are comparable in kind, not digit for digit. Nothing may be trained on them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np

from shuzi.data.mnist import load_mnist
from shuzi.evaluation.evaluate import Probabilities
from shuzi.evaluation.stacks import SIDE, blur, edges, polyline, warp
from shuzi.shapes import Float32, Int64, UInt8

_CHUNK = 500  # pictures at a time: their arrays stay in the processor's cache
_LINE = 1.45  # pixels from the middle of a drawn line to where it ends

Stack = Float32[np.ndarray, "n 28 28"]
"""Pictures in 0 (black) to 1."""


def corrupt(images: UInt8[np.ndarray, "n 28 28"], name: str, seed: int = 0) -> UInt8[np.ndarray, "n 28 28"]:
    """Each picture corrupted in one of the ways of `CORRUPTIONS`, the same for the same seed and position."""
    # Each corruption draws from random numbers of its own, so that adding one changes no other.
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    result = np.empty_like(images)
    for start in range(0, len(images), _CHUNK):
        stack = images[start : start + _CHUNK].astype(np.float32) / 255
        result[start : start + _CHUNK] = np.rint(np.clip(CORRUPTIONS[name](stack, rng), 0, 1) * 255)
    return result


def corruption_errors(
    probabilities: Probabilities,
    images: UInt8[np.ndarray, "n 28 28"],
    labels: Int64[np.ndarray, " n"],
    seed: int = 0,
) -> Iterator[tuple[str, float]]:
    """The share of wrong answers, 0 to 1, under each corruption, one after the other."""
    for name in CORRUPTIONS:
        answers = probabilities(corrupt(images, name, seed)).argmax(axis=1)
        yield name, float((answers != labels).mean())


def mean_corruption_error(probabilities: Probabilities, seed: int = 0) -> float:
    """The mean error, 0 to 1, over all 15 corruptions of MNIST's 10,000 test digits."""
    errors = dict(corruption_errors(probabilities, *load_mnist("test"), seed=seed))
    return sum(errors.values()) / len(errors)


def shot_noise(stack: Stack, rng: np.random.Generator) -> Stack:
    """Few photons: where there is light, at most three arrive on average."""
    return rng.poisson(stack * 3).astype(np.float32) / 3


def impulse_noise(stack: Stack, rng: np.random.Generator) -> Stack:
    """Salt and pepper: 17 % of the pixels are black or white."""
    draw = rng.random(stack.shape, np.float32)
    return np.where(draw < 0.17, (draw < 0.085).astype(np.float32), stack)


def glass_blur(stack: Stack, rng: np.random.Generator) -> Stack:
    """Seen through frosted glass: neighbouring pixels change places, twice, between two light blurs."""
    stack = blur(stack, 0.7)
    everyone = np.arange(len(stack))
    for _ in range(2):
        for row in range(SIDE - 1, 0, -1):
            for column in range(SIDE - 1, 0, -1):
                moved = rng.random(len(stack)) < 0.5
                up, left = rng.integers(0, 2, (2, len(stack))) * moved
                other = stack[everyone, row - up, column - left]
                stack[everyone, row - up, column - left] = stack[:, row, column]
                stack[:, row, column] = other
    return blur(stack, 0.7)


def motion_blur(stack: Stack, rng: np.random.Generator) -> Stack:
    """The camera moved by up to 10 pixels, at most 45 degrees from the horizontal, most of them early."""
    angle = rng.uniform(-np.pi / 4, np.pi / 4, len(stack))
    weights = np.exp(-0.5 * (np.arange(11) / 3) ** 2).astype(np.float32)
    padded = np.pad(stack, ((0, 0), (10, 10), (10, 10)))
    everyone, here = np.arange(len(stack))[:, None, None], np.arange(SIDE) + 10
    result = np.zeros_like(stack)
    for distance, weight in enumerate(weights / weights.sum()):
        right, down = (np.rint(distance * f(angle)).astype(int)[:, None, None] for f in (np.cos, np.sin))
        result += weight * padded[everyone, here[None, :, None] + down, here[None, None, :] + right]
    return result


def shear(stack: Stack, rng: np.random.Generator) -> Stack:
    """Slanted to the left or the right by 0.4 pixels a row."""
    return _either_way(stack, rng, lambda way: np.array([[1.0, way * 0.4], [0.0, 1.0]]))


def scale(stack: Stack, rng: np.random.Generator) -> Stack:
    """Seven tenths of the size."""
    return warp(stack, np.eye(2) / 0.7)


def rotate(stack: Stack, rng: np.random.Generator) -> Stack:
    """Turned by 0.4 radians, 23 degrees, to the left or the right."""
    sin, cos = np.sin(0.4), np.cos(0.4)
    return _either_way(stack, rng, lambda way: np.array([[cos, -way * sin], [way * sin, cos]]))


def brightness(stack: Stack, rng: np.random.Generator) -> Stack:
    """Lighter by half of the range: paper becomes grey."""
    return stack + np.float32(0.5)


def translate(stack: Stack, rng: np.random.Generator) -> Stack:
    """Moved three pixels to a side and three up or down."""
    down, right = rng.choice([-3, 3], (2, len(stack), 1, 1))
    padded = np.pad(stack, ((0, 0), (3, 3), (3, 3)))
    here = np.arange(SIDE) + 3
    moved: Stack = padded[np.arange(len(stack))[:, None, None], here[:, None] - down, here - right]
    return moved


def stripe(stack: Stack, rng: np.random.Generator) -> Stack:
    """Black and white swapped on the outer quarters, so that a stripe remains in the middle."""
    outside = np.abs(np.arange(SIDE) - (SIDE - 1) / 2) > SIDE / 4
    return np.where(outside, 1 - stack, stack)


def fog(stack: Stack, rng: np.random.Generator) -> Stack:
    """Behind thick fog, drawn as a fractal, which leaves a quarter of the contrast."""
    height = _plasma(rng, 256)
    row, column = rng.integers(0, 256, (2, len(stack), 1, 1))
    here = np.arange(SIDE)
    veil: Stack = height[(row + here[:, None]) % 256, (column + here) % 256]
    veil += (stack - veil) / 4
    return veil


def spatter(stack: Stack, rng: np.random.Generator) -> Stack:
    """Splashed with dark grey mud."""
    liquid = blur(rng.normal(0.65, 0.3, stack.shape).astype(np.float32), 1.0)
    mud = blur((liquid > 0.65).astype(np.float32), 1.5)
    mud[mud < 0.8] = 0
    splashed: Stack = stack + mud * (np.float32(63 / 255) - stack)
    return splashed


def dotted_line(stack: Stack, rng: np.random.Generator) -> Stack:
    """A dotted line from the left edge to the right."""
    ends = rng.integers(0, SIDE, (len(stack), 2, 1))
    line = polyline(np.concatenate([np.broadcast_to([[0], [SIDE - 1.0]], ends.shape), ends], 2), _LINE)
    line[:, :, np.arange(SIDE) % 4 < 2] = 0
    crossed: Stack = np.maximum(stack, line)
    return crossed


def zigzag(stack: Stack, rng: np.random.Generator) -> Stack:
    """A zigzag line, nearly level, two pixels up and down, from left to right."""
    height, rise = rng.integers(0, SIDE, (len(stack), 1)), rng.integers(-5, 5, (len(stack), 1))
    along = np.array([0.0, *np.arange(2, 22, 4), 23])
    teeth = np.array([0.0, *(2.0 * (-1) ** np.arange(5)), 0])
    points = np.stack(
        [np.broadcast_to(2 + along, (len(stack), len(along))), height + rise * along / 23 + teeth], 2
    )
    crossed: Stack = np.maximum(stack, polyline(points, _LINE))
    return crossed


def canny_edges(stack: Stack, rng: np.random.Generator) -> Stack:
    """Nothing but the outlines."""
    return edges(stack).astype(np.float32)


def _either_way(stack: Stack, rng: np.random.Generator, matrix: Callable[[int], np.ndarray]) -> Stack:
    positive = rng.random(len(stack)) < 0.5
    return np.where(positive[:, None, None], warp(stack, matrix(1)), warp(stack, matrix(-1)))


def _plasma(rng: np.random.Generator, size: int) -> Float32[np.ndarray, "{size} {size}"]:
    """Heights 0 to 1 by the diamond-square algorithm, each step half as rough; opposite edges join up."""
    height = np.zeros((size, size))
    step, rough = size, 1.0
    while step > 1:
        half = step // 2
        corners = height[::step, ::step]
        right = np.roll(corners, -1, 1)
        square = (corners + right + np.roll(corners, -1, 0) + np.roll(right, -1, 0)) / 4
        centres = height[half::step, half::step] = square + rng.uniform(-rough, rough, square.shape)
        for rows, columns, axis in ((0, half, 0), (half, 0, 1)):
            diamond = (corners + np.roll(corners, -1, 1 - axis) + centres + np.roll(centres, 1, axis)) / 4
            height[rows::step, columns::step] = diamond + rng.uniform(-rough, rough, diamond.shape)
        step, rough = half, rough / 2
    height -= height.min()
    height /= height.max()
    return height.astype(np.float32)


CORRUPTIONS: Mapping[str, Callable[[Stack, np.random.Generator], Stack]] = MappingProxyType(
    {
        corruption.__name__: corruption
        for corruption in (
            shot_noise,
            impulse_noise,
            glass_blur,
            motion_blur,
            shear,
            scale,
            rotate,
            brightness,
            translate,
            stripe,
            fog,
            spatter,
            dotted_line,
            zigzag,
            canny_edges,
        )
    }
)
"""Name -> function of pictures and random numbers; it need not keep to 0..1, `corrupt` does."""
