"""Optimisers with the defaults of the framework that a recipe imitates, and the learning rate's course.

The arithmetic is torch's own, called through its functional interface: the classes around it cost more than
the arithmetic for nets this small, and import torch's compiler (1 s) at their first step.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.optim.adam import adam
from torch.optim.adamw import adamw
from torch.optim.rmsprop import rmsprop
from torch.optim.sgd import sgd

from shuzi.training.recipe import OptimiserSettings, ScheduleSettings

_KEPT = {
    "sgd": (),
    "rmsprop": ("square_average",),
    "adam": ("average", "square_average"),
    "adamw": ("average", "square_average"),
}
"""What each kind remembers of the gradients, for every parameter."""


class Optimiser:
    """Updates a net's parameters from their gradients; its memory is plain named tensors."""

    def __init__(self, parameters: Iterable[tuple[str, nn.Parameter]], settings: OptimiserSettings) -> None:
        named = list(parameters)
        self._settings = settings
        self._parameters = [parameter for _, parameter in named]
        self._kept = {key: [torch.zeros_like(p) for p in self._parameters] for key in _KEPT[settings.kind]}
        self._steps = [torch.zeros(()) for _ in self._parameters]
        self.state: dict[str, Tensor] = {
            f"{key}.{name}": tensor
            for key, tensors in {**self._kept, "steps": self._steps}.items()
            for (name, _), tensor in zip(named, tensors, strict=True)
        }
        """Name -> tensor, updated in place: what a checkpoint must hold to go on."""

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Move the parameters by their gradients at learning rate ``rate``, and forget the gradients."""
        gradients = [p.grad if p.grad is not None else torch.zeros_like(p) for p in self._parameters]
        parameters, steps = list[Tensor](self._parameters), self._steps
        decay = self._settings.weight_decay
        match self._settings.kind:
            case "sgd":
                sgd(
                    parameters, gradients, [None] * len(parameters), foreach=True, weight_decay=decay,
                    momentum=0.0, lr=rate, dampening=0.0, nesterov=False, maximize=False,
                )  # fmt: skip
            case "rmsprop":
                # Keras's defaults: rho 0.9 and epsilon 1e-7 (torch's are 0.99 and 1e-8).
                rmsprop(
                    parameters, gradients, self._kept["square_average"], [], [], steps, foreach=True, lr=rate,
                    alpha=0.9, eps=1e-7, weight_decay=decay, momentum=0.0, centered=False,
                )  # fmt: skip
            case "adam" | "adamw":
                function = adam if self._settings.kind == "adam" else adamw
                function(
                    parameters, gradients, self._kept["average"], self._kept["square_average"], [], steps,
                    fused=True, amsgrad=False, beta1=0.9, beta2=self._settings.beta2, lr=rate,
                    weight_decay=decay, eps=1e-8, maximize=False,
                )  # fmt: skip
        for parameter in self._parameters:
            parameter.grad = None


def learning_rate(step: int, steps: int, highest: float, schedule: ScheduleSettings) -> float:
    """The learning rate of ``step`` (from 0) out of ``steps``: linear warm-up, then the recipe's decay."""
    warmup = round(schedule.warmup * steps)
    if step < warmup:
        return highest * (step + 1) / (warmup + 1)
    left = (steps - step) / max(1, steps - warmup)
    if schedule.decay == "linear":
        return highest * left
    if schedule.decay == "cosine":
        return highest * 0.5 * (1 - math.cos(math.pi * left))
    return highest
