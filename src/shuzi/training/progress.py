"""What a training run says while it goes: a live line on a terminal, a line an epoch elsewhere."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


class TrainingProgress:
    """Shows epoch, step, samples/s, loss, validation accuracy and time left on standard error."""

    def __init__(self, title: str, steps: int, *, show: bool = True) -> None:
        self._show = show
        self._steps = steps
        self._accuracy = ""
        self._bar: Progress | None = None
        self._task = TaskID(0)
        if show and sys.stderr.isatty():
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                TextColumn("step {task.completed:.0f}/{task.total:.0f} {task.fields[facts]}"),
                TimeRemainingColumn(compact=True),
                console=Console(stderr=True),
            )
            self._task = self._bar.add_task(title, total=steps, facts="")
            self._bar.start()

    def step(self, step: int, rate: float, loss: float) -> None:
        """Move the live line to ``step``; ``rate`` is in pictures a second."""
        if self._bar is not None:
            facts = f"{rate:,.0f}/s loss {loss:.4f} {self._accuracy}"
            self._bar.update(self._task, completed=step, facts=facts)

    def epoch(self, row: dict[str, Any], epochs: float) -> None:
        """Tell the figures of an epoch that has ended (a row of `metrics.jsonl`)."""
        if not self._show:
            return
        accuracy = row.get("validation_accuracy")
        self._accuracy = "" if accuracy is None else f"validation {accuracy:.2%}"
        if self._bar is not None:
            self._bar.update(self._task, completed=row["step"])
            return
        print(
            f"epoch {row['epoch']:g}/{epochs:g}  step {row['step']}/{self._steps}  loss {row['loss']:.4f}  "
            f"{self._accuracy + '  ' if self._accuracy else ''}{row['samples_per_second']:,.0f} samples/s  "
            f"{row['seconds']:.1f} s",
            file=sys.stderr,
            flush=True,
        )

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._bar is not None:
            self._bar.stop()
