"""One linear layer: the smallest net there is, and the only one whose weights are pictures."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from shuzi.shapes import Float


class Linear(nn.Module):
    """Weigh the 784 pixels and add them up, once for each output.

    With 10 outputs it is softmax regression (about 92 %). With 1 output it regresses the digit as if it
    were a quantity, as the PaddlePaddle tutorial does (about 21 %): see `shuzi.training.decoding`.
    """

    def __init__(self, outputs: int = 10) -> None:
        super().__init__()
        self.fc = nn.Linear(28 * 28, outputs)

    def forward(self, pictures: Float[Tensor, "n 1 28 28"]) -> Float[Tensor, "n outputs"]:
        """Map scaled pictures to one value for each output."""
        logits: Tensor = self.fc(torch.flatten(pictures, 1))
        return logits
