"""Several nets side by side that answer together."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from shuzi.shapes import Float


class Branches(nn.Module):
    """Nets that each map pictures to 10 logits; the answer is the mean of their logits.

    Each learns for itself, from other random weights, so that their mistakes differ and the mean makes fewer.
    They differ most where the nets themselves do: one that sees every pixel, one that begins with half of the
    resolution and more channels.
    """

    def __init__(self, branches: Sequence[nn.Module]) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(
        self, pictures: Float[Tensor, "n 1 28 28"]
    ) -> Float[Tensor, "n 10"] | Float[Tensor, "n b 10"]:
        """Map scaled pictures to logits; in training mode to those of each branch."""
        logits = torch.stack([branch(pictures) for branch in self.branches], dim=1)
        return logits if self.training else logits.float().mean(dim=1)
