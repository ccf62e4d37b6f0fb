"""Several plain nets side by side that answer together."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from shuzi.errors import RecipeError
from shuzi.nets.plain import Plain
from shuzi.shapes import Float


class Branches(nn.Module):
    """``count`` branches, each a `Plain` with the other settings; the answer is the mean of their logits.

    Each learns for itself, from other random weights, so that their mistakes differ and the mean makes fewer.
    """

    def __init__(self, count: int = 3, **settings: Any) -> None:
        super().__init__()
        if count < 1:
            raise RecipeError(f"A net of branches needs one at least, not {count}: set net.count.")
        self.branches = nn.ModuleList([Plain(**settings) for _ in range(count)])

    def forward(
        self, pictures: Float[Tensor, "n 1 28 28"]
    ) -> Float[Tensor, "n 10"] | Float[Tensor, "n b 10"]:
        """Map scaled pictures to logits; in training mode to those of each branch."""
        logits = torch.stack([branch(pictures) for branch in self.branches], dim=1)
        return logits if self.training else logits.float().mean(dim=1)
