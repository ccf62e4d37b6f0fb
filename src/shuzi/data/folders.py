"""A folder of pictures by class: in subfolders 0 to 9, or those below ``train`` and ``test``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from shuzi.data.parts import Part
from shuzi.errors import DataError, PictureError
from shuzi.picture import open_picture
from shuzi.shapes import UInt8

_CLASSES = tuple("0123456789")
# What file managers leave behind; other files must be pictures.
_LITTER = ("thumbs.db", "desktop.ini")


def holds_classes(folder: Path) -> bool:
    """Whether ``folder`` has subfolders called by a digit, itself or in ``train`` or ``test``."""
    places = (folder, folder / "train", folder / "test")
    return any((place / name).is_dir() for place in places for name in _CLASSES)


def read_folder(folder: Path) -> dict[str, Part]:
    """The part ``all`` of a folder with subfolders 0 to 9, or ``train`` and ``test`` of one that has these.

    Pictures of 28x28 are taken as they are, as grey: white ink on black. Others are framed as MNIST frames
    its digits. They come in the order of class and file name. Raises DataError for a file that isn't a
    picture and for a subfolder that isn't a class.
    """
    parts = {name: _read_classes(folder / name) for name in ("train", "test") if (folder / name).is_dir()}
    return parts or {"all": _read_classes(folder)}


def _read_classes(folder: Path) -> Part:
    images: list[UInt8[np.ndarray, "28 28"]] = []
    labels: list[int] = []
    for subfolder in _entries(folder):
        if subfolder.name not in _CLASSES or not subfolder.is_dir():
            raise DataError(f"{subfolder} is not a class: {folder} should hold nothing but folders 0 to 9.")
        for path in _entries(subfolder):
            images.append(_read_picture(path))
            labels.append(int(subfolder.name))
    if not images:
        raise DataError(f"{folder} holds no pictures; put them into its subfolders 0 to 9.")
    return Part(np.stack(images), np.array(labels, np.int64))


def _entries(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise DataError(f"{folder} can't be read: {error.strerror}; check its permissions.") from error
    return [path for path in entries if not path.name.startswith(".") and path.name.lower() not in _LITTER]


def _read_picture(path: Path) -> UInt8[np.ndarray, "28 28"]:
    try:
        pixels = open_picture(path).pixels
        if pixels.shape == (28, 28, 3):
            return np.asarray(Image.fromarray(pixels).convert("L"))
        # Pictures of 28x28 must not pay for loading the reading floor.
        from shuzi.reading.framing import frame

        return frame(pixels)
    except PictureError as error:
        raise DataError(f"{path} can't be used, so replace or remove it: {error}") from error
