"""Which view of a picture to trust: as it is, its sheet alone, the right way up, in even light, without the
pattern of its paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from shuzi.reading.askew import lies_askew, tilt
from shuzi.reading.direction import runs_down
from shuzi.reading.lighting import lit_evenly
from shuzi.reading.output import Number
from shuzi.reading.plain import plain
from shuzi.reading.tone import to_grey
from shuzi.reading.view import View

# By how much more than another a view has to be worth where either may be right: the surest of several is
# too sure.
_BETTER = 0.5
_LONG = 3  # digits: such a number isn't likely read so by chance in a picture that lies on its side
_ONE_WAY = "347"  # upside down the others are digits, too
_NO_EDGE = "023456789"  # what is left of a shadow's edge looks like 1s
_LITTLE = 0.5  # what the long numbers of a picture are worth, below which it may lie on its side
_WIDE = 1.5  # times as wide as high: what such a picture shows, isn't a number on its side
_NONSENSE = -2.0  # a page that is worth less the other way round, too, isn't turned
# Of so many numbers on a page, upright ones are worth this much each or more, those upside down half of it.
_MANY, _EACH = 3, 0.5
_PLENTY = 8  # of so many numbers, however short, most aren't likely right by chance


@dataclass(frozen=True, eq=False)
class Seen:
    """What is read in a view, boxes in its pixels, and whether other views couldn't change that."""

    view: View
    numbers: list[Number]
    sure: bool

    def worth(self, least: int = 0, digits: str = "") -> float:
        """How many numbers are likely right, less those likely wrong; of those with so many digits at least,
        and one of these digits, where some are given."""
        return sum(
            (2 * number.confidence - 1 for number in self._with(digits) if len(number.text) >= least), 0.0
        )

    def worth_in_digits(self, digits: str = "") -> float:
        """As `worth`, but each number counts for as many as it has digits."""
        return sum((len(number.text) * (2 * number.confidence - 1) for number in self._with(digits)), 0.0)

    def _with(self, digits: str) -> list[Number]:
        """The numbers with one of these digits; all, where none are given."""
        return [number for number in self.numbers if not digits or not set(digits).isdisjoint(number.text)]

    def long(self) -> int:
        """How many long numbers there are."""
        return sum(len(number.text) >= _LONG for number in self.numbers)

    def joins(self, other: Seen) -> bool:
        """Whether it has as many digits as another at least, in fewer numbers."""
        digits, others = (sum(len(number.text) for number in seen.numbers) for seen in (self, other))
        return digits >= others and len(self.numbers) < len(other.numbers)

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


def best_view(first: View, read: Callable[[View], Seen], glance: Callable[[View], Seen]) -> Seen:
    """Read a picture, and again in other views where there is reason to, and choose.

    `glance` reads no more than what may well be a long number.
    """
    seen = read(_lines_across(first))
    if not seen.sure:
        seen = _upright(_sheet_alone(seen, first, read), read, glance)
    for evened in lit_evenly(seen.view.pixels):
        lit = read(seen.view.of(evened))
        if lit.worth_in_digits(_NO_EDGE) > seen.worth_in_digits() + _BETTER:
            seen = lit
    return seen if seen.sure else _on_plain_paper(seen, read)


def _on_plain_paper(seen: Seen, read: Callable[[View], Seen]) -> Seen:
    """What is read without the paper's pattern, if that is likelier right, and what was seen likely wrong."""
    if seen.worth() > 0 or (grey := plain(to_grey(seen.view.pixels))) is None:
        return seen
    plainly = read(seen.view.of(np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)))
    return plainly if plainly.worth() > seen.worth() else seen


def _sheet_alone(seen: Seen, first: View, read: Callable[[View], Seen]) -> Seen:
    """What is read on the picture's sheet of paper, seen from above; `seen` if there is more around it."""
    sheet = first.sheet
    if sheet is None:
        return seen
    shown = first.of(sheet.pixels)
    if sheet.corners is not None and lies_askew(sheet.corners):
        shown = shown.flattened(sheet.corners)
    alone = read(_lines_across(shown))
    return alone if alone.worth_in_digits() > seen.worth_in_digits() - _BETTER else seen


def _upright(seen: Seen, read: Callable[[View], Seen], glance: Callable[[View], Seen]) -> Seen:
    """What is read the right way up, and along the writing."""
    if seen.sure:
        return seen
    seen = _right_way_up(seen, read, glance)
    if angle := tilt(seen.numbers):
        level = read(seen.view.turned(angle))
        # Else that wasn't a line of writing.
        if level.worth_in_digits() > seen.worth_in_digits() - _BETTER or level.joins(seen):
            return level
    return seen


def _lines_across(shown: View) -> View:
    """A page full of writing that lies on its side, turned; it may be upside down then. Else the same."""
    return shown.turned(np.pi / 2) if runs_down(shown.pixels) else shown


def _right_way_up(seen: Seen, read: Callable[[View], Seen], glance: Callable[[View], Seen]) -> Seen:
    """What is read another way round, if that is likelier right; where enough is likely right, no other is
    tried."""
    doubtful = len(seen.numbers) >= _MANY and seen.worth() < _EACH * len(seen.numbers)
    if not doubtful and (seen.worth(_LONG) >= _LITTLE or len(seen.numbers) >= _PLENTY):
        return seen
    full = runs_down(seen.view.pixels) is not None
    if full and doubtful:  # as words upside down are
        view, least = seen.view.turned(np.pi), max(seen.worth() + _BETTER, _NONSENSE)
        if glance(view).worth() > least and (turned := read(view)).worth() > least:
            return turned
        return seen
    least, lying = max(seen.worth(_LONG), 0) + _BETTER, seen.view
    for angle, telling in _may_lie(seen, full):
        view = lying.turned(angle)
        if glance(view).worth(_LONG, telling) > least:
            turned = read(view)
            # Of many short numbers some may become a long one the wrong way round, and one falls apart.
            falls_apart = seen.long() == 1 < turned.long()
            likelier = turned.worth(_LONG, telling) > least
            if likelier and turned.worth_in_digits() > seen.worth_in_digits() and not falls_apart:
                seen, least = turned, turned.worth(_LONG, telling)
    return seen


def _may_lie(seen: Seen, full: bool) -> list[tuple[float, str]]:
    """By which angles (radians) a picture may have to be turned that lies on its side or is upside down, and
    the digits that tell so, if not all do. `full`: it is a page full of writing, which runs across."""
    height, width = seen.view.pixels.shape[:2]
    angles = []
    if seen.worth(_LONG) < _LITTLE and width < _WIDE * height and not full:
        angles += [(np.pi / 2, ""), (-np.pi / 2, "")]
    if seen.worth(_LONG) <= 0:
        angles.append((np.pi, _ONE_WAY))
    return angles
