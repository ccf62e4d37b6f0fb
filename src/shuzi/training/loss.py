"""What a net should answer to the pictures of a step, and how far off it is."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from shuzi.data.extra import NO_DIGIT
from shuzi.shapes import Float, Float32, Int64
from shuzi.training.recipe import LossSettings


def loss(
    outputs: Float[Tensor, "n _"] | Float[Tensor, "n _ _"],
    wanted: Int64[Tensor, " n"] | Float32[Tensor, "n 10"],
    settings: LossSettings,
) -> Float32[Tensor, ""]:
    """The mean loss of a net's outputs, where ``wanted`` are labels 0..9 or the probability of each digit.

    Outputs of several branches, (n, branches, 10), count each for itself.
    """
    outputs = outputs.float()
    if settings.kind == "squared-error":
        return F.mse_loss(outputs.squeeze(1), wanted.float())
    if outputs.dim() == 3:
        wanted = wanted.repeat_interleave(outputs.shape[1], dim=0)
        outputs = outputs.flatten(0, 1)
    return F.cross_entropy(outputs, wanted, label_smoothing=settings.label_smoothing)


def chances(labels: Int64[Tensor, " n"]) -> Float32[Tensor, "n 10"]:
    """Labels as the probability of each digit: of what is no digit all are equally unlikely."""
    result = torch.full((len(labels), 10), 0.1)
    digits = (labels != NO_DIGIT).nonzero().squeeze(1)
    result[digits] = F.one_hot(labels[digits], 10).float()
    return result
