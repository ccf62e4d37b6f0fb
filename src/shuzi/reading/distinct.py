"""Numbers that a second look found to be the same ink -> each digit in one of them."""

from __future__ import annotations

import numpy as np

from shuzi.reading.grouping import SURE
from shuzi.reading.looks import Found, same_digit


def distinct(numbers: list[Found]) -> list[Found]:
    """The numbers in their order, without the digits of surer ones, and without those that have none left.

    What the first look saw beside a number, such as a stroke of it, makes a number of its own; the second
    look at that sees the whole number again.
    """
    taken = np.empty((0, 4), np.float32)
    left: dict[int, Found] = {}
    for index in sorted(range(len(numbers)), key=lambda index: -float(numbers[index].presence.sum())):
        mine = numbers[index]
        shared = same_digit(np.concatenate([mine.boxes, taken]))[: len(mine), len(mine) :].any(axis=1)
        own = mine.take(np.flatnonzero(~shared))
        if (own.presence >= SURE).any():
            left[index] = own
            taken = np.concatenate([taken, own.boxes])
    return [left[index] for index in sorted(left)]
