"""From a trained detector to one ONNX file in 8 bits: uint8 pictures of any size in, calibrated maps out."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from shuzi.errors import WeightsError
from shuzi.files import write_whole
from shuzi.models import Detector, load_detector
from shuzi.nets import detector as nets
from shuzi.nets.fold import fold
from shuzi.shapes import Float, Float32, UInt8
from shuzi.training.export import graph_of
from shuzi.training.quantise import quantise
from shuzi.training.reader import levels

_PICTURE = "picture"
_MOST_OFF = 0.01


class ExportableReader(nn.Module):
    """A detector with scaling before and calibration behind.

    `temperature`: by which the logits of the values are divided. `presence`: what the logit that a cell is a
    digit's middle is multiplied by, and what is added.
    """

    times: Tensor
    plus: Tensor

    def __init__(
        self, net: nets.Detector, temperature: float = 1.0, presence: tuple[float, float] = (1.0, 0.0)
    ) -> None:
        super().__init__()
        self.net = net
        times = torch.tensor([presence[0], *10 * [1 / temperature], *4 * [1.0]])
        plus = torch.tensor([presence[1], *14 * [0.0]])
        self.register_buffer("times", times[:, None, None])
        self.register_buffer("plus", plus[:, None, None])

    def forward(self, picture: UInt8[Tensor, "1 4 h2 w2"]) -> Float[Tensor, "1 15 h4 w4"]:
        """Map a picture, each 2x2 pixels of which are four channels, to what `models.Detector.maps` gives."""
        return self.net.of_fours(levels(picture)) * self.times + self.plus


@dataclass(frozen=True)
class Difference:
    """How far probabilities in an exported file are from the net's: the largest before it is rounded to 8
    bits, and the mean afterwards."""

    exported: float
    rounded: float


def reader_to_onnx(model: ExportableReader) -> bytes:
    """A file's bytes in float32, batch normalisation folded in."""
    model = copy.deepcopy(model).eval()
    fold(model)
    rows, columns = (torch.export.Dim(name, min=2, max=1024) for name in ("rows", "columns"))
    example = torch.zeros(1, 4, 32, 48, dtype=torch.uint8)
    return graph_of(model, example, _PICTURE, ["maps"], {2: 4 * rows, 3: 4 * columns})


def export_reader(
    model: ExportableReader, path: Path, pictures: list[UInt8[np.ndarray, "_ _"]]
) -> Difference:
    """Write the file, rounded for such pictures as these, and compare it with the net on them.

    Raises `WeightsError` as `write_rounded` does.
    """
    data = reader_to_onnx(model)

    def apart(file: Path) -> Float32[np.ndarray, " p"]:
        return np.concatenate(_apart(load_detector(file), model, pictures))

    fours = [F.pixel_unshuffle(torch.from_numpy(picture)[None], 2).numpy() for picture in pictures]
    return write_rounded(path, data, quantise(data, _PICTURE, fours), apart)


def write_rounded(
    path: Path, exported: bytes, rounded: bytes, apart: Callable[[Path], Float32[np.ndarray, " p"]]
) -> Difference:
    """Write a file rounded to 8 bits. `apart`: how far off each probability is that a file gives.

    Raises `WeightsError`, and writes nothing, where one is off by more than 0.01 before rounding, or all are
    off by more than 0.01 on average afterwards.
    """
    temporary = path.with_name(f".part.{path.name}")
    try:
        write_whole(temporary, exported)
        before = float(apart(temporary).max())
        write_whole(temporary, rounded)
        difference = Difference(before, float(apart(temporary).mean()))
        if max(difference.exported, difference.rounded) > _MOST_OFF:
            raise WeightsError(f"The exported {path.name} is off, {difference}: try another torch.")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return difference


@torch.no_grad()
def _apart(
    detector: Detector, model: ExportableReader, pictures: list[UInt8[np.ndarray, "_ _"]]
) -> list[Float32[np.ndarray, " p"]]:
    """For each picture how far off each probability is."""
    result = []
    for picture in pictures:
        fours = F.pixel_unshuffle(torch.from_numpy(picture)[None], 2)
        wanted, got = model.eval()(fours[None])[0], torch.from_numpy(detector.maps(picture))
        result.append((_probabilities(wanted) - _probabilities(got)).abs().ravel().numpy())
    return result


def _probabilities(maps: Float[Tensor, "15 h4 w4"]) -> Float[Tensor, "11 h4 w4"]:
    """That a cell is a digit's middle, and of each value."""
    return torch.cat([torch.sigmoid(maps[:1]), F.softmax(maps[1:11], dim=0)])
