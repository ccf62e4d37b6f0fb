"""Segments -> lines, from the top, each in reading order."""

from __future__ import annotations

import numpy as np

from shuzi.reading.components import join
from shuzi.reading.segments import Segment, overlap

_SAME_LINE = 0.5  # digits whose heights overlap by this much of the shorter one stand on one line


def find_lines(segments: list[Segment]) -> list[list[Segment]]:
    """Sort digits into lines."""
    if len(segments) < 2:
        return [segments] if segments else []
    boxes = np.array([segment.box for segment in segments], np.int64)
    top, bottom = boxes[:, 1], boxes[:, 3]
    heights = bottom - top
    together = overlap(top, bottom) >= _SAME_LINE * np.minimum(heights[:, None], heights[None])
    line = join(len(segments), *np.nonzero(together))
    lines = [[segments[i] for i in np.flatnonzero(line == root)] for root in np.unique(line)]
    lines.sort(key=lambda members: min(segment.box[1] for segment in members))
    return [sorted(members, key=lambda segment: segment.box[0] + segment.box[2]) for members in lines]
