"""A reading process: `python -m shuzi.serving.worker OPTIONS` answers jobs until its input ends.

A job's header names it and its options; the body is what the client sent. See `frames.py`.
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

from shuzi.errors import ShuziError
from shuzi.serving.filtering import filter_picture
from shuzi.serving.frames import pack, read_frame
from shuzi.serving.inference import infer
from shuzi.serving.jobs import Limits, Result, status_of
from shuzi.serving.reading import classify, load_reader, read

_JOBS: dict[str, Callable[[dict[str, Any], bytes, Limits], Result]] = {
    "read": read,
    "classify": classify,
    "infer": infer,
    "filter": filter_picture,
}


def main() -> None:
    """Answer jobs; the first frame says that the process is ready."""
    options = json.loads(sys.argv[1])
    limits = Limits(**options["limits"])
    _limit_memory(options["memory"])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever a library prints must not get among the answers: from here on it goes to standard error.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    load_reader("champion")
    with suppress(BrokenPipeError):  # the server has gone
        _send(answers, Result(b""))
        while (job := read_frame(sys.stdin.buffer)) is not None:
            _send(answers, _done(*job, limits))


def _done(header: dict[str, Any], body: bytes, limits: Limits) -> Result:
    try:
        return _JOBS[header["job"]](header["options"], body, limits)
    except ShuziError as error:
        return Result(status=status_of(error), problem=str(error))
    except MemoryError:
        return Result(status=413, problem="This takes more memory to read than the server gives: send less.")


def _send(answers: BinaryIO, result: Result) -> None:
    answers.write(pack(dataclasses.asdict(result) | {"body": None}, result.body))
    answers.flush()


def _limit_memory(most: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # not every system can
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
