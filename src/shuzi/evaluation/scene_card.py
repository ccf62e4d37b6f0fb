"""The card of weights that a run on drawn scenes left."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from torch import nn

from shuzi import __version__
from shuzi.evaluation.card import commit
from shuzi.files import write_whole
from shuzi.training.export_reader import Difference
from shuzi.training.scene_run import BEGAN, SceneRecipe

_DATA = (
    "MNIST, split fit; UNIPEN train_r01_v07 (International Unipen Foundation, CC BY 4.0) as pen strokes; "
    "digits and marks invented by program; handwriting fonts under open licences; "
    "letters of matplotlib's fonts; Chinese characters of fonts under open licences"
)


def write_scene_card(
    weights: Path,
    facts: dict[str, Any],
    difference: Difference,
    run: tuple[nn.Module, SceneRecipe, int, int],
    folder: Path,
) -> dict[str, Any]:
    """Write the card beside a weights file and return it.

    `facts`: what only these weights have: name, title, calibration, scores. `run`: net, recipe, seed, steps;
    `folder`: the run's.
    """
    net, recipe, seed, steps = run
    card = {
        **facts,
        "licence": "Apache-2.0",
        "data": _DATA,
        "parameters": sum(parameter.numel() for parameter in net.parameters()),
        "parity": dataclasses.asdict(difference),
        "seed": seed,
        "steps": steps,
        "shuzi": __version__,
        "commit": commit(),
        "recipe": dataclasses.asdict(recipe),
    }
    if (began := folder / BEGAN).exists():
        card["began"] = json.loads(began.read_text("utf-8"))
    write_whole(weights.with_suffix(".json"), (json.dumps(card, indent=2) + "\n").encode())
    return card
