"""A recipe's training and validation pictures, in memory as one tensor each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from shuzi.data.corrections import load_corrections
from shuzi.data.extra import SHARES, build_pool
from shuzi.data.mnist import load_dataset
from shuzi.errors import DataError, RecipeError
from shuzi.shapes import Int64, UInt8
from shuzi.training.recipe import DataSettings, Recipe
from shuzi.training.seeds import seed_for

SCALES = {"unit": (0.0, 1.0), "signed": (0.5, 0.5), "standard": (0.1307, 0.3081)}
"""(mean, deviation) that each kind of scaling takes off and divides by, for pixels in [0, 1]."""


_ADDED_SHARE = 0.05
"""Which part of an epoch added digits make, where repeating each `_MOST_TIMES` times is enough for it."""
_MOST_TIMES = 100
_POOL_SEED = 1
"""The extra digits are drawn from one seed, whatever the run's: two runs differ in training only."""


@dataclass(frozen=True)
class Samples:
    """Pictures uint8 (N, 1, 28, 28) and labels int64 (N,), 0..9 or `NO_DIGIT`."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)


def scaled(images: Tensor, scale: str) -> Tensor:
    """Pictures uint8, or float32 in [0, 1], as the float32 that a net takes."""
    mean, deviation = SCALES[scale]
    pixels = images.float().div_(255) if images.dtype == torch.uint8 else images
    return pixels if (mean, deviation) == (0.0, 1.0) else pixels.sub(mean).div_(deviation)


@dataclass(frozen=True)
class TrainingSet:
    """What a run trains on: the data set's own pictures, then the pool of extra ones."""

    samples: Samples
    own: int
    """How many of the samples, from the first, are the data set's own: an epoch takes each of them once."""
    extra: int
    """How many of the others an epoch takes, at random."""

    def __len__(self) -> int:
        return self.own + self.extra

    def order(self, shuffle: str, seed: int, epoch: int) -> Tensor:
        """Indices int64 (len,) in the order in which ``epoch`` takes the pictures, drawn from ``seed``."""
        if shuffle == "never":
            return torch.arange(self.own)
        turn = epoch if shuffle == "epoch" else 0
        generator = torch.Generator().manual_seed(seed_for(seed, turn, -1))
        chosen = torch.arange(self.own)
        if self.extra:
            pool = torch.randperm(len(self.samples) - self.own, generator=generator)[: self.extra]
            chosen = torch.cat([chosen, self.own + pool])
        return chosen[torch.randperm(len(chosen), generator=generator)]


def load_training_set(recipe: Recipe, seed: int) -> tuple[TrainingSet, Samples | None]:
    """The pictures to train on, and those to validate on (None where the recipe leaves none)."""
    own, validation = load_samples(recipe.data, seed)
    if recipe.data.add:
        own = _joined(own, _added(recipe.data.add, len(own)))
    settings = recipe.extra
    if not settings.share:
        return TrainingSet(own, len(own), 0), validation
    wanted = round(len(own) * settings.share / (1 - settings.share)) if settings.share < 1 else 0
    if not 0 < wanted <= settings.pool or recipe.data.shuffle == "never":
        raise RecipeError(
            f"extra.share = {settings.share:g} doesn't go with a pool of {settings.pool:,}: make the pool as "
            "large as an epoch's share of it, and shuffle the data."
        )
    shares = {name: getattr(settings, name) for name in SHARES}
    pool = _samples(*build_pool(settings.pool, _POOL_SEED, shares))
    return TrainingSet(_joined(own, pool), len(own), wanted), validation


def load_samples(settings: DataSettings, seed: int) -> tuple[Samples, Samples | None]:
    """The pictures to train on, and those to validate on (None where the recipe leaves none).

    The test set is never opened here.
    """
    if settings.train == "fit":
        return _load(settings, "fit"), _load(settings, "validation")
    everything = _load(settings, "train")
    if settings.train == "train":
        return everything, None
    if len(everything) <= 50_000:
        raise RecipeError(
            f'data.train = "{settings.train}" needs more than 50,000 training pictures, and '
            f'{settings.source} has {len(everything):,}: use "fit".'
        )
    order = np.arange(len(everything))
    if settings.train == "random-50000":
        order = np.random.default_rng(seed).permutation(order)
    first, rest = (torch.from_numpy(part) for part in np.split(order, [50_000]))
    return (
        Samples(everything.images[first], everything.labels[first]),
        Samples(everything.images[rest], everything.labels[rest]),
    )


def _added(name: str, own: int) -> Samples:
    """The digits added to a data set of ``own`` pictures, each as often as gives them their weight."""
    if name == "corrections":
        images, labels = load_corrections()
    else:
        dataset = load_dataset(name, "train")
        images, labels = dataset.images, dataset.labels
    if not len(labels):
        raise DataError(f"There are no {name} to add: correct a digit on the page of `shuzi serve` first.")
    times = max(1, min(_MOST_TIMES, round(_ADDED_SHARE * own / len(labels))))
    return _samples(np.tile(images, (times, 1, 1)), np.tile(labels, times))


def _load(settings: DataSettings, split: str) -> Samples:
    dataset = load_dataset(settings.source, split)
    return _samples(dataset.images, dataset.labels)


def _samples(images: UInt8[np.ndarray, "n 28 28"], labels: Int64[np.ndarray, " n"]) -> Samples:
    # Copies: the loaded arrays are read-only.
    return Samples(torch.tensor(images).unsqueeze(1), torch.tensor(labels))


def _joined(first: Samples, second: Samples) -> Samples:
    return Samples(torch.cat([first.images, second.images]), torch.cat([first.labels, second.labels]))
