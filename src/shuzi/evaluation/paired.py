"""Is one reader better than another on the same pictures, or was it chance?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from shuzi.shapes import Bool

_CHANCE = 0.05  # what a difference at least as large may have by chance to be called one


@dataclass(frozen=True)
class Paired:
    """How many of n pictures each of two readers got right, and on how many only one of them did."""

    pictures: int
    before: int
    after: int
    better: int
    worse: int

    @classmethod
    def of(cls, before: Bool[np.ndarray, " n"], after: Bool[np.ndarray, " n"]) -> Paired:
        """From whether each reader got each picture right."""
        better, worse = int((after & ~before).sum()), int((before & ~after).sum())
        return cls(len(before), int(before.sum()), int(after.sum()), better, worse)

    @property
    def p(self) -> float:
        """The chance of such a difference or a larger one between equals: McNemar's exact test, two-sided."""
        n, fewer = self.better + self.worse, min(self.better, self.worse)
        p: float = 2 * sum(math.comb(n, k) for k in range(fewer + 1)) / 2**n
        return min(1.0, p)

    @property
    def verdict(self) -> str:
        """better, worse, or no clear difference."""
        if self.p > _CHANCE:
            return "no clear difference"
        return "better" if self.better > self.worse else "worse"

    def __str__(self) -> str:
        p = f"p = {self.p:.1g}" if self.p < 0.1 else f"p = {self.p:.2f}"
        return (
            f"{self.pictures} pictures: {self.before} right before ({self.before / self.pictures:.1%}),"
            f" {self.after} after ({self.after / self.pictures:.1%});"
            f" better on {self.better}, worse on {self.worse}: {self.verdict} ({p})"
        )
