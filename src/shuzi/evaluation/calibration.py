"""Whether confidence is true: calibration, what refusing the least sure brings, telling digits from the rest.

Everything here is a pure function of confidence, float (N,), the highest probability of each picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from shuzi.errors import DataError
from shuzi.shapes import Bool, Float

CALIBRATION_BINS = 15
REFUSED = 0.01
"""The share of pictures, the least sure ones, that a net may refuse for `kept_accuracy`."""


@dataclass(frozen=True)
class Bin:
    """Pictures of about equal confidence: how sure the net was on average, and how often it was right."""

    n: int
    confidence: float
    accuracy: float


def reliability(
    confidence: Float[np.ndarray, " n"], right: Bool[np.ndarray, " n"], bins: int = CALIBRATION_BINS
) -> tuple[Bin, ...]:
    """Pictures in the order of their confidence, cut into ``bins`` of equal mass (fewer, if n is less)."""
    order = np.argsort(confidence, kind="stable")
    sure, share = confidence[order].astype(np.float64), _share_right(confidence, right)[order]
    parts = zip(np.array_split(sure, bins), np.array_split(share, bins), strict=True)
    return tuple(Bin(len(s), float(s.mean()), float(a.mean())) for s, a in parts if len(s))


def calibration_error(bins: Iterable[Bin]) -> float:
    """Mean distance between confidence and accuracy over bins, weighted by their pictures; 0 is perfect."""
    bins = tuple(bins)
    return sum(b.n * abs(b.confidence - b.accuracy) for b in bins) / sum(b.n for b in bins)


def kept_accuracy(
    confidence: Float[np.ndarray, " n"], right: Bool[np.ndarray, " n"], refused: float = REFUSED
) -> tuple[float, float]:
    """Accuracy on what is kept when the least sure share is refused, and the lowest confidence kept.

    The number refused is rounded down, so that at least one picture is kept for ``refused`` < 1.
    """
    kept = np.argsort(confidence, kind="stable")[int(len(confidence) * refused) :]
    return float(_share_right(confidence, right)[kept].mean()), float(confidence[kept[0]])


def auroc(higher: Float[np.ndarray, " n"], lower: Float[np.ndarray, " m"]) -> float:
    """The probability that a value of ``higher`` exceeds one of ``lower``; ties count half (Mann-Whitney).

    With the confidence in digits and in pictures that are none, it says how well confidence tells them
    apart: 0.5 is chance, 1 is perfect. Raises `DataError` where either is empty.
    """
    if not len(higher) or not len(lower):
        raise DataError("AUROC needs pictures of both kinds: give some digits and some that are none.")
    lower = np.sort(lower)
    below = np.searchsorted(lower, higher, side="left") + np.searchsorted(lower, higher, side="right")
    return float(below.mean() / (2 * len(lower)))


def _share_right(
    confidence: Float[np.ndarray, " n"], right: Bool[np.ndarray, " n"]
) -> Float[np.ndarray, " n"]:
    """For each picture the share of right answers among those of exactly its confidence.

    Float32 softmax gives thousands of pictures a confidence of exactly 1. Which of them fall into a bin would
    depend on the order of the data; this way it doesn't.
    """
    _, group = np.unique(confidence, return_inverse=True)
    share: Float[np.ndarray, " n"] = np.bincount(group, weights=right) / np.bincount(group)
    return share[group]
