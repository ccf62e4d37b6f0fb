"""The net in a detector's ONNX file -> torch, to go on learning, and back into a copy of that file."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import nn

from shuzi.errors import WeightsError
from shuzi.models import FOLDER, READER, Detector, load_detector, read_graph
from shuzi.nets import detector as nets
from shuzi.shapes import Float32, UInt8
from shuzi.training.export import shrink
from shuzi.training.reader import scaled

_NET, _HALF = "net.", ".half"  # how `export_reader` names a net's weights, and those stored as float16
_LARGEST_DIFFERENCE = 0.02  # of a box's edge, in cells


def import_reader(name_or_path: str | os.PathLike[str]) -> tuple[nn.Module, bytes]:
    """The net of the shipped detector or of an ONNX file, batch normalisation folded in, and its bytes.

    Raises `WeightsError` if `export_reader` didn't make it, or the net doesn't answer as the file does.
    """
    name = os.fspath(name_or_path)
    detector = load_detector(name_or_path)
    graph = read_graph(FOLDER / "reading" / f"{READER}.onnx" if name == READER else Path(name))
    weights = {
        key: torch.from_numpy(values.astype(np.float32))
        for key, (_, values) in _weights(onnx.load_from_string(graph)).items()
    }
    try:
        net = _net_for(weights)
        net.load_state_dict(weights)
    except (KeyError, RuntimeError, ValueError):
        raise WeightsError(f"{name} is a net of another kind: adapt the shipped reader.") from None
    check_same(detector, net)
    return net, graph


def with_net(graph: bytes, net: nn.Module) -> bytes:
    """A copy of a detector's file with the weights of `net`, rounded to float16 where the old ones are."""
    proto = onnx.load_from_string(graph)
    stored = _weights(proto)
    for key, values in net.state_dict().items():
        tensor, old = stored[key]
        new = onnx.numpy_helper.from_array(values.detach().numpy().astype(old.dtype), tensor.name)
        tensor.CopyFrom(new)
    return bytes(proto.SerializeToString())


def check_same(detector: Detector, net: nn.Module) -> None:
    """Raise `WeightsError` if torch and the file's graph disagree on a picture of noise.

    Compared are the boxes: they depend on the whole net, and no temperature changes them.
    """
    shown: UInt8[np.ndarray, "h w"] = np.random.default_rng(0).integers(60, 200, (64, 96), np.uint8)
    with torch.no_grad():
        wanted: Float32[np.ndarray, "4 h4 w4"] = F.softplus(net.eval()(scaled(torch.tensor(shown)[None])))[
            0, 11:
        ].numpy()
    worst = float(np.abs(detector.maps(shown)[2] - wanted).max())
    if not worst <= _LARGEST_DIFFERENCE:
        raise WeightsError(
            f"The net in {detector.name} is off by {worst:.2g} cells in torch: try another torch."
        )


def _weights(proto: onnx.ModelProto) -> dict[str, tuple[onnx.TensorProto, np.ndarray]]:
    """The net's weights by their name in torch, each as stored and as an array."""
    return {
        tensor.name.removeprefix(_NET).removesuffix(_HALF): (tensor, onnx.numpy_helper.to_array(tensor))
        for tensor in proto.graph.initializer
        if tensor.name.startswith(_NET)
    }


def _net_for(weights: dict[str, torch.Tensor]) -> nn.Module:
    """A detector of the shape that these weights have, without batch normalisation."""
    stages: list[list[int]] = []
    while f"stages.{len(stages)}.0.weight" in weights:
        start = f"stages.{len(stages)}."
        places = sorted(
            int(key.split(".")[2]) for key in weights if key.startswith(start) and key.endswith("weight")
        )
        stages.append([len(weights[f"{start}{place}.weight"]) for place in places])
    net = nets.Detector(stages, len(weights["lift.0.weight"]))
    net.eval()
    shrink(net)
    return net
