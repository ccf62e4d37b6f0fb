"""Which view of a picture to trust: as it is, its sheet alone, the right way up, or evenly lit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from shuzi.reading.askew import tilt
from shuzi.reading.lighting import lit_evenly
from shuzi.reading.output import Number
from shuzi.reading.sheet import sheet_alone
from shuzi.reading.view import View

# By how much more than another a view has to be worth where either may be right: the surest of several is
# too sure.
_BETTER = 0.5
_LONG = 3  # digits: such a number isn't likely read so by chance in a picture that lies on its side
_LITTLE = 0.5  # what the long numbers of a picture are worth, below which it may lie on its side
_WIDE = 1.5  # times as wide as high: what such a picture shows, isn't a number on its side
_ASKEW = np.radians(5)


@dataclass(frozen=True, eq=False)
class Seen:
    """What is read in a view, boxes in its pixels, and whether other views couldn't change that."""

    view: View
    numbers: list[Number]
    sure: bool

    def worth(self, least: int = 0) -> float:
        """How many numbers, of so many digits at least, are likely right, less those likely wrong."""
        counted = [number for number in self.numbers if len(number.text) >= least]
        return sum((2 * number.confidence - 1 for number in counted), 0.0)

    def placed(self) -> list[Number]:
        """The numbers with their boxes on the picture as displayed."""
        return [
            replace(
                number,
                box=self.view.box(number.box),
                digits=[replace(digit, box=self.view.box(digit.box)) for digit in number.digits],
            )
            for number in self.numbers
        ]


def best_view(first: View, read: Callable[[View], Seen]) -> Seen:
    """Read a picture, and again in other views where there is reason to, and choose."""
    seen = read(first)
    if seen.sure:
        return seen
    if (sheet := sheet_alone(first.pixels)) is not first.pixels:
        alone = read(first.of(sheet))
        if alone.worth() > seen.worth() - _BETTER:  # else there is as much to read around the sheet
            seen = alone
    if seen.sure:
        return seen
    turned = [read(seen.view.turned(angle)) for angle in _may_lie(seen)]
    best = max(turned, key=lambda one: one.worth(_LONG), default=seen)
    if best.worth(_LONG) > max(seen.worth(_LONG), 0) + _BETTER:
        seen = best
    if abs(angle := tilt(seen.numbers)) > _ASKEW:
        upright = read(seen.view.turned(angle))
        if upright.worth() > seen.worth() - _BETTER:  # else that wasn't a line of writing
            seen = upright
    for evened in lit_evenly(seen.view.pixels):
        lit = read(seen.view.of(evened))
        if lit.worth() > seen.worth() + _BETTER:
            seen = lit
    return seen


def _may_lie(seen: Seen) -> list[float]:
    """By which angles (radians) a picture may have to be turned that lies on its side or is upside down."""
    height, width = seen.view.pixels.shape[:2]
    angles = []
    if seen.worth(_LONG) < _LITTLE and width < _WIDE * height:
        angles += [np.pi / 2, -np.pi / 2]
    if seen.worth(_LONG) <= 0:
        angles.append(np.pi)
    return angles
