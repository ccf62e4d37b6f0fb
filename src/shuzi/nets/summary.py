"""A net layer by layer: what each gives, how many parameters it has and how much it computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from shuzi.nets.dropout import Dropout

INPUT_SHAPE = (1, 28, 28)


@dataclass(frozen=True)
class Layer:
    """One call of one layer, for one picture."""

    name: str
    """Its name in the net, as in its checkpoint."""
    kind: str
    """What it is, such as "conv 5x5"."""
    shape: tuple[int, ...]
    """Of what it gives, for one picture: (channels, height, width) or (units,)."""
    parameters: int
    """0 when the layer was called before: its parameters are counted once."""
    multiply_adds: int


@dataclass(frozen=True)
class Summary:
    """A net's layers in the order in which a picture passes them, and their sums."""

    layers: tuple[Layer, ...]
    parameters: int
    """All of the net's parameters that are trained."""
    multiply_adds: int
    """For one picture: those of convolutions and linear layers, next to which the rest hardly counts."""

    @property
    def flops(self) -> int:
        """Floating-point operations for one picture: a multiplication and an addition each."""
        return 2 * self.multiply_adds


def summarise(net: nn.Module) -> Summary:
    """Pass one black picture through a net and note what every layer does with it.

    The net is left as it was. What it computes outside of layers (a function called in ``forward``) isn't
    seen.
    """
    layers: list[Layer] = []
    seen: set[nn.Module] = set()

    def note(name: str, layer: nn.Module) -> Any:
        def hook(_: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            fresh = layer not in seen
            seen.add(layer)
            count = count_parameters(layer) if fresh else 0
            shape = tuple(output.shape[1:])
            layers.append(Layer(name, describe(layer), shape, count, _multiply_adds(layer, output)))

        return layer.register_forward_hook(hook)

    leaves = [(name, layer) for name, layer in net.named_modules() if not any(layer.children())]
    hooks = [note(name, layer) for name, layer in leaves]
    trains = net.training
    try:
        net.eval()
        with torch.no_grad():
            net(torch.zeros(1, *INPUT_SHAPE))
    finally:
        for hook in hooks:
            hook.remove()
        net.train(trains)
    return Summary(tuple(layers), count_parameters(net), sum(layer.multiply_adds for layer in layers))


def count_parameters(net: nn.Module) -> int:
    """How many numbers are trained."""
    return sum(parameter.numel() for parameter in net.parameters() if parameter.requires_grad)


def describe(layer: nn.Module) -> str:
    """A layer's kind in a few words: "conv 5x5, pad 2", "linear", "max pool 2x2", "dropout 0.2", "ReLU"."""
    if isinstance(layer, nn.Conv2d):
        words = [f"conv {_square(layer.kernel_size)}"]
        words += [f"stride {_square(layer.stride)}"] if layer.stride != (1, 1) else []
        words += [f"pad {_pair(layer.padding)}"] if layer.padding not in ((0, 0), "valid") else []
        words += [f"{layer.groups} groups"] if layer.groups > 1 else []
        return ", ".join(words)
    if isinstance(layer, nn.MaxPool2d | nn.AvgPool2d):
        return f"{'max' if isinstance(layer, nn.MaxPool2d) else 'mean'} pool {_square(layer.kernel_size)}"
    if isinstance(layer, nn.Dropout | Dropout):
        return f"dropout {layer.p:g}"
    names: dict[type[nn.Module], str] = {nn.BatchNorm2d: "batch norm", nn.BatchNorm1d: "batch norm"}
    names |= {nn.Linear: "linear", nn.Flatten: "flatten", nn.Tanh: "tanh", nn.Sigmoid: "sigmoid"}
    return names.get(type(layer), type(layer).__name__)


def _square(sides: Any) -> str:
    height, width = sides if isinstance(sides, tuple) else (sides, sides)
    return f"{height}x{width}"


def _pair(sides: Any) -> str:
    return f"{sides[0]}" if isinstance(sides, tuple) and sides[0] == sides[1] else f"{sides}"


def _multiply_adds(layer: nn.Module, output: Tensor) -> int:
    if isinstance(layer, nn.Conv2d | nn.Linear):
        # Every output value is a sum over as many products as one row of the weights is long.
        return output[0].numel() * layer.weight[0].numel()
    return 0
