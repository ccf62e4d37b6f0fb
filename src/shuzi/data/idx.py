"""The IDX format of MNIST: a magic number, the sizes of the dimensions, then the bytes.

Offsets 0 and 1 are zero, offset 2 is the type (8: unsigned byte), offset 3 the number of dimensions; each
dimension follows as a big-endian 32-bit integer; the data are row-major.
Source: Y. LeCun, C. Cortes and C. Burges, The MNIST database of handwritten digits, 1998.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

import numpy as np

from shuzi.errors import DataError
from shuzi.shapes import Int64, UInt8

_UNSIGNED_BYTE = 8
_OTHER_TYPES = {9: "int8", 11: "int16", 12: "int32", 13: "float32", 14: "float64"}


def parse_idx(content: bytes, name: str = "the data") -> UInt8[np.ndarray, ...]:
    """The array in ``content``, read-only and without a copy; ``name`` is how error messages call it.

    Raises DataError where ``content`` isn't exactly one IDX array of unsigned bytes.
    """
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in (_UNSIGNED_BYTE, *_OTHER_TYPES):
        raise DataError(f"{name} is not IDX: its first bytes are not those of an IDX file; check the file.")
    if content[2] != _UNSIGNED_BYTE:
        kind = _OTHER_TYPES[content[2]]
        raise DataError(f"{name} holds {kind} values; shuzi reads IDX files of unsigned bytes: convert it.")
    dimensions = content[3]
    start = 4 + 4 * dimensions
    # numpy's own limit on dimensions differs between versions; no picture set has more than four.
    if not 1 <= dimensions <= 4 or len(content) < start:
        raise DataError(f"{name} is damaged: its IDX header is cut short or names {dimensions} dimensions.")
    shape = struct.unpack(f">{dimensions}I", content[4:start])
    promised, present = math.prod(shape), len(content) - start
    if promised != present:
        size = "x".join(map(str, shape))
        raise DataError(
            f"{name} is damaged: its header promises {size} = {promised:,} bytes, {present:,} follow; "
            "fetch it again."
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def parse_images(content: bytes, name: str = "the data") -> UInt8[np.ndarray, "n height width"]:
    """The pictures in the IDX data ``content``, uint8 0..255; DataError if they aren't (N,H,W)."""
    images = parse_idx(content, name)
    if images.ndim != 3:
        raise DataError(f"{name} holds {images.ndim}-dimensional data, not pictures; name the images file.")
    return images


def parse_labels(content: bytes, name: str = "the data") -> Int64[np.ndarray, " n"]:
    """The labels in the IDX data ``content`` as int64; DataError if they aren't a list."""
    labels = parse_idx(content, name)
    if labels.ndim != 1:
        raise DataError(f"{name} holds {labels.ndim}-dimensional data, not labels; name the labels file.")
    return labels.astype(np.int64)


def labels_path(images: Path) -> Path:
    """Where the labels of the IDX file ``images`` are by the usual naming, as .gz or not.

    ``train-images-idx3-ubyte`` has ``train-labels-idx1-ubyte``; DataError if there is no such file.
    """
    if "images" not in images.name:
        raise DataError(
            f"{images} needs labels beside it: call the pair ...images-idx3-ubyte and ...labels-idx1-ubyte."
        )
    plain = images.name.removesuffix(".gz").replace("images", "labels").replace("idx3", "idx1")
    for candidate in (images.with_name(plain), images.with_name(f"{plain}.gz")):
        if candidate.is_file():
            return candidate
    raise DataError(f"The labels of {images} are missing: put them beside it as {plain} or {plain}.gz.")
