"""Training the close-up on digits of drawn scenes, each seen by itself."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from shuzi.data.scenes.closeups import SIDE as DRAWN_SIDE
from shuzi.data.scenes.closeups import draw_close_ups
from shuzi.models import CLOSE_UP
from shuzi.nets.closeup import SIDE, CloseUp
from shuzi.shapes import Float, Int64, UInt8
from shuzi.training.precision import autocast
from shuzi.training.reader import scaled
from shuzi.training.scene_feed import rounds
from shuzi.training.scene_run import SceneRecipe, begin, read_scene_run
from shuzi.training.seeds import seed_for

_ROUND = 32  # batches drawn at once and shuffled before they are seen again
# Standard deviations of how a close-up varies: size and width as powers, slant, place in pixels, contrast.
_ZOOM, _STRETCH, _SLANT, _SHIFT, _GAIN = 0.08, 0.06, 0.08, 1.6, 0.2


@dataclass(frozen=True)
class CloseUpRecipe(SceneRecipe):
    """All that determines a training run of the close-up, but for the seed."""

    width: int
    batch: int
    repeats: int
    """How often a digit is seen, each time varied."""
    dropout: float
    smoothing: float


def load_close_up_recipe() -> CloseUpRecipe:
    """The shipped recipe."""
    file = resources.files("shuzi").joinpath("recipes/reading/closeup.toml")
    return CloseUpRecipe(**tomllib.loads(file.read_text("utf-8")))


def train_close_up(recipe: CloseUpRecipe, out: Path, seed: int = 0, threads: int | None = None) -> nn.Module:
    """Train, or go on with the run in `out`; `last.safetensors` there is its state, every 500 steps.

    Needs UNIPEN, imported, and npm for the fonts; raises `DataError` where they can't be had.
    """
    run = begin(CLOSE_UP, build_close_up, recipe, out, seed, threads)
    for step, images, values in _batches(recipe, seed, run.start):
        torch.manual_seed(seed_for(seed, step))
        run.set_rate(step)
        with autocast("auto"):
            logits = run.net(varied(scaled(torch.from_numpy(images))))
        loss = F.cross_entropy(logits.float(), torch.from_numpy(values), label_smoothing=recipe.smoothing)
        run.optimiser.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(run.net.parameters(), 5.0)
        run.optimiser.step()
        run.took(step, ["loss"], [float(loss.detach())])
    return run.result()


def read_close_up_run(folder: Path) -> tuple[nn.Module, CloseUpRecipe, int, int]:
    """What a run has so far: an averaged net, recipe, seed and steps; `WeightsError` if there is none."""
    return read_scene_run(folder, CLOSE_UP, build_close_up, CloseUpRecipe)


def build_close_up(recipe: CloseUpRecipe) -> nn.Module:
    """The recipe's net, its weights as they begin."""
    return CloseUp(recipe.width, recipe.dropout)


def varied(drawn: Float[Tensor, "n 1 64 64"]) -> Float[Tensor, "n 1 48 48"]:
    """The middle of close-ups, each zoomed, stretched, slanted, moved and made fainter or darker."""
    count = len(drawn)
    size = SIDE / DRAWN_SIDE * torch.exp(_ZOOM * torch.randn(count))
    stretch = torch.exp(_STRETCH * torch.randn(count))
    place = torch.zeros(count, 2, 3)
    place[:, 0, 0], place[:, 1, 1] = size * stretch, size / stretch
    place[:, 0, 1] = _SLANT * torch.randn(count) * size
    place[:, :, 2] = 2 * _SHIFT / DRAWN_SIDE * torch.randn(count, 2)
    gain = torch.exp(_GAIN * torch.randn(count, 1, 1, 1))
    grid = F.affine_grid(place, [count, 1, SIDE, SIDE], align_corners=False)
    seen = F.grid_sample(drawn * gain, grid, padding_mode="border", align_corners=False)
    return seen.contiguous(memory_format=torch.channels_last)


def _batches(
    recipe: CloseUpRecipe, seed: int, start: int
) -> Iterator[tuple[int, UInt8[np.ndarray, "b 64 64"], Int64[np.ndarray, " b"]]]:
    per_round = _ROUND * recipe.repeats
    draw = partial(draw_close_ups, count=_ROUND * recipe.batch, hurry=recipe.hurry)
    with closing(rounds(draw, seed, start // per_round)) as feed:
        for number, (images, values) in enumerate(feed, start // per_round):
            order = np.random.default_rng((seed, number, 1))
            places = np.concatenate([order.permutation(len(values)) for _ in range(recipe.repeats)])
            for offset in range(per_round):
                step = number * per_round + offset
                if step >= recipe.total:
                    return
                if step >= start:
                    chosen = places[offset * recipe.batch : (offset + 1) * recipe.batch]
                    yield step, images[chosen], values[chosen]
