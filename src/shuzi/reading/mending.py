"""Strokes that don't touch, of a 4 for example, put together again where they make one digit."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from shuzi.reading.segments import Segment, join_strokes
from shuzi.shapes import Float32

_DOUBTFUL = 0.95  # below it, strokes are better taken as one digit, whose confidence must then be above it
_SHORT = 0.6  # of the height of all: a piece of a row shorter than that is rather a stroke than a digit


def mend(
    lines: list[list[Segment]], classify: Callable[[list[Segment]], Float32[np.ndarray, "n 10"]]
) -> list[list[Segment]]:
    """Join neighbouring segments that are doubtful or short as digits, each by itself, but sure as one.

    `classify` gives the probability of each class for segments, each taken as a digit.
    """
    every = [segment for line in lines for segment in line]
    runs = [line[i : i + n] for line in lines for n in (3, 2) for i in range(len(line) - n + 1)]
    if len(lines) > 1:
        runs.insert(0, every)
    joined = [(run, join_strokes(run, alone=len(run) == len(every))) for run in runs]
    tried = [(run, whole) for run, whole in joined if whole is not None]
    if not tried:
        return lines
    pieces = list(dict.fromkeys(segment for run, _ in tried for segment in run))
    apart = dict(zip(pieces, classify(pieces).max(axis=1), strict=True))
    together = classify([whole for _, whole in tried]).max(axis=1)
    instead: dict[Segment, Segment | None] = {}
    for (run, whole), confidence in zip(tried, together, strict=True):
        product = math.prod(apart[segment] for segment in run)
        limit = confidence if min(map(_height, run)) < _SHORT * _height(whole) else _DOUBTFUL
        if product < limit and confidence > _DOUBTFUL and not any(segment in instead for segment in run):
            instead |= dict.fromkeys(run) | {run[0]: whole}
    mended = [[instead.get(segment, segment) for segment in line] for line in lines]
    kept = [[segment for segment in line if segment is not None] for line in mended]
    return [line for line in kept if line]


def _height(segment: Segment) -> int:
    return segment.box[3] - segment.box[1]
