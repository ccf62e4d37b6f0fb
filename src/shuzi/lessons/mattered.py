"""Which pixels mattered: cover a part of the digit, see how much surer or less sure the net becomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuzi.models import Classifier
from shuzi.shapes import Float32, UInt8

PATCH = 5  # pixels a side: about a stroke and a half wide, so that a stroke is cut through


@dataclass(frozen=True, eq=False)
class Mattered:
    """For each pixel, how far the probability of the net's answer falls when what is around it is covered.

    From -1 to 1; below 0 where the answer gets surer without that ink.
    """

    digit: int
    values: Float32[np.ndarray, "28 28"]


def what_mattered(
    classifier: Classifier, image: UInt8[np.ndarray, "28 28"], *, patch: int = PATCH
) -> Mattered:
    """Cover `patch` x `patch` pixels around each pixel with black, all in one batch, and compare answers.

    Where there is no ink, covering changes nothing, so only the positions near ink are asked about. An answer
    that doesn't change by losing any one part (a thick 1) gives low values everywhere.
    """
    margin = patch // 2
    before = classifier.probabilities(image[None])[0]
    digit = int(before.argmax())
    near = np.lib.stride_tricks.sliding_window_view(np.pad(image, margin), (patch, patch)).any(axis=(2, 3))
    rows, columns = np.nonzero(near)
    covered = np.repeat(np.pad(image, margin)[None], len(rows), axis=0)
    for copy, y, x in zip(covered, rows, columns, strict=True):
        copy[y : y + patch, x : x + patch] = 0
    after = classifier.probabilities(covered[:, margin : margin + 28, margin : margin + 28])
    values = np.zeros((28, 28), np.float32)
    values[rows, columns] = before[digit] - after[:, digit]
    return Mattered(digit, values)
