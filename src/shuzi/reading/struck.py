"""Digits that are struck out by a line through several of them: they are no part of the number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from shuzi.reading.inked import inked
from shuzi.reading.looks import Found
from shuzi.reading.neighbours import less_likely
from shuzi.reading.ranks import median
from shuzi.shapes import Bool, Float32, Int64

_SEEN = 0.1  # the presence from which a candidate may be a digit that is struck out
_STRONG = 0.65  # of the digits' ink: as strong as the line is; patterns on paper are fainter
_BAND = 0.3, 0.7  # of the digits' height: where such a line runs
_LINES = 17  # tried between these
_SLOPES = np.linspace(-0.15, 0.15, 25)
_STEP = 4  # columns from one to the next where a line is looked at first
_BREAK = 0.06  # heights: as much of the line may be missing
_COVERED = 0.8  # of a digit's width
_LONG = 1.4  # heights: two digits, at least
_OVER = 0.06  # heights: how far beyond the digits it goes, at least; what joins two digits doesn't
_BEYOND = 1.0  # heights: a line that goes on for longer is a ruling
_LESS = 9.0  # by how much the logit of presence is less


def without_struck(grey: Float32[np.ndarray, "h w"], number: Found) -> Found:
    """The candidates of one number, from the left, with less presence for those that are struck out."""
    seen = np.flatnonzero(number.presence > _SEEN)
    if len(seen) < 2:
        return number
    # Nearly always no two digits are joined, which is quickly seen.
    if not any(_joined(*inked(grey, number.boxes[seen], 0.0, _STRONG))):
        return number
    height = median(number.heights[seen])
    ink, boxes = inked(grey, number.boxes[seen], 1.5 * _BEYOND * height, _STRONG)
    struck = np.zeros(len(number), np.bool_)
    for row in _lines(ink, boxes, height):
        left, right = _longest(ink[row, np.arange(len(row))], _BREAK * height)
        if right - left > _LONG * height:
            if left == 0 or right == len(row):  # a ruling, which other lines follow for a part of it
                return number
            struck[seen] |= _through(boxes, height, row, left, right)
    return less_likely(number, struck, _LESS)


def _lines(
    ink: Bool[np.ndarray, "h w"], boxes: Float32[np.ndarray, "k 4"], height: float
) -> Int64[np.ndarray, "l w"]:
    """Straight lines through the digits, by their row in each column, that are inked from the middle of one
    digit to that of the next, somewhere."""
    middle = ((boxes[:, 0] + boxes[:, 2]) / 2).astype(np.int64)
    starts = median(boxes[:, 1]) + height * np.linspace(*_BAND, _LINES)
    starts, slopes = np.repeat(starts, len(_SLOPES))[:, None], np.tile(_SLOPES, _LINES)[:, None]
    off = np.arange(ink.shape[1]) - (boxes[:, 0].min() + boxes[:, 2].max()) / 2

    def rows(which: Bool[np.ndarray, " l"], columns: Int64[np.ndarray, " c"]) -> Int64[np.ndarray, "n c"]:
        lines = starts[which] + slopes[which] * off[columns]
        return np.asarray(np.rint(lines).astype(np.int64).clip(0, len(ink) - 1))

    inked: Bool[np.ndarray, " l"] = np.zeros(len(starts), np.bool_)
    for at, joined in enumerate(_joined(ink, boxes)):
        if joined and middle[at] < middle[at + 1]:
            columns, likely = np.arange(middle[at], middle[at + 1]), ~inked
            for some in (columns[::_STEP], columns):  # what is broken there already, needn't be seen through
                missing = len(some) - ink[rows(likely, some), some].sum(axis=1)
                likely[likely] = missing <= _BREAK * height
            inked |= likely
    return rows(inked, np.arange(ink.shape[1]))


def _joined(ink: Bool[np.ndarray, "h w"], boxes: Float32[np.ndarray, "k 4"]) -> Iterator[bool]:
    """Of each two digits beside each other: whether there is no gap between them, or ink all across it, as a
    line through them leaves it."""
    for before, after in pairwise(boxes):
        top, bottom = int(min(before[1], after[1])), int(max(before[3], after[3])) + 1
        gap = ink[top:bottom, int(np.ceil(before[2])) : int(after[0]) + 1]
        yield bool((gap[:-2] | gap[1:-1] | gap[2:]).all(axis=1).any())


def _longest(along: Bool[np.ndarray, " w"], most_missing: float) -> tuple[int, int]:
    """Where the longest stretch of ink along a line begins and ends."""
    places = np.flatnonzero(along)
    if not len(places):
        return 0, 0
    ends = np.flatnonzero(places[1:] - places[:-1] > 1 + most_missing)
    first, last = places[np.append(0, ends + 1)], places[np.append(ends, len(places) - 1)]
    longest = (last - first).argmax()
    return int(first[longest]), int(last[longest]) + 1


def _through(
    boxes: Float32[np.ndarray, "k 4"], height: float, row: Int64[np.ndarray, " w"], left: int, right: int
) -> Bool[np.ndarray, " k"]:
    """Which digits a stretch of a line strikes out: several in a row, and a little beyond."""
    inside = np.minimum(boxes[:, 2], right) - np.maximum(boxes[:, 0], left)
    middle = ((boxes[:, 0] + boxes[:, 2]) / 2).astype(np.int64).clip(0, len(row) - 1)
    place = (row[middle] - boxes[:, 1]) / (boxes[:, 3] - boxes[:, 1])
    struck = (inside > _COVERED * (boxes[:, 2] - boxes[:, 0])) & (place > _BAND[0]) & (place < _BAND[1])
    if struck.sum() < 2:
        return np.zeros(len(boxes), np.bool_)
    over = boxes[struck, 0].min() - left, right - boxes[struck, 2].max()
    least = _OVER if struck.sum() == 2 else 0.0
    enough = all(least * height <= end < _BEYOND * height for end in over)
    return np.asarray(struck & enough)
