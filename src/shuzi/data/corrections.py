"""Digits that were read wrongly and what a person said they are, in one SQLite file in the user's folder.

>>> save_correction(image, label=7, answer=1, weights="champion")  # doctest: +SKIP
>>> images, labels = load_corrections()  # doctest: +SKIP
"""

from __future__ import annotations

import io
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image

from shuzi.errors import DataError, MissingExtraError
from shuzi.shapes import Int64, UInt8

FILE = "corrections.sqlite"
_TABLE = """
create table if not exists corrections (
    id integer primary key autoincrement,
    image blob not null check (length(image) = 784),
    label integer not null check (label between 0 and 9),
    answer integer check (answer between 0 and 9),
    weights text not null,
    picture blob,
    created text not null
)
"""


@dataclass(frozen=True)
class Correction:
    """A digit as the net saw it, what it is (`label`) and what was answered (None: nothing).

    `created` is the time in UTC, ISO 8601.
    """

    id: int
    image: UInt8[np.ndarray, "28 28"] = field(repr=False, compare=False)
    label: int
    answer: int | None
    weights: str
    created: str


def user_folder() -> Path:
    """Where the user's own things are kept: $SHUZI_HOME, or the system's place for such data."""
    chosen = os.environ.get("SHUZI_HOME")
    if chosen:
        return Path(chosen)
    try:
        from platformdirs import user_data_path
    except ModuleNotFoundError as error:
        raise MissingExtraError("Keeping corrections", "serve") from error
    return user_data_path("shuzi", appauthor=False)


def save_correction(
    image: UInt8[np.ndarray, "28 28"],
    label: int,
    answer: int | None = None,
    weights: str = "champion",
    *,
    picture: bytes | None = None,
    folder: Path | None = None,
) -> Correction:
    """Keep a digit: 28x28, white ink on black, and what it is.

    `picture` is the file that it came from, if that is wanted too.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with _opened(folder) as base:
        row = base.execute(
            "insert into corrections (image, label, answer, weights, picture, created)"
            " values (?, ?, ?, ?, ?, ?)",
            (image.tobytes(), int(label), answer, weights, picture, now),
        )
        assert row.lastrowid is not None
        return Correction(row.lastrowid, image, int(label), answer, weights, now)


def list_corrections(limit: int | None = None, *, folder: Path | None = None) -> list[Correction]:
    """The corrections, the newest first, at most `limit`."""
    with _opened(folder) as base:
        rows = base.execute(
            "select id, image, label, answer, weights, created from corrections order by id desc limit ?",
            (-1 if limit is None else limit,),
        )
        return [Correction(row[0], _image(row[1]), *row[2:]) for row in rows]


def count_corrections(*, folder: Path | None = None) -> int:
    """How many there are."""
    with _opened(folder) as base:
        return int(base.execute("select count(*) from corrections").fetchone()[0])


def delete_correction(id: int, *, folder: Path | None = None) -> bool:
    """Forget a correction; False if there is none of that number."""
    with _opened(folder) as base:
        return base.execute("delete from corrections where id = ?", (id,)).rowcount > 0


def export_corrections(*, folder: Path | None = None) -> bytes:
    """A ZIP file of PNG pictures in folders 0 to 9, unpacked a data set that `shuzi data` reads."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for correction in reversed(list_corrections(folder=folder)):
            png = io.BytesIO()
            Image.fromarray(correction.image).save(png, "PNG")
            archive.writestr(f"{correction.label}/{correction.id:06d}.png", png.getvalue())
    return packed.getvalue()


def load_corrections(
    folder: Path | None = None,
) -> tuple[UInt8[np.ndarray, "n 28 28"], Int64[np.ndarray, " n"]]:
    """All corrections as data to train on, the oldest first: images uint8 (n, 28, 28), labels int64 (n,)."""
    kept = list_corrections(folder=folder)[::-1]
    images = np.stack([one.image for one in kept]) if kept else np.empty((0, 28, 28), np.uint8)
    return images, np.array([one.label for one in kept], np.int64)


def _image(data: bytes) -> UInt8[np.ndarray, "28 28"]:
    return np.frombuffer(data, np.uint8).reshape(28, 28)


@contextmanager
def _opened(folder: Path | None) -> Iterator[sqlite3.Connection]:
    """The data base within one transaction; `DataError` where it can't be used."""
    path = (user_folder() if folder is None else folder) / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(path, timeout=10)
        try:
            with base:
                base.execute(_TABLE)
                yield base
        finally:
            base.close()
    except (sqlite3.Error, OSError) as error:
        raise DataError(
            f"{path} can't be used ({error}): move it away, or free space on the disk."
        ) from error
