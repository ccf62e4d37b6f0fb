"""Slashes in and behind a number, as in 85/100, 12/5/2026 and 500/-: the detector takes many for a 1.

A slash is straight, leans to the right, and reaches beyond the digits beside it, above or below or both. A 1
may do the same, but rarely all of it, and the detector is surer of it. Of 1s that begin a number many do, on
cheques, so these are only doubted where slashes close it, too, as in /500/, or where several begin it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shuzi.reading.inked import inked
from shuzi.reading.looks import Found
from shuzi.reading.neighbours import logits
from shuzi.shapes import Bool, Float32

_SEEN = 0.5  # the presence from which a candidate counts as a digit beside it
_LEAN = 0.15  # how far to the right a slash leans, at least, as its slope
_CROOKED = 0.07  # of its height: how far, on average, its ink may lie beside a straight line
# What the logit of presence is multiplied by, and what is added: for all, for each height that it reaches
# beyond, and for how far it leans. Fitted to drawn slashes and to 1s, by hands that no net has learned from,
# and to 1s on cheques; thirty 1s count as much as a slash (docs/LOG.md).
_BETWEEN, _OUTSIDE = (0.7, 3.0, -26.0, -12.0), (0.3, 8.0, -29.0, -15.0)
_RARE = float(np.log(30))  # so much of these logits comes from slashes being rare


def without_slashes(grey: Float32[np.ndarray, "h w"], number: Found) -> Found:
    """The candidates of one number, from the left, with less presence for those that may be slashes."""
    closed = _doubted(grey, number, _outside(number, behind=True), _OUTSIDE, 1)
    several = 1 if ((number.presence > _SEEN) & (closed.presence <= _SEEN)).any() else 2
    closed = _doubted(grey, closed, _outside(closed, behind=False), _OUTSIDE, several)
    # These last: what closes a number would be taken for the writer's way with 1s.
    return _doubted(grey, closed, _between(closed), _BETWEEN)


def _doubted(
    grey: Float32[np.ndarray, "h w"],
    number: Found,
    beyond: Float32[np.ndarray, "k 2"],
    weights: tuple[float, float, float, float],
    several: int | None = None,
) -> Found:
    """With less presence for those that reach `beyond` other digits, above or below, and lean straight; where
    so many at least are beside each other, for `several` of them together."""
    maybe = np.flatnonzero(beyond.max(axis=1, initial=-1) > 0)
    if not len(maybe):
        return number
    ink, boxes = inked(grey, number.boxes, 0.0)
    presence, seen = number.presence.copy(), logits(number.presence)
    digit: dict[int, float] = {}  # the logit that it is one
    for at in maybe.tolist():
        lean = _lean(ink, boxes[at])
        if lean > _LEAN:
            terms = float(seen[at]), 1.0, float(beyond[at].sum()), lean
            digit[at] = sum(weight * term for weight, term in zip(weights, terms, strict=True))
    for at, logit in (_together(digit, several) if several else digit).items():
        presence[at] = min(presence[at], 1 / (1 + np.exp(-logit)))
    return replace(number, presence=presence)


def _together(digit: dict[int, float], several: int) -> dict[int, float]:
    """Of what stands outside a number, so many beside each other at least, the logits that they are digits,
    given each other: what would be a slash, if these weren't rare, is one if that beside it is, so that
    together they are as rare as one."""
    result, row = dict[int, float](), list[int]()
    for at in [at for at, logit in digit.items() if logit < _RARE]:
        row = [*row, at] if row and row[-1] == at - 1 else [at]
        if len(row) >= several:
            together = sum(digit[one] for one in row) - (len(row) - 1) * _RARE
            result |= {one: min(digit[one], together) for one in row}
    return result


def _outside(number: Found, *, behind: bool) -> Float32[np.ndarray, "k 2"]:
    """How far each 1 behind the last other digit, or before the first, reaches beyond all others, above and
    below, in heights of these; -1 for the rest."""
    result = np.full((len(number), 2), -1, np.float32)
    ones = likely_ones(number)
    others = np.flatnonzero((number.presence > _SEEN) & ~ones)
    if len(others):
        for at in range(others[-1] + 1, len(number)) if behind else range(others[0]):
            if ones[at]:
                result[at] = reach(number.boxes[at], number.boxes[others])
    return result


def _between(number: Found) -> Float32[np.ndarray, "k 2"]:
    """How far each 1 reaches beyond both digits beside it, above and below, in heights of these; -1 for the
    first, the last and what is no 1. Where these are 1s that reach beyond, the writer's other 1s may as far.
    """
    result = np.full((len(number), 2), -1, np.float32)
    seen, ones = np.flatnonzero(number.presence > _SEEN), likely_ones(number)
    if len(seen) < 2:
        return result
    usual = np.zeros(2, np.float32)
    for at, beside in ((seen[0], seen[1]), (seen[-1], seen[-2])):
        if ones[at]:
            usual = np.maximum(usual, reach(number.boxes[at], number.boxes[[beside]]))
    for at in range(seen[0] + 1, seen[-1]):
        if ones[at]:
            beside = seen[seen < at][-1], seen[seen > at][0]
            result[at] = reach(number.boxes[at], number.boxes[list(beside)]) - usual
    return result


def likely_ones(number: Found) -> Bool[np.ndarray, " k"]:
    """Which candidates are likeliest 1s."""
    return np.asarray(number.values.argmax(axis=1) == 1)


def reach(box: Float32[np.ndarray, " 4"], beside: Float32[np.ndarray, "n 4"]) -> Float32[np.ndarray, " 2"]:
    """How far a box reaches beyond all others, above and below, in heights of these."""
    height = max(1.0, float((beside[:, 3] - beside[:, 1]).mean()))
    above, below = beside[:, 1].min() - box[1], box[3] - beside[:, 3].max()
    return np.array([above, below], np.float32) / np.float32(height)


def _lean(ink: Bool[np.ndarray, "h w"], box: Float32[np.ndarray, " 4"]) -> float:
    """How far the straight line that is the ink in a box leans to the right, as a slope; 0 if it is none."""
    left, top, right, bottom = box.astype(np.int64)
    rows, columns = np.nonzero(ink[top : bottom + 1, left : right + 1])
    if not len(rows) or np.ptp(rows) == 0:
        return 0.0
    slope, start = np.polyfit(rows, columns, 1)
    crooked = float((columns - slope * rows - start).std())
    return -float(slope) if crooked < _CROOKED * (bottom + 1 - top) else 0.0
