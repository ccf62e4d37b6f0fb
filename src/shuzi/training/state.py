"""Everything that changes while training, so that a run can stop after any step and go on bit for bit."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from shuzi.errors import CheckpointError
from shuzi.training.checkpoint import check_fits
from shuzi.training.optimisers import Optimiser

Row = dict[str, Any]


@dataclass
class State:
    """A training run between two steps. Random numbers are not part of it: see `seed_for`."""

    net: nn.Module
    optimiser: Optimiser
    average: dict[str, Tensor]
    """The moving average of the net's floating-point tensors; empty where the recipe wants none."""
    losses: Tensor
    """float32 (steps per epoch,): losses of the current epoch's steps so far."""
    step: int = 0
    seconds: float = 0.0
    """Training time so far, without what resuming and loading cost."""
    history: list[Row] = field(default_factory=list)

    @property
    def result(self) -> dict[str, Tensor]:
        """The weights that count: the net's own, or their moving average where there is one."""
        return self.net.state_dict() | self.average

    @property
    def best(self) -> float:
        """The best validation accuracy so far; -1 before the first."""
        return max((row.get("validation_accuracy") or -1.0 for row in self.history), default=-1.0)

    def update_average(self, decay: float) -> None:
        """Move the average towards the weights; early steps count more, so that the start is forgotten."""
        share = 1 - min(decay, (1 + self.step) / (10 + self.step))
        current = self.net.state_dict()
        torch._foreach_lerp_(list(self.average.values()), [current[name] for name in self.average], share)

    def tensors(self) -> dict[str, Tensor]:
        """All of it that is tensors, under names that say whose they are."""
        named = {f"net.{name}": tensor for name, tensor in self.net.state_dict().items()}
        named |= {f"average.{name}": tensor for name, tensor in self.average.items()}
        named |= {f"optimiser.{name}": tensor for name, tensor in self.optimiser.state.items()}
        return named | {"losses": self.losses}

    def facts(self) -> dict[str, Any]:
        """All of it that isn't tensors."""
        return {"step": self.step, "seconds": self.seconds, "history": self.history}

    def restore(self, tensors: dict[str, Tensor], facts: dict[str, Any], origin: Path) -> None:
        """Take over what `tensors` and `facts` gave; raises `CheckpointError` where it doesn't fit."""

        def part(prefix: str) -> dict[str, Tensor]:
            return {name[len(prefix) :]: t for name, t in tensors.items() if name.startswith(prefix)}

        check_fits(self.net, part("net."), origin)
        self.net.load_state_dict(part("net."))
        kept = {"average.": self.average, "optimiser.": self.optimiser.state}
        losses = tensors.get("losses")
        if losses is None or losses.shape != self.losses.shape:
            raise CheckpointError(f"{origin} belongs to another recipe: resume it with its own.")
        for prefix, own in kept.items():
            saved = part(prefix)
            if {n: t.shape for n, t in saved.items()} != {n: t.shape for n, t in own.items()}:
                raise CheckpointError(f"{origin} belongs to another recipe: resume it with its own.")
            for name, tensor in saved.items():
                own[name].copy_(tensor)
        self.losses.copy_(losses)
        self.step, self.seconds, self.history = facts["step"], facts["seconds"], facts["history"]


def new_state(net: nn.Module, optimiser: Optimiser, steps: int, *, average: bool) -> State:
    """The state before the first step, for epochs of ``steps`` steps."""
    floating = {name: t for name, t in net.state_dict().items() if t.is_floating_point()} if average else {}
    copies = {name: tensor.detach().clone() for name, tensor in floating.items()}
    return State(net, optimiser, copies, torch.zeros(steps))


def first_bad(losses: Tensor) -> int | None:
    """Index of the first loss that isn't a finite number, or None."""
    if math.isfinite(float(losses.sum())):
        return None
    return int((~torch.isfinite(losses)).nonzero()[0])
