"""All digits of a picture: looks at the whole of it at several sizes, coarse to fine."""

from __future__ import annotations

import numpy as np

from shuzi.models import Detector
from shuzi.reading.looks import NOTHING, Found, look, merged
from shuzi.shapes import Float32

_MOST_PIXELS = 2_000_000  # of the finest look
_SMALL = 72  # pixels: pictures less high and wide are looked at enlarged, too
_LEAST_SIDE = 24  # pixels: coarser looks show nothing


def find_digits(detector: Detector, grey: Float32[np.ndarray, "h w"]) -> Found:
    """Every digit that one of the looks finds, once."""
    looks = [look(detector, grey, scale) for scale in scales(*grey.shape)]
    return merged(looks) if looks else NOTHING


def scales(height: int, width: int) -> list[float]:
    """How large the picture is looked at, times its own size: each half as large as the one before."""
    finest = min(1.0, float(np.sqrt(_MOST_PIXELS / (height * width))))
    if min(height, width) < _SMALL:
        finest = min(4.0, 2.0 ** np.ceil(np.log2(_SMALL / min(height, width))))
    scale, result = finest, []
    while scale * min(height, width) >= _LEAST_SIDE or not result:
        result.append(scale)
        scale /= 2
    return result
