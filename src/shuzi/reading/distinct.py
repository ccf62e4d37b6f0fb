"""Numbers that a second look found to be the same ink -> each digit in one of them."""

from __future__ import annotations

import numpy as np

from shuzi.reading.grouping import SURE
from shuzi.reading.looks import Found, same_digit

_LIKELY = 0.5  # the presence from which a digit isn't taken from a number by a doubtful one of another


def distinct(numbers: list[Found]) -> list[Found]:
    """The numbers in their order, without the digits of surer ones, and without those that have none left.

    What the first look saw beside a number, such as a stroke of it, makes a number of its own; the second
    look at that sees the whole number again.
    """
    numbers = [_without_others(numbers, index) for index in range(len(numbers))]
    taken = np.empty((0, 4), np.float32)
    left: dict[int, Found] = {}
    for index in sorted(range(len(numbers)), key=lambda index: -float(numbers[index].presence.sum())):
        mine = numbers[index]
        shared = same_digit(mine.boxes, taken).any(axis=1)
        own = mine.take(np.flatnonzero(~shared))
        if (own.presence >= SURE).any():
            left[index] = own
            taken = np.concatenate([taken, own.boxes])
    return [left[index] for index in sorted(left)]


def _without_others(numbers: list[Found], index: int) -> Found:
    """A number without those of its doubtful digits that are likely ones of another number."""
    mine = numbers[index]
    others = [one for place, one in enumerate(numbers) if place != index and len(one)]
    if not others or not len(mine):
        return mine
    boxes = np.concatenate([one.boxes[one.presence >= _LIKELY] for one in others])
    theirs = same_digit(mine.boxes, boxes).any(axis=1)
    return mine.take(np.flatnonzero(~(theirs & (mine.presence < _LIKELY))))
