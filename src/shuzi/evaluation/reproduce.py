"""Training the tutorials' systems and their mended twins, and what came of each beside what was claimed."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from shuzi.data.mnist import load_dataset
from shuzi.evaluation.own_pictures import own_picture_accuracy
from shuzi.training.export import Exportable, probabilities
from shuzi.training.recipe import Recipe, load_recipe, recipe_names
from shuzi.training.samples import Samples
from shuzi.training.scoring import score
from shuzi.training.trainer import train


@dataclass(frozen=True)
class Reproduction:
    """One recipe trained with several seeds. Accuracies are shares of 1, a value a seed."""

    recipe: str
    claim: str
    expected: float
    """The accuracy that the recipe says it reaches."""
    tolerance: float
    accuracy: list[float]
    """On the test set, of the weights that the recipe selects without looking at it."""
    peeked: list[float]
    """The best epoch's accuracy on the test set: what is reported when the epoch is chosen on test data."""
    own_pictures: list[float]
    """On drawn pictures of one's own, made 28x28 in the tutorial's way or, in a mended twin, by framing."""
    seconds: list[float]

    @property
    def as_expected(self) -> bool:
        """True where the mean accuracy is within the recipe's tolerance."""
        return abs(statistics.mean(self.accuracy) - self.expected) <= self.tolerance

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"as_expected": self.as_expected}


def tutorial_recipes() -> list[str]:
    """The recipes that imitate a tutorial, each followed by its mended twin."""
    return [name for name in recipe_names() if load_recipe(name).source.tutorial]


def reproduce(
    names: Sequence[str] | None = None,
    *,
    seeds: int = 3,
    out: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[Reproduction]:
    """Train each recipe (all tutorials' by default) with seeds 0, 1, ... and score it on the test set.

    ``out`` keeps each run, in a folder RECIPE-sSEED of its own.
    ``say`` is told what is trained next. The test set is opened here, not by the training code: the weights
    scored are those that the recipe keeps, and ``peeked`` shows how much choosing on test data flatters.
    """
    results = []
    for recipe in map(load_recipe, names or tutorial_recipes()):
        runs = []
        for seed in range(seeds):
            say(f"{recipe.name}, seed {seed}")
            runs.append(_run(recipe, seed, None if out is None else out / f"{recipe.name}-s{seed}"))
        accuracy, peeked, own, seconds = (list(column) for column in zip(*runs, strict=True))
        expected, tolerance = recipe.expected.accuracy / 100, recipe.expected.tolerance / 100
        claim = recipe.source.claim
        results.append(Reproduction(recipe.name, claim, expected, tolerance, accuracy, peeked, own, seconds))
    return results


def _run(recipe: Recipe, seed: int, folder: Path | None) -> tuple[float, float, float, float]:
    test = load_dataset(recipe.data.source, "test")
    samples = Samples(torch.tensor(test.images).unsqueeze(1), torch.tensor(test.labels))
    by_epoch: list[float] = []

    def peek(net: nn.Module, row: dict[str, Any]) -> None:
        by_epoch.append(score(net, samples, recipe)[0])

    run = train(recipe, seed=seed, out=folder, on_epoch=peek)
    if run.interrupted:
        raise KeyboardInterrupt
    accuracy, _ = score(run.net, samples, recipe)
    model = Exportable(run.net, recipe)
    own = own_picture_accuracy(lambda images: probabilities(model, images), recipe.source.own_picture)
    return accuracy, max(by_epoch), own, run.seconds
