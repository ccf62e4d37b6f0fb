"""Training runs: each a process of its own, one at a time, the others waiting; all state is on the disk.

A run holds the lock file in its folder for as long as it lives. So a server that starts again knows which of
its runs still go on, though it was killed, and which must be started again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from shuzi.serving.problems import Problem
from shuzi.serving.runfolder import (
    LOCK,
    LOG,
    WEIGHTS,
    Job,
    Stage,
    last_words,
    read_job,
    run_folders,
    write_job,
)

_LOOK_SECONDS = 0.5  # how often a run is looked at that another server started
_STOP_SECONDS = 30.0  # the step at hand, and writing a checkpoint
_NICE = 5  # training leaves the processor to whoever draws a digit meanwhile
_INTERRUPTED = 130  # what `shuzi train` exits with after Ctrl-C
_LIVE: tuple[Stage, ...] = ("training", "exporting")

log = logging.getLogger("shuzi.serving")


class Runs:
    """The runs in a folder. All methods are for the event loop's thread."""

    def __init__(self, folder: Path, *, max_waiting: int) -> None:
        self.folder = folder
        self._max_waiting = max_waiting
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._stopped: set[str] = set()  # runs that a person has stopped

    def start(self) -> None:
        """Go on with what waits; runs that were going when the last server stopped wait again."""
        for job in self.jobs():
            if job.stage in _LIVE and not _locked(self.folder / job.id):
                self._keep(job, "queued")
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Interrupt the run that goes on; it saves, and waits for the next server."""
        self._closing = True
        for job in self.jobs():
            if job.stage in _LIVE:
                await self._interrupt(job)
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def jobs(self) -> list[Job]:
        """All runs, the newest first."""
        found = (read_job(folder) for folder in reversed(run_folders(self.folder)))
        return [job for job in found if job is not None]

    def job(self, id: str) -> Job:
        """The run of that id; a `Problem` if there is none."""
        for job in self.jobs():
            if job.id == id:
                return job
        raise Problem(404, "There is no run of that id: GET /v1/runs lists those there are.")

    def add(
        self,
        recipe: str | None,
        budget: str | None,
        title: str,
        *,
        seed: int,
        epochs: float | None,
        corrections: bool,
    ) -> Job:
        """Put a new run behind those that wait."""
        self._check_room()
        now = datetime.now(UTC)
        id = f"{now:%Y%m%d-%H%M%S-%f}"  # ids sort as the runs were asked for
        job = Job(id, recipe, budget, title, seed, epochs, corrections, now.isoformat(timespec="seconds"))
        try:
            (self.folder / id).mkdir(parents=True)
        except OSError as error:
            raise Problem(503, f"The run's folder can't be made ({error.strerror}): free space.") from None
        self._keep(job, "queued")
        self._wake.set()
        return job

    async def interrupt(self, job: Job) -> None:
        """Stop a run, or take it out of the queue; it can go on later. One that has ended stays as it is."""
        if job.stage == "queued":
            self._keep(job, "interrupted")
        elif job.stage in _LIVE:
            self._stopped.add(job.id)
            await self._interrupt(job)

    def resume(self, job: Job) -> None:
        """Put a run that was interrupted, or failed, behind those that wait."""
        if job.stage not in ("interrupted", "failed"):
            raise Problem(409, "This run isn't stopped: only a stopped run can go on.")
        self._check_room()
        job.error = None
        self._stopped.discard(job.id)
        self._keep(job, "queued")
        self._wake.set()

    async def delete(self, job: Job) -> None:
        """Stop a run, and remove all that it left."""
        await self.interrupt(job)
        shutil.rmtree(self.folder / job.id, ignore_errors=True)

    def _check_room(self) -> None:
        if sum(job.stage == "queued" for job in self.jobs()) >= self._max_waiting:
            raise Problem(429, "Too many runs are waiting: stop one, or wait until one is done.")

    def _keep(self, job: Job, stage: Stage, pid: int | None = None) -> None:
        job.stage, job.pid = stage, pid
        write_job(self.folder / job.id, job)

    async def _interrupt(self, job: Job) -> None:
        folder = self.folder / job.id
        for number in (signal.SIGINT, signal.SIGKILL):
            current = read_job(folder)
            if current is None or current.pid is None or not _locked(folder):
                return
            with suppress(ProcessLookupError):
                os.killpg(current.pid, number)
            for _ in range(int(_STOP_SECONDS / 0.1)):
                # Whoever waits for the run's end writes it down a moment after it has ended.
                await asyncio.sleep(0.1)
                current = read_job(folder)
                if not _locked(folder) and (current is None or current.stage not in _LIVE):
                    return

    async def _work(self) -> None:
        """The run that goes on already, if there is one, then those that wait, in turn."""
        for job in self.jobs():
            if job.stage in _LIVE:
                await self._adopt(job)
        while not self._closing:
            waiting = [job for job in reversed(self.jobs()) if job.stage == "queued"]
            if not waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            try:
                await self._do(waiting[0])
            except Exception:
                log.exception("a training run can't be started")
                waiting[0].error = "The run can't be started: the server's log says why."
                self._keep(waiting[0], "failed")

    async def _adopt(self, job: Job) -> None:
        """Wait for a run that another server started, which was killed."""
        folder = self.folder / job.id
        while _locked(folder):
            await asyncio.sleep(_LOOK_SECONDS)
        if folder.is_dir():
            # How it ended isn't known; but going on with a run that is done ends at once.
            self._keep(job, "interrupted" if job.id in self._stopped else "queued")

    async def _do(self, job: Job) -> None:
        folder = self.folder / job.id
        code = await self._process(job, "training", _command(job, folder))
        if code == 0:
            code = await self._process(job, "exporting", ["-m", "shuzi.serving.finish", str(folder)])
        if not folder.is_dir():  # deleted meanwhile
            return
        if code == 0 and (folder / WEIGHTS).is_file():
            self._keep(job, "done")
        elif self._closing:
            self._keep(job, "queued")
        elif job.id in self._stopped or code in (_INTERRUPTED, -signal.SIGINT):
            self._keep(job, "interrupted")
        else:
            job.error = last_words(folder)
            self._keep(job, "failed")

    async def _process(self, job: Job, stage: Stage, arguments: list[str]) -> int:
        import fcntl  # POSIX only, as training over HTTP is

        folder = self.folder / job.id
        with (folder / LOG).open("ab") as output, (folder / LOCK).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # its own group, which Ctrl-C in the server's terminal doesn't reach
                pass_fds=[lock.fileno()],  # the lock lasts until the run's last process has ended
                env=os.environ | {"SHUZI_HOME": str(self.folder.parent), "SHUZI_CHECK_SHAPES": ""},
            )
        self._keep(job, stage, process.pid)
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
        return await process.wait()


def _command(job: Job, folder: Path) -> list[str]:
    base = ["-m", "shuzi", "train"]
    if (folder / "run.json").is_file():
        return [*base, "--resume", str(folder)]
    asked = [job.recipe] if job.recipe else ["--budget", str(job.budget)]
    more = [] if job.epochs is None else ["--epochs", str(job.epochs)]
    more += ["--add", "corrections"] if job.corrections else []
    return [*base, *asked, "--seed", str(job.seed), *more, "--out", str(folder)]


def _locked(folder: Path) -> bool:
    """Whether a process still works in a run's folder."""
    import fcntl

    try:
        with (folder / LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
