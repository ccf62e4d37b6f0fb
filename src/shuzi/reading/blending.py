"""Another opinion on a digit: the classifier's, on the digit cut out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shuzi.models import Classifier
from shuzi.reading.clear import Line, Pieces
from shuzi.reading.looks import all_agreed
from shuzi.shapes import Float32, Int64

_SAME = 0.6  # of their union: boxes that overlap by this much are of the same ink
_THERE = 0.9  # presence: from here on, ink by itself that the classifier is sure of is a digit all the more
_DOUBTFUL = 0.8  # the probability of its value below which a digit is cut out of what it touches, too
_SAY = np.array([0.7, 0.3], np.float32)  # of the opinion so far, and of the classifier's


def blend(seen: Line, pieces: Pieces, classifier: Classifier) -> Line:
    """The detector's line, with the classifier's opinion, too, on each digit that the quick way has cut out,
    and the box of its ink; and on each doubtful one, cut out by its box."""
    same = _same(seen, pieces)
    presence, values = seen.presence.copy(), seen.values.copy()
    framed, boxes = list(seen.framed), list(seen.boxes)
    whole = np.flatnonzero(same >= 0)
    for index in whole:
        boxes[index], framed[index] = pieces.boxes[same[index]], pieces.images[same[index]].copy
    rows = pieces.values[same[whole]]
    there = presence[whole]
    presence[whole] = np.where(there < _THERE, there, 1 - (1 - there) * (1 - rows.max(axis=1, initial=0)))
    values[whole] = all_agreed(np.stack([values[whole], rows]), _SAY)
    torn = np.flatnonzero((same < 0) & (seen.values.max(axis=1, initial=0) < _DOUBTFUL))
    images = [seen.framed[index]() for index in torn]
    inked = [image.any() for image in images]
    if any(inked):
        torn = torn[inked]
        rows = classifier.probabilities(np.stack(images)[inked])
        values[torn] = all_agreed(np.stack([values[torn], rows]), _SAY)
    return replace(seen, boxes=boxes, presence=presence, values=values, framed=framed)


def _same(seen: Line, pieces: Pieces) -> Int64[np.ndarray, " n"]:
    """For each of the detector's digits, which piece is the same ink; -1 where none is."""
    if not pieces.boxes or not seen.boxes:
        return np.full(len(seen.boxes), -1)
    share = _overlap(np.array(seen.boxes, np.float32), np.array(pieces.boxes, np.float32))
    return np.asarray(np.where(share.max(axis=1) >= _SAME, share.argmax(axis=1), -1))


def _overlap(a: Float32[np.ndarray, "n 4"], b: Float32[np.ndarray, "m 4"]) -> Float32[np.ndarray, "n m"]:
    """Intersection over union of each pair of boxes."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=2)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (a, b)]
    return np.asarray(common / (areas[0][:, None] + areas[1][None] - common), np.float32)
