"""What runs that learn from drawn scenes share: how they begin, go on, are noted and read again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from shuzi.errors import WeightsError
from shuzi.shapes import Float
from shuzi.training.precision import keep_freed_memory, prefer_channels_last
from shuzi.training.scene_state import SceneState, result_in

STATE = "last.safetensors"
BEGAN = "began.json"  # which weights the run began with, if not with random ones
_NOTE_EVERY, _SAVE_EVERY = 100, 500  # steps


@dataclass(frozen=True)
class SceneRecipe:
    """What every such recipe says: for how long, and with which rates, AdamW learns, and what is averaged."""

    steps: int
    """Those before the cycles."""
    hurry: float
    """The share of lines that are written in a hurry."""
    learning_rate: float
    weight_decay: float
    warmup: int
    decay: int
    """Steps, the last of `steps`, in which the learning rate falls to zero."""
    average: float
    """What the moving average of the weights keeps at each step."""
    cycles: int
    """After `steps`: how often the learning rate begins anew."""
    averaged: int
    """How many of the last cycles' ends the net is the mean of."""
    cycle: int
    """Steps of each, in which the learning rate falls to zero."""
    cycle_rate: float

    @property
    def total(self) -> int:
        """Steps, with those of the cycles."""
        return self.steps + self.cycles * self.cycle

    @property
    def before(self) -> int:
        """Steps before the cycles that are averaged."""
        return self.total - self.averaged * self.cycle

    def rate(self, step: int) -> float:
        """Up within `warmup`, level, down along a line within `decay`; in a cycle, up and down at once."""
        if step < self.steps:
            share = min(1.0, (step + 1) / self.warmup, (self.steps - step) / self.decay)
            return self.learning_rate * share
        place = (step - self.steps) % self.cycle
        return self.cycle_rate * min((place + 1) / self.warmup, (self.cycle - place) / self.cycle)

    def ends(self, done: int) -> int:
        """Where a cycle ends that is averaged, the how-manieth it is of those; else 0."""
        cycles, place = divmod(done - self.steps, self.cycle)
        return max(0, cycles - self.cycles + self.averaged) if cycles > 0 and place == 0 else 0


_R = TypeVar("_R", bound=SceneRecipe)
_N = TypeVar("_N", bound=nn.Module)


@dataclass
class SceneRun:
    """A run at some step, in its folder; `start`: the step that it began or goes on with."""

    net: nn.Module
    optimiser: torch.optim.Optimizer
    state: SceneState
    out: Path
    start: int
    recipe: SceneRecipe
    _started: float = field(default_factory=time.monotonic)
    _recent: Float[np.ndarray, " k"] | None = None

    def set_rate(self, step: int) -> None:
        """The learning rate of a step."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.rate(step)

    def took(self, step: int, names: Sequence[str], losses: Sequence[float]) -> None:
        """Average the weights after a step; note recent losses in metrics.jsonl, every 100 steps, and write
        the state every 500 and at the end."""
        before = np.zeros(len(names)) if self._recent is None else self._recent
        self._recent = before * 0.98 + np.array(losses) * 0.02
        self.state.update(min(self.recipe.average, (step + 1) / (step + 10)))
        done = step + 1
        if done % _NOTE_EVERY == 0:
            means = np.round(self._recent / (1 - 0.98 ** (done - self.start)), 4).tolist()
            line = {"step": done, "seconds": round(time.monotonic() - self._started, 1)}
            line |= dict(zip(names, means, strict=True))
            with (self.out / "metrics.jsonl").open("a") as metrics:
                metrics.write(json.dumps(line) + "\n")
        if ends := self.recipe.ends(done):
            # The weights that a run began with, if not with random ones, count as much as all new ones.
            self.state.keep(ends + self.recipe.averaged * (self.out / BEGAN).exists())
        if done % _SAVE_EVERY == 0 or done == self.recipe.total:
            self.state.save(self.out / STATE, done)

    def result(self) -> nn.Module:
        """The net with its averaged weights."""
        self.net.load_state_dict(self.state.result)
        return self.net.eval()


def begin(
    kind: str, build: Callable[[_R], nn.Module], recipe: _R, out: Path, seed: int, threads: int | None
) -> SceneRun:
    """Begin a run in `out`, or go on with the one that is there; `kind` is noted in its run.json."""
    keep_freed_memory()
    if threads is not None:
        torch.set_num_threads(threads)
    torch.manual_seed(seed)
    net = build(recipe)
    prefer_channels_last(net)
    optimiser = torch.optim.AdamW(
        net.parameters(), recipe.learning_rate, betas=(0.9, 0.99), weight_decay=recipe.weight_decay
    )
    out.mkdir(parents=True, exist_ok=True)
    state = SceneState(net, optimiser)
    start = state.load(out / STATE)
    (out / "run.json").write_text(json.dumps({kind: True, "recipe": asdict(recipe), "seed": seed}))
    net.train()
    return SceneRun(net, optimiser, state, out, start, recipe)


def is_scene_run(folder: Path, kind: str) -> bool:
    """Whether a run of this kind made this folder, so that it can go on there."""
    try:
        return bool(json.loads((folder / "run.json").read_text("utf-8"))[kind])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def read_scene_run(
    folder: Path, kind: str, build: Callable[[_R], _N], recipe_type: Callable[..., _R]
) -> tuple[_N, _R, int, int]:
    """What a run has so far: an averaged net, recipe, seed and steps; `WeightsError` if there is none."""
    try:
        facts = json.loads((folder / "run.json").read_text("utf-8"))
        state = load_file(folder / STATE)
        recipe = recipe_type(**facts["recipe"])
        net = build(recipe)
        net.load_state_dict(result_in(state))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise WeightsError(f"{folder} holds no run of the {kind} ({error}): train one first.") from None
    return net.eval(), recipe, int(facts["seed"]), int(state["done"])
