"""Which pictures are fit, validation, train and test."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources

import numpy as np

from shuzi.data.parts import Part
from shuzi.errors import DataError
from shuzi.shapes import Bool, Int64

SPLITS = ("train", "fit", "validation", "test")
# Of data without a validation part, every sixth picture of each class is kept for it: 10,000 of 60,000.
_EVERY = 6


@functools.cache
def mnist_validation_indices() -> Int64[np.ndarray, " n"]:
    """The positions in MNIST's train split of its validation part, ascending: all digits of 92 writers.

    How they were chosen is written in the file's header and in docs/DATA.md.
    """
    text = resources.files("shuzi.data").joinpath("validation_indices.txt").read_text("ascii")
    indices = np.array([int(line) for line in text.splitlines() if not line.startswith("#")], np.int64)
    indices.flags.writeable = False
    return indices


def check_split(split: str) -> None:
    """Raise DataError unless ``split`` is the name of a split."""
    if split not in SPLITS:
        raise DataError(f"There is no split {split!r}; ask for {', '.join(SPLITS[:-1])} or {SPLITS[-1]}.")


def choose_split(parts: Mapping[str, Part], split: str, name: str) -> Part:
    """The part of a data set that ``split`` asks for; ``name`` is the data set's in error messages.

    Data that come without a split (``all``) are train and test alike. Where there is no validation part,
    every sixth picture of each class, in the order of the data, is validation, and the others are fit.
    DataError where the data have no such split or no labels to divide by.
    """
    check_split(split)
    if split in parts:
        return parts[split]
    if split == "train" and "fit" in parts:
        return _joined(parts["fit"], parts["validation"])
    whole = parts.get("all") or (parts.get("train") if split != "test" else None)
    if whole is None:
        raise DataError(f"{name} has no {split} split, only {', '.join(parts)}.")
    return whole if split in ("train", "test") else _divided(whole, split == "validation", name)


def _joined(first: Part, second: Part) -> Part:
    labels = None
    if first.labels is not None and second.labels is not None:
        labels = np.concatenate([first.labels, second.labels])
    return Part(np.concatenate([first.images, second.images]), labels)


def _divided(part: Part, validation: bool, name: str) -> Part:
    if part.labels is None:
        raise DataError(f"{name} has no labels, so it can't be divided into fit and validation.")
    held_out = every_sixth_of_each_class(part.labels)
    chosen = held_out if validation else ~held_out
    if not chosen.any():
        raise DataError(
            f"{name} has too few pictures for a validation split: {_EVERY} of a class are needed."
        )
    return Part(part.images[chosen], part.labels[chosen])


def every_sixth_of_each_class(labels: Int64[np.ndarray, " n"]) -> Bool[np.ndarray, " n"]:
    """True for every sixth occurrence of each label: a validation part with the classes in proportion."""
    held_out = np.zeros(len(labels), np.bool_)
    for digit in range(10):
        held_out[np.flatnonzero(labels == digit)[_EVERY - 1 :: _EVERY]] = True
    return held_out
