"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from shuzi.errors import ShuziError


def write_whole(path: Path, content: bytes, error: type[ShuziError] = ShuziError) -> None:
    """Write a file so that at any moment, even when killed, it holds the old content or the new.

    Raises ``error``, with a sentence, where the disk is full or the folder can't be written; the old file
    stays, and nothing else is left behind.
    """
    temporary = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as problem:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        reason = problem.strerror or problem
        raise error(f"{path} can't be written ({reason}): free space or choose another folder.") from problem
