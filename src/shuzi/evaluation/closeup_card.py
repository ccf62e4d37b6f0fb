"""A trained close-up -> its weights file, calibrated on drawn scenes, with its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from shuzi.data.scenes import load_stock
from shuzi.data.scenes.closeups import SIDE as DRAWN_SIDE
from shuzi.data.scenes.closeups import draw_close_ups
from shuzi.evaluation.scene_card import write_scene_card
from shuzi.nets.closeup import SIDE
from shuzi.training.closeup import read_close_up_run
from shuzi.training.export import fit_temperature
from shuzi.training.export_closeup import ExportableCloseUp, export_close_up
from shuzi.training.reader import scaled

_COUNT = 10_000
_ROUNDED_FOR = 500  # whose ranges the 8 bits are fitted to
_SEED = 20261127


def export_close_up_run(run: Path, out: Path) -> dict[str, Any]:
    """Export a run of `training.closeup` to ONNX, with its card beside it; returns the card.

    The temperature is fitted on close-ups by other writers than those trained on, and the card says what the
    net scores there.
    """
    left = read_close_up_run(run)
    net, recipe, *_ = left
    rng = np.random.default_rng(_SEED)
    stock = load_stock("validation", _SEED)
    drawn, values = draw_close_ups(stock, rng, count=_COUNT, hurry=recipe.hurry)
    edge = (DRAWN_SIDE - SIDE) // 2
    patches = np.ascontiguousarray(drawn[:, edge:-edge, edge:-edge])
    with torch.no_grad():
        parts = [net(scaled(torch.from_numpy(patches[i : i + 500]))) for i in range(0, _COUNT, 500)]
    given = F.softmax(torch.cat(parts), dim=1).numpy()
    temperature = fit_temperature(given, values)
    difference = export_close_up(ExportableCloseUp(net, temperature), out, patches[:_ROUNDED_FOR])
    facts = {
        "name": "closeup",
        "title": "The reader's second opinion: what a digit is, seen by itself",
        "temperature": temperature,
        "scores": {
            "data": f"{_COUNT} close-ups of drawn scenes, writers for validation",
            "digits right": float((given.argmax(1) == values).mean()),
        },
    }
    return write_scene_card(out, facts, difference, left, run)
