"""Runs on drawn scenes that begin with weights of a file, and learn only their last cycles anew."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from shuzi.data.scenes import draw_scenes, load_stock
from shuzi.data.scenes.closeups import draw_close_ups
from shuzi.errors import TrainingError, WeightsError
from shuzi.models import READER, load_detector
from shuzi.nets.fold import unfold
from shuzi.shapes import Float
from shuzi.training.closeup import build_close_up, load_close_up_recipe, varied
from shuzi.training.import_reader import import_close_up, import_reader
from shuzi.training.reader import build_detector, load_reader_recipe, scaled
from shuzi.training.scene_run import BEGAN, STATE, SceneRecipe
from shuzi.training.scene_state import SceneState

_PICTURES = 256  # that batch normalisation is fitted to


def begin_with(weights: str, kind: str, out: Path, seed: int) -> None:
    """Write into `out` a run of `kind`, the detector or the close-up, as it were before the cycles that its
    recipe averages, with the weights of a detector, shipped or in a file, or of the close-up it comes with.

    The result is the mean of these weights and the new ones, which reads better than either. Raises
    `WeightsError` where `weights` are none of the recipe's net, `TrainingError` where `out` holds a run, and
    `DataError` where what scenes are drawn from can't be had.
    """
    if (out / STATE).exists():
        raise TrainingError(f"{out} holds a run: go on with --resume {out}, or give another --out.")
    folded, graph = import_reader(weights)
    detector = load_detector(weights)
    stock, rng = load_stock("fit", seed), np.random.default_rng((seed, 3))
    recipe: SceneRecipe
    net: nn.Module
    pictures: Float[Tensor, "n 1 h w"]
    if kind == READER:
        recipe = of_detector = load_reader_recipe()
        net, card = build_detector(of_detector), detector.card
        pictures = scaled(torch.from_numpy(draw_scenes(stock, _PICTURES, rng, hurry=recipe.hurry).images))
    else:
        recipe = of_close_up = load_close_up_recipe()
        net, folded = build_close_up(of_close_up), import_close_up(graph)[0]
        assert detector.close_up is not None  # there is none without
        card = detector.close_up.card
        drawn, _ = draw_close_ups(stock, rng, count=_PICTURES, hurry=recipe.hurry)
        torch.manual_seed(seed)
        pictures = varied(scaled(torch.from_numpy(drawn)))
    try:
        unfold(folded, net, pictures)
    except (AttributeError, RuntimeError):
        raise WeightsError(
            f"{weights} is a net of another shape than the recipe's: start with others."
        ) from None
    out.mkdir(parents=True, exist_ok=True)
    (out / BEGAN).write_text(json.dumps({name: card.get(name) for name in ("steps", "seed", "commit")}))
    state = SceneState(net, torch.optim.AdamW(net.parameters()))
    state.mean = state.average  # of which the cycles to come will be half
    state.save(out / STATE, recipe.before)
