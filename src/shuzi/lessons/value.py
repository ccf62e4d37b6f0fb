"""How one value of a layer came about, with the real numbers: the window, the kernel, the products, the sum.

>>> inside = open_net("mxnet-lenet").look(digit)  # doctest: +SKIP
>>> value = explain_value(inside, 2, (7, 10, 12))  # doctest: +SKIP
>>> sum(term.sum for term in value.terms) + value.bias, value.value  # doctest: +SKIP
(0.8437, 0.8437)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from shuzi.errors import ReadingError
from shuzi.lessons.layers import Layer
from shuzi.lessons.net import Inside
from shuzi.shapes import Float

Place: TypeAlias = tuple[int, ...]  # (channel, y, x), or (unit,)


@dataclass(frozen=True, eq=False)
class Term:
    """What one channel gives to a convolution's value: the sum of window times kernel."""

    channel: int
    window: Float[np.ndarray, "h w"]
    kernel: Float[np.ndarray, "h w"]
    sum: float


@dataclass(frozen=True, eq=False)
class ConvValue:
    """A convolution's value: the terms' sums and the bias, added.

    `origin` is the window's top left corner (y, x) in the maps before; outside of them, where it may be
    negative, stand zeros.
    """

    kind: str
    text_key: str
    value: float
    terms: tuple[Term, ...]
    bias: float
    origin: tuple[int, int]


@dataclass(frozen=True, eq=False)
class PoolValue:
    """A pooling's value: the largest of the window, at `at` (y, x) in it; or its mean, and `at` is None."""

    kind: str
    text_key: str
    value: float
    window: Float[np.ndarray, "h w"]
    at: tuple[int, int] | None
    origin: tuple[int, int]


@dataclass(frozen=True, eq=False)
class LinearValue:
    """A linear unit's value: weights times inputs, plus the bias.

    `weights` is (28, 28) where the unit looks at the picture itself; else, as `inputs`, one row of numbers.
    """

    kind: str
    text_key: str
    value: float
    weights: Float[np.ndarray, ...]
    inputs: Float[np.ndarray, " n"]
    bias: float


@dataclass(frozen=True, eq=False)
class SoftmaxValue:
    """A probability: e to the power of this class's input, divided by the sum of that over all classes."""

    kind: str
    text_key: str
    value: float
    inputs: Float[np.ndarray, " 10"]
    powers: Float[np.ndarray, " 10"]
    """e to the power of each input less the largest, which keeps them small and changes nothing."""


@dataclass(frozen=True, eq=False)
class PlainValue:
    """A value that comes from one value before (two for an addition), or from the mean of a whole map.

    `origin` is where these stand in the layer before, the same place for those that work value by value.
    """

    kind: str
    text_key: str
    value: float
    inputs: Float[np.ndarray, " n"]
    origin: Place | None


Value: TypeAlias = ConvValue | PoolValue | LinearValue | SoftmaxValue | PlainValue


def explain_value(inside: Inside, index: int, place: Place) -> Value:
    """How the value at `place`, (channel, y, x) or (unit,), of the layer with this index came about.

    Raises `ReadingError` if there is no such layer or place.
    """
    layers = inside.net.layers
    if not 0 <= index < len(layers):
        raise ReadingError(f"There is no layer {index}: this net has the layers 0 to {len(layers) - 1}.")
    layer = layers[index]
    shape = layer.shape
    if len(place) != len(shape) or not all(0 <= at < size for at, size in zip(place, shape, strict=True)):
        wanted = "channel, y, x" if len(shape) == 3 else "unit"
        raise ReadingError(f"{layer.name} has no value at {place}: give {wanted} within {shape}.")
    value = float(inside.values[index][place])
    sources = [inside.values[source].astype(np.float64) for source in layer.sources]
    if layer.kind == "conv":
        return _conv(inside, layer, sources[0], place, value)
    if layer.kind == "pool":
        return _pool(layer, sources[0], place, value)
    if layer.kind == "linear":
        return _linear(inside, layer, sources[0], place[0], value)
    if layer.kind == "softmax":
        inputs = sources[0].reshape(-1)
        return SoftmaxValue(layer.kind, layer.key, value, inputs, np.exp(inputs - inputs.max()))
    return _plain(layer, sources, place, value)


