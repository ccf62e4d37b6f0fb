"""The value that a share of others lies below: cheaper than numpy's median and quantile, which take most of
their time to prepare for what doesn't occur here."""

from __future__ import annotations

import numpy as np

from shuzi.shapes import Float32, Shaped

_FEW = 64  # values, up to which plain numbers are sorted faster
_MANY = 500  # values, from which partition may take long


def median(values: Shaped[np.ndarray, " n"]) -> float:
    """Of one value at least, the median, as np.median gives it."""
    half, odd = divmod(len(values), 2)
    if len(values) <= _FEW:
        ordered = sorted(values.tolist())
        low, high = ordered[half + odd - 1], ordered[half]
    # Where most are equal to the first, as in a drawing, it is found at once.
    elif 2 * np.count_nonzero(values == values[0]) > len(values):
        return float(values[0])
    else:
        parted = np.partition(values, half)
        low, high = (parted[half] if odd else parted[:half].max()).item(), parted[half].item()
    middle = (low + high) / 2
    return float(np.float32(middle)) if values.dtype == np.float32 else middle  # as numpy rounds it


def row_medians(rows: Float32[np.ndarray, "n k"]) -> Float32[np.ndarray, "n 1"]:
    """Of each row."""
    middle = rows.shape[1] // 2
    parted = np.partition(rows, middle, axis=1)
    if rows.shape[1] % 2:
        return parted[:, middle, None]
    return np.asarray((parted[:, :middle].max(axis=1, keepdims=True) + parted[:, middle, None]) / 2)


def medians(values: Float32[np.ndarray, "n k"]) -> Float32[np.ndarray, " k"]:
    """Of each column, such as the channels of a colour."""
    return np.array([median(column) for column in values.T], np.float32)


def quantile(values: Shaped[np.ndarray, " n"], share: float) -> float:
    """The value that this share of the others lies below, without interpolation."""
    rank = round(share * (len(values) - 1))
    if len(values) <= _FEW:
        return float(sorted(values.tolist())[rank])
    if values.dtype == np.uint8:
        return float(np.searchsorted(np.bincount(values).cumsum(), rank, side="right"))
    if len(values) > _MANY:
        # Of a drawing most ink is equally dark, and partition takes many times as long for equal values.
        low, high = values.min(), values.max()
        if np.count_nonzero(values == low) > rank:
            return float(low)
        if np.count_nonzero(values == high) >= len(values) - rank:
            return float(high)
    return float(np.partition(values, rank)[rank])
