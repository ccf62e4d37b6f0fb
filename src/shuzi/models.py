"""The only door for weights: the name of shipped weights or an ONNX file -> a `Classifier`.

A classifier's file must take "image", uint8 (N, 28, 28), to "probabilities", float32 (N, 10). Normalisation,
softmax and calibration are inside the graph, so nothing about the net needs to be known here.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from shuzi.errors import WeightsError
from shuzi.onnx_files import brief, open_second, open_session, read_card
from shuzi.shapes import Float32, Shaped, UInt8

FOLDER = Path(__file__).with_name("weights")
CHAMPION = "champion"
READER = "reader"
CLOSE_UP = "closeup"
_SHARE = 100  # digits that a thread takes at a time, where there are more
CHUNK = 1000  # digits given to the net at a time: more would only take more memory

# A detector takes uint8 (1, 4, h / 2, w / 2), each 2x2 pixels of a picture as four channels, and gives
# float32 (1, 15, h / 4, w / 4).
_PICTURE, _MAPS = "picture", "maps"


@dataclass(frozen=True, eq=False)
class Classifier:
    """A net that tells digits apart. `card` says where its weights come from and what they reach."""

    name: str
    card: dict[str, Any]
    session: onnxruntime.InferenceSession

    def probabilities(self, images: UInt8[np.ndarray, "n 28 28"]) -> Float32[np.ndarray, "n 10"]:
        """Digits, white ink on black as MNIST frames them -> the probability of each class, rows sum to 1."""
        return _probabilities(self, images)


@dataclass(frozen=True, eq=False)
class CloseUp:
    """A net that tells what is in the middle of a close-up. `card` says what its weights reach."""

    name: str
    card: dict[str, Any]
    session: onnxruntime.InferenceSession

    def probabilities(self, patches: UInt8[np.ndarray, "n 48 48"]) -> Float32[np.ndarray, "n 10"]:
        """Close-ups as `reading.patches` gives them -> the probability of each digit."""
        return _probabilities(self, patches)


@dataclass(frozen=True, eq=False)
class Detector:
    """A net that finds digits. `card` says where its weights come from and what they reach; `close_up`, where
    there is one, looks at each of them again: the shipped net, or one adapted along, in the same file."""

    name: str
    card: dict[str, Any]
    session: onnxruntime.InferenceSession
    close_up: CloseUp | None = None

    def maps(self, shown: UInt8[np.ndarray, "h w"]) -> Float32[np.ndarray, "15 h4 w4"]:
        """A picture as `reading.contrast` gives it, its sides multiples of 8 -> for each cell of 4x4 pixels:
        the logit that it is a digit's middle, those of each value if so, and four numbers whose softplus
        says how far off left, top, right and bottom of the digit's box are, in cells."""
        height, width = shown.shape
        fours = shown.reshape(height // 2, 2, width // 2, 2).transpose(1, 3, 0, 2)
        try:
            picture = np.ascontiguousarray(fours).reshape(1, 4, height // 2, width // 2)
            (found,) = self.session.run([_MAPS], {_PICTURE: picture})
        except Exception as error:  # whatever a graph from outside makes the runtime stumble over
            raise WeightsError(f"The weights {self.name!r} can't be run: {brief(error)}.") from None
        if found.shape != (1, 15, height // 4, width // 4) or not np.isfinite(found).all():
            raise WeightsError(f"The weights {self.name!r} give no maps of digits: export them again.")
        return np.asarray(found[0])


def _probabilities(
    net: Classifier | CloseUp, images: UInt8[np.ndarray, "n h w"]
) -> Float32[np.ndarray, "n 10"]:
    found = [np.empty((0, 10), np.float32)]
    for start in range(0, len(images), CHUNK):
        chunk = np.ascontiguousarray(images[start : start + CHUNK])
        try:
            found += net.session.run(["probabilities"], {"image": chunk})
        except Exception as error:  # whatever a graph from outside makes the runtime stumble over
            raise WeightsError(f"The weights {net.name!r} can't be run: {brief(error)}.") from None
        if found[-1].shape != (len(chunk), 10) or not np.isfinite(found[-1]).all():
            raise WeightsError(f"The weights {net.name!r} give no probabilities: export them again.")
    return np.concatenate(found)


def shipped() -> list[str]:
    """The names of the weights that come with shuzi, sorted."""
    return list(_shipped())


@cache
def _shipped() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.onnx")))


def load_classifier(name_or_path: str | os.PathLike[str] = CHAMPION, *, threads: int = 1) -> Classifier:
    """Load shipped weights by name, or an ONNX file by its path (it ends in .onnx).

    `threads`: how many the net may use; one is fastest for a few digits. Shipped weights stay loaded.
    Raises `WeightsError` if there are none of that name, or the file is damaged or no digit classifier.
    """
    name = os.fspath(name_or_path)
    if name in _shipped():
        return _load_shipped(name, threads)
    return _load_file(weights_path(name), name, threads)


def load_detector(name_or_path: str | os.PathLike[str] = READER, *, threads: int = 1) -> Detector:
    """Load the shipped detector, or an ONNX file that `shuzi adapt` or training made, by its path.

    Raises `WeightsError` if the file can't be opened, is damaged or is no detector of digits.
    """
    name = os.fspath(name_or_path)
    if name == READER:
        return _load_reader(threads)
    return _load_detector(Path(name), name, threads)


def load_close_up(path: Path, *, threads: int = 1) -> CloseUp:
    """Load an ONNX file that training made; `WeightsError` where it is no close-up."""
    return _close_up(open_session(path, threads), path, read_card(path.with_suffix(".json")))


def _close_up(session: onnxruntime.InferenceSession, path: Path, card: dict[str, Any]) -> CloseUp:
    _check_interface(session, path, "close-up", [48, 48])
    return CloseUp(path.stem, card, session)


def is_detector(name_or_path: str | os.PathLike[str]) -> bool:
    """True for weights that find digits, false for such that tell them apart; `WeightsError` for others."""
    name = os.fspath(name_or_path)
    if name == READER or name in _shipped():
        return name == READER
    return [end.name for end in open_session(weights_path(name), 1).get_inputs()] == [_PICTURE]


def weights_path(name_or_path: str | os.PathLike[str]) -> Path:
    """The file of shipped weights, or the path given; `WeightsError` if it can be neither."""
    name = os.fspath(name_or_path)
    if name in _shipped():
        return FOLDER / f"{name}.onnx"
    path = Path(name)
    if path.suffix != ".onnx" and not os.path.isfile(name):
        raise WeightsError(
            f"There are no weights {name!r}: name an .onnx file or one of {', '.join(shipped())}."
        )
    return path


def classify(
    images: Shaped[np.ndarray, ...], *, weights: str | os.PathLike[str] = CHAMPION
) -> Float32[np.ndarray, "n 10"]:
    """The probability of each class 0..9 for digits framed as MNIST frames them.

    `images`: uint8 (N, 28, 28), or (28, 28) for one, white ink on black; `shuzi.frame` makes one from any
    picture. Returns float32 (N, 10), each row summing to 1. Raises `ValueError` for arrays of another kind.

    >>> probabilities = shuzi.classify(shuzi.frame("seven.png"))  # doctest: +SKIP
    """
    images = np.asarray(images)
    if images.dtype != np.uint8 or images.ndim not in (2, 3) or images.shape[-2:] != (28, 28):
        raise ValueError(
            f"classify takes uint8 of shape (N, 28, 28), not {images.dtype} of shape {tuple(images.shape)}:"
            " shuzi.frame makes such a digit from any picture."
        )
    digits = images.reshape(-1, 28, 28)
    classifier = load_classifier(weights)
    if len(digits) <= _SHARE:
        return classifier.probabilities(digits)
    # A tenth faster than the runtime's own threads, which wait for each other after every layer.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        parts = [digits[start : start + _SHARE] for start in range(0, len(digits), _SHARE)]
        return np.concatenate(list(threads.map(classifier.probabilities, parts)))


@lru_cache(maxsize=16)
def _load_shipped(name: str, threads: int) -> Classifier:
    return _load_file(weights_path(name), name, threads)


@lru_cache(maxsize=4)
def _load_reader(threads: int) -> Detector:
    detector = _load_detector(FOLDER / "reading" / f"{READER}.onnx", READER, threads)
    close_up = load_close_up(FOLDER / "reading" / f"{CLOSE_UP}.onnx", threads=threads)
    return replace(detector, close_up=close_up)


def _load_detector(path: Path, name: str, threads: int) -> Detector:
    session = open_session(path, threads)
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if [(end.name, end.type) for end in (*inputs, *outputs)] != [
        (_PICTURE, "tensor(uint8)"),
        (_MAPS, "tensor(float)"),
    ]:
        raise WeightsError(f"{path} is no detector of digits: name one that shuzi adapt or training made.")
    second = open_second(session, path, threads)
    close_up = _close_up(second, path, {}) if second is not None else None
    return Detector(name, read_card(path.with_suffix(".json")), session, close_up)


def _load_file(path: Path, name: str, threads: int) -> Classifier:
    session = open_session(path, threads)
    _check_interface(session, path, "digit classifier", [28, 28])
    return Classifier(name, read_card(path.with_suffix(".json")), session)


def _check_interface(
    session: onnxruntime.InferenceSession, path: Path, kind: str, picture: list[int]
) -> None:
    """One input and one output, of the agreed names, types and shapes; the first axis is free."""
    for ends, name, dtype, shape in (
        (session.get_inputs(), "image", "tensor(uint8)", picture),
        (session.get_outputs(), "probabilities", "tensor(float)", [10]),
    ):
        found = ends[0] if len(ends) == 1 else None
        if found is None or (found.name, found.type, found.shape[1:]) != (name, dtype, shape):
            raise WeightsError(
                f"{path} is no {kind}: it needs one end {name!r}, {dtype}, [N, {str(shape)[1:]}."
            )
        if isinstance(found.shape[0], int):
            raise WeightsError(f"{path} takes only {found.shape[0]} digits at a time: export N as free.")
