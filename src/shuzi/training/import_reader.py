"""The nets in a reader's ONNX files -> torch, to go on learning, and back into copies of these files."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import nn

from shuzi.errors import WeightsError
from shuzi.models import CLOSE_UP, FOLDER, READER, Detector, load_detector
from shuzi.nets import detector as nets
from shuzi.nets.closeup import CloseUp
from shuzi.nets.fold import fold
from shuzi.onnx_files import SECOND, read_graph
from shuzi.shapes import UInt8
from shuzi.training.reader import scaled

_NET = "net."  # how exporting names a net's weights
_ROUNDED, _SCALE, _ZERO = "_quantized", "_scale", "_zero_point"  # how `quantise` names what it makes of them
_HALF = ".half"  # how `export` names those that it stores in 16 bits
_WEIGHT, _BIAS = ".weight", ".bias"
_MOST_OFF = 0.05  # of a box's edge, in cells: what rounding to 8 bits explains, on average


def import_reader(name_or_path: str | os.PathLike[str]) -> tuple[nn.Module, bytes]:
    """The net of the shipped detector or of an ONNX file, batch normalisation folded in, and its bytes.

    Raises `WeightsError` if `export_reader` didn't make it, or the net doesn't answer as the file does.
    """
    name = os.fspath(name_or_path)
    detector = load_detector(name_or_path)
    graph = read_graph(FOLDER / "reading" / f"{READER}.onnx" if name == READER else Path(name))
    try:
        weights = _weights(onnx.load_from_string(graph))
        net = _net_for(weights)
        net.load_state_dict(weights)
    except (KeyError, RuntimeError, ValueError):
        raise WeightsError(f"{name} is a net of another kind: adapt the shipped reader.") from None
    check_same(detector, net)
    return net, graph


def import_close_up(reader: bytes) -> tuple[CloseUp, bytes]:
    """The close-up that a detector's file holds, or else the shipped one, as `import_reader` gives a net."""
    held = {entry.key: entry.value for entry in onnx.load_from_string(reader).metadata_props}
    graph = (
        base64.b64decode(held[SECOND])
        if SECOND in held
        else read_graph(FOLDER / "reading" / f"{CLOSE_UP}.onnx")
    )
    weights = _weights(onnx.load_from_string(graph))
    net = CloseUp(len(weights["maps.1.weight"]))
    net.eval()
    fold(net)
    net.load_state_dict(weights)
    return net, graph


def with_close_up(reader: bytes, close_up: bytes) -> bytes:
    """A copy of a detector's file that holds this close-up, too."""
    proto = onnx.load_from_string(reader)
    held = {entry.key: entry.value for entry in proto.metadata_props}
    onnx.helper.set_model_props(proto, held | {SECOND: base64.b64encode(close_up).decode()})
    return bytes(proto.SerializeToString())


def with_net(graph: bytes, net: nn.Module) -> bytes:
    """A copy of a file with the weights of `net`, rounded to 8 bits where the old ones are.

    The ranges of what flows between the convolutions stay as they were.
    """
    proto = onnx.load_from_string(graph)
    stored = {tensor.name: tensor for tensor in proto.graph.initializer}

    def array(name: str) -> np.ndarray:
        return onnx.numpy_helper.to_array(stored[name])

    def store(name: str, values: np.ndarray) -> None:
        stored[name].CopyFrom(onnx.numpy_helper.from_array(values.astype(array(name).dtype), name))

    new = {_NET + key: values.detach().numpy() for key, values in net.state_dict().items()}
    for weight in [name for name in new if name.endswith(_WEIGHT)]:
        bias = weight.removesuffix(_WEIGHT) + _BIAS
        plain = next((name for name in (weight, weight + _HALF) if name in stored), None)
        if plain is not None:
            store(plain, new[weight])
            store(bias, new[bias])
            continue
        # A convolution adds its bias in the unit of its input's scale times its weights' scale.
        unit = array(bias + _ROUNDED + _SCALE) / array(weight + _SCALE)
        scale = np.maximum(np.abs(new[weight]).reshape(len(new[weight]), -1).max(axis=1), 1e-8) / 127
        store(weight + _SCALE, scale)
        store(weight + _ROUNDED, np.round(new[weight] / scale[:, None, None, None]))
        store(bias + _ROUNDED + _SCALE, unit * scale)
        store(bias + _ROUNDED, np.round(new[bias] / (unit * scale)))
    return bytes(proto.SerializeToString())


def check_same(detector: Detector, net: nn.Module) -> None:
    """Raise `WeightsError` if torch and the file's graph disagree on a picture of noise.

    Compared are the boxes: they depend on the whole net, and no temperature changes them.
    """
    shown: UInt8[np.ndarray, "h w"] = np.random.default_rng(0).integers(60, 200, (64, 96), np.uint8)
    with torch.no_grad():
        wanted = F.softplus(net.eval()(scaled(torch.tensor(shown)[None]))[0, 11:])
    off = float((F.softplus(torch.from_numpy(detector.maps(shown)[11:])) - wanted).abs().mean())
    if not off <= _MOST_OFF:
        raise WeightsError(
            f"The net in {detector.name} is off by {off:.2g} cells in torch: try another torch."
        )


def _weights(proto: onnx.ModelProto) -> dict[str, torch.Tensor]:
    """The net's weights by their name in torch; `KeyError` where a scale is missing."""
    stored = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in proto.graph.initializer}
    weights = {}
    for name, values in stored.items():
        key = name.removesuffix(_ROUNDED).removesuffix(_HALF)
        if not name.startswith(_NET) or name.endswith((_SCALE, _ZERO)):
            continue
        if name.endswith(_ROUNDED):
            scale = stored[(key if key.endswith(_WEIGHT) else name) + _SCALE]
            values = values * scale.reshape(-1, *[1] * (values.ndim - 1))
        weights[key.removeprefix(_NET)] = torch.from_numpy(values.astype(np.float32))
    return weights


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
    fold(net)
    return net
