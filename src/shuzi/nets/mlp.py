"""The multilayer perceptron: fully connected layers with an activation, and dropout if wanted, between."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from torch import Tensor, nn

from shuzi.nets.dropout import Dropout
from shuzi.shapes import Float


class MLP(nn.Module):
    """784 -> hidden layers with ReLU (and dropout) -> 10 logits.

    ``relu_on_logits`` puts a ReLU after the last layer too, as one of the tutorials does by mistake: a
    class whose logit falls below 0 for every picture then gets no gradient and never comes back.
    """

    def __init__(
        self, hidden: Sequence[int] = (256, 128), dropout: float = 0.0, relu_on_logits: bool = False
    ) -> None:
        super().__init__()
        layers: OrderedDict[str, nn.Module] = OrderedDict(flatten=nn.Flatten())
        width = 28 * 28
        for index, units in enumerate(hidden, start=1):
            layers[f"fc{index}"] = nn.Linear(width, units)
            layers[f"relu{index}"] = nn.ReLU()
            if dropout:
                layers[f"dropout{index}"] = Dropout(dropout)
            width = units
        layers["out"] = nn.Linear(width, 10)
        if relu_on_logits:
            layers["relu_out"] = nn.ReLU()
        self.layers = nn.Sequential(layers)

    def forward(self, pictures: Float[Tensor, "n 1 28 28"]) -> Float[Tensor, "n 10"]:
        """Map scaled pictures to logits."""
        logits: Tensor = self.layers(pictures)
        return logits
