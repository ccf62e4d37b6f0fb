"""How far the cut into digits can be trusted: what the net, which sees one digit at a time, can't know."""

from __future__ import annotations

import math

import numpy as np

from shuzi.reading.components import Components
from shuzi.reading.segments import Segment, enclosing_box
from shuzi.shapes import Bool

THRESHOLD = 0.9  # of confidence, from which a number is accepted unless the user says otherwise
_WIDE, _SPREAD = 1.7, 0.1  # width over height at which a piece of ink is as likely as not two digits


def soundness(line: list[Segment], components: Components, wanted: Bool[np.ndarray, " n"]) -> float:
    """The share of confidence, 0..1, that is left when a line's ink isn't cut clearly into digits.

    It falls for pieces wider than digits are (touching ones, words), and with the share of ink among the
    digits that belongs to none of them. One MNIST digit in a thousand is as wide as `_WIDE`.
    """
    left, top, right, bottom = enclosing_box(np.array([segment.box for segment in line], np.int64))
    boxes, areas = components.boxes, components.areas
    within = (boxes[:, 0] < right) & (boxes[:, 2] > left) & (boxes[:, 1] < bottom) & (boxes[:, 3] > top)
    used = np.any([segment.members for segment in line], axis=0)
    ours = float(areas[used].sum())
    others = float(areas[wanted & within & ~used].sum())
    aspects = [(box[2] - box[0]) / (box[3] - box[1]) for box in (segment.box for segment in line)]
    narrow = [1 / (1 + math.exp(min(50.0, (aspect - _WIDE) / _SPREAD))) for aspect in aspects]
    return ours / (ours + others) * math.prod(narrow)
