"""Training the reader's detector on drawn scenes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from shuzi.data.scenes import Scenes
from shuzi.models import READER
from shuzi.nets.detector import Detector
from shuzi.reading.contrast import PAPER, UNIT
from shuzi.shapes import Float, UInt8
from shuzi.training.detection import losses, targets
from shuzi.training.precision import autocast
from shuzi.training.scene_feed import draw_batches, rounds
from shuzi.training.scene_run import SceneRecipe, begin, read_scene_run

_ROUND = 64  # batches drawn at once and shuffled before they are seen again
_NAMES = ("middles", "values", "boxes")


@dataclass(frozen=True)
class ReaderRecipe(SceneRecipe):
    """All that determines a training run of the detector, but for the seed."""

    stages: Sequence[Sequence[int]]
    head: int
    batch: int
    repeats: int
    """How often a scene is seen, each time moved, and with another contrast and noise."""
    pages: float


def load_reader_recipe(path: Path | None = None) -> ReaderRecipe:
    """The shipped recipe, or the one in a TOML file."""
    file = path or resources.files("shuzi").joinpath("recipes/reading/reader.toml")
    return ReaderRecipe(**tomllib.loads(file.read_text("utf-8")))


def scaled(images: UInt8[Tensor, "n h w"]) -> Float[Tensor, "n 1 h w"]:
    """Pictures as `reading.contrast` gives them -> the net's input: paper 0, strongest ink 2."""
    return levels(images).unsqueeze(1).contiguous(memory_format=torch.channels_last)


def levels(images: UInt8[Tensor, ...]) -> Float[Tensor, ...]:
    """Pixels as `reading.contrast` gives them -> paper 0, strongest ink 2."""
    return (images.float() - PAPER) * (2 / UNIT)


def train_reader(recipe: ReaderRecipe, out: Path, seed: int = 0, threads: int | None = None) -> nn.Module:
    """Train, or go on with the run in `out`; `last.safetensors` there is its state, every 500 steps.

    Needs UNIPEN, imported, and npm for the fonts; raises `DataError` where they can't be had.
    """
    run = begin(READER, build_detector, recipe, out, seed, threads)
    for step, scenes in _batches(recipe, seed, run.start):
        run.set_rate(step)
        loss = learn(run.net, run.optimiser, scenes, np.random.default_rng((seed, step, 2)))
        run.took(step, _NAMES, loss)
    return run.result()


def read_run(folder: Path) -> tuple[Detector, ReaderRecipe, int, int]:
    """What a run has so far: an averaged net, recipe, seed and steps; `WeightsError` if there is none."""
    return read_scene_run(folder, READER, build_detector, ReaderRecipe)


def build_detector(recipe: ReaderRecipe) -> Detector:
    """The recipe's net, its weights as they begin."""
    return Detector(recipe.stages, recipe.head)


def _batches(recipe: ReaderRecipe, seed: int, start: int) -> Iterator[tuple[int, Scenes]]:
    per_round = _ROUND * recipe.repeats
    draw = partial(draw_batches, batches=_ROUND, batch=recipe.batch, pages=recipe.pages, hurry=recipe.hurry)
    with closing(rounds(draw, seed, start // per_round)) as feed:
        for number, drawn in enumerate(feed, start // per_round):
            order = np.random.default_rng((seed, number, 1))
            places = np.concatenate([order.permutation(_ROUND) for _ in range(recipe.repeats)])
            for offset, place in enumerate(places):
                step = number * per_round + offset
                if step >= recipe.total:
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
