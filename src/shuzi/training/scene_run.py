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

_NOTE_EVERY, _SAVE_EVERY = 100, 500  # steps


@dataclass(frozen=True)
class SceneRecipe:
    """What every such recipe says: AdamW's highest rate and decay, and what an average keeps at each step."""

    learning_rate: float
    weight_decay: float
    average: float


_R = TypeVar("_R", bound=SceneRecipe)


@dataclass
class SceneRun:
    """A run at some step, in its folder; `start`: the step that it began or goes on with."""

    net: nn.Module
    optimiser: torch.optim.Optimizer
    state: SceneState
    out: Path
    start: int
    average: float
    _started: float = field(default_factory=time.monotonic)
    _recent: Float[np.ndarray, " k"] | None = None

    def set_rate(self, rate: float) -> None:
        """The learning rate of the next step."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate

    def took(self, step: int, names: Sequence[str], losses: Sequence[float]) -> None:
        """Average the weights after a step; note recent losses in metrics.jsonl, every 100 steps."""
        before = np.zeros(len(names)) if self._recent is None else self._recent
        self._recent = before * 0.98 + np.array(losses) * 0.02
        self.state.update(min(self.average, (step + 1) / (step + 10)))
        done = step + 1
        if done % _NOTE_EVERY == 0:
            means = np.round(self._recent / (1 - 0.98 ** (done - self.start)), 4).tolist()
            line = {"step": done, "seconds": round(time.monotonic() - self._started, 1)}
            line |= dict(zip(names, means, strict=True))
            with (self.out / "metrics.jsonl").open("a") as metrics:
                metrics.write(json.dumps(line) + "\n")

    def save(self, done: int, *, last: bool) -> None:
        """Write the state every 500 steps, and at the end."""
        if last or done % _SAVE_EVERY == 0:
            self.state.save(self.out / "last.safetensors", done)

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
    start = state.load(out / "last.safetensors")
    (out / "run.json").write_text(json.dumps({kind: True, "recipe": asdict(recipe), "seed": seed}))
    net.train()
    return SceneRun(net, optimiser, state, out, start, recipe.average)


def is_scene_run(folder: Path, kind: str) -> bool:
    """Whether a run of this kind made this folder, so that it can go on there."""
    try:
        return bool(json.loads((folder / "run.json").read_text("utf-8"))[kind])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def read_scene_run(
    folder: Path, kind: str, build: Callable[[_R], nn.Module], recipe_type: Callable[..., _R]
) -> tuple[nn.Module, _R, int, int]:
    """What a run has so far: an averaged net, recipe, seed and steps; `WeightsError` if there is none."""
    try:
        facts = json.loads((folder / "run.json").read_text("utf-8"))
        state = load_file(folder / "last.safetensors")
        recipe = recipe_type(**facts["recipe"])
        net = build(recipe)
        net.load_state_dict(result_in(state))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise WeightsError(f"{folder} holds no run of the {kind} ({error}): train one first.") from None
    return net.eval(), recipe, int(facts["seed"]), int(state["done"])
