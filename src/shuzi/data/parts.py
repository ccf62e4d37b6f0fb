"""Labelled pictures in the one form that shuzi works on, checked and made from what the formats hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from shuzi.errors import DataError, PictureError
from shuzi.shapes import Float, Int64, Shaped, UInt8

_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Part:
    """Pictures uint8 0..255, white ink on black, and their labels 0..9; labels are None where unknown."""

    images: UInt8[np.ndarray, "n 28 28"]
    labels: Int64[np.ndarray, " n"] | None


def make_part(images: Shaped[np.ndarray, ...], labels: Shaped[np.ndarray, ...] | None, name: str) -> Part:
    """A Part of pictures (N,H,W) or (N,784) and labels (N,) as a file holds them.

    Pixels may be whole numbers or floats 0..255, floats 0..1 or booleans. Pictures of 28x28 are taken as they
    are; others are framed as MNIST frames them. ``name`` says in error messages where they come from. Raises
    DataError where values, shapes or counts aren't those of labelled digits.
    """
    if images.ndim == 2 and images.shape[1] == 784:
        images = images.reshape(-1, 28, 28)
    if images.ndim != 3 or 0 in images.shape:
        raise DataError(
            f"{name} has pictures of shape {images.shape}; (N, height, width) or (N, 784) is read."
        )
    if labels is not None:
        if labels.shape != images.shape[:1]:
            raise DataError(
                f"{name} has {len(images):,} pictures but labels of shape {labels.shape}; one each is needed."
            )
        labels = _whole_labels(labels, name)
    pixels = _whole_pixels(images, name)
    return Part(pixels if pixels.shape[1:] == (28, 28) else framed(pixels, name), labels)


def framed(pictures: UInt8[np.ndarray, "n height width"], name: str) -> UInt8[np.ndarray, "n 28 28"]:
    """``pictures`` of any size, each framed as MNIST frames its digits; DataError where one holds no ink."""
    # Data of 28x28 must not pay for loading the reading floor.
    from shuzi.reading.framing import frame

    out = np.empty((len(pictures), 28, 28), np.uint8)
    for index, picture in enumerate(pictures):
        try:
            out[index] = frame(picture)
        except PictureError as error:
            raise DataError(f"Picture {index} of {name} can't be framed: {error}") from error
    return out


def _whole_labels(labels: Shaped[np.ndarray, " n"], name: str) -> Int64[np.ndarray, " n"]:
    if labels.dtype.kind not in "iu":
        raise DataError(f"{name} has labels of type {labels.dtype}; whole numbers 0 to 9 are read.")
    wrong = np.flatnonzero((labels < 0) | (labels > 9))
    if wrong.size:
        raise DataError(f"{name} has the label {labels[wrong[0]]} at position {wrong[0]}; labels are 0 to 9.")
    return labels.astype(np.int64)


def _whole_pixels(
    images: Shaped[np.ndarray, "n height width"], name: str
) -> UInt8[np.ndarray, "n height width"]:
    kind = images.dtype.kind
    if images.dtype == np.uint8:
        return images
    if kind == "b":
        return images.astype(np.uint8) * np.uint8(255)
    if kind not in "iuf":
        raise DataError(f"{name} has pixels of type {images.dtype}; numbers 0 to 255 or 0.0 to 1.0 are read.")
    low, high = images.min(), images.max()  # of floats NaN if any is NaN: no comparison holds then
    if not (low >= 0 and high <= 255):
        raise DataError(f"{name} has pixels from {low} to {high}; they must be 0 to 255, or 0.0 to 1.0.")
    if kind == "f" and high <= 1:
        return _from_unit(images)
    if kind == "f" and not all(np.array_equal(rows, np.rint(rows)) for rows in _slices(images)):
        raise DataError(f"{name} has pixels that are neither 0.0 to 1.0 nor whole numbers 0 to 255.")
    return images.astype(np.uint8)


def _from_unit(images: Float[np.ndarray, "n height width"]) -> UInt8[np.ndarray, "n height width"]:
    # mnist.pkl.gz divides by 256, everyone else by 255. A float holds k/256 exactly, and k/255 is such a
    # value only for 0 and 1, so the two can't be confused.
    by_256 = images.max() < 1 and all(
        np.array_equal(rows * 256, np.rint(rows * 256)) for rows in _slices(images)
    )
    out = np.empty(images.shape, np.uint8)
    for start in range(0, len(images), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        out[rows] = np.rint(images[rows] * (256 if by_256 else 255))
    return out


def _slices(images: Shaped[np.ndarray, "n height width"]) -> list[Any]:
    """Views on a few pictures at a time: a temporary copy of all of them may not fit in memory."""
    return [images[start : start + _ROWS_AT_ONCE] for start in range(0, len(images), _ROWS_AT_ONCE)]
