"""Keras's mnist.npz and the like: a zip archive of numpy arrays, read without trusting its headers."""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from shuzi.data.limits import MAX_BYTES
from shuzi.data.parts import Part, make_part
from shuzi.errors import DataError
from shuzi.shapes import Shaped

_KERAS = {"train": ("x_train", "y_train"), "test": ("x_test", "y_test")}
_PLAIN = {"all": ("images", "labels")}


def read_npz(path: Path) -> dict[str, Part]:
    """The parts of a numpy archive: ``train`` and ``test`` from x_train, y_train, x_test and y_test (as in
    Keras's mnist.npz), or ``all`` from images and labels.

    Raises DataError for an archive that is damaged, too large, holds Python objects, or has other arrays.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.removesuffix(".npy") for name in archive.namelist()}
            for layout in (_KERAS, _PLAIN):
                if all(name in names for pair in layout.values() for name in pair):
                    return {
                        part: make_part(
                            _member(archive, images, path), _member(archive, labels, path), str(path)
                        )
                        for part, (images, labels) in layout.items()
                    }
    # Depending on where the damage is, zipfile raises these; RuntimeError includes NotImplementedError.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise DataError(
            f"{path} is not an intact .npz archive ({error}); fetch or write it again."
        ) from error
    raise DataError(
        f"{path} holds the arrays {', '.join(sorted(names)) or '(none)'}; "
        "x_train, y_train, x_test and y_test are read, or images and labels."
    )


def _member(archive: zipfile.ZipFile, name: str, path: Path) -> Shaped[np.ndarray, ...]:
    info = archive.getinfo(f"{name}.npy")
    if info.file_size > MAX_BYTES:
        raise DataError(f"{path} has {name} of {info.file_size:,} bytes; at most {MAX_BYTES:,} are read.")
    stream = io.BytesIO(archive.read(info))  # gives at most file_size bytes
    shape, fortran, dtype = _header(stream, f"{name} in {path}")
    if dtype.kind not in "biuf":
        raise DataError(f"{path} has {name} of type {dtype}; only plain numbers are read, never objects.")
    # A header that promises more than there is can't make us allocate it.
    content = stream.read()
    size = math.prod(shape) * dtype.itemsize
    if len(content) != size:
        raise DataError(f"{path} is damaged: {name} should have {size:,} bytes but has {len(content):,}.")
    return np.frombuffer(content, dtype).reshape(shape, order="F" if fortran else "C")


def _header(stream: io.BytesIO, name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        version = npy.read_magic(stream)
        if version == (1, 0):
            return npy.read_array_header_1_0(stream)
        if version == (2, 0):
            return npy.read_array_header_2_0(stream)
    except ValueError as error:
        raise DataError(f"{name} has no intact numpy header; fetch or write the file again.") from error
    raise DataError(f"{name} is written in numpy format {version}, which plain numbers never need.")
