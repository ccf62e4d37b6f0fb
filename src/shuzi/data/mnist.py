"""MNIST by split, and any other data set of digits by name or path.

>>> import shuzi
>>> images, labels = shuzi.load_mnist("validation")  # doctest: +SKIP
>>> images.shape, labels[:3]  # doctest: +SKIP
((10125, 28, 28), array([3, 1, 4]))
"""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shuzi.data.catalogue import KNOWN_SETS
from shuzi.data.formats import read_parts
from shuzi.data.idx import parse_images, parse_labels
from shuzi.data.sources import obtain
from shuzi.data.splits import check_split, choose_split, every_sixth_of_each_class, mnist_validation_indices
from shuzi.errors import DataError
from shuzi.shapes import Bool, Int64, UInt8


@dataclass(frozen=True)
class Dataset:
    """Labelled pictures of one split: ``images`` uint8 0..255, white ink on black; ``labels`` 0..9."""

    name: str
    images: UInt8[np.ndarray, "n 28 28"]
    labels: Int64[np.ndarray, " n"]


def load_mnist(split: str) -> tuple[UInt8[np.ndarray, "n 28 28"], Int64[np.ndarray, " n"]]:
    """MNIST's pictures (N,28,28) uint8 0..255, white ink on black, and their labels (N,) int64 0..9.

    ``split`` is ``train`` (60,000), ``test`` (10,000), or a part of train: ``validation`` (10,125 digits
    whose writers occur nowhere else) and ``fit`` (the other 49,875). The arrays are read-only: the next call
    returns the same ones. Files are fetched if need be (docs/DATA.md); DataError says why they can't be.
    """
    return _known("mnist", split)


def load_dataset(name_or_path: str | os.PathLike[str], split: str = "test") -> Dataset:
    """The ``split`` of a data set: ``mnist``, ``fashion-mnist`` or a path in a format of shuzi.data.formats.

    Data without a split of their own are returned whole as ``train`` and as ``test``; where they have no
    ``validation``, it is every sixth picture of each class. Raises DataError where there is no such data
    set, it is damaged, or has no labels.
    """
    name = os.fspath(name_or_path)
    if name in KNOWN_SETS:
        return Dataset(name, *_known(name, split))
    check_split(split)
    path = existing_path(name)
    part = choose_split(read_parts(path), split, name)
    if part.labels is None:
        raise DataError(
            f"{name} has no labels; in a table, a column called label must come before the pixels."
        )
    return Dataset(path.name, part.images, part.labels)


def existing_path(name: str) -> Path:
    """``name`` as a path of the user's own data; DataError lists the known names where there is none."""
    path = Path(name).expanduser()
    if not path.exists():
        raise DataError(f"There is no data set or file {name}; give {', '.join(KNOWN_SETS)} or a path.")
    return path


# Every file is pinned by its SHA-256, so it doesn't matter to the cache which folder it came from.
@functools.cache
def _known(name: str, split: str) -> tuple[UInt8[np.ndarray, "n 28 28"], Int64[np.ndarray, " n"]]:
    check_split(split)
    if split in ("train", "test"):
        known = KNOWN_SETS[name]
        files = known.files[:2] if split == "train" else known.files[2:]
        images_file, labels_file = obtain(known, files).values()
        images, labels = parse_images(images_file.content), parse_labels(labels_file.content)
    else:
        images, labels = _known(name, "train")
        chosen = validation_mask(name, labels) == (split == "validation")
        images, labels = images[chosen], labels[chosen]
    images.flags.writeable = labels.flags.writeable = False
    return images, labels


def validation_mask(name: str, labels: Int64[np.ndarray, " n"]) -> Bool[np.ndarray, " n"]:
    """Which pictures of a known set's train half, with these ``labels``, are its validation part."""
    if name != "mnist":  # nobody knows who drew the others
        return every_sixth_of_each_class(labels)
    mask = np.zeros(len(labels), np.bool_)
    mask[mnist_validation_indices()] = True
    return mask
