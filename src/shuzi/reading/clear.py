"""The quick way to read: ink that falls apart into digits by itself, each of them classified."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shuzi.models import Classifier
from shuzi.reading.components import Components, find_components
from shuzi.reading.confidence import soundness
from shuzi.reading.framing import SIDE, frame_segment, written
from shuzi.reading.ink import Ink
from shuzi.reading.lines import find_lines
from shuzi.reading.mending import mend
from shuzi.reading.output import Framed
from shuzi.reading.segments import Segment, enclosing_box, find_segments
from shuzi.shapes import Bool, Float32, Int64, UInt8

_SURE_CUT, _SURE_VALUE = 0.98, 0.97  # from which the thorough way isn't needed
_WIDEST = 1.15  # in heights: a piece that is wider, unless it is a 0, may be two digits that touch
MOST_PIECES = 24  # of ink: a picture of more isn't clear
_MOST_SPECKS = 30  # more than these are a pattern on the paper, which may break a digit
_TALL_SPECK = 0.5  # of the digits' height
_RINGS = (0, 6, 8, 9)
_INSIDE = 0.25  # of a ring's height: ink in it that is as tall may be a digit that was encircled
_STRIP, _SMALL = 1.4, 100_000  # times as wide as high; pixels
_LEAST_HEIGHT = 0.15  # of the digits, in heights of the picture


@dataclass(frozen=True, eq=False)
class Line:
    """One line of n digits. boxes: (left, top, right, bottom) in pixels; framed: cuts each out, 28x28;
    presence and values: the probability that each is a digit, and of each value; trust: that they were cut
    rightly. clean: whether there is nothing beside them that may be a digit, or a pattern on the paper."""

    boxes: list[tuple[int, int, int, int]]
    framed: list[Framed]
    presence: Float32[np.ndarray, " n"]
    values: Float32[np.ndarray, "n 10"]
    trust: float
    clean: bool = True


@dataclass(frozen=True, eq=False)
class Pieces:
    """n pieces of ink, each taken for a digit: box (left, top, right, bottom) in pixels, cut out as MNIST
    frames digits, and the probability of each value."""

    boxes: list[tuple[int, int, int, int]]
    images: UInt8[np.ndarray, "n 28 28"]
    values: Float32[np.ndarray, "n 10"]


@dataclass(frozen=True, eq=False)
class Cut:
    """Ink cut into lines of segments, each taken for a digit; none is classified yet."""

    ink: Ink
    components: Components
    wanted: Bool[np.ndarray, " n"]
    lines: list[list[Segment]]

    @property
    def segments(self) -> list[Segment]:
        """All of them, line by line."""
        return [segment for line in self.lines for segment in line]

    def mended(self, classifier: Classifier) -> Cut:
        """The same, but strokes that the classifier says are one digit together are one segment."""
        lines = mend(self.lines, lambda segments: classifier.probabilities(self._framed(segments)))
        return replace(self, lines=lines)

    def classified(self, classifier: Classifier) -> Pieces:
        """All segments, classified as digits."""
        images = self._framed(self.segments)
        return Pieces([segment.box for segment in self.segments], images, classifier.probabilities(images))

    def _framed(self, segments: list[Segment]) -> UInt8[np.ndarray, "n 28 28"]:
        framed = [frame_segment(self.ink, self.components, segment) for segment in segments]
        return np.array(framed, np.uint8).reshape(-1, SIDE, SIDE)

    def read(self, pieces: Pieces) -> list[Line]:
        """The lines, as the classifier has read their segments."""
        images, values = pieces.images, pieces.values
        result, first = [], 0
        for line in self.lines:
            here = slice(first, first := first + len(line))
            trust = soundness(line, self.components, self.wanted)
            boxes = [segment.box for segment in line]
            clean = _is_clean(self.components, line)
            copies = [image.copy for image in images[here]]
            result.append(Line(boxes, copies, np.ones(len(line), np.float32), values[here], trust, clean))
        return result


def cut_ink(ink: Ink, *, most: int | None = None) -> Cut:
    """Cut the ink into lines of digits; no lines where there is no ink.

    Nor are there any where the ink falls apart into more than `most` pieces: to frame them all takes time.
    """
    components = find_components(ink.mask)
    wanted = written(components, ink)
    segments = find_segments(components, wanted)
    if most is not None and len(segments) > most:
        segments = []
    return Cut(ink, components, wanted, find_lines(segments))


def _is_clean(components: Components, line: list[Segment]) -> bool:
    """Whether what is in no digit is a frame around the digits, or some specks, and no digit is in a ring."""
    if any(_holds_another(components.boxes[segment.members]) for segment in line):
        return False
    left, top, right, bottom = enclosing_box(np.array([segment.box for segment in line], np.int64))
    boxes = components.boxes[~np.any([segment.members for segment in line], axis=0)]
    frames = (boxes[:, 0] < left) & (boxes[:, 1] < top) & (boxes[:, 2] > right) & (boxes[:, 3] > bottom)
    tall = boxes[:, 3] - boxes[:, 1] > _TALL_SPECK * (bottom - top)
    return len(boxes) <= _MOST_SPECKS and not (tall & ~frames).any()


def _holds_another(boxes: Int64[np.ndarray, "m 4"]) -> bool:
    """Whether, of the pieces of a digit, one stands in the middle of another and may be the digit itself."""
    outer = boxes[(boxes[:, 3] - boxes[:, 1]).argmax()]
    inside = (boxes[:, :2] > outer[:2]).all(axis=1) & (boxes[:, 2:] < outer[2:]).all(axis=1)
    tall = boxes[:, 3] - boxes[:, 1] > _INSIDE * (outer[3] - outer[1])
    return bool((inside & tall).any())


def is_strip(shape: tuple[int, int]) -> bool:
    """Whether a picture (height, width) is so low and wide that it hardly shows one digit alone; and so small
    that it does little harm to be mistaken."""
    height, width = shape
    return width > _STRIP * height and width * height <= _SMALL


def may_be_clear(cut: Cut, shape: tuple[int, int]) -> bool:
    """Whether the quick way may read a picture (`shape`: height, width) surely, from how its ink lies: one
    digit by itself. Wide rings, which hardly anything else is, may turn out to be clear nevertheless."""
    if len(cut.segments) != 1:
        return False
    left, top, right, bottom = cut.segments[0].box
    return (
        _LEAST_HEIGHT * shape[0] <= bottom - top < shape[0]
        and right - left < _WIDEST * (bottom - top)
        and _is_clean(cut.components, cut.segments)
    )


def is_clear(lines: list[Line], shape: tuple[int, int]) -> bool:
    """Whether the quick way has read a picture (`shape`: height, width) so surely that it may stay so.

    One digit, cut without doubt, surely of one value, and large enough to be all that the picture is about.
    Among several, two that touch can look like one of another value; and what goes from the picture's top to
    its bottom, unless it is a ring, may be the edge of a shadow: the detector sees that.
    """
    if len(lines) != 1 or len(lines[0].boxes) != 1:
        return False
    (line,) = lines
    left, top, right, bottom = line.boxes[0]
    single = right - left < _WIDEST * (bottom - top) or line.values[0].argmax() == 0
    return bool(
        line.clean
        and single
        and line.trust >= _SURE_CUT
        and line.values[0].max() >= _SURE_VALUE
        and _LEAST_HEIGHT * shape[0] <= bottom - top
        and (bottom - top < shape[0] or line.values[0].argmax() in _RINGS)
    )
