"""A plain stack of convolutions with batch normalisation: shuzi's own net, at any size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, nn

from shuzi.errors import RecipeError
from shuzi.nets.dropout import Dropout
from shuzi.shapes import Float


class Plain(nn.Module):
    """Stages of convolutions, each with batch normalisation and ReLU, with max pooling between stages.

    ``stages`` gives each stage's channels by convolution: ``[[32, 32], [64, 64]]`` is two convolutions at
    full size, pooling, two at half. With ``space_to_depth`` the picture enters as 14x14 with the 4 pixels of
    each 2x2 square as channels: the first convolution on one channel is bound by memory, not arithmetic.
    After the last stage each map is averaged, dropped out if wanted, and weighed into 10 logits. With
    ``flatten`` every pixel of the maps has a weight of its own instead, which learns faster. ``kernel`` is
    the side of each convolution's square; raises `RecipeError` where it isn't an odd number of pixels.
    """

    def __init__(
        self,
        stages: Sequence[Sequence[int]] = ((32, 32), (64, 64), (128, 128)),
        space_to_depth: bool = False,
        dropout: float = 0.0,
        flatten: bool = False,
        kernel: int = 3,
    ) -> None:
        super().__init__()
        if kernel < 1 or kernel % 2 == 0:
            raise RecipeError(f"net.kernel = {kernel} must be odd, such as 3 or 5.")
        self.space_to_depth, self.flatten = space_to_depth, flatten
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        width, side = (4, 14) if space_to_depth else (1, 28)
        for stage, channels in enumerate(stages, start=1):
            for index, count in enumerate(channels, start=1):
                layers[f"conv{stage}_{index}"] = nn.Conv2d(
                    width, count, kernel, padding=kernel // 2, bias=False
                )
                if index == len(channels) and stage < len(stages):
                    # Before the norm: what follows then costs a quarter.
                    layers[f"pool{stage}"] = nn.MaxPool2d(2)
                    side //= 2
                layers[f"norm{stage}_{index}"] = nn.BatchNorm2d(count)
                layers[f"relu{stage}_{index}"] = nn.ReLU(inplace=True)
                width = count
        self.features = nn.Sequential(layers)
        self.dropout = Dropout(dropout)
        self.out = nn.Linear(width * side**2 if flatten else width, 10)

    def forward(self, pictures: Float[Tensor, "n 1 28 28"]) -> Float[Tensor, "n 10"]:
        """Map scaled pictures to logits."""
        maps = F.pixel_unshuffle(pictures, 2) if self.space_to_depth else pictures
        maps = self.features(maps)
        # Channels last, as convolutions leave them: flattened the other way, all of it would be copied.
        pixels = maps.permute(0, 2, 3, 1).flatten(1) if self.flatten else maps.mean(dim=(2, 3))
        logits: Tensor = self.out(self.dropout(pixels))
        return logits
