"""Brackets around a number, as in (250): the detector takes many for a 1.

A bracket is thin, bent outwards all along, and reaches beyond the digits above and below. Hardly a 1 that
begins or ends a number does the same (docs/LOG.md).
"""

from __future__ import annotations

import numpy as np

from shuzi.reading.inked import inked
from shuzi.reading.looks import Found
from shuzi.reading.neighbours import less_likely
from shuzi.reading.slashes import likely_ones, reach
from shuzi.shapes import Bool, Float32

_SEEN = 0.5  # the presence from which a candidate counts as a digit beside it
_BEYOND = 0.12  # heights: how far it reaches beyond the digits, above and below together
_BEND = (0.05, 0.3)  # of its height: how far its middle lies outside of the line from end to end
_UNEVEN = 0.06  # of its height: how far, on average, its ink may lie beside a parabola
_LESS = 6.0  # by how much the logit of presence is less


def without_brackets(grey: Float32[np.ndarray, "h w"], number: Found) -> Found:
    """The candidates of one number, from the left, with less presence for brackets around the others."""
    seen = np.flatnonzero(number.presence > _SEEN)
    brackets = np.zeros(len(number), np.bool_)
    ones = likely_ones(number)
    for at in np.flatnonzero(ones):
        others = seen[seen != at]
        if not len(others) or others[0] < at < others[-1]:
            continue
        opposite = others[-1] if at < others[0] else others[0]
        if ones[opposite]:  # which may be the other bracket, as tall
            others = others[others != opposite]
        if not len(others):
            continue
        beyond = reach(number.boxes[at], number.boxes[others])
        if beyond.min() > 0 and beyond.sum() > _BEYOND:
            ink, boxes = inked(grey, number.boxes, 0.0)
            bend = _bend(ink, boxes[at]) * (1 if at < opposite else -1)
            brackets[at] = _BEND[0] < bend < _BEND[1]
    return less_likely(number, brackets, _LESS)


def _bend(ink: Bool[np.ndarray, "h w"], box: Float32[np.ndarray, " 4"]) -> float:
    """How far to the left the middle of the arc that is the ink in a box lies of its ends, in heights of it;
    0 if it is none."""
    left, top, right, bottom = box.astype(np.int64)
    rows, columns = np.nonzero(ink[top : bottom + 1, left : right + 1])
    if not len(rows) or np.ptp(rows) < 2:
        return 0.0
    height = bottom + 1 - top
    along = (rows - rows.mean()) * (2 / height)  # -1 to 1
    arc = np.polynomial.Polynomial.fit(along, columns, 2, domain=[-1, 1])
    uneven = float((columns - arc(along)).std()) / height
    return float(arc.coef[2]) / height if uneven < _UNEVEN else 0.0
