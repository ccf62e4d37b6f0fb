"""Training the close-up on digits of drawn scenes, each seen by itself."""

from __future__ import annotations

import json
import math
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from importlib import resources
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from shuzi.data.scenes.closeups import SIDE as DRAWN_SIDE
from shuzi.data.scenes.closeups import draw_close_ups
from shuzi.errors import WeightsError
from shuzi.nets.closeup import SIDE, CloseUp
from shuzi.shapes import Float, Int64, UInt8
from shuzi.training.precision import autocast, keep_freed_memory, prefer_channels_last
from shuzi.training.reader import scaled
from shuzi.training.reader_state import ReaderState, result_in
from shuzi.training.scene_feed import rounds
from shuzi.training.seeds import seed_for

_ROUND = 32  # batches drawn at once and shuffled before they are seen again
_SAVE_EVERY = 500  # steps
# Standard deviations of how a close-up varies: size and width as powers, slant, place in pixels, contrast.
_ZOOM, _STRETCH, _SLANT, _SHIFT, _GAIN = 0.08, 0.06, 0.08, 1.6, 0.2


@dataclass(frozen=True)
class CloseUpRecipe:
    """All that determines a training run of the close-up, but for the seed."""

    width: int
    steps: int
    batch: int
    repeats: int
    """How often a digit is seen, each time varied."""
    hurry: float
    """The share of lines that are written in a hurry."""
    learning_rate: float
    weight_decay: float
    warmup: int
    dropout: float
    smoothing: float
    average: float


def load_close_up_recipe() -> CloseUpRecipe:
    """The shipped recipe."""
    file = resources.files("shuzi").joinpath("recipes/reading/closeup.toml")
    return CloseUpRecipe(**tomllib.loads(file.read_text("utf-8")))


def is_close_up_run(folder: Path) -> bool:
    """Whether `train_close_up` made this folder, so that it can go on there."""
    try:
        return bool(json.loads((folder / "run.json").read_text("utf-8"))["closeup"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def train_close_up(recipe: CloseUpRecipe, out: Path, seed: int = 0, threads: int | None = None) -> nn.Module:
    """Train, or go on with the run in `out`; `last.safetensors` there is its state, every 500 steps.

    Needs UNIPEN, imported, and npm for the fonts; raises `DataError` where they can't be had.
    """
    keep_freed_memory()
    if threads is not None:
        torch.set_num_threads(threads)
    torch.manual_seed(seed)
    net = CloseUp(recipe.width, recipe.dropout)
    prefer_channels_last(net)
    optimiser = torch.optim.AdamW(
        net.parameters(), recipe.learning_rate, betas=(0.9, 0.99), weight_decay=recipe.weight_decay
    )
    out.mkdir(parents=True, exist_ok=True)
    state = ReaderState(net, optimiser)
    start = state.load(out / "last.safetensors")
    (out / "run.json").write_text(json.dumps({"closeup": True, "recipe": asdict(recipe), "seed": seed}))
    started, recent = time.monotonic(), 0.0
    net.train()
    for step, images, values in _batches(recipe, seed, start):
        torch.manual_seed(seed_for(seed, step))
        for group in optimiser.param_groups:
            group["lr"] = _rate(recipe, step)
        with autocast("auto"):
            logits = net(varied(scaled(torch.from_numpy(images))))
        loss = F.cross_entropy(logits.float(), torch.from_numpy(values), label_smoothing=recipe.smoothing)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        recent = recent * 0.98 + float(loss.detach()) * 0.02
        state.update(min(recipe.average, (step + 1) / (step + 10)))
        done = step + 1
        if done % 100 == 0:
            mean = recent / (1 - 0.98 ** (done - start))
            line = {"step": done, "seconds": round(time.monotonic() - started, 1), "loss": round(mean, 4)}
            with (out / "metrics.jsonl").open("a") as metrics:
                metrics.write(json.dumps(line) + "\n")
        if done % _SAVE_EVERY == 0 or done == recipe.steps:
            state.save(out / "last.safetensors", done)
    net.load_state_dict(state.result)
    return net.eval()


def read_close_up_run(folder: Path) -> tuple[nn.Module, CloseUpRecipe, int, int]:
    """What a run has so far: an averaged net, recipe, seed and steps; `WeightsError` if there is none."""
    try:
        facts = json.loads((folder / "run.json").read_text("utf-8"))
        state = load_file(folder / "last.safetensors")
        recipe = CloseUpRecipe(**facts["recipe"])
        net = CloseUp(recipe.width, recipe.dropout)
        net.load_state_dict(result_in(state))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise WeightsError(f"{folder} holds no run of the close-up ({error}): train one first.") from None
    return net.eval(), recipe, int(facts["seed"]), int(state["done"])


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
                if step >= recipe.steps:
                    return
                if step >= start:
                    chosen = places[offset * recipe.batch : (offset + 1) * recipe.batch]
                    yield step, images[chosen], values[chosen]


def _rate(recipe: CloseUpRecipe, step: int) -> float:
    """Up within `warmup`, and down along half a cosine."""
    falling = (1 + math.cos(math.pi * step / recipe.steps)) / 2
    return recipe.learning_rate * min(1.0, (step + 1) / recipe.warmup) * falling
