"""From a trained close-up to one ONNX file in 8 bits: uint8 close-ups in, calibrated probabilities out."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from shuzi.models import load_close_up
from shuzi.nets.closeup import SIDE
from shuzi.nets.fold import fold
from shuzi.shapes import Float32, UInt8
from shuzi.training.export import graph_of
from shuzi.training.export_reader import Difference, write_rounded
from shuzi.training.quantise import quantise
from shuzi.training.reader import scaled


class ExportableCloseUp(nn.Module):
    """A close-up with scaling before and softmax behind; `temperature` divides the logits."""

    def __init__(self, net: nn.Module, temperature: float) -> None:
        super().__init__()
        self.net, self.temperature = net, temperature

    def forward(self, image: Tensor) -> Tensor:
        """Map close-ups uint8 (n, 48, 48) to what `models.CloseUp.probabilities` gives."""
        return F.softmax(self.net(scaled(image)) / self.temperature, dim=1)


def export_close_up(
    model: ExportableCloseUp, path: Path, patches: UInt8[np.ndarray, "n 48 48"]
) -> Difference:
    """Write the file, rounded for such close-ups as these, and compare it with the net on them.

    Raises `WeightsError` as `write_rounded` does.
    """
    model = copy.deepcopy(model).eval()
    fold(model)
    for parameter in model.parameters():
        if parameter.dim() == 2:  # the dense layer isn't rounded to 8 bits, since it has few weights
            parameter.data = parameter.data.half().float()
    with torch.no_grad():
        wanted = model(torch.from_numpy(patches)).numpy()
    example = torch.zeros(2, SIDE, SIDE, dtype=torch.uint8)
    data = graph_of(model, example, "image", ["probabilities"], {0: torch.export.Dim("n")})

    def apart(file: Path) -> Float32[np.ndarray, " p"]:
        return np.asarray(np.abs(load_close_up(file).probabilities(patches) - wanted).ravel())

    return write_rounded(path, data, quantise(data, "image", list(patches)), apart)
