"""Training the reader's detector on drawn scenes."""

from __future__ import annotations

import json
import logging
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from importlib import resources
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from shuzi.data.scenes import Scenes
from shuzi.errors import WeightsError
from shuzi.nets.detector import Detector
from shuzi.reading.contrast import PAPER, UNIT
from shuzi.shapes import Float, UInt8
from shuzi.training.detection import losses, targets
from shuzi.training.precision import autocast, keep_freed_memory, prefer_channels_last
from shuzi.training.reader_state import ReaderState, result_in
from shuzi.training.scene_feed import draw_batches, rounds

_log = logging.getLogger("shuzi.training")
_ROUND = 64  # batches drawn at once and shuffled before they are seen again
_SAVE_EVERY = 500  # steps
_NAMES = ("middles", "values", "boxes")


@dataclass(frozen=True)
class ReaderRecipe:
    """All that determines a training run of the detector, but for the seed."""

    stages: Sequence[Sequence[int]]
    head: int
    steps: int
    batch: int
    repeats: int
    """How often a scene is seen, each time moved, and with another contrast and noise."""
    pages: float
    learning_rate: float
    weight_decay: float
    warmup: int
    decay: int
    """Steps, the last of `steps`, in which the learning rate falls to zero."""
    average: float
    cycles: int
    """After `steps`: how often the learning rate begins anew; the net is the mean of the cycles' ends."""
    cycle: int
    """Steps of each, in which the learning rate falls to zero."""
    cycle_rate: float


def load_reader_recipe(path: Path | None = None) -> ReaderRecipe:
    """The shipped recipe, or the one in a TOML file."""
    file = path or resources.files("shuzi").joinpath("recipes/reading/reader.toml")
    return ReaderRecipe(**tomllib.loads(file.read_text("utf-8")))


def scaled(images: UInt8[Tensor, "n h w"]) -> Float[Tensor, "n 1 h w"]:
    """Pictures as `reading.contrast` gives them -> the net's input: paper 0, strongest ink 2."""
    pixels = (images.float() - PAPER) * (2 / UNIT)
    return pixels.unsqueeze(1).contiguous(memory_format=torch.channels_last)


