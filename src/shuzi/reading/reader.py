"""A picture -> its numbers: the quick way where ink is clear, the thorough way elsewhere; then decoding."""

from __future__ import annotations

import os
from functools import partial

import numpy as np

from shuzi.errors import ReadingError
from shuzi.models import (
    CHAMPION,
    READER,
    Classifier,
    Detector,
    is_detector,
    load_classifier,
    load_detector,
)
from shuzi.picture import PictureSource, open_picture
from shuzi.reading.best_view import Seen, best_view
from shuzi.reading.blending import blend
from shuzi.reading.clear import MOST_PIECES, Line, cut_ink, is_clear, is_strip, may_be_clear
from shuzi.reading.confidence import THRESHOLD
from shuzi.reading.decoding import decode
from shuzi.reading.finding import begin_finding
from shuzi.reading.hard import read_hard
from shuzi.reading.ink import Ink, ink_in
from shuzi.reading.knowledge import Check, Knowledge, know
from shuzi.reading.noise import without_noise
from shuzi.reading.output import Alternative, Box, Digit, Number, Page
from shuzi.reading.segments import enclosing_box
from shuzi.reading.tone import to_grey
from shuzi.reading.view import View, view
from shuzi.reading.wholes import of_length


class Reader:
    """Reads pictures with nets that stay loaded.

    `weights`: "champion", the best there is; another classifier, shipped or a file, which then reads what
    falls apart into digits by itself; or the file of a detector that `shuzi adapt` made. `threads`: how many
    a net may use; one is fastest for a few digits. Raises `WeightsError` where the weights can't be used.

    >>> reader = shuzi.Reader()  # doctest: +SKIP
    >>> [str(reader.read(path)) for path in paths]  # doctest: +SKIP
    ['90210', '1234']
    """

    classifier: Classifier
    detector: Detector | None

    def __init__(self, weights: str | os.PathLike[str] = CHAMPION, *, threads: int = 1) -> None:
        adapted = is_detector(weights)
        self.classifier = load_classifier(CHAMPION if adapted else weights, threads=threads)
        best = adapted or self.classifier.name == CHAMPION
        self.detector = load_detector(weights if adapted else READER, threads=threads) if best else None

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
        shown = view(opened, without_noise(opened.pixels))
        read = partial(self._seen, known=known, threshold=threshold)
        seen = best_view(shown, read, partial(read, glance=True))
        return Page(seen.placed(), opened)

    def _seen(self, shown: View, *, known: Knowledge, threshold: float, glance: bool = False) -> Seen:
        lines, sure = self._lines(shown, known.least, glance)
        numbers = [_number(line, known, threshold) for line in of_length(lines, known.least)]
        return Seen(shown, [number for number in numbers if number is not None], sure)

    def _lines(self, shown: View, least: int, glance: bool) -> tuple[list[Line], bool]:
        """What may be the numbers of a picture, and whether another light couldn't change them."""
        pixels = shown.pixels
        grey = to_grey(pixels)
        if self.detector is None:
            return self._clear_lines(ink_in(grey)), True
        # The detector looks while all is done that can be done without it, if the quick way will hardly do.
        finding = begin_finding(self.detector, grey) if is_strip(pixels.shape[:2]) else None
        ink = ink_in(grey)
        if not ink.mask.any():
            return [], False
        cut = cut_ink(ink, most=MOST_PIECES)
        if finding is None and not may_be_clear(cut, pixels.shape[:2]):
            finding = begin_finding(self.detector, grey)
        cut = cut.mended(self.classifier)
        pieces = cut.classified(self.classifier)
        if len(cut.segments) == 1:
            lines = cut.read(pieces)
            if is_clear(lines, pixels.shape[:2]):
                return lines, True
        if finding and not glance:
            _ = shown.sheet  # asked for later; now there is time
        found = (finding or begin_finding(self.detector, grey))()
        lines = read_hard(pixels, grey, self.detector, found, least, glance=glance)
        if self.detector.close_up is not None:
            lines = [blend(line, pieces, self.classifier) for line in lines]
        return lines, False

    def _clear_lines(self, ink: Ink) -> list[Line]:
        cut = cut_ink(ink).mended(self.classifier)
        return cut.read(cut.classified(self.classifier))


def read(
    picture: PictureSource,
    *,
    digits: int | str | None = None,
    pattern: str | None = None,
    check: Check | None = None,
    threshold: float = THRESHOLD,
    weights: str | os.PathLike[str] = CHAMPION,
) -> Page:
    """Read the handwritten numbers in a picture, in reading order.

    `picture`: a path, the bytes of an image file, a binary file, a PIL image, or an array (H, W), (H, W, 3)
    or (H, W, 4). What is known of the number helps: of all that the digits may be, the likeliest text that
    satisfies it is given, and none is accepted where none is likely. `digits`: how many, such as 6 or "4-6";
    `pattern`, a regular expression that the whole text matches; `check`, a function from the text to a truth
    value, or the name of a python-stdnum module such as "luhn". A number is accepted if its confidence is at
    least `threshold`.

    A blank picture gives a page without numbers. Raises `PictureError` if the picture can't be used,
    `WeightsError` if the weights can't, `ReadingError` if another argument makes no sense.

    >>> str(shuzi.read("postcode.png", digits=5))  # doctest: +SKIP
    '90210'
    """
    return Reader(weights).read(picture, digits=digits, pattern=pattern, check=check, threshold=threshold)


def _number(line: Line, known: Knowledge, threshold: float) -> Number | None:
    decoded = decode(line.presence, line.values, known)
    if not decoded.text:
        return None
    chosen = decoded.chosen
    digits = [
        Digit(
            int(value),
            float(line.presence[i] * line.values[i, int(value)]),
            _box(line.boxes[i]),
            tuple(line.values[i].tolist()),
            line.framed[i],
        )
        for value, i in zip(decoded.text, chosen, strict=True)
    ]
    box = enclosing_box(np.array([line.boxes[i] for i in chosen], np.int64))
    confidence = min(1.0, decoded.confidence * line.trust)
    return Number(
        decoded.text,
        confidence,
        confidence >= threshold,
        _box(box),
        digits,
        [Alternative(other, min(1.0, p * line.trust)) for other, p in decoded.others if other],
    )


def _box(rectangle: tuple[int, int, int, int]) -> Box:
    left, top, right, bottom = rectangle
    return left, top, right - left, bottom - top
