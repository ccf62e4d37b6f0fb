"""A call that goes on in another thread, beside what its caller does."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Event
from typing import TypeVar

_T = TypeVar("_T")


def beside(call: Callable[[], _T]) -> Callable[[], _T]:
    """Begin a call in another thread; what is returned waits for its end, and gives its result or error.

    That is worth it for what soon lets go of Python's lock, and for long, as a net does.
    """
    begun = Event()

    def run() -> _T:
        begun.set()
        return call()

    future = _threads(os.getpid()).submit(run)
    begun.wait()  # else the call might not get the lock for milliseconds
    return future.result


@cache
def _threads(process: int) -> ThreadPoolExecutor:
    """Those of one process: a copy of it, as multiprocessing forks them, has none of its threads."""
    return ThreadPoolExecutor(os.cpu_count(), f"shuzi-{process}")
