"""Packed pen strokes on disk: one npz of plain numbers and text, never of Python objects."""

from __future__ import annotations

import math
import os
import tempfile
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from shuzi.data.trajectories import Strokes
from shuzi.errors import DataError
from shuzi.shapes import Shaped

# The whole UNIPEN distribution's 122,000 isolated characters take about 40 MB.
_MAX_BYTES = 1 << 29
_KINDS = {
    "points": "iuf",
    "stroke_lengths": "iu",
    "strokes_per_character": "iu",
    "characters": "U",
    "source": "iu",
    "sources": "U",
}


def save_strokes(strokes: Strokes, path: Path) -> None:
    """Write strokes to `path`, their points rounded to whole thousandths of a character.

    Nothing half-written is left behind. Raises DataError where the folder can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".strokes-", suffix=".npz")
        try:
            with os.fdopen(handle, "wb") as stream:
                np.savez_compressed(
                    stream,
                    points=np.rint(strokes.points).astype(np.int16),
                    stroke_lengths=strokes.stroke_lengths.astype(np.uint16),
                    strokes_per_character=strokes.strokes_per_character.astype(np.uint8),
                    characters=strokes.labels.astype("<U1"),
                    source=strokes.writers.astype(np.uint16),
                    sources=np.array(strokes.writer_names, "<U64"),
                )
            os.replace(name, path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{path} can't be written ({error.strerror or error}); make room there.") from error


def load_strokes(path: Path) -> Strokes:
    """Read strokes that `save_strokes` wrote; raises DataError when the file holds anything else."""
    try:
        with zipfile.ZipFile(path) as archive:
            arrays = {name: _member(archive, name, kinds) for name, kinds in _KINDS.items()}
    except (OSError, ValueError, KeyError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile) as error:
        raise DataError(
            f"{path} is not an intact file of pen strokes ({error}): import UNIPEN again."
        ) from error
    points = arrays["points"]
    if (
        points.ndim != 2
        or points.shape[1] != 2
        or any(a.ndim != 1 for n, a in arrays.items() if n != "points")
    ):
        raise DataError(f"{path} holds arrays of the wrong shape for pen strokes: import UNIPEN again.")
    return Strokes(
        points.astype(np.float32),
        arrays["stroke_lengths"].astype(np.int64),
        arrays["strokes_per_character"].astype(np.int64),
        arrays["characters"].astype("<U1"),
        arrays["source"].astype(np.int64),
        tuple(str(name) for name in arrays["sources"]),
    )


def _member(archive: zipfile.ZipFile, name: str, kinds: str) -> Shaped[np.ndarray, ...]:
    info = archive.getinfo(f"{name}.npy")
    if info.file_size > _MAX_BYTES:
        raise ValueError(f"{name} would take {info.file_size:,} bytes")
    with archive.open(info) as stream:
        if npy.read_magic(stream) != (1, 0):
            raise ValueError(f"{name} has an unknown header")
        shape, fortran, dtype = npy.read_array_header_1_0(stream)
        # The zip reader gives at most file_size bytes, so a lying header can't make us allocate.
        content = stream.read()
    if dtype.kind not in kinds or fortran or len(content) != math.prod(shape) * dtype.itemsize:
        raise ValueError(f"{name} is not what it should be")
    return np.frombuffer(content, dtype).reshape(shape)
