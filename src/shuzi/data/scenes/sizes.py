"""Digits of one hand that differ in size and place: small 0s, a tall first digit, 9s that hang."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Sizes:
    """How the digits of one hand differ in size, and in height on the line; lengths are in heights.

    uneven: standard deviation of sizes, as a power. zeros: their size, and how far they stand above the
    line's foot, in the room that they leave. first: the size of the first digit. hang: how far 4, 7 and 9
    reach below the others, and 6 and 8 above.
    """

    uneven: float
    zeros: float
    zeros_up: float
    first: float
    hang: float

    def of(self, digit: str, *, first: bool) -> tuple[float, float]:
        """The size of a digit, times that of the line's, and how far below the line's middle its own is."""
        size = self.first if first else self.zeros if digit == "0" else 1.0
        lower = (1 - size) / 2 * (1 if first or digit != "0" else 1 - self.zeros_up)
        if digit in "479":
            lower += self.hang
        elif digit in "68":
            lower -= self.hang / 2
        return size, lower


def draw_sizes(rng: np.random.Generator, in_hurry: bool) -> Sizes:
    """A hand at random: most write all digits about alike, fewer of them in a hurry."""
    uneven = 0.07 if rng.random() < 0.8 else 0.15
    if not in_hurry:
        return Sizes(uneven, 1.0, 0.0, 1.0, 0.0)
    return Sizes(
        uneven,
        zeros=float(rng.uniform(0.5, 0.9)) if rng.random() < 0.3 else 1.0,
        zeros_up=float(rng.uniform(0, 1.3)),
        first=float(rng.uniform(1.1, 1.7)) if rng.random() < 0.12 else 1.0,
        hang=float(rng.uniform(0.05, 0.25)) if rng.random() < 0.25 else 0.0,
    )
