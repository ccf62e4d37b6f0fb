"""A trained detector -> the weights file of the reader, calibrated on drawn scenes, with its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from shuzi.data.scenes import Scenes, draw_scenes, load_stock
from shuzi.data.scenes.draw import NUMBER, PAGE
from shuzi.evaluation.scene_card import write_scene_card
from shuzi.shapes import Float
from shuzi.training.detection import targets
from shuzi.training.export import fit_temperature
from shuzi.training.export_reader import ExportableReader, export_reader
from shuzi.training.reader import read_run, scaled

_SCENES = 600  # of each size, drawn with the writers for validation
_ROUNDED_FOR = 64  # of each size, whose ranges the 8 bits are fitted to
_SEED = 20261126
_NEWTON_STEPS = 20  # the loss has one minimum, and it is reached by then
# Real paper and pens make the net see digits less clearly than ours do: chosen on the development pictures.
_PRIOR = 0.5
_LEAST_PEAK = -5.0  # a logit: lower peaks are never looked at


def export_reader_run(run: Path, out: Path) -> dict[str, Any]:
    """Export a run of `training.reader` to ONNX, with its card beside it; returns the card.

    Temperatures are fitted on scenes drawn with other writers than those trained on, and the card says what
    the detector scores there.
    """
    left = read_run(run)
    net = left[0]
    stock = load_stock("validation", _SEED)
    rng = np.random.default_rng(_SEED)
    scenes = [draw_scenes(stock, _SCENES, rng), draw_scenes(stock, _SCENES // 3, rng, PAGE)]
    looked = [_looked_at(net, part) for part in scenes]
    logits, values = (torch.cat([one[i] for one in looked]) for i in (0, 1))
    temperature = fit_temperature(F.softmax(logits, dim=1).numpy(), values.numpy())
    # Pictures that are handed to a reader hold numbers: words alone would make it doubt every 1.
    slope, offset = _fit_presence(*looked[0][2:])
    presence = (slope, offset + _PRIOR)
    model = ExportableReader(net, temperature, presence)
    pictures = [image for part in scenes for image in part.images[:_ROUNDED_FOR]]
    difference = export_reader(model, out, pictures)
    facts = {
        "name": "reader",
        "title": "The reader's detector: finds digits wherever they stand",
        "temperature": temperature,
        "presence": presence,
        "scores": {
            "data": f"{_SCENES} drawn numbers of {NUMBER[1]}x{NUMBER[0]} and {_SCENES // 3} parts of pages, "
            "writers for validation",
            "digits right": float((logits.argmax(1) == values).float().mean()),
        },
    }
    return write_scene_card(out, facts, difference, left, run)


@torch.no_grad()
def _looked_at(
    net: nn.Module, scenes: Scenes
) -> tuple[Float[Tensor, "m 10"], Tensor, Float[Tensor, " p"], Float[Tensor, " p"]]:
    """What the net says of every digit's value, at its middle, and the values; of every peak the logit that
    it is a digit's middle, and whether it is."""
    images = torch.from_numpy(scenes.images)
    maps = torch.cat([net(scaled(images[i : i + 20])) for i in range(0, len(images), 20)])
    wanted = targets(torch.from_numpy(scenes.digits), *scenes.images.shape)
    scene, row, column = (wanted.middle == 1).nonzero(as_tuple=True)
    middle = maps[:, 0]
    peaks = (middle == F.max_pool2d(middle, 3, 1, 1)) & (middle > _LEAST_PEAK)
    # The highest peak by each digit's middle is that digit; any other is none.
    near = F.max_pool2d((wanted.middle == 1).float(), 3, 1, 1) > 0
    return (
        maps[scene, 1:11, row, column],
        wanted.value[scene, row, column],
        middle[peaks],
        near[peaks].float(),
    )


def _fit_presence(logits: Float[Tensor, " p"], there: Float[Tensor, " p"]) -> tuple[float, float]:
    """The slope and offset of the logits with which their log-loss is least (Platt 1999)."""
    terms = np.stack([logits.numpy(), np.ones(len(logits))], axis=1).astype(np.float64)
    line = np.array([1.0, 0.0])
    for _ in range(_NEWTON_STEPS):
        p = 1 / (1 + np.exp(-terms @ line))
        curvature = (terms * (p * (1 - p))[:, None]).T @ terms + 1e-6 * np.eye(2)
        line -= np.linalg.solve(curvature, terms.T @ (p - there.numpy()))
    return float(line[0]), float(line[1])
