"""Numbers cut out of labelled pictures, as the reader's second look sees them, to learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from shuzi.data.labelled import Labelled
from shuzi.data.scenes import Scenes
from shuzi.models import Detector
from shuzi.picture import open_picture
from shuzi.reading.contrast import PAPER, contrast
from shuzi.reading.finding import find_digits
from shuzi.reading.grouping import group
from shuzi.reading.looks import NOTHING, Found, same_digit
from shuzi.reading.second_look import second_look
from shuzi.reading.tone import to_grey
from shuzi.shapes import Float32, UInt8
from shuzi.training.alignment import align

_SURE = 0.1  # of an alignment: where it is less probable, others are too many
_AGREES = 0.1  # the probability of a digit's true value from which the reader half agrees with the label
_HEIGHT = 32.0  # of the digits, in pixels, as the net sees them
_KEPT = 60.0  # the same, as cuttings are kept
_SCALES = 0.85, 1.2  # by which sizes vary around _HEIGHT
_STRETCH = 0.08  # standard deviation of the logarithm of width over height
_BESIDE, _ABOVE = 0.8, 0.5  # what is seen beside and above the digits, in their heights
_MARGIN = 8  # pixels of paper around a cutting
_MOST_PIXELS = 300_000  # of a cutting as the net sees it


@dataclass(frozen=True, eq=False)
class Cutting:
    """A part of a picture, and its digits: value, left, top, right, bottom of each; `height` is theirs."""

    grey: UInt8[np.ndarray, "h w"]
    digits: Float32[np.ndarray, "k 5"]
    height: float


def cut(detector: Detector, picture: Labelled) -> list[Cutting] | None:
    """The numbers of one picture, cut out; what was found and is none of its digits is cut out as well.

    Boxes are those that the detector finds, values those of the label. None where the digits found can't be
    matched with the label for sure. Raises `PictureError` where there is no picture.
    """
    grey = to_grey(open_picture(picture.path).pixels)
    numbers = find_numbers(detector, grey)
    everything = _joined(numbers)
    alignment = align(everything.presence, everything.values, picture.digits)
    if alignment is None or alignment.probability < _SURE:
        return None
    chosen = everything.take(alignment.chosen)
    wanted = np.array([int(digit) for digit in picture.digits])
    agreeing = int((chosen.values[np.arange(len(wanted)), wanted] >= _AGREES).sum())
    if agreeing < len(wanted) // 2:  # the label is of another picture, or in another order
        return None
    digits = np.concatenate([wanted[:, None], chosen.boxes], axis=1).astype(np.float32)
    return [_cutting(grey, number, digits) for number in numbers]


def find_numbers(detector: Detector, grey: Float32[np.ndarray, "h w"]) -> list[Found]:
    """The digits of each number, probable or not, in reading order."""
    found = find_digits(detector, grey)
    return [second_look(detector, grey, found, chain) for chain in group(found, grey)]


def batch(cuttings: list[Cutting], rng: np.random.Generator) -> Scenes:
    """Cuttings as the detector sees them, each somewhat larger or smaller, padded to one size."""
    shown = [_shown(cutting, rng) for cutting in cuttings]
    height, width = (
        -(-(max(image.shape[axis] for image, _ in shown) + 2 * _MARGIN) // 8) * 8 for axis in (0, 1)
    )
    images = np.full((len(shown), height, width), PAPER, np.uint8)
    digits = []
    for index, (image, boxes) in enumerate(shown):
        images[index, _MARGIN : _MARGIN + image.shape[0], _MARGIN : _MARGIN + image.shape[1]] = image
        boxes[:, 1:] += _MARGIN
        digits.append(np.insert(boxes, 0, index, axis=1))
    return Scenes(images, np.concatenate(digits).astype(np.float32))


def _joined(numbers: list[Found]) -> Found:
    """All candidates in reading order; a digit that two numbers claim stands in the one that is surer."""
    if not numbers:
        return NOTHING
    everything = Found(
        np.concatenate([number.boxes for number in numbers]),
        np.concatenate([number.presence for number in numbers]),
        np.concatenate([number.values for number in numbers]),
    )
    owner = np.repeat(np.arange(len(numbers)), [len(number) for number in numbers])
    rivals = same_digit(everything.boxes, everything.boxes) & (owner[:, None] != owner[None])
    return everything.take(~(rivals & (everything.presence[None] > everything.presence[:, None])).any(axis=1))


def _cutting(grey: Float32[np.ndarray, "h w"], number: Found, digits: Float32[np.ndarray, "d 5"]) -> Cutting:
    size = max(1.0, float(np.median(number.heights)))
    around = np.array([_BESIDE, _ABOVE]) * size
    left, top = (max(0, int(edge)) for edge in number.boxes[:, :2].min(axis=0) - around)
    right, bottom = (int(np.ceil(edge)) for edge in number.boxes[:, 2:].max(axis=0) + around)
    part = grey[top:bottom, left:right]
    x, y = (digits[:, 1] + digits[:, 3]) / 2 - left, (digits[:, 2] + digits[:, 4]) / 2 - top
    here = digits[(x > 0) & (y > 0) & (x < part.shape[1]) & (y < part.shape[0])]
    if len(here):
        size = max(1.0, float(np.median(here[:, 4] - here[:, 2])))
    here = here - np.array([0, left, top, left, top], np.float32)
    scale = min(1.0, _KEPT / size)
    image, here = _resized(np.clip(part, 0, 255).astype(np.uint8), here, scale, scale)
    return Cutting(image, here, size * scale)


def _shown(
    cutting: Cutting, rng: np.random.Generator
) -> tuple[UInt8[np.ndarray, "h w"], Float32[np.ndarray, "k 5"]]:
    scale = _HEIGHT / cutting.height * float(np.exp(rng.uniform(*np.log(_SCALES))))
    scale = min(scale, float(np.sqrt(_MOST_PIXELS / cutting.grey.size)))
    stretch = float(np.exp(rng.normal(0, _STRETCH / 2)))
    image, digits = _resized(cutting.grey, cutting.digits, scale * stretch, scale / stretch)
    return contrast(image.astype(np.float32)), digits


def _resized(
    image: UInt8[np.ndarray, "h w"], digits: Float32[np.ndarray, "k 5"], across: float, down: float
) -> tuple[UInt8[np.ndarray, "h2 w2"], Float32[np.ndarray, "k 5"]]:
    height, width = image.shape
    size = max(1, round(width * across)), max(1, round(height * down))
    zoom = np.array([1, size[0] / width, size[1] / height, size[0] / width, size[1] / height], np.float32)
    resized = Image.fromarray(image).resize(size, Image.Resampling.BILINEAR)
    return np.asarray(resized, np.uint8), digits * zoom
