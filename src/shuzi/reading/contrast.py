"""A grey picture -> what the detector sees: paper and ink at the same levels, whatever pen and light."""

from __future__ import annotations

import numpy as np

from shuzi.shapes import Float32, UInt8

_SAMPLES = 20_000  # pixels that paper and ink are estimated from
_STRONGEST = 0.0005  # share of pixels that is allowed to be stronger than "the strongest ink"
_FAINTEST = 12.0  # grey levels: less contrast is noise, and isn't stretched to the full range
PAPER, UNIT = 96, 100  # as uint8: the level of paper, and how many levels away the strongest ink is


def contrast(grey: Float32[np.ndarray, "h w"]) -> UInt8[np.ndarray, "h w"]:
    """Stretch 0..255 between the paper, which is most of the picture, and the strongest ink.

    Ink is what lies on the side of the paper that reaches further: dark on light or light on dark. The result
    is `PAPER` for paper, `PAPER + UNIT` for the strongest ink, and below `PAPER` for what is lighter.
    """
    paper, reach = paper_and_ink(grey, _STRONGEST)
    stretched = (grey - paper) * np.float32(-UNIT / reach) + np.float32(PAPER + 0.5)
    return np.asarray(np.clip(stretched, 0, 255), np.uint8)


def paper_and_ink(grey: Float32[np.ndarray, "h w"], strongest: float) -> tuple[float, float]:
    """The grey level of paper, and how far below it that of the strongest ink is; less than 0 where ink is
    lighter than paper. A share `strongest` of the pixels may be stronger."""
    step = max(1, int(np.sqrt(grey.size / _SAMPLES)))
    sample = np.sort(grey[::step, ::step], axis=None)
    last = len(sample) - 1
    paper = float(sample[last // 2])
    dark = paper - float(sample[round(strongest * last)])
    light = float(sample[last - round(strongest * last)]) - paper
    reach = max(dark, light, _FAINTEST)
    return paper, reach if dark >= light else -reach
