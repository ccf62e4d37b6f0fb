"""Looking at a picture with the detector: for each digit found where it is, and what it may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image

from shuzi.beside import beside
from shuzi.models import Detector
from shuzi.reading.contrast import PAPER, contrast
from shuzi.reading.plain import plain
from shuzi.shapes import Bool, Float32, Int64, UInt8

_STRIDE = 4  # pixels from one cell of the detector's maps to the next
_MARGIN = 8  # pixels of paper around a picture: digits at its edge then stand inside
_LEAST_LOGIT = float(np.log(0.05 / 0.95))  # what is less probable isn't even an alternative
_LEAST = 1e-4  # no look rules a value out altogether
_MOST_FOUND = 2000  # in one look; noise has more
_APART = 0.35  # of widths and heights: digits whose middles are nearer are one digit found twice
_INSIDE = 0.8  # of the smaller box: what lies in a digit so far, and
_LARGER = 1.5  # is smaller by this in height, is a part of that digit


@dataclass(frozen=True, eq=False)
class Found:
    """m digits: box (left, top, right, bottom) in pixels of the picture, the probability that there is a
    digit, and of each value if there is."""

    boxes: Float32[np.ndarray, "m 4"]
    presence: Float32[np.ndarray, " m"]
    values: Float32[np.ndarray, "m 10"]

    def __len__(self) -> int:
        return len(self.presence)

    def take(self, chosen: Int64[np.ndarray, " k"] | Bool[np.ndarray, " m"]) -> Found:
        """The chosen ones, by index or by mask."""
        return Found(self.boxes[chosen], self.presence[chosen], self.values[chosen])

    @property
    def heights(self) -> Float32[np.ndarray, " m"]:
        """Of the boxes."""
        return np.asarray(self.boxes[:, 3] - self.boxes[:, 1])


NOTHING = Found(np.empty((0, 4), np.float32), np.empty(0, np.float32), np.empty((0, 10), np.float32))


@dataclass(frozen=True, eq=False)
class _Shown:
    """What the detector is shown of a picture: how many of its pixels one of these is across and down, twice
    each, where it begins, and its size."""

    picture: UInt8[np.ndarray, "h w"]
    zoom: Float32[np.ndarray, " 4"]
    corner: Float32[np.ndarray, " 4"]
    limit: Float32[np.ndarray, " 4"]

    def found(self, maps: Float32[np.ndarray, "15 h4 w4"]) -> Found:
        """What the detector's maps of it say, in pixels of the whole picture."""
        found = _peaks(maps)
        boxes = (found.boxes - _MARGIN) * self.zoom + self.corner
        return Found(np.clip(boxes, 0, self.limit), found.presence, found.values)


def look(
    detector: Detector,
    grey: Float32[np.ndarray, "h w"],
    scale: float,
    part: tuple[float, float, float, float] | None = None,
    *,
    plainly: bool = False,
) -> Found:
    """Look once at a picture, or at a part (left, top, right, bottom) of it, made `scale` times as large;
    `plainly`: as if on plain paper."""
    shown = _show(grey, scale, part, plainly)
    return shown.found(detector.maps(shown.picture))


def look_beside(detector: Detector, grey: Float32[np.ndarray, "h w"], scale: float) -> Callable[[], Found]:
    """Begin to look at a picture; what is returned waits for what is found."""
    shown = _show(grey, scale)
    maps = beside(partial(detector.maps, shown.picture))
    return lambda: shown.found(maps())


def _show(
    grey: Float32[np.ndarray, "h w"],
    scale: float,
    part: tuple[float, float, float, float] | None = None,
    plainly: bool = False,
) -> _Shown:
    height, width = grey.shape
    left, top, right, bottom = part or (0, 0, width, height)
    left, top = max(0, int(left)), max(0, int(top))
    right, bottom = min(width, int(np.ceil(right))), min(height, int(np.ceil(bottom)))
    size = max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale))
    seen = grey[top:bottom, left:right]
    if plainly and (without := plain(seen)) is not None:
        seen = without
    zoom = np.array([(right - left) / size[0], (bottom - top) / size[1]] * 2, np.float32)
    corner = np.array([left, top, left, top], np.float32)
    limit = np.array([width, height, width, height], np.float32)
    return _Shown(_padded(contrast(resized(seen, size))), zoom, corner, limit)


def merged(looks: list[Found]) -> Found:
    """What several looks found, each digit once: where and how sure the surest look says, and of its value
    the mean of all that saw it, weighted by how sure they are."""
    boxes = np.concatenate([one.boxes for one in looks])
    presence = np.concatenate([one.presence for one in looks])
    values = np.concatenate([one.values for one in looks])
    order = np.argsort(-presence, kind="stable")[:_MOST_FOUND]
    boxes, presence, values = boxes[order], presence[order], values[order]
    alike = same_digit(boxes, boxes)
    free = np.ones(len(order), np.bool_)
    kept, opinions = [], []
    for index in range(len(order)):
        if free[index]:
            same = free & alike[index]
            same[index] = True
            free &= ~same
            kept.append(index)
            opinions.append(agreed(values[same], presence[same]))
    if not kept:
        return Found(boxes, presence, values)
    return Found(boxes[kept], presence[kept], np.array(opinions, np.float32))


