"""Model cards: what a weights file was trained on, how, and what it scores, beside it as JSON."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from pathlib import Path
from typing import Any

from shuzi import __version__
from shuzi.data.mnist import load_dataset
from shuzi.evaluation.metrics import score
from shuzi.files import write_whole
from shuzi.training.export import Exportable, export, fit_temperature, probabilities, shrink
from shuzi.training.folder import read_run
from shuzi.training.recipe import Recipe


def export_run(run: Path, out: Path | None = None) -> tuple[Path, dict[str, Any]]:
    """Export a run's result to ONNX with its card; returns the file's path and the card.

    Confidence is calibrated on the validation digits that the recipe left out; a recipe that trains on all
    of `train` leaves none and says itself at what temperature it is right.
    """
    net, recipe, facts = read_run(run)
    parameters = sum(parameter.numel() for parameter in net.parameters())
    shrink(net)
    path = out or run / f"{recipe.name}.onnx"
    temperature = recipe.temperature
    if recipe.data.train == "fit" and recipe.loss.decode == "class":
        validation = load_dataset(recipe.data.source, "validation")
        given = probabilities(Exportable(net, recipe), validation.images)
        temperature = fit_temperature(given, validation.labels)
    model = Exportable(net, recipe, temperature)
    teacher = dataclasses.replace(recipe.teacher, run="")  # where its folder lay is nobody else's concern
    test = load_dataset(recipe.data.source, "test")
    parity = export(model, path, test.images)
    scores = score(probabilities(model, test.images), test.labels)
    card = {
        "name": recipe.name,
        "title": recipe.title,
        "licence": "Apache-2.0",
        "data": _data(recipe),
        "parameters": parameters,
        "temperature": temperature,
        "scores": {
            "data": f"{recipe.data.source}, split test, {len(test.labels):,} pictures",
            "accuracy": scores.accuracy,
            "log_loss": scores.log_loss,
            "calibration_error": scores.calibration_error,
        },
        "parity": dataclasses.asdict(parity),
        "seed": facts["seed"],
        "shuzi": __version__,
        "commit": commit(),
        "recipe": dataclasses.asdict(recipe) | {"teacher": dataclasses.asdict(teacher)},
    }
    write_whole(path.with_suffix(".json"), (json.dumps(card, indent=2) + "\n").encode())
    return path, card


def _data(recipe: Recipe) -> str:
    """What was trained on, with the credit that licences ask for."""
    extra, parts = recipe.extra, [f"{recipe.data.source}, split {recipe.data.train}"]
    if extra.share and extra.unipen:
        parts.append("UNIPEN train_r01_v07 (International Unipen Foundation, CC BY 4.0) as pen strokes")
    if extra.share and extra.invented:
        parts.append("digits invented by program")
    if extra.share and extra.fonts:
        parts.append("handwriting fonts under the OFL")
    return "; ".join(parts)


def commit() -> str | None:
    """The commit that shuzi's code is at, where it runs from a checkout."""
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or None
