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
from shuzi.training.joining import join
from shuzi.training.recipe import Recipe


def export_run(*runs: Path, out: Path | None = None) -> tuple[Path, dict[str, Any]]:
    """Export a run's result to ONNX with its card; returns the file's path and the card.

    Several runs become one net that answers with the mean of their logits. Confidence is calibrated on the
    validation digits that the recipes left out; recipes that train on all of `train` leave none and say
    themselves at what temperature they are right.
    """
    opened = [read_run(run) for run in runs]
    net, recipe = join([(net, recipe) for net, recipe, _ in opened])
    parameters = sum(parameter.numel() for parameter in net.parameters())
    shrink(net)
    path = out or runs[0] / f"{recipe.name}.onnx"
    temperature = recipe.temperature
    if recipe.data.train == "fit" and recipe.loss.decode == "class":
        validation = load_dataset(recipe.data.source, "validation")
        given = probabilities(Exportable(net, recipe), validation.images)
        temperature = fit_temperature(given, validation.labels)
    model = Exportable(net, recipe, temperature)
    test = load_dataset(recipe.data.source, "test")
    parity = export(model, path, test.images)
    scores = score(probabilities(model, test.images), test.labels)
    parts = [{"seed": facts["seed"], "recipe": dataclasses.asdict(part)} for _, part, facts in opened]
    card = {
        "name": recipe.name,
        "title": recipe.title,
        "licence": "Apache-2.0",
        "data": "; ".join(dict.fromkeys(credit for _, part, _ in opened for credit in _data(part))),
        "parameters": parameters,
        "temperature": temperature,
        "scores": {
            "data": f"{recipe.data.source}, split test, {len(test.labels):,} pictures",
            "accuracy": scores.accuracy,
            "log_loss": scores.log_loss,
            "calibration_error": scores.calibration_error,
        },
        "parity": dataclasses.asdict(parity),
        "shuzi": __version__,
        "commit": commit(),
        **(parts[0] if len(parts) == 1 else {"parts": parts}),
    }
    write_whole(path.with_suffix(".json"), (json.dumps(card, indent=2) + "\n").encode())
    return path, card


def _data(recipe: Recipe) -> list[str]:
    """What was trained on, with the credit that licences ask for."""
    extra, parts = recipe.extra, [f"{recipe.data.source}, split {recipe.data.train}"]
    if extra.share and extra.unipen:
        parts.append("UNIPEN train_r01_v07 (International Unipen Foundation, CC BY 4.0) as pen strokes")
    if extra.share and extra.invented:
        parts.append("digits invented by program")
    if extra.share and extra.fonts:
        parts.append("handwriting fonts under open licences")
    return parts


def commit() -> str | None:
    """The commit that shuzi's code is at, where it runs from a checkout."""
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or None
