"""`shuzi train`: train a net by a recipe."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shuzi.errors import RecipeError
from shuzi.models import CLOSE_UP, READER


def train(
    recipe: str | None = None,
    /,
    *,
    budget: Literal["2s", "10s", "1m", "10m", "best"] | None = None,
    seed: int = 0,
    epochs: float | None = None,
    add: str | None = None,
    settings: Annotated[list[str] | None, Parameter(name="--set", negative=())] = None,
    out: Path | None = None,
    resume: Path | None = None,
    start: str | None = None,
    threads: int | None = None,
    tensorboard: bool = False,
    quiet: bool = False,
) -> int | None:
    """Train a net by a recipe; leave run.json, metrics.jsonl, curves.png, best and last.safetensors.

    Ctrl-C stops after the step at hand; `shuzi train --resume DIR` goes on from there, as it does after a
    crash, to the same bits. Several processes train together under `torchrun --nproc-per-node N -m shuzi
    train ...`.

    Parameters
    ----------
    recipe
        A recipe's name (`shuzi recipes` lists them) or a TOML file; or "reader", the detector with which
        `shuzi read` finds digits: it takes one to four hours, and leaves reader.onnx, which --weights takes;
        or "closeup", with which it looks at each digit again: it takes a half to two hours, and leaves
        closeup.onnx.
    budget
        Instead of a recipe: how long to train, on two cores; the recipe that makes the most of it is taken.
    seed
        Decides the first weights, the order of the pictures, dropout and augmentation.
    epochs
        How many passes over the data, instead of the recipe's.
    add
        More labelled digits to train on: corrections (those made on the page of `shuzi serve`), or a path.
    settings
        A setting to change, such as optimiser.learning_rate=0.05; may be given several times.
    out
        The folder to make; by default runs/RECIPE-sSEED, numbered if that exists.
    resume
        The folder of a run that was stopped: go on with it.
    start
        With "reader" or "closeup": the shipped "reader", or a file of another's weights, to begin with. Only
        the last cycles are learned then, in a third of the time or less; the result is the mean of both.
    threads
        How many cores to use; by default all.
    tensorboard
        Write TensorBoard events into the run's folder too.
    quiet
        Say nothing but the result.
    """
    if resume is not None and any(given is not None for given in (out, budget, epochs, add, settings, start)):
        raise RecipeError("A resumed run keeps its folder and settings: give nothing but --resume.")
    if budget is not None and recipe is not None:
        raise RecipeError(f"--budget {budget} chooses the recipe: leave {recipe!r} out, or the budget.")
    try:
        from shuzi.training.recipe import BUDGETS, load_recipe
        from shuzi.training.scene_run import is_scene_run
        from shuzi.training.trainer import train as run_training
    except ModuleNotFoundError as error:
        from shuzi.errors import MissingExtraError

        raise MissingExtraError("Training") from error

    for name in (READER, CLOSE_UP):
        if recipe == name or (resume is not None and is_scene_run(resume, name)):
            if any(given is not None for given in (epochs, add, settings)) or tensorboard:
                raise RecipeError(
                    f"The {name} learns from scenes: give only --seed, --out, --resume, --start, --threads."
                )
            folder = resume or out or _free_folder(Path("runs"), f"{name}-s{seed}")
            return _train_on_scenes(name, folder, seed, threads, start)
    if start is not None:
        raise RecipeError("--start is for the reader and the closeup: other nets begin with random weights.")
    chosen = None
    recipe = BUDGETS[budget] if budget is not None else recipe
    if recipe is not None:
        changes = [*(settings or []), *([] if epochs is None else [f"schedule.epochs={epochs}"])]
        changes += [] if add is None else [f"data.add={json.dumps(add)}"]
        chosen = load_recipe(recipe, changes)
        if resume is None and out is None:
            out = _free_folder(Path("runs"), f"{chosen.name}-s{seed}")
    run = run_training(
        chosen, seed=seed, out=out, resume=resume, threads=threads, show=not quiet, tensorboard=tensorboard
    )
    if run.interrupted:
        print(f"Stopped. Go on with: shuzi train --resume {run.folder}", file=sys.stderr)
        return 130
    if run.leads:
        from shuzi.evaluation.evaluate import score_net

        score = score_net(run.net, run.recipe)
        found = [row["validation_accuracy"] for row in run.history if row["validation_accuracy"] is not None]
        validation = ""
        if found:
            kept = max(found) if run.recipe.select == "best" else found[-1]
            validation = f"  validation {kept:.2%}"
        print(f"{run.recipe.name}: test {score.accuracy:.2%}{validation}  {run.seconds:.1f} s  {run.folder}")
    return None


def _train_on_scenes(
    name: str, folder: Path, seed: int, threads: int | None, start: str | None
) -> int | None:
    from shuzi.evaluation.closeup_card import export_close_up_run
    from shuzi.evaluation.reader_card import export_reader_run
    from shuzi.training.closeup import load_close_up_recipe, train_close_up
    from shuzi.training.going_on import begin_with
    from shuzi.training.reader import load_reader_recipe, train_reader

    try:
        if start is not None:
            begin_with(start, name, folder, seed)
        if name == READER:
            train_reader(load_reader_recipe(), folder, seed, threads)
        else:
            train_close_up(load_close_up_recipe(), folder, seed, threads)
    except KeyboardInterrupt:
        print(f"Stopped. Go on with: shuzi train --resume {folder}", file=sys.stderr)
        return 130
    weights = folder / f"{name}.onnx"
    card = (export_reader_run if name == READER else export_close_up_run)(folder, weights)
    right = card["scores"]["digits right"]
    print(f"{name}: {right:.2%} of drawn digits, other writers  {weights}")
    return None


def _free_folder(parent: Path, name: str) -> Path:
    number = 1
    while (folder := parent / (name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    return folder
