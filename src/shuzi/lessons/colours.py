"""Numbers -> colours, the same everywhere: 0 is black, more is orange to white, less is blue to white."""

from __future__ import annotations

import numpy as np

from shuzi.shapes import Float, UInt8

_STOPS = (0.0, 0.35, 0.7, 1.0)
_ABOVE = ((0, 0, 0), (140, 45, 4), (251, 146, 40), (255, 244, 214))
_BELOW = ((0, 0, 0), (8, 62, 148), (56, 160, 250), (220, 242, 255))


def diverging(values: Float[np.ndarray, "*shape"], most: float) -> UInt8[np.ndarray, "*shape 3"]:
    """RGB of signed numbers, in full colour at `most` and `-most`."""
    share = np.abs(values) / most if most > 0 else np.zeros_like(values)
    above, below = (
        np.stack([np.interp(share, _STOPS, channel) for channel in zip(*stops, strict=True)], axis=-1)
        for stops in (_ABOVE, _BELOW)
    )
    return np.rint(np.where(values[..., None] < 0, below, above)).astype(np.uint8)


def ink(values: Float[np.ndarray, "*shape"], low: float, high: float) -> UInt8[np.ndarray, "*shape 3"]:
    """RGB of a digit's own pixels, black at `low` and white at `high`."""
    share = (values - low) / (high - low) if high > low else np.zeros_like(values)
    return np.repeat(np.rint(255 * share.clip(0, 1)).astype(np.uint8)[..., None], 3, axis=-1)
