"""Steps -> layers: named, with the shape of what comes out and the key of the sentence that explains it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuzi.errors import WeightsError
from shuzi.lessons.steps import Step
from shuzi.shapes import Shaped

MAX_VALUES = 16 * 2**20  # of all layers together, for one picture
_NAMES = {
    "conv": "convolution",
    "pool": "pooling",
    "relu": "ReLU",
    "scale": "scaling",
    "flatten": "row of numbers",
}
_NUMBERED = ("conv", "pool", "relu", "tanh", "sigmoid", "linear")


@dataclass(frozen=True)
class Layer:
    """One thing that happens to a digit.

    `kind` says how it computes; `key` which sentence of `shuzi.lessons.texts` explains it. `shape` is
    (channels, height, width) or (units,). `sources` are the indices of the layers whose values go in.
    `raw_shapes` are those of the graph itself: of what goes in, and of what each node of the step gives.
    """

    index: int
    name: str
    kind: str
    key: str
    shape: tuple[int, ...]
    sources: tuple[int, ...]
    step: Step | None
    raw_shapes: tuple[tuple[int, ...], ...]


def make_layers(
    steps: list[Step], results: dict[str, Shaped[np.ndarray, ...]], constants: dict[str, np.ndarray]
) -> tuple[Layer, ...]:
    """The layers of a net; steps that leave a picture's values and shape as they are get none."""
    layers = [Layer(0, "picture", "input", "input", (1, 28, 28), (), None, ())]
    of_value = {"image": 0}
    counts: dict[str, int] = {}
    for step in steps:
        sources = tuple(of_value[name] for name in step.variables)
        source, shape = layers[sources[0]], _shape(results[step.output])
        kind, key = _kind_and_key(step, source, shape, constants)
        if key == "nothing":
            of_value[step.output] = sources[0]
            continue
        name = step.nodes[0].op if key == "other" else _NAMES.get(key) or key.replace("-", " ")
        if kind in _NUMBERED:
            counts[kind] = counts.get(kind, 0) + 1
            name = f"{_NAMES.get(kind, kind)} {counts[kind]}"
        of_value[step.output] = len(layers)
        passed = (step.variables[0], *(node.output for node in step.nodes))
        raw_shapes = tuple(results[value].shape for value in passed)
        layers.append(Layer(len(layers), name, kind, key, shape, sources, step, raw_shapes))
    if sum(int(np.prod(layer.shape)) for layer in layers) > MAX_VALUES:
        raise WeightsError(f"This net has more than {MAX_VALUES:,} values a picture: too many to look at.")
    return tuple(layers)


def _shape(value: Shaped[np.ndarray, ...]) -> tuple[int, ...]:
    """The shape for one picture: (channels, height, width), or (units,) for everything else."""
    one = value.shape[1:] if value.shape[:1] == (1,) else value.shape
    if len(one) == 2:
        one = (1, *one)
    return one if len(one) == 3 else (value.size,)


def _kind_and_key(
    step: Step, source: Layer, shape: tuple[int, ...], constants: dict[str, np.ndarray]
) -> tuple[str, str]:
    """What a step is once shapes are known, and which sentence explains it."""
    kind, node = step.kind, step.nodes[0]
    if kind == "reshape":
        moves = any(part.op == "Transpose" for part in step.nodes)
        if not moves and shape == source.shape:
            return kind, "nothing"
        if not moves and len(shape) == 1:
            return "flatten", "flatten"
        return kind, "space-to-depth" if len(shape) == 3 and shape[0] == 4 * source.shape[0] else "reshape"
    if kind == "scale":
        operations = [part.op for part in step.nodes]
        if operations == ["Sub", "Pow", "Clip", "Neg"] and shape == (10,):
            return "other", "distance"
        if "Pow" in operations:
            return "other", "other"
        divisor = constants.get(node.inputs[-1], np.empty(0))
        return kind, "temperature" if (operations, divisor.size, shape) == (["Div"], 1, (10,)) else "scale"
    if kind == "conv" and constants.get(node.inputs[1], np.empty(0)).ndim != 4:
        return "other", "other"
    if kind == "linear" and (constants.get(node.inputs[1], np.empty(0)).ndim != 2 or len(shape) != 1):
        return "other", "other"
    if kind == "pool":
        return kind, "max-pool" if node.op == "MaxPool" else "average-pool"
    if kind == "mean" and (
        len(source.shape) != 3 or shape not in ((source.shape[0],), (source.shape[0], 1, 1))
    ):
        return "other", "other"
    if kind == "linear" and shape == (1,):
        return kind, "regression"
    if step.nodes[0].op == "BatchNormalization":
        return "other", "norm"
    return kind, kind
