"""A picture -> its numbers: find ink, cut it into digits and lines, classify, decode."""

from __future__ import annotations

import os

import numpy as np

from shuzi.errors import ReadingError
from shuzi.models import CHAMPION, load_classifier
from shuzi.picture import Picture, PictureSource, open_picture
from shuzi.reading.components import find_components
from shuzi.reading.confidence import THRESHOLD, soundness
from shuzi.reading.decoding import decode
from shuzi.reading.framing import frame_segment, written
from shuzi.reading.ink import find_ink
from shuzi.reading.knowledge import Check, Knowledge, know
from shuzi.reading.lines import find_lines
from shuzi.reading.mending import mend
from shuzi.reading.output import Alternative, Box, Digit, Number, Page
from shuzi.reading.segments import Segment, enclosing_box, find_segments
from shuzi.shapes import Float32, UInt8


class Reader:
    """Reads pictures with one net, which stays loaded.

    `weights`: the name of shipped weights, or an ONNX file. `threads`: how many the net may use; one is
    fastest for a few digits. Raises `WeightsError` where the weights can't be used.

    >>> reader = shuzi.Reader()  # doctest: +SKIP
    >>> [str(reader.read(path)) for path in paths]  # doctest: +SKIP
    ['90210', '1234']
    """

    def __init__(self, weights: str | os.PathLike[str] = CHAMPION, *, threads: int = 1) -> None:
        self.classifier = load_classifier(weights, threads=threads)

    def read(
        self,
        picture: PictureSource,
        *,
        digits: int | str | None = None,
        pattern: str | None = None,
        check: Check | None = None,
        threshold: float = THRESHOLD,
    ) -> Page:
        """Read the numbers in a picture; the arguments and errors are those of `shuzi.read`."""
        if not 0 <= threshold <= 1:
            raise ReadingError(f"threshold={threshold} is no probability: give one from 0 to 1.")
        known = know(digits, pattern, check)
        opened = open_picture(picture)
        ink = find_ink(opened.pixels)
        components = find_components(ink.mask)
        wanted = written(components, ink)
        lines = find_lines(find_segments(components, wanted))
        if not lines:
            return Page([], opened)

        def framed(segments: list[Segment]) -> UInt8[np.ndarray, "n 28 28"]:
            return np.stack([frame_segment(ink, components, segment) for segment in segments])

        lines = mend(lines, lambda segments: self.classifier.probabilities(framed(segments)))
        images = framed([segment for line in lines for segment in line])
        probabilities = self.classifier.probabilities(images)
        numbers, first = [], 0
        for line in lines:
            here = slice(first, first := first + len(line))
            trust = soundness(line, components, wanted)
            numbers.append(_number(line, images[here], probabilities[here], known, trust, threshold, opened))
        return Page(numbers, opened)


def read(
    picture: PictureSource,
    *,
    digits: int | str | None = None,
    pattern: str | None = None,
    check: Check | None = None,
    threshold: float = THRESHOLD,
    weights: str | os.PathLike[str] = CHAMPION,
) -> Page:
    """Read the numbers in a picture: one digit, or a row of digits that don't touch.

    `picture`: a path, the bytes of an image file, a binary file, a PIL image, or an array (H, W), (H, W, 3)
    or (H, W, 4). What is known of the number helps, and numbers that don't fit it are not accepted:
    `digits`, how many, such as 6 or "4-6"; `pattern`, a regular expression that the whole text
    matches; `check`, a function from the text to a truth value, or the name of a python-stdnum module such
    as "luhn". A number is accepted if its confidence is at least `threshold`.

    A blank picture gives a page without numbers. Raises `PictureError` if the picture can't be used,
    `WeightsError` if the weights can't, `ReadingError` if another argument makes no sense.

    >>> str(shuzi.read("postcode.png", digits=5))  # doctest: +SKIP
    '90210'
    """
    return Reader(weights).read(picture, digits=digits, pattern=pattern, check=check, threshold=threshold)


def _number(
    line: list[Segment],
    images: UInt8[np.ndarray, "n 28 28"],
    probabilities: Float32[np.ndarray, "n 10"],
    known: Knowledge,
    trust: float,
    threshold: float,
    picture: Picture,
) -> Number:
    (text, p), others = decode(probabilities, known)
    digits = [
        Digit(
            int(value), float(row[int(value)]), _displayed(segment.box, picture), tuple(row.tolist()), image
        )
        for value, row, segment, image in zip(text, probabilities, line, images, strict=True)
    ]
    box = enclosing_box(np.array([segment.box for segment in line], np.int64))
    confidence = min(1.0, p * trust)
    return Number(
        text,
        confidence,
        confidence >= threshold,
        _displayed(box, picture),
        digits,
        [Alternative(other, min(1.0, q * trust)) for other, q in others],
    )


def _displayed(box: tuple[int, int, int, int], picture: Picture) -> Box:
    """A box (left, top, right, bottom) on the pixels -> (x, y, width, height) on the picture as displayed."""
    height, width = picture.pixels.shape[:2]
    left, right = (round(edge * picture.width / width) for edge in box[0::2])
    top, bottom = (round(edge * picture.height / height) for edge in box[1::2])
    return left, top, right - left, bottom - top
