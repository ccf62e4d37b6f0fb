"""A second look at a number that isn't sure after the first, at the size that the detector reads best."""

from __future__ import annotations

import numpy as np

from shuzi.models import Detector
from shuzi.reading.grouping import SURE, group
from shuzi.reading.looks import NOTHING, Found, agreed, look, same_digit
from shuzi.reading.parting import fences
from shuzi.reading.ranks import median
from shuzi.shapes import Float32, Int64

_HEIGHT = 32.0  # of the digits, in pixels; looks at more sizes make no number better (docs/LOG.md)
_SURE = 0.85  # the probability of the likeliest text from which there is no need to look again
_BESIDE, _ABOVE = 0.8, 0.5  # how much is seen beside and above the digits, in their heights
_MOST_ENLARGED = 6.0


def second_look(
    detector: Detector,
    grey: Float32[np.ndarray, "h w"],
    found: Found,
    chain: Int64[np.ndarray, " k"],
    *,
    doubt: bool = False,
) -> Found:
    """Look closer at the digits of one number, if they aren't sure, or there is another reason to `doubt`
    them; the result is ordered from the left."""
    first = found.take(chain)
    likeliest = np.maximum(first.presence * first.values.max(axis=1), 1 - first.presence)
    if not doubt and np.prod(likeliest) >= _SURE:
        return first
    boxes = found.boxes[chain]
    height = median(found.heights[chain])
    left, top = boxes[:, :2].min(axis=0) - np.array([_BESIDE, _ABOVE]) * height
    right, bottom = boxes[:, 2:].max(axis=0) + np.array([_BESIDE, _ABOVE]) * height
    fence = fences(grey, found, chain, SURE)
    left, right = max(left, fence[0]), min(right, fence[1])
    part = (float(left), float(top), float(right), float(bottom))
    scale = min(_MOST_ENLARGED, _HEIGHT / max(height, 1.0))
    second = _one_number(look(detector, grey, scale, part, plainly=True), boxes, grey)
    return _joined([first, second])


def _one_number(found: Found, boxes: Float32[np.ndarray, "k 4"], grey: Float32[np.ndarray, "h w"]) -> Found:
    """Of all digits in the part, those of the number that was looked for."""
    chains = group(found, grey)
    if not chains:
        return NOTHING
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)

    def common(chain: Int64[np.ndarray, " k"]) -> float:
        inside = np.minimum(found.boxes[chain, 2:], [right, bottom]) - np.maximum(
            found.boxes[chain, :2], [left, top]
        )
        return float((np.prod(inside.clip(min=0), axis=1) * found.presence[chain]).sum())

    wanted = [chain for chain in chains if common(chain) > 0]
    return found.take(max(wanted, key=common)) if wanted else NOTHING


def _joined(looks: list[Found]) -> Found:
    """Join looks digit by digit: the mean of what each says; one that doesn't see a digit says no."""
    boxes = np.concatenate([one.boxes for one in looks])
    presence = np.concatenate([one.presence for one in looks])
    values = np.concatenate([one.values for one in looks])
    which = np.concatenate([np.full(len(one), index) for index, one in enumerate(looks)])
    alike = same_digit(boxes, boxes)
    free = np.ones(len(boxes), np.bool_)
    digits = []
    for index in np.argsort(-presence, kind="stable"):
        if not free[index]:
            continue
        members = [index]
        for other in range(len(looks)):
            if other == which[index]:
                continue
            theirs = np.flatnonzero(free & (which == other) & alike[index])
            if len(theirs):
                members.append(int(theirs[np.argmax(presence[theirs])]))
        free[members] = False
        opinion = agreed(values[members], presence[members])
        digits.append((boxes[members].mean(axis=0), presence[members].sum() / len(looks), opinion))
    order = np.argsort([box[0] + box[2] for box, _, _ in digits], kind="stable")
    return Found(
        np.array([digits[i][0] for i in order], np.float32),
        np.array([digits[i][1] for i in order], np.float32),
        np.array([digits[i][2] for i in order], np.float32),
    )
