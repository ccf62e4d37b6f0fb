"""The only door for weights: the name of shipped weights or an ONNX file -> a `Classifier`.

A weights file is untrusted: it is loaded from bytes of limited size, may not point at other files, and must
take "image", uint8 (N, 28, 28), to "probabilities", float32 (N, 10). Normalisation, softmax and calibration
are inside the graph, so nothing about the net needs to be known here.
"""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from shuzi.errors import WeightsError
from shuzi.shapes import Float32, Shaped, UInt8

FOLDER = Path(__file__).with_name("weights")
CHAMPION = "champion"
READER = "reader"
MAX_BYTES = 64 * 2**20
MAX_CARD_BYTES = 2**20
_SHARE = 100  # digits that a thread takes at a time, where there are more
CHUNK = 1000  # digits given to the net at a time: more would only take more memory

# A tensor kept outside of the file has an entry with the key "location" (ONNX, StringStringEntryProto): the
# key's length, 8, and then the word. Protobuf may write that 8 with zero bytes behind it, hence the \x00.
_EXTERNAL_DATA = re.compile(rb"[\x08\x00]location")
_INPUT = ("image", "tensor(uint8)", [28, 28])
_OUTPUT = ("probabilities", "tensor(float)", [10])
_PICTURE = (
    "picture"  # uint8 (1, height, width), and what a detector gives for it: float32 (1, n, rows, columns)
)
_MAPS = ("middle", "values", "boxes")


@dataclass(frozen=True, eq=False)
class Classifier:
    """A net that tells digits apart. `card` says where its weights come from and what they reach."""

    name: str
    card: dict[str, Any]
    session: onnxruntime.InferenceSession

    def probabilities(self, images: UInt8[np.ndarray, "n 28 28"]) -> Float32[np.ndarray, "n 10"]:
        """Digits, white ink on black as MNIST frames them -> the probability of each class, rows sum to 1."""
        found = [np.empty((0, 10), np.float32)]
        for start in range(0, len(images), CHUNK):
            chunk = np.ascontiguousarray(images[start : start + CHUNK])
            try:
                found += self.session.run(["probabilities"], {"image": chunk})
            except Exception as error:  # whatever a graph from outside makes the runtime stumble over
                raise WeightsError(f"The weights {self.name!r} can't be run: {_brief(error)}.") from None
            if found[-1].shape != (len(chunk), 10) or not np.isfinite(found[-1]).all():
                raise WeightsError(f"The weights {self.name!r} give no probabilities: export them again.")
        return np.concatenate(found)


@dataclass(frozen=True, eq=False)
class Detector:
    """A net that finds digits. `card` says where its weights come from and what they reach."""

    name: str
    card: dict[str, Any]
    session: onnxruntime.InferenceSession

    def maps(
        self, shown: UInt8[np.ndarray, "h w"]
    ) -> tuple[Float32[np.ndarray, "h4 w4"], Float32[np.ndarray, "10 h4 w4"], Float32[np.ndarray, "4 h4 w4"]]:
        """A picture as `reading.contrast` gives it, its sides multiples of 8 -> for each cell of 4x4 pixels:
        the probability that it is a digit's middle, of each value if so, and how far off left, top, right
        and bottom of the digit's box are, in cells."""
        try:
            found = self.session.run(_MAPS, {_PICTURE: shown[None]})
        except Exception as error:  # whatever a graph from outside makes the runtime stumble over
            raise WeightsError(f"The weights {self.name!r} can't be run: {_brief(error)}.") from None
        middle, values, boxes = (np.asarray(maps[0]) for maps in found)
        cells = (shown.shape[0] // 4, shown.shape[1] // 4)
        shapes = (middle.shape, values.shape, boxes.shape)
        if shapes != ((1, *cells), (10, *cells), (4, *cells)) or not all(np.isfinite(m).all() for m in found):
            raise WeightsError(f"The weights {self.name!r} give no maps of digits: export them again.")
        return middle[0], values, boxes


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


def is_detector(name_or_path: str | os.PathLike[str]) -> bool:
    """True for weights that find digits, false for such that tell them apart; `WeightsError` for others."""
    name = os.fspath(name_or_path)
    if name == READER or name in _shipped():
        return name == READER
    return [end.name for end in _session(weights_path(name), 1).get_inputs()] == [_PICTURE]


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


def read_graph(path: Path) -> bytes:
    """The bytes of an ONNX file, of limited size and without data elsewhere; `WeightsError` otherwise."""
    graph = _read(path, MAX_BYTES)
    if _EXTERNAL_DATA.search(graph):
        raise WeightsError(f"{path} keeps data in other files: export it again as one single file.")
    return graph


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
    return _load_detector(FOLDER / "reading" / f"{READER}.onnx", READER, threads)


def _load_detector(path: Path, name: str, threads: int) -> Detector:
    session = _session(path, threads)
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if [(end.name, end.type) for end in inputs] != [(_PICTURE, "tensor(uint8)")] or [
        (end.name, end.type) for end in outputs
    ] != [(end, "tensor(float)") for end in _MAPS]:
        raise WeightsError(f"{path} is no detector of digits: name one that shuzi adapt or training made.")
    return Detector(name, _read_card(path.with_suffix(".json")), session)


def _load_file(path: Path, name: str, threads: int) -> Classifier:
    session = _session(path, threads)
    _check_interface(session, path)
    return Classifier(name, _read_card(path.with_suffix(".json")), session)


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    graph = read_graph(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4  # what goes wrong is raised below; the log would only repeat it
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime raises many types, RuntimeError and its own, for a bad file
        raise WeightsError(f"{path} is not an ONNX file that can be run: {_brief(error)}.") from None


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the name
        reason = getattr(error, "strerror", None) or error
        raise WeightsError(f"The weights file {path} can't be opened: {reason}.") from None
    if not 0 < len(data) <= limit:
        raise WeightsError(
            f"{path} is {'over ' + str(limit >> 20) + ' MiB' if data else 'empty'}: not weights."
        )
    return data


def _check_interface(session: onnxruntime.InferenceSession, path: Path) -> None:
    """One input and one output, of the agreed name, type and shape; the first axis is free."""
    for ends, (name, dtype, shape) in ((session.get_inputs(), _INPUT), (session.get_outputs(), _OUTPUT)):
        found = ends[0] if len(ends) == 1 else None
        if found is None or (found.name, found.type, found.shape[1:]) != (name, dtype, shape):
            raise WeightsError(
                f"{path} is no digit classifier: it needs one end {name!r}, {dtype}, [N, {str(shape)[1:]}."
            )
        if isinstance(found.shape[0], int):
            raise WeightsError(f"{path} takes only {found.shape[0]} digits at a time: export N as free.")


def _read_card(path: Path) -> dict[str, Any]:
    if not os.path.isfile(path):
        return {}
    try:
        card = json.loads(_read(path, MAX_CARD_BYTES))
    except (ValueError, RecursionError):
        card = None
    if not isinstance(card, dict):
        raise WeightsError(f"The model card {path} is not a JSON object: mend or remove it.")
    return card


def _brief(error: Exception) -> str:
    return (
        str(error).strip().splitlines()[0].rstrip(".")[:200] if str(error).strip() else type(error).__name__
    )
