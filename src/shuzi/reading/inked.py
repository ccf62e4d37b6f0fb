"""Where there is ink as dark as that of the digits of a number, in them and around them."""

from __future__ import annotations

import numpy as np

from shuzi.reading.contrast import PAPER, contrast
from shuzi.reading.ranks import quantile
from shuzi.shapes import Bool, Float32

_INKED = 0.4  # of the digits' ink: how strong it is, unless more is asked for


def inked(
    grey: Float32[np.ndarray, "h w"],
    boxes: Float32[np.ndarray, "k 4"],
    around: float,
    least: float = _INKED,
) -> tuple[Bool[np.ndarray, "a b"], Float32[np.ndarray, "k 4"]]:
    """The ink of a part of a picture, from the boxes of digits to `around` pixels beyond them, and where
    the boxes are in this part. `least`: how strong it is, as a share of the digits' ink."""
    left, top = (max(0, int(edge)) for edge in boxes[:, :2].min(axis=0) - around)
    right, bottom = (int(np.ceil(edge)) for edge in boxes[:, 2:].max(axis=0) + around)
    ink = contrast(grey[top:bottom, left:right]).astype(np.float32) - PAPER
    here = boxes - np.array([left, top, left, top], np.float32)
    inside = [ink[up : down + 1, first : last + 1].ravel() for first, up, last, down in here.astype(np.int64)]
    strength = quantile(np.concatenate(inside), 0.9)
    return np.asarray(ink > least * strength), here
