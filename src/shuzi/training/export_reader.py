"""From a trained detector to one ONNX file: uint8 pictures of any size in, calibrated maps out."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from shuzi.errors import WeightsError
from shuzi.files import write_whole
from shuzi.models import load_detector
from shuzi.shapes import UInt8
from shuzi.training.export import graph_of, shrink
from shuzi.training.reader import scaled


class ExportableReader(nn.Module):
    """A detector with scaling before and calibrated probabilities behind.

    `temperature`: by which the logits of the values are divided. `presence`: what the logit that a cell is a
    digit's middle is multiplied by, and what is added.
    """

    def __init__(
        self, net: nn.Module, temperature: float = 1.0, presence: tuple[float, float] = (1.0, 0.0)
    ) -> None:
        super().__init__()
        self.net, self.temperature, self.presence = net, temperature, presence

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Map a picture uint8 (1, h, w) to what `models.Detector.maps` gives."""
        maps = self.net(scaled(picture))
        return (
            torch.sigmoid(maps[:, 0:1] * self.presence[0] + self.presence[1]),
            F.softmax(maps[:, 1:11] / self.temperature, dim=1),
            F.softplus(maps[:, 11:15]),
        )


def reader_to_onnx(model: ExportableReader) -> bytes:
    """The file's bytes; batch normalisation is folded in, weights are rounded to float16."""
    model = copy.deepcopy(model).eval()
    shrink(model)
    rows, columns = (torch.export.Dim(name, min=2, max=1024) for name in ("rows", "columns"))
    example = torch.zeros(1, 64, 96, dtype=torch.uint8)
    return graph_of(model, example, "picture", ["middle", "values", "boxes"], {1: 8 * rows, 2: 8 * columns})


def export_reader(model: ExportableReader, path: Path, pictures: list[UInt8[np.ndarray, "_ _"]]) -> float:
    """Write the file, and compare it with the net on pictures of several sizes.

    Returns the largest difference of a probability; above 0.01, more than rounding explains, `WeightsError`
    is raised and nothing is written.
    """
    data = reader_to_onnx(model)
    temporary = path.with_name(f".part.{path.name}")
    write_whole(temporary, data)
    try:
        detector = load_detector(temporary)
        worst = 0.0
        for picture in pictures:
            with torch.no_grad():
                expected = model.eval()(torch.from_numpy(picture)[None])
            for got, wanted in zip(detector.maps(picture)[:2], expected[:2], strict=True):
                worst = max(worst, float(np.abs(got - wanted[0].numpy().squeeze()).max()))
        if worst > 0.01:
            raise WeightsError(f"The exported {path.name} is off by up to {worst:.2g}: try another torch.")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return worst
