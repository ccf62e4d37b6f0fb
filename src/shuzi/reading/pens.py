"""Ink of another colour than the digits of a number have: ticks and corrections in red, walls of boxes.

Where a stroke is thin or blurred its colour is one between paper and ink. So inks are told apart by the
direction from the paper's colour to theirs, which stays the same.
"""

from __future__ import annotations

import numpy as np

from shuzi.reading.looks import Found
from shuzi.reading.neighbours import less_likely
from shuzi.reading.ranks import medians, quantile
from shuzi.shapes import Bool, Float32, UInt8

_SEEN = 0.5  # the presence from which a candidate counts as a digit
_INKED = 0.5  # of the strongest ink: how far from paper it is
_STRONGEST = 0.9  # the quantile of a number's pixels that is its strongest ink
_COLOURED = 10  # levels: a picture whose red and blue differ by less than that from its green is grey
_ALIKE = 0.93  # the cosine from which two directions are of one ink; that of black and blue is 0.97
_SHARE = 0.25  # of a digit's ink, which may have a ruling on it, that is of the number's pen at least
_LESS = 5.0  # by how much the logit of presence of what another pen has written is less


def with_one_pen(pixels: UInt8[np.ndarray, "h w 3"], number: Found) -> Found:
    """The candidates of one number, with less presence for those that another pen than most has written."""
    seen = np.flatnonzero(number.presence > _SEEN)
    if len(seen) < 2:
        return number
    left, top = (max(0, int(edge)) for edge in number.boxes[:, :2].min(axis=0))
    right, bottom = (int(np.ceil(edge)) for edge in number.boxes[:, 2:].max(axis=0))
    part = pixels[top:bottom, left:right].astype(np.float32)
    red, green, blue = np.moveaxis(part, 2, 0)
    if max(np.abs(one - green).max(initial=0) for one in (red, blue)) < _COLOURED:
        return number
    inks = _inks(part, number.boxes - np.array([left, top, left, top], np.float32))
    means = np.array([ink.mean(axis=0) if len(ink) else np.zeros(3, np.float32) for ink in inks])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-6)
    alike = np.einsum("id,jd->ij", means[seen], means[seen]) > _ALIKE
    most = alike.sum(axis=1).argmax()
    if 2 * alike[most].sum() <= len(seen):
        return number
    pen = means[seen[most]]
    others: Bool[np.ndarray, " k"] = np.array(
        [len(ink) > 0 and (np.einsum("nd,d->n", ink, pen) > _ALIKE).mean() < _SHARE for ink in inks]
    )
    return less_likely(number, others, _LESS)


def _inks(
    part: Float32[np.ndarray, "h w 3"], boxes: Float32[np.ndarray, "k 4"]
) -> list[Float32[np.ndarray, "_ 3"]]:
    """Of the inked pixels in each box, the direction from the paper's colour to theirs, of length 1."""
    off = medians(part.reshape(-1, 3)) - part
    strength = np.sqrt(np.einsum("ijd,ijd->ij", off, off))
    here = [np.s_[up : down + 1, first : last + 1] for first, up, last, down in boxes.astype(np.int64)]
    strongest = quantile(np.concatenate([strength[place].ravel() for place in here]), _STRONGEST)
    inked = strength > max(1.0, _INKED * strongest)
    off /= np.maximum(strength, 1e-6)[..., None]
    return [off[place][inked[place]] for place in here]
