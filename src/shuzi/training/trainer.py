"""The training loop: recipe and seed in, trained net out, with everything needed to go on after a stop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from shuzi.data.augment import LOOKS, MOVES, disguise, move
from shuzi.errors import RecipeError, TrainingError
from shuzi.nets import build
from shuzi.training.curves import Events
from shuzi.training.distributed import Team
from shuzi.training.folder import RunFolder
from shuzi.training.interrupt import StopRequest
from shuzi.training.loss import chances, loss
from shuzi.training.optimisers import Optimiser, learning_rate
from shuzi.training.precision import autocast, keep_freed_memory, prefer_channels_last
from shuzi.training.progress import TrainingProgress
from shuzi.training.recipe import Recipe, load_recipe
from shuzi.training.samples import load_training_set, scaled
from shuzi.training.scoring import score
from shuzi.training.seeds import seed_for
from shuzi.training.state import Row, first_bad, new_state

_LOOK_SECONDS = 0.2
"""How often the loss is looked at, to show it and to notice that it is no longer a number."""
_SAVE_SECONDS = 30.0
"""How often a checkpoint is written within a long epoch; one is written after every epoch anyway."""


@dataclass(frozen=True)
class Run:
    """What `train` leaves."""

    recipe: Recipe
    seed: int
    net: nn.Module
    """The trained net in evaluation mode, with the weights that the recipe's ``select`` names."""
    history: list[Row]
    """A row an epoch, as in `metrics.jsonl`: epoch, step, loss, learning_rate, validation_accuracy and
    validation_loss (None without validation pictures), seconds since the start, samples_per_second."""
    seconds: float
    """Training time, data in memory to trained net, validation included."""
    folder: Path | None
    """Where run.json, metrics.jsonl and the checkpoints are; None if nothing was to be written."""
    interrupted: bool = False
    """True after Ctrl-C: `train(resume=folder)` goes on."""
    leads: bool = True
    """False in all but one of several processes that train together."""


def train(
    recipe: Recipe | str | None = None,
    *,
    seed: int = 0,
    out: Path | str | None = None,
    resume: Path | str | None = None,
    threads: int | None = None,
    show: bool = False,
    tensorboard: bool = False,
    on_epoch: Callable[[nn.Module, Row], None] | None = None,
) -> Run:
    """Train a net by a recipe (a `Recipe`, or its name or file).

    >>> run = shuzi.train("pytorch-cnn", seed=1, out="runs/cnn")  # doctest: +SKIP

    ``out`` is a new folder for checkpoints and figures (None: nothing is written); ``resume`` a folder that
    an interrupted or killed run left, which then goes on with its own recipe, seed and threads to the same
    bits. ``threads`` is how many cores torch may use. ``on_epoch`` is called after each epoch with the net
    (evaluation mode) and its row of figures. Ctrl-C and SIGTERM stop after the step at hand.

    Raises `RecipeError`, `DataError`, `CheckpointError` (disk), `TrainingError` (the loss is no number).
    """
    team = Team()
    folder = None
    if resume is not None:
        folder = RunFolder.reopen(Path(resume), writes=team.leads)
        recipe, seed, threads = folder.recipe_for(recipe), folder.seed, folder.threads
    elif recipe is None:
        raise RecipeError("Say which recipe to train: `shuzi recipes` lists them.")
    else:
        recipe = recipe if isinstance(recipe, Recipe) else load_recipe(recipe)
    if threads is not None:
        torch.set_num_threads(threads)
    if folder is None and out is not None:
        folder = RunFolder.create(Path(out), recipe, seed, torch.get_num_threads(), writes=team.leads)
    keep_freed_memory()
    try:
        show, tensorboard = show and team.leads, tensorboard and team.leads
        return _Trainer(recipe, seed, folder, team, show, tensorboard, on_epoch).run()
    finally:
        team.close()


