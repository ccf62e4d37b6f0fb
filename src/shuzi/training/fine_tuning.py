"""What adapting both nets shares: how the learning rate goes, and how weights go back a part of their way."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

_WARMUP = 10  # steps


def rate(step: int, share: float) -> float:
    """Up within the first steps, then down along half a cosine; `step` is counted from 1, `share` of all
    steps are done."""
    return min(step / _WARMUP, (1 + math.cos(math.pi * share)) / 2)


@torch.no_grad()
def pull(net: nn.Module, started: list[Tensor], share: float) -> None:
    """What a few pictures don't ask for stays as it was: every weight goes back a part of its way."""
    for parameter, start in zip(net.parameters(), started, strict=True):
        parameter.lerp_(start, share)
