"""A weights file, opened so that every value in it can be seen.

>>> from shuzi.lessons.net import open_net
>>> inside = open_net("mxnet-lenet").look(shuzi.frame("seven.png"))  # doctest: +SKIP
>>> [(layer.name, layer.shape) for layer in inside.net.layers]  # doctest: +SKIP
[('picture', (1, 28, 28)), ('scaling', (1, 28, 28)), ('convolution 1', (20, 24, 24)), ...]

The graph runs in onnxruntime as it is, with every value in between as an output. Needs the package onnx (in
the extras serve and train), no torch.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime

from shuzi.errors import WeightsError
from shuzi.lessons.layers import Layer, make_layers
from shuzi.lessons.steps import find_steps, parse, stored_constants, with_outputs
from shuzi.models import load_classifier, weights_path
from shuzi.onnx_files import read_graph
from shuzi.shapes import Float, Float32, UInt8


@dataclass(frozen=True, eq=False)
class Inside:
    """All that a net computed for one digit: the values of each layer, in the layer's shape.

    Probabilities are the softmax of the logits divided by the temperature.
    """

    net: Net
    image: UInt8[np.ndarray, "28 28"]
    values: tuple[Float32[np.ndarray, ...], ...]
    logits: Float32[np.ndarray, " 10"]
    temperature: float
    probabilities: Float32[np.ndarray, " 10"]


class Net:
    """A net that can be looked into; `open_net` makes one. `constants` are its weights and other numbers."""

    def __init__(self, name: str, graph: bytes) -> None:
        self.name = name
        model = parse(graph, name)
        steps, needed = find_steps(model)
        stored = stored_constants(model)
        computed = sorted(needed - set(stored))
        outputs = [*computed, *(node.output for step in steps for node in step.nodes)]
        self._session = _session(with_outputs(model, outputs), name)
        # One run on a blank picture tells the shapes, and the constants that are computed from others.
        blank = np.zeros((28, 28), np.uint8)
        results = {"image": blank[None]} | dict(zip(outputs, self._run(outputs, blank), strict=True))
        self.constants = {one: (stored if one in stored else results)[one] for one in needed}
        self.layers = make_layers(steps, results, self.constants)

    def look(self, image: UInt8[np.ndarray, "28 28"]) -> Inside:
        """Show the net one digit, white ink on black, and keep everything that it computes.

        Raises `WeightsError` if it computes something that is no number.
        """
        wanted = [layer.step.output for layer in self.layers if layer.step is not None]
        found = [image, *self._run(wanted, image)]
        values = tuple(
            np.asarray(value, np.float32).reshape(layer.shape)
            for layer, value in zip(self.layers, found, strict=True)
        )
        if not all(np.isfinite(value).all() for value in values):
            raise WeightsError(f"The weights {self.name!r} compute infinite values: train them again.")
        logits, temperature = self._logits(values)
        return Inside(self, image, values, logits, temperature, values[-1])

    def weights_of(self, layer: Layer) -> tuple[Float[np.ndarray, ...], Float[np.ndarray, " n"]]:
        """A convolution's kernels (out, in, height, width) or a linear layer's rows (out, in); its bias."""
        assert layer.step is not None
        assert layer.kind in ("conv", "linear")
        node = layer.step.nodes[0]
        weights = self.constants[node.inputs[1]]
        if node.op == "MatMul" or (node.op == "Gemm" and not node.attributes.get("transB", 0)):
            weights = weights.T
        bias = self.constants[node.inputs[2]] if len(node.inputs) > 2 else np.zeros(len(weights))
        return weights.astype(np.float64), np.broadcast_to(bias.reshape(-1), (len(weights),)).astype(float)

    def sees_picture(self, layer: Layer) -> bool:
        """Whether a linear layer looks at the picture itself, so that each row of weights is a picture."""
        if layer.kind != "linear" or self.weights_of(layer)[0].shape[1] != 28 * 28:
            return False
        while layer.sources:
            layer = self.layers[layer.sources[0]]
            if layer.kind not in ("input", "scale", "flatten"):
                return False
        return True

    def _run(self, outputs: list[str], image: UInt8[np.ndarray, "28 28"]) -> list[np.ndarray]:
        try:
            found: list[np.ndarray] = self._session.run(outputs, {"image": image[None]})
        except Exception as error:  # whatever a graph from outside makes the runtime stumble over
            raise WeightsError(f"The weights {self.name!r} can't be run layer by layer.") from error
        return found

    def _logits(self, values: tuple[np.ndarray, ...]) -> tuple[Float32[np.ndarray, " 10"], float]:
        last = self.layers[-1]
        if last.kind != "softmax":  # an odd graph: what softmax would have had to be given
            return np.log(np.maximum(values[-1], 1e-12)), 1.0
        before = self.layers[last.sources[0]]
        if before.key != "temperature":
            return values[before.index], 1.0
        assert before.step is not None
        divisor = self.constants[before.step.nodes[0].inputs[1]]
        return values[before.sources[0]], float(divisor.reshape(()))


def open_net(name_or_path: str | os.PathLike[str]) -> Net:
    """Open shipped weights by name, or an ONNX file by its path; it stays open until the file changes.

    Raises `WeightsError` if there are none of that name, or the file is damaged or no digit classifier.
    """
    load_classifier(name_or_path)  # checks all that shuzi asks of weights
    path = weights_path(name_or_path)
    return _open(path, os.fspath(name_or_path), path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _open(path: Path, name: str, _changed: int) -> Net:
    return Net(name, read_graph(path))


def _session(graph: bytes, name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # Optimising joins and renames nodes, and what a joined node leaves out can't be looked at.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime raises many types, RuntimeError and its own
        raise WeightsError(f"The weights {name!r} can't be run layer by layer.") from error