def _window(
    layer: Layer, size: tuple[int, int], place: Place, fill: float, source: Float[np.ndarray, "c h w"]
) -> tuple[Float[np.ndarray, "c a b"], tuple[int, int]]:
    """What a window of this size sees at a place of a layer, in all channels, and its top left corner."""
    assert layer.step is not None
    attributes = layer.step.nodes[0].attributes
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    stride, dilation = (attributes.get(name, [1, 1]) for name in ("strides", "dilations"))
    padded = np.pad(source, ((0, 0), (top, bottom), (left, right)), constant_values=fill)
    y, x = place[1] * stride[0], place[2] * stride[1]
    rows = np.arange(size[0]) * dilation[0] + y
    columns = np.arange(size[1]) * dilation[1] + x
    return padded[:, rows[:, None], columns], (y - top, x - left)


def _conv(
    inside: Inside, layer: Layer, source: Float[np.ndarray, "c h w"], place: Place, value: float
) -> ConvValue:
    kernels, bias = inside.net.weights_of(layer)
    windows, origin = _window(layer, (kernels.shape[2], kernels.shape[3]), place, 0.0, source)
    seen = kernels.shape[1]  # channels; fewer than there are if the convolution works in groups
    groups = len(source) // seen
    first = place[0] // (len(kernels) // groups) * seen
    terms = tuple(
        Term(first + one, windows[first + one], kernel, float((windows[first + one] * kernel).sum()))
        for one, kernel in enumerate(kernels[place[0]])
    )
    return ConvValue(layer.kind, layer.key, value, terms, float(bias[place[0]]), origin)


def _pool(layer: Layer, source: Float[np.ndarray, "c h w"], place: Place, value: float) -> PoolValue:
    assert layer.step is not None
    height, width = layer.step.nodes[0].attributes["kernel_shape"]
    largest = layer.key == "max-pool"
    # Outside of the map there is nothing that could win.
    windows, origin = _window(layer, (height, width), place, -math.inf if largest else 0.0, source)
    window = windows[place[0]]
    row, column = divmod(int(window.argmax()), width)
    return PoolValue(layer.kind, layer.key, value, window, (row, column) if largest else None, origin)


def _linear(
    inside: Inside, layer: Layer, source: Float[np.ndarray, ...], unit: int, value: float
) -> LinearValue:
    rows, bias = inside.net.weights_of(layer)
    weights = rows[unit].reshape(28, 28) if inside.net.sees_picture(layer) else rows[unit]
    return LinearValue(layer.kind, layer.key, value, weights, source.reshape(-1), float(bias[unit]))


def _plain(layer: Layer, sources: list[np.ndarray], place: Place, value: float) -> PlainValue:
    origin: Place | None = None
    if layer.kind == "mean":
        inputs = sources[0][place[0]].reshape(-1)
    elif layer.kind in ("reshape", "flatten"):
        origin = _moved_from(layer, sources[0].shape, place)
        inputs = sources[0][origin].reshape(1)
    elif sources and all(source.shape == layer.shape for source in sources):
        origin = place
        inputs = np.array([source[place] for source in sources])
    else:  # the picture itself, from nothing; or one value spread over ten classes
        inputs = np.concatenate([source.reshape(-1) for source in sources]) if sources else np.empty(0)
    return PlainValue(layer.kind, layer.key, value, inputs, origin)


def _moved_from(layer: Layer, shape: tuple[int, ...], place: Place) -> Place:
    """Where a value stood before a step that only moves values: the step is done on their numbers instead."""
    assert layer.step is not None
    numbers = np.arange(math.prod(shape)).reshape(layer.raw_shapes[0])
    for node, after in zip(layer.step.nodes, layer.raw_shapes[1:], strict=True):
        if node.op == "Transpose":
            numbers = numbers.transpose(node.attributes.get("perm"))
        numbers = numbers.reshape(after)
    origin = np.unravel_index(int(numbers.reshape(layer.shape)[place]), shape)
    return tuple(int(at) for at in origin)
