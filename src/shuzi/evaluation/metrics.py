"""How good probabilities are: accuracy and how sure of it we can be, per class, log-loss, the worst mistakes.

The functions take probabilities, float (N, 10), and labels, int64 (N,); `score` puts it all together.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from shuzi.errors import DataError
from shuzi.evaluation.calibration import Bin, calibration_error, kept_accuracy, reliability
from shuzi.evaluation.label_errors import LABEL_ERRORS
from shuzi.shapes import Float, Int64

MOST_WRONG = 24
_Z = 1.959963984540054  # 97.5 % of a normal distribution lie below it, so 95 % lie within +-
_LEAST = float(np.finfo(np.float32).eps)  # a probability of 0 would make the log-loss infinite


@dataclass(frozen=True)
class Accuracy:
    """The share of right answers among n, 0 to 1, with its 95 % Wilson interval, and the log-loss in nats."""

    n: int
    accuracy: float
    interval: tuple[float, float]
    log_loss: float


@dataclass(frozen=True)
class Mistake:
    """A picture answered wrongly: its index in the data, its label, the answer and its confidence."""

    index: int
    label: int
    answer: int
    confidence: float
    probabilities: tuple[float, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Score:
    """What weights reach on a data set. All shares, also the calibration error, are 0 to 1."""

    weights: str
    data: str
    n: int
    accuracy: float
    interval: tuple[float, float]
    """95 % Wilson interval of the accuracy."""
    log_loss: float
    """Mean of -ln(probability of the label), in nats."""
    calibration_error: float
    """Mean distance between confidence and accuracy over `bins`."""
    bins: tuple[Bin, ...]
    """15 bins of equal mass, the least sure pictures first."""
    kept_accuracy: float
    """Accuracy on what is kept when the least sure 1 % is refused."""
    kept_confidence: float
    """The lowest confidence that is then kept: a threshold to accept answers at."""
    per_class: Float[np.ndarray, " 10"]
    """Accuracy on the pictures of each class; NaN where the data have none."""
    confusion: Int64[np.ndarray, "10 10"]
    """How often each label (row) was given each answer (column)."""
    most_wrong: tuple[Mistake, ...]
    """The mistakes that gave the label the least probability, worst first, at most 24."""
    without_label_errors: Accuracy | None = None
    """The same on MNIST's test split without the 15 digits whose label people judged wrong; else None."""

    def __repr__(self) -> str:
        low, high = self.interval
        return (
            f"<Score of {self.weights or 'a net'} on {self.data or 'some data'}: "
            f"{self.accuracy:.2%} of {self.n:,}, 95 % interval {low:.2%} to {high:.2%}>"
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON can say it; the accuracy of a class that doesn't occur is None."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return fields | {
            "interval": list(self.interval),
            "bins": [dataclasses.asdict(part) for part in self.bins],
            "per_class": [None if math.isnan(share) else share for share in self.per_class.tolist()],
            "confusion": self.confusion.tolist(),
            "most_wrong": [dataclasses.asdict(mistake) for mistake in self.most_wrong],
            "without_label_errors": self.without_label_errors
            and dataclasses.asdict(self.without_label_errors),
        }


def score(
    probabilities: Float[np.ndarray, "n 10"],
    labels: Int64[np.ndarray, " n"],
    *,
    weights: str = "",
    data: str = "",
    label_errors: bool = False,
) -> Score:
    """Everything about probabilities (N, 10) for pictures of these labels, 0 to 9.

    ``weights`` and ``data`` are their names. ``label_errors`` says that the data are MNIST's test split, so
    that its known label errors can be left out. Raises `DataError` where there are no pictures.
    """
    everything = measure(probabilities, labels)
    answers, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right = answers == labels
    bins = reliability(confidence, right)
    kept, threshold = kept_accuracy(confidence, right)
    confusion = confusion_matrix(answers, labels)
    count = confusion.sum(axis=1)
    trusted = np.setdiff1d(np.arange(len(labels)), list(LABEL_ERRORS)) if label_errors else None
    return Score(
        weights=weights,
        data=data,
        **dataclasses.asdict(everything),
        calibration_error=calibration_error(bins),
        bins=bins,
        kept_accuracy=kept,
        kept_confidence=threshold,
        per_class=np.where(count > 0, confusion.diagonal() / np.maximum(count, 1), np.nan),
        confusion=confusion,
        most_wrong=most_wrong(probabilities, labels),
        without_label_errors=None if trusted is None else measure(probabilities[trusted], labels[trusted]),
    )


def measure(probabilities: Float[np.ndarray, "n 10"], labels: Int64[np.ndarray, " n"]) -> Accuracy:
    """Accuracy, interval and log-loss; raises `DataError` where there is nothing to score."""
    if len(labels) == 0:
        raise DataError("There are no pictures to score: give a data set that has some.")
    right = int((probabilities.argmax(axis=1) == labels).sum())
    return Accuracy(
        len(labels), right / len(labels), wilson_interval(right, len(labels)), log_loss(probabilities, labels)
    )


def wilson_interval(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share, given ``right`` out of ``n`` > 0 (Wilson 1927).

    Unlike the textbook's normal interval it holds near 100 %, where digits live, and for few pictures.
    """
    share = right / n
    middle = share + _Z**2 / (2 * n)
    half = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    # Rounding may leave 1e-17 where the formula gives exactly 0 or 1.
    low = 0.0 if right == 0 else (middle - half) / scale
    high = 1.0 if right == n else (middle + half) / scale
    return low, high


def log_loss(probabilities: Float[np.ndarray, "n 10"], labels: Int64[np.ndarray, " n"]) -> float:
    """Mean of -ln(probability of the label) in nats; probabilities below float32's epsilon count as that."""
    given = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.clip(given, _LEAST, 1)).mean())


def confusion_matrix(
    answers: Int64[np.ndarray, " n"], labels: Int64[np.ndarray, " n"]
) -> Int64[np.ndarray, "10 10"]:
    """How often each label (row) was given each answer (column)."""
    return np.bincount(labels * 10 + answers, minlength=100).reshape(10, 10)


def most_wrong(
    probabilities: Float[np.ndarray, "n 10"], labels: Int64[np.ndarray, " n"], count: int = MOST_WRONG
) -> tuple[Mistake, ...]:
    """The mistakes that gave the label the least probability, worst first, at most ``count``."""
    answers = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(answers != labels)
    worst = wrong[np.argsort(probabilities[wrong, labels[wrong]], kind="stable")][:count]
    return tuple(
        Mistake(
            int(index),
            int(labels[index]),
            int(answers[index]),
            float(probabilities[index, answers[index]]),
            tuple(float(p) for p in probabilities[index]),
        )
        for index in worst
    )
