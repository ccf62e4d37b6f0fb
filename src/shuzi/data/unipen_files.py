"""The files of a UNIPEN distribution in a folder, a zip or a tar archive, however compressed.

Nothing is unpacked to disk. Of an archive only ordinary files whose names end in ``data/...`` or
``include/...`` are looked at, and their number and sizes are limited.
"""

from __future__ import annotations

import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path

from shuzi.errors import DataError

MAX_FILES = 200_000
MAX_FILE_BYTES = 1 << 26
MAX_TOTAL_BYTES = 1 << 32
# Isolated characters: digits, capitals, small letters, symbols. Words and texts (2 to 8) are not used.
_WANTED = re.compile(r"(?:^|/)((?:data/1[a-d]|include)/[^\0\\]+)$")


@dataclass(frozen=True)
class Distribution:
    """Text files by name, such as ``data/1a/aga/dawnmrsh.dat`` and ``include/aga/aga.doc``."""

    names: frozenset[str]
    text: Callable[[str], str]
    """The text of a file of that name; UNIPEN is older than UTF-8, and its keywords are ASCII."""


@contextmanager
def open_distribution(path: Path) -> Iterator[Distribution]:
    """Open a folder, a .zip or a .tar (.gz, .xz, .bz2) that holds the folders data/ and include/.

    Raises DataError when there is none of that, or when it is damaged or too large.
    """
    try:
        if path.is_dir():
            yield _folder(path)
        elif not path.is_file():
            raise DataError(f"There is no file or folder {path}; check the path.")
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield _zip(archive)
        else:
            yield _tar(path)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, LZMAError, EOFError, RuntimeError) as error:
        raise DataError(
            f"{path} is not an intact folder, .zip or .tar of the UNIPEN distribution ({error})."
        ) from error
    except OSError as error:
        raise DataError(
            f"{path} can't be read ({error.strerror or error}); check its permissions."
        ) from error


def _folder(root: Path) -> Distribution:
    # Archives often unpack into a folder of their own, such as CDROM/train_r01_v07/data.
    files: dict[str, Path] = {}
    for file in root.rglob("*"):
        wanted = _WANTED.search(file.relative_to(root).as_posix())
        if wanted and file.is_file():
            files[wanted[1]] = file
            _check_count(len(files))

    def text(name: str) -> str:
        with files[name].open("rb") as stream:
            return _limited(stream.read, name).decode("latin-1")

    return Distribution(frozenset(files), text)


def _zip(archive: zipfile.ZipFile) -> Distribution:
    _check_count(len(archive.infolist()))
    found = [(_WANTED.search(member.filename), member) for member in archive.infolist()]
    members = {wanted[1]: member for wanted, member in found if wanted and not member.is_dir()}

    def text(name: str) -> str:
        with archive.open(members[name]) as stream:
            return _limited(stream.read, name).decode("latin-1")

    return Distribution(frozenset(members), text)


def _tar(path: Path) -> Distribution:
    # A compressed tar can only be read from its beginning, so what is wanted is kept, packed, in memory.
    packed: dict[str, bytes] = {}
    seen = total = 0
    with tarfile.open(path, "r|*") as archive:
        for member in archive:
            seen += 1
            _check_count(seen)
            total += member.size
            if total > MAX_TOTAL_BYTES:
                raise DataError(f"{path} unpacks to more than {MAX_TOTAL_BYTES >> 30} GiB.")
            wanted = _WANTED.search(member.name)
            stream = archive.extractfile(member) if wanted and member.isfile() else None
            if wanted and stream:
                packed[wanted[1]] = zlib.compress(_limited(stream.read, member.name), 1)
    return Distribution(frozenset(packed), lambda name: zlib.decompress(packed[name]).decode("latin-1"))


def _check_count(count: int) -> None:
    if count > MAX_FILES:
        raise DataError(f"There are more than {MAX_FILES:,} files: this is not the UNIPEN distribution.")


def _limited(read: Callable[[int], bytes], name: str) -> bytes:
    content = read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise DataError(f"{name} holds more than {MAX_FILE_BYTES >> 20} MiB, which no UNIPEN file does.")
    return content
