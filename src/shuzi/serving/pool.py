"""A few processes that read pictures: they use all cores, and one that hangs or dies is replaced.

A picture, a pattern or weights from outside may make a decoder, a regular expression or the runtime hang or
crash. In a process of its own that costs a second's start, not the server.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from shuzi.serving.frames import pack, receive_frame
from shuzi.serving.jobs import Result
from shuzi.serving.problems import Problem

_START_SECONDS = 60.0
_CLOSE_SECONDS = 2.0
# glibc then keeps freed memory for the next picture: giving each array back to the system, and getting it
# again, costs a sixth of the time that a reading takes.
_ENVIRONMENT = {
    "SHUZI_CHECK_SHAPES": "",
    "MALLOC_MMAP_THRESHOLD_": str(64 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(256 * 2**20),
}

log = logging.getLogger("shuzi.serving")


class _Worker:
    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "shuzi.serving.worker", json.dumps(self._options)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the server, which lets its workers finish
            env=os.environ | _ENVIRONMENT,
        )
        async with asyncio.timeout(_START_SECONDS):
            await self._receive()

    async def ask(self, header: dict[str, Any], body: bytes) -> Result:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(pack(header, body))
        await self._process.stdin.drain()
        return await self._receive()

    async def _receive(self) -> Result:
        assert self._process is not None
        assert self._process.stdout is not None
        header, body = await receive_frame(self._process.stdout)
        return Result(**(header | {"body": body}))

    async def close(self, *, kill: bool) -> None:
        """End the process: at once, or when it has read that its input has ended."""
        if self._process is None:
            return
        process, self._process = self._process, None
        assert process.stdin is not None
        if not kill:
            process.stdin.close()
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _CLOSE_SECONDS)
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


class Pool:
    """`size` reading processes, and a queue of at most `max_queue` before them.

    `options` go to each process; `seconds` is how long one reading may take, waiting included.
    """

    def __init__(self, size: int, options: dict[str, Any], *, seconds: float, max_queue: int) -> None:
        self._size, self._options, self._seconds, self._max_queue = size, options, seconds, max_queue
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._all: list[_Worker] = []
        self._asking: set[asyncio.Task[Result]] = set()
        self._restarting: set[asyncio.Task[None]] = set()
        self.waiting = 0
        self.restarts = 0
        self.ready = False

    async def start(self) -> None:
        """Start all processes, and wait until each has loaded its net."""
        self._all = [_Worker(self._options) for _ in range(self._size)]
        await asyncio.gather(*(worker.start() for worker in self._all))
        for worker in self._all:
            self._idle.put_nowait(worker)
        self.ready = True

    async def stop(self) -> None:
        """Let running readings finish, then end the processes."""
        self.ready = False
        if self._asking:
            await asyncio.wait(self._asking, timeout=self._seconds)
        for task in self._restarting:
            task.cancel()
        await asyncio.gather(*self._restarting, return_exceptions=True)
        await asyncio.gather(*(worker.close(kill=False) for worker in self._all))

    async def run(
        self, header: dict[str, Any], body: bytes, gone: Callable[[], Awaitable[bool]] | None = None
    ) -> Result:
        """Have a process do a job. `gone` tells whether the client has left meanwhile: then nobody bothers.

        Raises `Problem`: 429 where too many wait, 503 where it takes too long, 422 where it made a process
        crash.
        """
        if not self.ready:
            raise Problem(503, "The server is starting or stopping: try again shortly.", {"Retry-After": "1"})
        if self.waiting >= self._max_queue:
            raise Problem(429, "Too many requests are waiting: try again shortly.", {"Retry-After": "1"})
        deadline = asyncio.get_running_loop().time() + self._seconds
        waited = self._idle.empty()
        self.waiting += 1
        try:
            async with asyncio.timeout_at(deadline):
                worker = await self._idle.get()
        except TimeoutError:
            raise Problem(503, "The server is busy: try again shortly.", {"Retry-After": "5"}) from None
        finally:
            self.waiting -= 1
        try:
            if waited and gone is not None and await gone():
                raise Problem(408, "The client has gone.")
            task = asyncio.create_task(self._ask(worker, header, body, deadline))
        except BaseException:
            self._idle.put_nowait(worker)
            raise
        self._asking.add(task)
        task.add_done_callback(self._forget)
        # Shielded, so that a cancelled request leaves no half-read answer in the pipe.
        return await asyncio.shield(task)

    async def _ask(self, worker: _Worker, header: dict[str, Any], body: bytes, deadline: float) -> Result:
        alive = False
        try:
            async with asyncio.timeout_at(deadline):
                result = await worker.ask(header, body)
            alive = True
        except TimeoutError:
            raise Problem(
                503, f"This took longer than {self._seconds:g} seconds: send less at a time."
            ) from None
        except (asyncio.IncompleteReadError, OSError):
            raise Problem(
                422, "This made the reader crash, so it can't be read: save the file anew."
            ) from None
        finally:
            if alive:
                self._idle.put_nowait(worker)
            else:
                restart = asyncio.create_task(self._restart(worker))
                self._restarting.add(restart)  # a task that nobody holds may vanish
                restart.add_done_callback(self._restarting.discard)
        if result.problem is not None:
            raise Problem(result.status, result.problem)
        return result

    def _forget(self, task: asyncio.Task[Result]) -> None:
        self._asking.discard(task)
        if not task.cancelled():
            task.exception()  # else asyncio complains where the request was cancelled meanwhile

    async def _restart(self, worker: _Worker) -> None:
        self.restarts += 1
        log.warning("a reading process hung or crashed, and is started anew")
        await worker.close(kill=True)
        while self.ready:
            try:
                await worker.start()
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                log.exception("a reading process can't be started")
                await worker.close(kill=True)
                await asyncio.sleep(1)
                continue
            self._idle.put_nowait(worker)
            return
