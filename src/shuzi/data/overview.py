"""What a data set holds and where it is, for `shuzi data`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shuzi.data.catalogue import KNOWN_SETS
from shuzi.data.formats import read_parts
from shuzi.data.idx import parse_images, parse_labels
from shuzi.data.mnist import existing_path, validation_mask
from shuzi.data.parts import Part
from shuzi.data.sources import obtain


@dataclass(frozen=True)
class Overview:
    """A data set's name, the ``places`` (folders) where it lies, and its pictures by split.

    Splits that are parts of ``train`` follow it; data without a split have the one part ``all``.
    """

    name: str
    places: tuple[Path, ...]
    parts: dict[str, Part]


def overview(name: str, data_dir: Path | None = None) -> Overview:
    """The data set ``name``, fetched if need be after a look into ``data_dir``, or the data at that path.

    Raises DataError where there is no such data set, or it can't be had or read.
    """
    if name not in KNOWN_SETS:
        path = existing_path(name).resolve()
        return Overview(path.name, (path.parent,), read_parts(path))
    known = KNOWN_SETS[name]
    found = obtain(known, known.files, data_dir=data_dir)
    images, labels, test_images, test_labels = (found[file.name].content for file in known.files)
    train = Part(parse_images(images), (train_labels := parse_labels(labels)))
    held_out = validation_mask(name, train_labels)
    return Overview(
        name,
        tuple(dict.fromkeys(file.path.parent for file in found.values())),
        {
            "train": train,
            "fit": Part(train.images[~held_out], train_labels[~held_out]),
            "validation": Part(train.images[held_out], train_labels[held_out]),
            "test": Part(parse_images(test_images), parse_labels(test_labels)),
        },
    )
