"""A run's folder: run.json, metrics.jsonl, live.jsonl, best.safetensors, last.safetensors and curves.png."""

from __future__ import annotations

import dataclasses
import json
import platform
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from shuzi import __version__
from shuzi.errors import CheckpointError, RecipeError
from shuzi.files import write_whole
from shuzi.nets import build
from shuzi.training.checkpoint import check_fits, load_checkpoint, save_checkpoint
from shuzi.training.recipe import Recipe, load_recipe, parse_recipe
from shuzi.training.state import Row, State


class RunFolder:
    """Where one run lives. Every file is replaced whole, so a kill at any moment leaves a valid run."""

    def __init__(self, path: Path, facts: dict[str, Any], *, writes: bool) -> None:
        self.path, self._facts, self._writes = path, facts, writes
        self.recipe = _recipe_of(facts, path)
        self.seed: int = facts["seed"]
        self.threads: int = facts["threads"]

    @classmethod
    def create(cls, path: Path, recipe: Recipe, seed: int, threads: int, *, writes: bool) -> RunFolder:
        """Start a run in a new or empty folder; ``writes`` is False in all but the leading process."""
        facts = {
            "shuzi": __version__,
            "torch": torch.__version__,
            "machine": platform.processor() or platform.machine(),
            "seed": seed,
            "threads": threads,
            "status": "running",
            "recipe": dataclasses.asdict(recipe),
        }
        folder = cls(path, facts, writes=writes)
        if writes:
            if (path / "run.json").exists():
                raise CheckpointError(
                    f"{path} holds a run already: go on with --resume {path}, or choose another --out."
                )
            try:
                path.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise CheckpointError(
                    f"{path} can't be made ({error.strerror}): choose another folder with --out."
                ) from error
            folder._write_facts()
        return folder

    @classmethod
    def reopen(cls, path: Path, *, writes: bool) -> RunFolder:
        """Open the folder of a run that was started before."""
        try:
            facts = json.loads((path / "run.json").read_text(encoding="utf-8"))
            return cls(path, facts, writes=writes)
        except OSError as error:
            raise CheckpointError(f"There is no run in {path}: it has no readable run.json.") from error
        except (ValueError, KeyError, TypeError) as error:
            raise CheckpointError(
                f"{path / 'run.json'} is damaged: train anew into another folder."
            ) from error

    def recipe_for(self, asked: Recipe | str | None) -> Recipe:
        """The run's recipe, after making sure that it is the one asked for, if one was."""
        if asked is not None:
            name = asked.name if isinstance(asked, Recipe) else load_recipe(asked).name
            if name != self.recipe.name:
                raise RecipeError(
                    f"The run in {self.path} is of recipe {self.recipe.name!r}, not {name!r}: leave it out."
                )
        return self.recipe

    def restore(self, state: State) -> None:
        """Bring a state to where the last checkpoint left it; a run without one starts at the beginning."""
        path = self.path / "last.safetensors"
        if path.exists():
            tensors, facts = load_checkpoint(path)
            state.restore(tensors, facts, path)
        if self._writes:
            self._rewind(state.step)

    def best_weights(self, net: nn.Module) -> dict[str, Tensor] | None:
        """The best epoch's weights, where the recipe selects them; checked against the net."""
        if self.recipe.select != "best":
            return None
        tensors, _ = load_checkpoint(self.path / "best.safetensors")
        check_fits(net, tensors, self.path)
        return tensors

    def save_best(self, net: nn.Module, row: Row) -> None:
        """Keep the weights that are the run's result so far."""
        facts = {
            "recipe": dataclasses.asdict(self.recipe),
            "seed": self.seed,
            "row": row,
            "shuzi": __version__,
        }
        save_checkpoint(self.path / "best.safetensors", net.state_dict(), facts)

    def save_last(self, state: State) -> None:
        """Keep everything needed to go on."""
        save_checkpoint(self.path / "last.safetensors", state.tensors(), state.facts())

    def save_metrics(self, history: list[Row]) -> None:
        """Write all rows anew, so that a resumed run has none twice."""
        text = "".join(json.dumps(row) + "\n" for row in history)
        write_whole(self.path / "metrics.jsonl", text.encode(), CheckpointError)

    def append_live(self, row: Row) -> None:
        """Add what can be seen of the run right now, for whoever watches it from outside."""
        try:
            with (self.path / "live.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
        except OSError as error:
            raise CheckpointError(
                f"{self.path / 'live.jsonl'} can't be written ({error.strerror}): free space."
            ) from error

    def _rewind(self, step: int) -> None:
        """Forget what a killed run told of steps that are trained again."""
        path = self.path / "live.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        whole = [line for line in lines if line.endswith("}") and json.loads(line)["step"] <= step]
        if len(whole) < len(lines):
            write_whole(path, "".join(f"{line}\n" for line in whole).encode(), CheckpointError)

    def finish(self, state: State, *, interrupted: bool) -> None:
        """Say in run.json how the run ended, and draw its curves."""
        from shuzi.training import curves

        self._facts |= {"status": "interrupted" if interrupted else "done", "seconds": state.seconds}
        self._facts |= {"steps": state.step, "result": state.history[-1] if state.history else None}
        self._write_facts()
        if state.history:
            write_whole(
                self.path / "curves.png", curves.draw(state.history, self.recipe.name), CheckpointError
            )

    def _write_facts(self) -> None:
        write_whole(
            self.path / "run.json", (json.dumps(self._facts, indent=2) + "\n").encode(), CheckpointError
        )


def read_run(run: Path) -> tuple[nn.Module, Recipe, dict[str, Any]]:
    """The net (evaluation mode), recipe and facts in a run's folder, or in one of its checkpoints.

    Raises `CheckpointError` where there is none or it doesn't fit its recipe.
    """
    path = run / "best.safetensors" if run.is_dir() else run
    tensors, facts = load_checkpoint(path)
    recipe = _recipe_of(facts, path)
    net = build(recipe.net)
    check_fits(net, tensors, path)
    net.load_state_dict(tensors)
    return net.eval(), recipe, facts


def _recipe_of(facts: dict[str, Any], path: Path) -> Recipe:
    """The recipe that a run or a checkpoint says it is of."""
    try:
        return parse_recipe(facts["recipe"])
    except RecipeError as error:
        raise CheckpointError(
            f"{path} is of a recipe that this version of shuzi can't follow: train anew. {error}"
        ) from error