def agreed(
    values: Float32[np.ndarray, "k 10"], weights: Float32[np.ndarray, " k"]
) -> Float32[np.ndarray, " 10"]:
    """The geometric mean: one look that is sure of a value can't overrule another that excludes it."""
    if len(values) == 1:
        return np.asarray(values[0])
    return np.asarray(all_agreed(values[:, None], weights)[0])


def all_agreed(
    values: Float32[np.ndarray, "k n 10"], weights: Float32[np.ndarray, " k"]
) -> Float32[np.ndarray, "n 10"]:
    """The same for each of n digits, of all of which the k looks have something to say."""
    logs = np.einsum("k,knv->nv", weights / weights.sum(), np.log(values + _LEAST))
    p = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(p / p.sum(axis=1, keepdims=True), np.float32)


def same_digit(
    boxes: Float32[np.ndarray, "m 4"], others: Float32[np.ndarray, "n 4"]
) -> Bool[np.ndarray, "m n"]:
    """Which boxes are of the same digit as which others, or of a digit and a part of it.

    How much boxes overlap says little: those of slanted 1s overlap by half, and are two digits.
    """
    size, their_size = (np.maximum(some[:, 2:] - some[:, :2], 1e-3) for some in (boxes, others))
    near: Bool[np.ndarray, "m n"] = np.ones((len(boxes), len(others)), np.bool_)
    common: Float32[np.ndarray, "m n"] = np.ones(near.shape, np.float32)
    for low, high in ((0, 2), (1, 3)):  # across, then down: on a page of print both take much memory
        middle, their_middle = ((some[:, low] + some[:, high]) / 2 for some in (boxes, others))
        away = np.abs(middle[:, None] - their_middle) / ((size[:, None, low] + their_size[:, low]) / 2)
        near &= away < _APART
        inside = np.minimum(boxes[:, None, high], others[:, high])
        inside -= np.maximum(boxes[:, None, low], others[:, low])
        common *= inside.clip(min=0)
    common /= np.minimum(np.prod(size, axis=1)[:, None], np.prod(their_size, axis=1))
    heights, their_heights = size[:, 1][:, None], their_size[:, 1]
    larger = np.maximum(heights, their_heights) / np.minimum(heights, their_heights)
    return np.asarray(near | ((common >= _INSIDE) & (larger > _LARGER)))


def resized(grey: Float32[np.ndarray, "h w"], size: tuple[int, int]) -> Float32[np.ndarray, "h2 w2"]:
    """A grey picture at another size (width, height)."""
    if size == grey.shape[::-1]:
        return grey
    image = Image.fromarray(np.ascontiguousarray(grey, np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR), np.float32)


def _padded(shown: UInt8[np.ndarray, "h w"]) -> UInt8[np.ndarray, "h8 w8"]:
    height, width = shown.shape
    rows = -(-(height + 2 * _MARGIN) // 8) * 8
    columns = -(-(width + 2 * _MARGIN) // 8) * 8
    result = np.full((rows, columns), PAPER, np.uint8)
    result[_MARGIN : _MARGIN + height, _MARGIN : _MARGIN + width] = shown
    return result


def _peaks(maps: Float32[np.ndarray, "15 h w"]) -> Found:
    """The cells that are likelier a digit's middle than their eight neighbours; of two that are as likely,
    the first."""
    middle = maps[0]
    height, width = middle.shape
    around = np.full((height + 2, width + 2), -np.inf, np.float32)
    around[1:-1, 1:-1] = middle
    likely = middle >= _LEAST_LOGIT
    for place in range(9):
        other = around[place // 3 :, place % 3 :][:height, :width]
        if place < 4:
            likely &= middle > other
        elif place > 4:
            likely &= middle >= other
    rows, columns = np.nonzero(likely)
    strongest = np.argsort(-middle[rows, columns], kind="stable")[:_MOST_FOUND]
    rows, columns = rows[strongest], columns[strongest]
    found = maps[:, rows, columns]
    far = np.logaddexp(found[11:], np.float32(0))  # softplus
    boxes = np.stack([columns - far[0], rows - far[1], columns + far[2], rows + far[3]], axis=1)
    values = np.exp(found[1:11] - found[1:11].max(axis=0))
    return Found(
        ((boxes + 0.5) * _STRIDE).astype(np.float32),
        1 / (1 + np.exp(-found[0])),
        np.ascontiguousarray((values / values.sum(axis=0)).T),
    )
