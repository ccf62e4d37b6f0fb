"""The quick way to read: ink that falls apart into digits by itself, as on drawing pads and clean forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shuzi.models import Classifier
from shuzi.reading.components import find_components
from shuzi.reading.confidence import soundness
from shuzi.reading.framing import frame_segment, written
from shuzi.reading.ink import find_ink
from shuzi.reading.lines import find_lines
from shuzi.reading.mending import mend
from shuzi.reading.segments import Segment, find_segments
from shuzi.shapes import Float32, UInt8

_SURE_CUT, _SURE_VALUE = 0.98, 0.97  # from which the thorough way isn't needed
_MOST_CLEAR = 12  # digits
MOST_PIECES = 24  # of ink: a picture of more isn't clear
_LEAST_HEIGHT = 0.15  # of the digits, in heights of the picture


@dataclass(frozen=True, eq=False)
class Line:
    """One line of n digits. boxes: (left, top, right, bottom) in pixels; images: as the classifier saw them;
    presence and values: the probability that each is a digit, and of each value; trust: that they were cut
    rightly."""

    boxes: list[tuple[int, int, int, int]]
    images: UInt8[np.ndarray, "n 28 28"]
    presence: Float32[np.ndarray, " n"]
    values: Float32[np.ndarray, "n 10"]
    trust: float


def read_clear(
    pixels: UInt8[np.ndarray, "h w 3"], classifier: Classifier, *, most: int | None = None
) -> list[Line]:
    """Cut the ink into lines of digits and classify them; no lines where there is no ink.

    Nor are there any where the ink falls apart into more than `most` pieces: to frame them all takes time.
    """
    ink = find_ink(pixels)
    components = find_components(ink.mask)
    wanted = written(components, ink)
    segments = find_segments(components, wanted)
    if not segments or (most is not None and len(segments) > most):
        return []
    lines = find_lines(segments)

    def framed(segments: Sequence[Segment]) -> UInt8[np.ndarray, "n 28 28"]:
        return np.stack([frame_segment(ink, components, segment) for segment in segments])

    lines = mend(lines, lambda segments: classifier.probabilities(framed(segments)))
    images = framed([segment for line in lines for segment in line])
    values = classifier.probabilities(images)
    result, first = [], 0
    for line in lines:
        here = slice(first, first := first + len(line))
        trust = soundness(line, components, wanted)
        boxes = [segment.box for segment in line]
        result.append(Line(boxes, images[here], np.ones(len(line), np.float32), values[here], trust))
    return result


def is_clear(lines: list[Line], shape: tuple[int, int]) -> bool:
    """Whether the quick way has read a picture (`shape`: height, width) so surely that it may stay so.

    One row of a few digits, cut without doubt, each surely one value, and large enough to be all that the
    picture is about.
    """
    if len(lines) != 1 or len(lines[0].boxes) > _MOST_CLEAR:
        return False
    (line,) = lines
    height = max(bottom - top for _, top, _, bottom in line.boxes)
    return bool(
        line.trust >= _SURE_CUT
        and (line.values.max(axis=1) >= _SURE_VALUE).all()
        and height >= _LEAST_HEIGHT * shape[0]
    )
