"""A trained detector -> the weights file of the reader, calibrated on drawn scenes, with its card."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from shuzi import __version__
from shuzi.data.scenes import Scenes, draw_scenes, load_stock
from shuzi.data.scenes.draw import NUMBER, PAGE
from shuzi.evaluation.card import commit
from shuzi.files import write_whole
from shuzi.shapes import Float
from shuzi.training.detection import targets
from shuzi.training.export_reader import ExportableReader, export_reader
from shuzi.training.reader import read_run, scaled

_SCENES = 600  # of each size, drawn with the writers for validation
_SEED = 20261126
_DATA = (
    "MNIST, split fit; UNIPEN train_r01_v07 (International Unipen Foundation, CC BY 4.0) as pen strokes; "
    "digits and marks invented by program; handwriting fonts under the OFL; letters of matplotlib's fonts"
)


def export_reader_run(run: Path, out: Path) -> dict[str, Any]:
    """Export a run of `training.reader` to ONNX, with its card beside it; returns the card.

    Temperatures are fitted on scenes drawn with other writers than those trained on, and the card says what
    the detector scores there.
    """
    net, recipe, seed, steps = read_run(run)
    stock = load_stock("validation", _SEED)
    rng = np.random.default_rng(_SEED)
    scenes = [draw_scenes(stock, _SCENES, rng), draw_scenes(stock, _SCENES // 3, rng, PAGE)]
    facts = [_at_digits(net, part) for part in scenes]
    logits, labels = torch.cat([fact[0] for fact in facts]), torch.cat([fact[1] for fact in facts])
    tried = torch.from_numpy(np.geomspace(0.4, 2.5, 80)).float()
    losses = [float(F.cross_entropy(logits / t, labels)) for t in tried]
    temperature = float(tried[int(np.argmin(losses))])
    model = ExportableReader(net, temperature)
    difference = export_reader(model, out, [part.images[0] for part in scenes])
    card = {
        "name": "reader",
        "title": "The reader's detector: finds digits wherever they stand",
        "licence": "Apache-2.0",
        "data": _DATA,
        "parameters": sum(parameter.numel() for parameter in net.parameters()),
        "temperature": temperature,
        "scores": {
            "data": f"{_SCENES} drawn numbers of {NUMBER[1]}x{NUMBER[0]} and {_SCENES // 3} parts of pages, "
            "writers for validation",
            "digits right where there is one": float((logits.argmax(1) == labels).float().mean()),
        },
        "parity": {"largest_difference": difference},
        "seed": seed,
        "steps": steps,
        "shuzi": __version__,
        "commit": commit(),
        "recipe": dataclasses.asdict(recipe),
    }
    write_whole(out.with_suffix(".json"), (json.dumps(card, indent=2) + "\n").encode())
    return card


@torch.no_grad()
def _at_digits(net: nn.Module, scenes: Scenes) -> tuple[Float[Tensor, "m 10"], Tensor]:
    """The logits of the values in the middle of every digit, and the values."""
    images = torch.from_numpy(scenes.images)
    maps = torch.cat([net(scaled(images[i : i + 20])) for i in range(0, len(images), 20)])
    wanted = targets(torch.from_numpy(scenes.digits), *scenes.images.shape)
    scene, row, column = (wanted.middle == 1).nonzero(as_tuple=True)
    return maps[scene, 1:11, row, column], wanted.value[scene, row, column]
