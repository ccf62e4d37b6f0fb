"""Scoring weights on a data set: shipped weights, an ONNX file, or what a training run left.

>>> import shuzi
>>> score = shuzi.evaluate("champion")  # doctest: +SKIP
>>> score.accuracy, score.interval  # doctest: +SKIP
(0.9975, (0.9963, 0.9983))

Only a training run needs torch, which is imported when one is opened.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shuzi.data.mnist import Dataset, load_dataset
from shuzi.errors import CheckpointError, MissingExtraError, WeightsError
from shuzi.evaluation.metrics import Score, score
from shuzi.models import load_classifier, shipped
from shuzi.shapes import Float32, UInt8
from shuzi.training.recipe import Recipe, recipe_names

if TYPE_CHECKING:
    from torch import nn

SPLITS = ("train", "fit", "validation", "test")

Probabilities = Callable[[UInt8[np.ndarray, "n 28 28"]], Float32[np.ndarray, "n 10"]]
"""Digits as MNIST frames them -> the probability of each class: what every evaluation takes."""


@dataclass(frozen=True, eq=False)
class Entrant:
    """Weights that can be scored: their name, and the function from pictures to probabilities."""

    name: str
    probabilities: Probabilities


def evaluate(weights: str | os.PathLike[str], data: str | os.PathLike[str] = "mnist") -> Score:
    """Score weights on a data set.

    ``weights``: the name of shipped weights, an .onnx file, the folder of a training run, a .safetensors
    checkpoint in it, or a recipe's name, which means the shipped weights trained by it. ``data``: "mnist",
    "fashion-mnist" or the path of one's own labelled digits, with ":validation" behind it for that split.

    Raises `WeightsError`, `CheckpointError`, `DataError`, or `MissingExtraError` for a run without torch.
    """
    return score_entrant(open_entrant(weights), *open_data(data))


def score_entrant(entrant: Entrant, dataset: Dataset, split: str) -> Score:
    """Score weights on an opened data set; `open_entrant` and `open_data` give what it takes."""
    return score(
        entrant.probabilities(dataset.images),
        dataset.labels,
        weights=entrant.name,
        data=dataset.name if split == "test" else f"{dataset.name}:{split}",
        label_errors=(dataset.name, split) == ("mnist", "test"),
    )


def score_net(net: nn.Module, recipe: Recipe, split: str = "test") -> Score:
    """Score a torch net on its recipe's own data."""
    dataset = load_dataset(recipe.data.source, split)
    return score_entrant(_of_net(net, recipe, recipe.name), dataset, split)


def open_data(data: str | os.PathLike[str]) -> tuple[Dataset, str]:
    """A data set by name or path, and which split of it: "mnist" is its test split, "mnist:fit" another."""
    name = os.fspath(data)
    prefix, colon, split = name.rpartition(":")
    if colon and split in SPLITS and not Path(name).exists():
        return load_dataset(prefix, split), split
    return load_dataset(name, "test"), "test"


def open_entrant(weights: str | os.PathLike[str]) -> Entrant:
    """Open weights of any kind that `evaluate` takes; raises as it does."""
    name = os.fspath(weights)
    path = Path(name)
    if name not in shipped():
        if path.is_dir() or path.suffix == ".safetensors":
            return _open_run(path)
        if name in recipe_names() and not path.is_file():
            raise WeightsError(
                f"No weights of the recipe {name!r} are shipped: "
                f"run `shuzi train {name}` first, then evaluate the folder that it leaves."
            )
    classifier = load_classifier(name, threads=os.cpu_count() or 1)
    return Entrant(name, classifier.probabilities)


def _open_run(path: Path) -> Entrant:
    try:
        from shuzi.training.folder import read_run
    except ModuleNotFoundError as error:
        raise MissingExtraError("Evaluating a training run") from error
    try:
        net, recipe, _ = read_run(path)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        # A checkpoint to resume from has no recipe; other files may claim a recipe that makes no sense.
        raise CheckpointError(
            f"{path} holds no trained net: name a run's folder or the best.safetensors in it."
        ) from error
    return _of_net(net, recipe, f"{recipe.name} ({path})")


def _of_net(net: Any, recipe: Recipe, name: str) -> Entrant:
    from shuzi.training.export import Exportable, probabilities

    model = Exportable(net, recipe, recipe.temperature)
    return Entrant(name, lambda images: probabilities(model, images))
