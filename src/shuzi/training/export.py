"""From a trained net to one ONNX file that reading loads: uint8 pictures in, calibrated probabilities out."""

from __future__ import annotations

import logging
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from shuzi.errors import WeightsError
from shuzi.files import write_whole
from shuzi.models import load_classifier
from shuzi.nets.fold import fold
from shuzi.shapes import Float32, Int64, UInt8
from shuzi.training.decoding import to_logits
from shuzi.training.recipe import Recipe
from shuzi.training.samples import SCALES

_LARGE = 200_000  # weights of a dense layer, from which they are stored in 8 bits: such layers bear it
_SMALL = 64  # weights: fewer aren't worth a node


class Exportable(nn.Module):
    """A net together with what surrounds it: scaling before, decoding, calibration and softmax after."""

    def __init__(self, net: nn.Module, recipe: Recipe, temperature: float = 1.0) -> None:
        super().__init__()
        self.net = net
        self.mean, self.deviation = SCALES[recipe.data.scale]
        self.decode, self.temperature = recipe.loss.decode, temperature

    def forward(self, image: Tensor) -> Tensor:
        """Map pictures uint8 (N, 28, 28) to probabilities float32 (N, 10)."""
        pixels = image.unsqueeze(1).float() / 255
        logits = to_logits(self.net((pixels - self.mean) / self.deviation), self.decode)
        return F.softmax(logits / self.temperature, dim=1)


@torch.no_grad()
def probabilities(model: nn.Module, images: UInt8[np.ndarray, "n 28 28"]) -> Float32[np.ndarray, "n 10"]:
    """What an `Exportable` gives in torch, float32, in batches of 1000."""
    model.eval()
    copy = torch.from_numpy(np.array(images))
    return torch.cat([model(copy[i : i + 1000]) for i in range(0, len(copy), 1000)]).numpy()


def fit_temperature(given: Float32[np.ndarray, "n 10"], labels: Int64[np.ndarray, " n"]) -> float:
    """The temperature by which logits are divided so that log-loss is least (Guo 2017).

    ``given`` are probabilities at temperature 1 on pictures that were not trained on.
    """
    logits = torch.from_numpy(np.log(np.maximum(given, 1e-12)))
    answers = torch.tensor(labels)
    tried = np.geomspace(0.2, 5.0, 200)
    losses = [float(F.cross_entropy(logits / float(t), answers)) for t in tried]
    return float(tried[int(np.argmin(losses))])


def shrink(net: nn.Module) -> None:
    """Fold batch normalisation, and round weights: those of large dense layers to 8 bits, others to float16.

    A file then holds them in a quarter or half of the bytes. What is scored and shipped is the rounded net.
    """
    fold(net)
    for parameter in net.parameters():
        weights = parameter.data
        if weights.ndim == 2 and weights.numel() >= _LARGE:
            scale = (weights.abs().amax(1, keepdim=True) / 127).clamp(min=1e-6).half().float()
            parameter.data = (weights / scale).round().clamp(-127, 127) * scale
        else:
            parameter.data = weights.half().float()


def to_onnx(model: nn.Module) -> bytes:
    """An `Exportable` as an ONNX file's bytes, for any number of pictures, weights inside."""
    example = torch.zeros(2, 28, 28, dtype=torch.uint8)
    free = {0: torch.export.Dim("n", min=1)}
    return graph_of(model, example, "image", ["probabilities"], free)


def graph_of(model: nn.Module, example: Tensor, takes: str, gives: list[str], free: dict[int, Any]) -> bytes:
    """A net of one input as an ONNX file's bytes; `free`: the axes of the input that may have any length.

    Weights that 8 bits with a scale for each row, or float16, hold exactly are stored so, and become float32
    again when the file is loaded.
    """
    model.eval()
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own internals
        program = torch.onnx.export(
            model,
            (example,),
            input_names=[takes],
            output_names=gives,
            dynamic_shapes=(free,),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    assert program is not None  # dynamo=True gives one
    proto = program.model_proto
    _forget_origin(proto)
    _store_small(proto.graph)
    return bytes(proto.SerializeToString())


def _forget_origin(proto: onnx.ModelProto) -> None:
    """Take out where each node came from: the exporter notes the paths of source files on this machine."""
    graph = proto.graph
    for part in (
        proto,
        graph,
        *graph.node,
        *graph.initializer,
        *graph.value_info,
        *graph.input,
        *graph.output,
    ):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")


def _store_small(graph: onnx.GraphProto) -> None:
    """Store weights in as few bytes as hold them exactly; a node brings them back on loading."""
    for weights in list(graph.initializer):
        name, values = weights.name, onnx.numpy_helper.to_array(weights)
        if values.dtype != np.float32 or values.size < _SMALL:
            continue
        scale = np.abs(values).max(axis=1) / np.float32(127) if values.ndim == 2 else np.zeros(1, np.float32)
        if scale.all() and np.array_equal(np.round(values / scale[:, None]) * scale[:, None], values):
            stored = {
                f"{name}.int8": np.round(values / scale[:, None]).astype(np.int8),
                f"{name}.scale": scale,
            }
            node = onnx.helper.make_node("DequantizeLinear", list(stored), [name], axis=0)
        elif np.array_equal(values, values.astype(np.float16)):
            stored = {f"{name}.half": values.astype(np.float16)}
            node = onnx.helper.make_node("Cast", list(stored), [name], to=onnx.TensorProto.FLOAT)
        else:
            continue
        graph.initializer.remove(weights)
        graph.initializer.extend(onnx.numpy_helper.from_array(part, key) for key, part in stored.items())
        graph.node.insert(0, node)


@dataclass(frozen=True)
class Parity:
    """How an exported file compares with the net it came from."""

    pictures: int
    largest_difference: float
    """Of any probability."""
    same_answers: int


def check_parity(path: Path, model: nn.Module, images: UInt8[np.ndarray, "n 28 28"]) -> Parity:
    """Score an exported file against torch on real pictures: exporters have been silently wrong before.

    Raises `WeightsError` where an answer differs or a probability is off by more than 0.001.
    """
    expected = probabilities(model, images)
    got = load_classifier(str(path)).probabilities(images)
    same = int((got.argmax(axis=1) == expected.argmax(axis=1)).sum())
    parity = Parity(len(images), float(np.abs(got - expected).max()), same)
    if same < len(images) or parity.largest_difference > 1e-3:
        raise WeightsError(
            f"The exported {path.name} differs from the net: {len(images) - same} other answers, "
            f"probabilities off by up to {parity.largest_difference:.2g}; try another torch."
        )
    return parity


def export(model: nn.Module, path: Path, images: UInt8[np.ndarray, "n 28 28"]) -> Parity:
    """Write an `Exportable` to ``path`` only if onnxruntime then answers as torch does on ``images``."""
    temporary = path.with_name(f".{os.getpid()}.{path.name}")
    write_whole(temporary, to_onnx(model))
    try:
        parity = check_parity(temporary, model, images)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return parity
