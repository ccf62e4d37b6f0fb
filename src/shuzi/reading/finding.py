"""All digits of a picture: looks at the whole of it at several sizes, coarse to fine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shuzi.models import Detector
from shuzi.reading.looks import Found, look, look_beside, merged
from shuzi.shapes import Float32

_MOST_PIXELS = 2_000_000  # of the finest look
_LOW = 36  # pixels: lower and narrower pictures are looked at enlarged
_TALLEST = 64  # pixels: taller digits are found in the next coarser look


def find_digits(detector: Detector, grey: Float32[np.ndarray, "h w"]) -> Found:
    """Every digit that one of the looks finds, once."""
    return begin_finding(detector, grey)()


def begin_finding(detector: Detector, grey: Float32[np.ndarray, "h w"]) -> Callable[[], Found]:
    """Begin to find them; what is returned does the rest. The finest look takes most of the time: it goes on
    beside what is done until then, and beside the coarser ones."""
    finest, *coarser = scales(*grey.shape)
    first = look_beside(detector, grey, finest)

    def found() -> Found:
        others = [look(detector, grey, scale) for scale in coarser]
        return merged([first(), *others])

    return found


def scales(height: int, width: int) -> list[float]:
    """How large the picture is looked at, times its own size: each half as large as the one before, until a
    digit as high as the picture is small enough to be found."""
    scale = min(1.0, float(np.sqrt(_MOST_PIXELS / (height * width))))
    if min(height, width) < _LOW:
        scale = min(4.0, 2.0 ** np.ceil(np.log2(_LOW / min(height, width))))
    result = [scale]
    while height * scale > _TALLEST:
        scale /= 2
        result.append(scale)
    return result
