"""Sine waves that bend shapes and make hands tremble."""

from __future__ import annotations

import numpy as np

from shuzi.shapes import Float32


def waves(
    rng: np.random.Generator, along: Float32[np.ndarray, ...], count: int, slow: float, quick: float
) -> Float32[np.ndarray, "c k 2"]:
    """Sine waves over `along`, (k,) or (c, k, 2), each character and axis with a frequency of its own."""
    frequency = rng.uniform(slow, quick, (count, 1, 2)).astype(np.float32)
    phase = rng.uniform(0, 1, (count, 1, 2)).astype(np.float32)
    along = along[None, :, None] if along.ndim == 1 else along
    return np.asarray(np.sin(np.float32(2 * np.pi) * (frequency * along + phase)), np.float32)
