"""Paper that fine lines are printed all over, as banks do against forgery, made plain."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from shuzi.reading.contrast import paper_and_ink
from shuzi.reading.ranks import median
from shuzi.reading.tone import flatten
from shuzi.shapes import Float32

_STRONGEST = 0.003  # share of pixels that may be stronger than "the strongest ink"
_INK = 0.35  # of the strongest ink: what is fainter may be a pattern
_PAPER_SHARE = 0.7  # of a picture; it is 0.8 or more on cheques, and less where a table is around them
_FINE = 2.0  # pixels: what a blur of that deviation takes away is fine
# Of the strongest ink, the deviation of fine lines that is a pattern: it is 0.08 to 0.18 on nine in ten
# cheques, and less than 0.06 on nineteen in twenty photos of plain paper.
_PRINTED = 0.07
_MOST = 0.3  # as much is noise, and no pattern
_PAPER, _DARKEST = 230.0, 35.0  # grey levels of what is made plain


def plain(grey: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, "h w"] | None:
    """A grey picture, 0..255, on plain paper, in dark ink; None where its paper has no pattern.

    What differs from paper by less than the pattern's deviation is paper then, and so is what is lighter.
    """
    flat = flatten(grey)
    paper, reach = paper_and_ink(flat, _STRONGEST)
    # 0 for paper, 1 for the strongest ink, below 0 for what is on paper's other side
    level = np.asarray((paper - flat) * np.float32(1 / reach))
    if (np.abs(level) < _INK).mean() < _PAPER_SHARE:
        return None
    pattern = _deviation(level)
    if not _PRINTED <= pattern < _MOST:
        return None
    ink = np.clip((level - np.float32(pattern)) / np.float32(1 - pattern), 0, 1)
    return np.asarray(_PAPER - np.float32(_PAPER - _DARKEST) * ink, np.float32)


def _deviation(level: Float32[np.ndarray, "h w"]) -> float:
    """Of what is fine on the paper, robustly: the edges of strokes count for little."""
    image = Image.fromarray(np.asarray((level.clip(-0.5, 1.5) + 0.5) * 127.5, np.uint8))
    smooth = np.asarray(image.filter(ImageFilter.GaussianBlur(_FINE)), np.float32) / np.float32(127.5) - 0.5
    fine = np.abs(level - smooth)[level < _INK]
    return 1.4826 * median(fine) if len(fine) else 0.0
