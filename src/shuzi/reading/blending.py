"""Two opinions on one digit: the detector's, and the classifier's where the digit's ink stands by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shuzi.models import Classifier
from shuzi.reading.clear import Cut, Line
from shuzi.reading.looks import agreed
from shuzi.shapes import Float32

_SAME = 0.6  # of their union: boxes that overlap by this much are of the same ink
_THERE = 0.9  # presence: from here on, ink by itself that the classifier is sure of is a digit all the more
_WEIGHTS = np.array([0.4, 0.6], np.float32)  # of the detector's opinion and the classifier's


def blend(seen: Line, cut: Cut, classifier: Classifier) -> Line:
    """The detector's line, with the mean opinion on each digit that the quick way has cut out, too, and the
    box of its ink."""
    segments = cut.segments
    if not segments or not seen.boxes:
        return seen
    share = _overlap(
        np.array(seen.boxes, np.float32), np.array([segment.box for segment in segments], np.float32)
    )
    pieces = share.argmax(axis=1)
    same = np.flatnonzero(share.max(axis=1) >= _SAME)
    if not len(same):
        return seen
    images = cut.framed([segments[piece] for piece in pieces[same]])
    presence, values = seen.presence.copy(), seen.values.copy()
    framed, boxes = list(seen.framed), list(seen.boxes)
    for index, image, row in zip(same.tolist(), images, classifier.probabilities(images), strict=True):
        boxes[index], framed[index] = segments[pieces[index]].box, image.copy
        if presence[index] >= _THERE:
            presence[index] = 1 - (1 - presence[index]) * (1 - row.max())
        values[index] = agreed(np.stack([values[index], row]), _WEIGHTS)
    return replace(seen, boxes=boxes, presence=presence, values=values, framed=framed)


def _overlap(a: Float32[np.ndarray, "n 4"], b: Float32[np.ndarray, "m 4"]) -> Float32[np.ndarray, "n m"]:
    """Intersection over union of each pair of boxes."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=2)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (a, b)]
    return np.asarray(common / (areas[0][:, None] + areas[1][None] - common), np.float32)
