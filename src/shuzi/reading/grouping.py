"""Digits found by the detector -> numbers: rows from the top, each in reading order, parted at wide gaps."""

from __future__ import annotations

import numpy as np

from shuzi.reading.looks import Found
from shuzi.reading.parting import part
from shuzi.reading.ranks import median
from shuzi.shapes import Bool, Float32, Int64

SURE = 0.3  # digits at least this probable make numbers; less probable ones may only join one
_WIDEST_GAP = 2.2  # heights of the digits: what is further apart are two numbers
_BESIDE = 0.55  # heights: how far the middle of the next digit may be above or below
_ALIKE = 2.3  # how many times as high as its neighbour a digit may be
_BEYOND = 2.0  # heights: how far beyond a number's ends the middle of a less probable digit may be
_STRAY = 0.6  # heights: as _BESIDE, off the line through a number, for less probable digits


def group(found: Found, grey: Float32[np.ndarray, "h w"]) -> list[Int64[np.ndarray, " _"]]:
    """The digits of each number in a grey picture, by index, from the left; numbers by row from the top, then
    from the left."""
    sure = np.flatnonzero(found.presence >= SURE)
    chains = [number for chain in _chains(found, sure) for number in part(grey, found, chain)]
    chains = [_with_doubtful(found, chain) for chain in chains]
    return [chains[index] for index in _reading_order(found, chains)]


def _chains(found: Found, sure: Int64[np.ndarray, " s"]) -> list[Int64[np.ndarray, " _"]]:
    """Link each digit to the nearest one on its right."""
    boxes = found.boxes[sure]
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    heights = boxes[:, 3] - boxes[:, 1]
    following = np.full(len(sure), -1)
    pairs = _pairs(boxes, x, y, heights)
    taken = np.zeros(len(sure), np.bool_)
    for left, right in pairs:
        if following[left] < 0 and not taken[right]:
            following[left], taken[right] = right, True
    chains = []
    for first in np.flatnonzero(~taken):
        chain = [first]
        while following[chain[-1]] >= 0:
            chain.append(following[chain[-1]])
        chains.append(sure[np.array(chain)])
    return chains


def _pairs(
    boxes: Float32[np.ndarray, "s 4"],
    x: Float32[np.ndarray, " s"],
    y: Float32[np.ndarray, " s"],
    heights: Float32[np.ndarray, " s"],
) -> Int64[np.ndarray, "p 2"]:
    """Which digits may stand directly before which others, the nearest first."""
    mean = (heights[:, None] + heights[None]) / 2
    gap = boxes[None, :, 0] - boxes[:, None, 2]
    apart = np.abs(y[:, None] - y[None])
    ratio = heights[:, None] / np.maximum(heights[None], 1e-3)
    fits = (x[None] > x[:, None]) & (gap < _WIDEST_GAP * mean) & (apart < _BESIDE * mean)
    fits &= (ratio < _ALIKE) & (ratio > 1 / _ALIKE)
    distance = np.maximum(gap, 0) / mean + (x[None] - x[:, None]) / mean + apart / mean
    left, right = np.nonzero(fits)
    return np.stack([left, right], axis=1)[np.argsort(distance[left, right], kind="stable")]


def _with_doubtful(found: Found, chain: Int64[np.ndarray, " k"]) -> Int64[np.ndarray, " n"]:
    """Add what may be digits of this number: near the line through it, between its ends or just beyond."""
    boxes = found.boxes
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    height = median(found.heights[chain])
    on_line = np.interp(x, x[chain], y[chain])
    near = np.abs(y - on_line) < _STRAY * height
    near &= (x > x[chain[0]] - _BEYOND * height) & (x < x[chain[-1]] + _BEYOND * height)
    near &= (found.heights > height / _ALIKE) & (found.heights < height * _ALIKE)
    doubtful = np.flatnonzero(near & (found.presence < SURE))
    everything = np.concatenate([chain, doubtful])
    return everything[np.argsort(x[everything], kind="stable")]


def _reading_order(found: Found, chains: list[Int64[np.ndarray, " _"]]) -> Int64[np.ndarray, " c"]:
    """Numbers that overlap in height stand in one row."""
    if not chains:
        return np.empty(0, np.int64)
    top = np.array([median(found.boxes[chain, 1]) for chain in chains])
    bottom = np.array([median(found.boxes[chain, 3]) for chain in chains])
    left = np.array([float(found.boxes[chain, 0].min()) for chain in chains])
    row = np.full(len(chains), -1)
    rows = 0
    for index in np.argsort(top + bottom, kind="stable"):
        if row[index] >= 0:
            continue
        middle = (top[index] + bottom[index]) / 2
        same: Bool[np.ndarray, " c"] = (row < 0) & (top < middle) & (bottom > middle)
        row[same] = rows
        rows += 1
    return np.lexsort((left, row))
