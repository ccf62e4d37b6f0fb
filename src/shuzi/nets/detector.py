"""Finds digits in a picture of any size: where each is, how large, and which of the ten."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from shuzi.shapes import Float

STRIDE = 4  # pixels from one cell of the maps to the next


class Detector(nn.Module):
    """Fully convolutional: at half, a quarter and an eighth of the picture's size, joined at a quarter.

    ``stages`` gives the channels of each convolution at these three sizes; the first of each but the first
    halves the size. ``head`` is the width of the joined maps. A picture's sides must be multiples of 8.
    """

    def __init__(
        self,
        stages: Sequence[Sequence[int]] = ((24, 32), (64, 64, 64), (112, 112, 112, 112)),
        head: int = 64,
    ) -> None:
        super().__init__()
        self.stages = nn.ModuleList()
        width = 4
        for index, channels in enumerate(stages):
            layers: list[nn.Module] = []
            for place, count in enumerate(channels):
                stride = 2 if index and place == 0 else 1
                layers += [
                    nn.Conv2d(width, count, 3, stride=stride, padding=1, bias=False),
                    nn.BatchNorm2d(count),
                    nn.ReLU(inplace=True),
                ]
                width = count
            self.stages.append(nn.Sequential(*layers))
        self.lift = nn.Sequential(
            nn.Conv2d(width, head, 1, bias=False), nn.BatchNorm2d(head), nn.ReLU(inplace=True)
        )
        self.skip = nn.Sequential(
            nn.Conv2d(stages[1][-1], head, 1, bias=False), nn.BatchNorm2d(head), nn.ReLU(inplace=True)
        )
        self.joined = nn.Sequential(
            nn.Conv2d(head, head, 3, padding=1, bias=False),
            nn.BatchNorm2d(head),
            nn.ReLU(inplace=True),
            nn.Conv2d(head, 2 * head, 3, padding=1, bias=False),
            nn.BatchNorm2d(2 * head),
            nn.ReLU(inplace=True),
        )
        self.out = nn.Conv2d(2 * head, 15, 1)
        # Most cells are no digit's middle, and boxes reach some cells to each side.
        self.out.bias = nn.Parameter(torch.tensor([-3.0] + 10 * [0.0] + 4 * [1.0]))

    def forward(self, pictures: Float[Tensor, "n 1 h w"]) -> Float[Tensor, "n 15 h4 w4"]:
        """Map pictures to, for each cell: the logit that it is a digit's middle, ten logits of its value, and
        four numbers whose softplus says how far off its box is, in cells: left, top, right, bottom.
        """
        return self.of_fours(F.pixel_unshuffle(pictures, 2))

    def of_fours(self, fours: Float[Tensor, "n 4 h2 w2"]) -> Float[Tensor, "n 15 h4 w4"]:
        """The same, of pictures each 2x2 pixels of which are four channels."""
        maps = self.stages[0](fours)
        fine = self.stages[1](maps)
        coarse = self.lift(self.stages[2](fine))
        result: Tensor = self.out(self.joined(self.skip(fine) + F.interpolate(coarse, scale_factor=2.0)))
        return result
