"""From a net's outputs to logits of the ten digits."""

from __future__ import annotations

import torch
from torch import Tensor

from shuzi.shapes import Float


def to_logits(outputs: Float[Tensor, "n outputs"], decode: str) -> Float[Tensor, "n 10"]:
    """Logits (N, 10) from a net's outputs, which for most nets they are already.

    A regressor's single value v stands for the digit int(v) with ``decode="truncate"`` (the Paddle tutorial),
    or the nearest digit with "round". Its logits fall with the squared distance to the middle of the values
    that mean the digit, as far as these reach. So a value that means no digit, such as 10.2 or -1.5, makes
    all ten equally likely.
    """
    if decode == "class":
        return outputs
    middle = 0.5 if decode == "truncate" else 0.0
    digits = torch.arange(10, device=outputs.device) + middle
    return -((outputs - digits) ** 2).clamp(max=0.25)
