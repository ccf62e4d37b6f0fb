"""Reading files from outside without trusting their length: nothing here takes more memory than allowed."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from shuzi.errors import DataError

GZIP_MAGIC = b"\x1f\x8b"
# The largest data set file that is read: 1 GiB, 1.3 million pictures of 28x28.
MAX_BYTES = 1 << 30
# gzip adds less than this to data that it can't make shorter, for any file up to MAX_BYTES.
GZIP_OVERHEAD = 1 << 20


def read_limited(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The content of the file at ``path``, unpacked if it is gzip; a DataError where that exceeds ``limit``.

    What the file is called doesn't matter: gzip is known by its first two bytes.
    """
    if not path.exists():
        raise DataError(f"There is no file {path}; check the path.")
    if not path.is_file():
        raise DataError(f"{path} is not a file; name the file itself.")
    try:
        with path.open("rb") as stream:
            content = stream.read(limit + GZIP_OVERHEAD)
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or error}; check its permissions.") from error
    if content.startswith(GZIP_MAGIC):
        return gunzip(content, limit, str(path))
    if len(content) > limit:
        raise DataError(f"{path} holds more than {limit:,} bytes, which is too much for what it should be.")
    return content


def gunzip(packed: bytes, limit: int, name: str) -> bytes:
    """What the gzip data ``packed`` unpack to; a DataError if damaged, cut short or longer than ``limit``.

    ``name`` says in error messages what is being unpacked.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            content = stream.read(limit + 1)
    except EOFError as error:
        raise DataError(f"{name} is cut short: its gzip data end too early; fetch it again.") from error
    except (OSError, zlib.error) as error:
        raise DataError(f"{name} is damaged: its gzip data don't unpack; fetch it again.") from error
    if len(content) > limit:
        raise DataError(
            f"{name} unpacks to more than {limit:,} bytes, which is too much for what it should be."
        )
    return content