def is_reader_run(folder: Path) -> bool:
    """Whether `train_reader` made this folder, so that it can go on there."""
    try:
        return bool(json.loads((folder / "run.json").read_text("utf-8"))["reader"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def train_reader(recipe: ReaderRecipe, out: Path, seed: int = 0, threads: int | None = None) -> nn.Module:
    """Train, or go on with the run in `out`; `last.safetensors` there is its state, every 500 steps.

    Needs UNIPEN, imported, and npm for the fonts; raises `DataError` where they can't be had.
    """
    keep_freed_memory()
    if threads is not None:
        torch.set_num_threads(threads)
    torch.manual_seed(seed)
    net = Detector(recipe.stages, recipe.head)
    prefer_channels_last(net)
    optimiser = torch.optim.AdamW(
        net.parameters(), recipe.learning_rate, betas=(0.9, 0.99), weight_decay=recipe.weight_decay
    )
    out.mkdir(parents=True, exist_ok=True)
    state = ReaderState(net, optimiser)
    start = state.load(out / "last.safetensors")
    (out / "run.json").write_text(json.dumps({"reader": True, "recipe": asdict(recipe), "seed": seed}))
    started, recent = time.monotonic(), np.zeros(3)
    net.train()
    for step, scenes in _batches(recipe, seed, start):
        for group in optimiser.param_groups:
            group["lr"] = _rate(recipe, step)
        loss = learn(net, optimiser, scenes, np.random.default_rng((seed, step, 2)))
        recent = recent * 0.98 + np.array(loss) * 0.02
        state.update(min(recipe.average, (step + 1) / (step + 10)))
        done = step + 1
        if done % 100 == 0:
            weight = 1 - 0.98 ** (done - start)
            line = {"step": done, "seconds": round(time.monotonic() - started, 1)}
            line |= dict(zip(_NAMES, np.round(recent / weight, 4).tolist(), strict=True))
            with (out / "metrics.jsonl").open("a") as metrics:
                metrics.write(json.dumps(line) + "\n")
        cycles, place = divmod(done - recipe.steps, recipe.cycle)
        if cycles > 0 and place == 0:
            state.keep(cycles)
        if done % _SAVE_EVERY == 0 or done == _total(recipe):
            state.save(out / "last.safetensors", done)
    net.load_state_dict(state.result)
    return net.eval()


def read_run(folder: Path) -> tuple[nn.Module, ReaderRecipe, int, int]:
    """What a run has so far: an averaged net, recipe, seed and steps; `WeightsError` if there is none."""
    try:
        facts = json.loads((folder / "run.json").read_text("utf-8"))
        state = load_file(folder / "last.safetensors")
        recipe = ReaderRecipe(**facts["recipe"])
        net = Detector(recipe.stages, recipe.head)
        net.load_state_dict(result_in(state))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise WeightsError(f"{folder} holds no run of the reader ({error}): train one first.") from None
    return net.eval(), recipe, int(facts["seed"]), int(state["done"])


def _batches(recipe: ReaderRecipe, seed: int, start: int) -> Iterator[tuple[int, Scenes]]:
    per_round = _ROUND * recipe.repeats
    draw = partial(draw_batches, batches=_ROUND, batch=recipe.batch, pages=recipe.pages)
    with closing(rounds(draw, seed, start // per_round)) as feed:
        for number, drawn in enumerate(feed, start // per_round):
            order = np.random.default_rng((seed, number, 1))
            places = np.concatenate([order.permutation(_ROUND) for _ in range(recipe.repeats)])
            for offset, place in enumerate(places):
                step = number * per_round + offset
                if step >= _total(recipe):
                    return
                if step >= start:
                    yield step, drawn[place]


def learn(
    net: nn.Module, optimiser: torch.optim.Optimizer, scenes: Scenes, rng: np.random.Generator
) -> list[float]:
    """One step on one batch, varied anew; returns the three losses before it, as `losses` gives them."""
    images, digits = varied(scenes, rng)
    wanted = targets(torch.from_numpy(digits), *images.shape)
    with autocast("auto"):
        maps = net(scaled(torch.from_numpy(images)))
    parts = losses(maps, wanted)
    optimiser.zero_grad()
    torch.autograd.backward(parts[0] + parts[1] + 0.5 * parts[2])
    nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    optimiser.step()
    return [float(part.detach()) for part in parts]


def varied(scenes: Scenes, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Move a batch by up to 3 pixels and vary contrast and noise: a scene seen again isn't the same."""
    images, digits = scenes.images, scenes.digits.copy()
    dx, dy = (int(n) for n in rng.integers(-3, 4, 2))
    images = np.roll(images, (dy, dx), (1, 2))
    digits[:, 2:] += np.array([dx, dy, dx, dy], np.float32)
    gain = np.exp(rng.normal(0, 0.2, (len(images), 1, 1))).astype(np.float32)
    levels = (images.astype(np.float32) - PAPER) * gain + PAPER
    noise = rng.integers(-8, 9, images.shape, np.int8) * (rng.random((len(images), 1, 1)) < 0.3)
    return np.clip(levels + noise, 0, 255).astype(np.uint8), digits


def _total(recipe: ReaderRecipe) -> int:
    return recipe.steps + recipe.cycles * recipe.cycle


def _rate(recipe: ReaderRecipe, step: int) -> float:
    """Up within `warmup`, level, and down along a line within `decay`; in a cycle, up and down at once."""
    if step < recipe.steps:
        share = min(1.0, (step + 1) / recipe.warmup, (recipe.steps - step) / recipe.decay)
        return recipe.learning_rate * share
    place = (step - recipe.steps) % recipe.cycle
    return recipe.cycle_rate * min((place + 1) / recipe.warmup, (recipe.cycle - place) / recipe.cycle)
