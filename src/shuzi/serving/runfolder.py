"""What is in the folder of a training run that the server started, besides what `shuzi train` leaves there.

`job.json` says what was asked and how far it is, `output.log` what the trainer printed, `weights.onnx` is the
exported net and `score.json` what it reaches. All of it is on the disk, so that a run outlives the server.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from shuzi.errors import TrainingError
from shuzi.files import write_whole

JOB, LOG, WEIGHTS, SCORE, LOCK = "job.json", "output.log", "weights.onnx", "score.json", "lock"
_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]{6}")
_MOST = 64 * 2**20  # bytes read of a file of a run

Stage = Literal["queued", "training", "exporting", "done", "interrupted", "failed"]


@dataclass
class Job:
    """A run that was asked for. `pid` is the process group that works on it, while one does."""

    id: str
    recipe: str | None
    budget: str | None
    title: str
    seed: int
    epochs: float | None
    corrections: bool
    started: str
    stage: Stage = "queued"
    error: str | None = None
    pid: int | None = None

    @property
    def name(self) -> str:
        """What the run is called to people: its recipe's name, or its budget."""
        return self.recipe or f"budget {self.budget}"


def run_folders(runs: Path) -> list[Path]:
    """The folders of all runs, the oldest first."""
    try:
        return sorted(path for path in runs.iterdir() if _ID.fullmatch(path.name) and path.is_dir())
    except OSError:
        return []


def read_job(folder: Path) -> Job | None:
    """The job of a run's folder; None where it is missing or damaged."""
    facts = read_object(folder / JOB)
    try:
        return Job(**facts)
    except TypeError:
        return None


def write_job(folder: Path, job: Job) -> None:
    """Keep a job; the folder must exist."""
    write_whole(folder / JOB, json.dumps(asdict(job)).encode(), TrainingError)


def read_object(path: Path) -> dict[str, Any]:
    """A JSON object's file; empty where it is missing or damaged."""
    try:
        found = json.loads(_read(path))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def read_rows(path: Path, after: int = 0) -> list[dict[str, Any]]:
    """The rows of a JSON lines file behind the first `after`; a last line that isn't complete is left out."""
    try:
        lines = _read(path).split(b"\n")[:-1]
    except OSError:
        return []
    rows = []
    for line in lines[after:]:
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return [row for row in rows if isinstance(row, dict)]


def last_words(folder: Path) -> str:
    """Why a run failed: the last sentence that it printed, which is the trainer's own."""
    try:
        with (folder / LOG).open("rb") as file:
            file.seek(max(0, (folder / LOG).stat().st_size - 4096))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    words = [line.strip(" │") for line in lines if any(map(str.isalnum, line))]  # without a panel's frame
    return words[-1].removeprefix("shuzi: ")[:500] if words else "The trainer stopped without a word."


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST)
