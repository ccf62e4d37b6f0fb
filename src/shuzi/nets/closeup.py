"""Tells which of the ten digits is in the middle of a close-up."""

from __future__ import annotations

from torch import Tensor, nn

from shuzi.shapes import Float

SIDE = 48  # pixels of a close-up


class CloseUp(nn.Module):
    """Convolutions at half, a quarter and an eighth of the picture's size, and one dense layer.

    The detector sees a digit 32 pixels high in eight cells of each of its finest maps; this net in sixteen,
    and it sees nothing else. ``width``: channels of the first, half of the next ones' and so on.
    """

    def __init__(self, width: int = 32, dropout: float = 0.0) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.PixelUnshuffle(2)]
        before = 4
        for stage in range(3):
            for place in range(2):
                count = width << stage
                stride = 2 if stage and place == 0 else 1
                layers += _convolution(before, count, 3, stride)
                before = count
        layers += _convolution(before, width, 1, 1)
        self.maps = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(width * (SIDE // 8) ** 2, 10)

    def forward(self, pictures: Float[Tensor, "n 1 48 48"]) -> Float[Tensor, "n 10"]:
        """Map close-ups to logits of the values."""
        result: Tensor = self.out(self.dropout(self.maps(pictures).float().flatten(1)))
        return result


def _convolution(before: int, count: int, kernel: int, stride: int) -> list[nn.Module]:
    return [
        nn.Conv2d(before, count, kernel, stride=stride, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(count),
        nn.ReLU(inplace=True),
    ]