class _Trainer:
    def __init__(
        self,
        recipe: Recipe,
        seed: int,
        folder: RunFolder | None,
        team: Team,
        show: bool,
        tensorboard: bool,
        on_epoch: Callable[[nn.Module, Row], None] | None,
    ) -> None:
        self.recipe, self.seed, self.folder, self.team, self.on_epoch = recipe, seed, folder, team, on_epoch
        self.set, self.validation = load_training_set(recipe, seed)
        self.samples = self.set.samples
        self.augments = any(vars(recipe.augment).values())
        self.moves = {name: getattr(recipe.augment, name) for name in MOVES}
        self.looks = {name: getattr(recipe.augment, name) for name in LOOKS}
        # Augmentation needs a background of 0, so there each batch is scaled by itself, after it.
        images = self.samples.images
        self.pictures = images if self.augments else scaled(images, recipe.data.scale)
        torch.manual_seed(seed_for(seed))
        self.net = build(recipe.net)
        prefer_channels_last(self.net)
        self.parameters = list(self.net.parameters())
        optimiser = Optimiser(self.net.named_parameters(), recipe.optimiser)
        if recipe.optimiser.batch < 1 or recipe.schedule.epochs <= 0:
            raise RecipeError("optimiser.batch and schedule.epochs must be above 0.")
        self.epoch_steps = math.ceil(len(self.set) / recipe.optimiser.batch)
        self.steps = max(1, round(recipe.schedule.epochs * self.epoch_steps))
        self.state = new_state(self.net, optimiser, self.epoch_steps, average=recipe.schedule.average > 0)
        if folder is not None:
            folder.restore(self.state)
        self.best = folder.best_weights(self.net) if folder is not None and self.state.history else None
        self.progress = TrainingProgress(recipe.name, self.steps, show=show)
        self.events = Events(folder.path / "tensorboard") if tensorboard and folder is not None else None

    def run(self) -> Run:
        state, team = self.state, self.team
        self.net.train()
        self.started = time.perf_counter() - state.seconds
        self.seen = state.step, state.seconds
        stopped = False
        try:
            with StopRequest() as stop:
                while state.step < self.steps and not stopped:
                    stopped = self._epoch(stop)
        finally:
            self.progress.close()
            if self.events is not None:
                self.events.close()
        interrupted = stopped and state.step < self.steps
        if self.folder is not None and team.leads:
            self.folder.finish(self.state, interrupted=interrupted)
        weights = state.result if self.best is None else self.best
        self.net.load_state_dict(weights)
        self.net.eval()
        folder = self.folder.path if self.folder is not None else None
        seconds, leads = state.seconds, team.leads
        return Run(self.recipe, self.seed, self.net, state.history, seconds, folder, interrupted, leads)

    def _epoch(self, stop: StopRequest) -> bool:
        """Train to the end of the current epoch, or of the run; True if asked to stop."""
        state, batch = self.state, self.recipe.optimiser.batch
        epoch, done = divmod(state.step, self.epoch_steps)
        last = min(self.epoch_steps, done + self.steps - state.step)
        order = self.set.order(self.recipe.data.shuffle, self.seed, epoch)
        looked = saved = time.perf_counter()
        for index in range(done, last):
            self._step(order[index * batch : (index + 1) * batch], index)
            now = time.perf_counter()
            ended = index + 1 == last
            if now - looked > _LOOK_SECONDS or ended:
                self._look(epoch, index)
                looked = now
            if ended:
                break
            stopping = self.team.agree(stop.requested)
            if stopping or now - saved > _SAVE_SECONDS:
                self._save()
                saved = now
            if stopping:
                return True
        self._finish_epoch(state.step / self.epoch_steps, last)
        return self.team.agree(stop.requested)

    def _step(self, chosen: Tensor, index: int) -> None:
        state, recipe = self.state, self.recipe
        chosen_here = self.team.share(chosen)
        torch.default_generator.manual_seed(seed_for(self.seed, state.step, self.team.rank))
        pictures = self.pictures.index_select(0, chosen_here)
        wanted = self.samples.labels.index_select(0, chosen_here)
        if recipe.extra.nothing:
            wanted = chances(wanted)
        if self.augments:
            moved = move(scaled(pictures, "unit"), **self.moves)
            pictures = scaled(disguise(moved, **self.looks), recipe.data.scale)
        # Entered anew at every step: autocast keeps its bfloat16 copies of the weights until it is left.
        with autocast(recipe.precision):
            outputs = self.net(pictures)
        lost = loss(outputs, wanted, recipe.loss)
        torch.autograd.backward(lost)
        self.team.average_gradients(self.parameters, len(chosen_here) / len(chosen))
        state.optimiser.step(self._rate(state.step))
        state.step += 1
        if state.average:
            state.update_average(recipe.schedule.average)
        state.losses[index] = lost.detach()

    def _rate(self, step: int) -> float:
        return learning_rate(step, self.steps, self.recipe.optimiser.learning_rate, self.recipe.schedule)

    def _look(self, epoch: int, index: int) -> None:
        state = self.state
        bad = first_bad(state.losses[: index + 1])
        if bad is not None:
            step = epoch * self.epoch_steps + bad
            raise TrainingError(
                f"The loss is no longer a number at step {step}: the learning rate "
                f"{self.recipe.optimiser.learning_rate:g} is probably too high; "
                f"try --set optimiser.learning_rate={self.recipe.optimiser.learning_rate / 10:g}."
            )
        seconds, batch = time.perf_counter() - self.started, self.recipe.optimiser.batch
        seen, since = self.seen
        rate = (state.step - seen) * batch / max(1e-9, seconds - since)
        self.seen = state.step, seconds
        loss = float(state.losses[index])
        self.progress.step(state.step, rate, loss)
        if self.folder is not None and self.team.leads:
            live = {"step": state.step, "steps": self.steps, "loss": loss}
            self.folder.append_live(live | {"samples_per_second": rate, "seconds": seconds})

    def _finish_epoch(self, epoch: float, steps: int) -> None:
        state = self.state
        self.team.average_buffers(self.net)
        trained = _copy(self.net)
        self.net.load_state_dict(state.result)
        self.net.eval()
        accuracy, loss = score(self.net, self.validation, self.recipe) if self.validation else (None, None)
        state.seconds = time.perf_counter() - self.started
        previous = state.history[-1]["seconds"] if state.history else 0.0
        row: Row = {
            "epoch": epoch,
            "step": state.step,
            "loss": float(state.losses[:steps].mean()),
            "learning_rate": self._rate(state.step - 1),
            "validation_accuracy": accuracy,
            "validation_loss": loss,
            "seconds": state.seconds,
            "samples_per_second": steps * self.recipe.optimiser.batch / max(1e-9, state.seconds - previous),
        }
        better = accuracy is not None and accuracy > state.best
        state.history.append(row)
        if self.recipe.select == "best" and better:
            self.best = _copy(self.net)
        if self.folder is not None and self.team.leads:
            if self.recipe.select == "last" or better:
                self.folder.save_best(self.net, row)
            self.folder.save_metrics(state.history)
        if self.events is not None:
            self.events.write(row)
        if self.on_epoch is not None and self.team.leads:
            called = time.perf_counter()
            self.on_epoch(self.net, row)
            self.started += time.perf_counter() - called  # the caller's time is not training time
        self.net.load_state_dict(trained)
        self.net.train()
        self._save()
        self.progress.epoch(row, self.recipe.schedule.epochs)

    def _save(self) -> None:
        self.state.seconds = time.perf_counter() - self.started
        if self.folder is not None and self.team.leads:
            self.folder.save_last(self.state)


def _copy(net: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in net.state_dict().items()}
