"""The lessons as plain dicts and lists, for JSON: what /v1/inside and `shuzi explain --json` give."""

from __future__ import annotations

import base64
import dataclasses
import math
from typing import Any

import numpy as np

from shuzi.lessons.layers import Layer
from shuzi.lessons.mattered import Mattered
from shuzi.lessons.net import Inside, Net
from shuzi.lessons.value import Value

_DECIMALS = 6


def inside_dict(inside: Inside) -> dict[str, Any]:
    """All layers with their maps, float32 little-endian in C order as base64; logits and probabilities."""
    return {
        "weights": inside.net.name,
        "layers": [
            _layer(layer, values) for layer, values in zip(inside.net.layers, inside.values, strict=True)
        ],
        "logits": plain(inside.logits),
        "temperature": inside.temperature,
        "probabilities": plain(inside.probabilities),
    }


def _layer(layer: Layer, values: np.ndarray) -> dict[str, Any]:
    return {
        "index": layer.index,
        "name": layer.name,
        "kind": layer.kind,
        "explain_key": layer.key,
        "shape": list(layer.shape),
        "min": float(values.min()),
        "max": float(values.max()),
        "maps": base64.b64encode(values.astype("<f4").tobytes()).decode("ascii"),
    }


def value_dict(value: Value) -> dict[str, Any]:
    """How a value came about, in the names of its dataclass; what a pooling sees outside of a map is null."""
    found: dict[str, Any] = plain(dataclasses.asdict(value))
    return found


def mattered_dict(mattered: Mattered) -> dict[str, Any]:
    """The answer, and how far its probability falls for each pixel that is covered with what is around it."""
    return {"digit": mattered.digit, "values": plain(mattered.values)}


def weights_dict(net: Net, layer: Layer) -> dict[str, Any]:
    """A convolution's kernels (out, in, height, width), or the pictures (out, 28, 28) of a linear layer."""
    weights, _ = net.weights_of(layer)
    shown = weights if layer.kind == "conv" else weights.reshape(-1, 28, 28)
    return {"kind": layer.kind, "kernels": np.round(shown, 4).tolist()}


def plain(found: Any) -> Any:
    """Arrays -> lists, numbers -> six decimals, infinite ones -> None, inside of dicts and lists too."""
    if isinstance(found, dict):
        return {name: plain(part) for name, part in found.items()}
    if isinstance(found, (list, tuple)):
        return [plain(part) for part in found]
    if isinstance(found, np.ndarray):
        # Rounded as float64, in which six decimals print as six.
        rounded = np.round(found.astype(np.float64), _DECIMALS)
        return rounded.tolist() if np.isfinite(rounded).all() else plain(rounded.tolist())
    if isinstance(found, float):
        return round(found, _DECIMALS) if math.isfinite(found) else None
    return found
