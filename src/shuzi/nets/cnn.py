"""The small convolutional net of the PyTorch tutorial: two padded 5x5 convolutions and one linear layer."""

from __future__ import annotations

from torch import Tensor, nn

from shuzi.shapes import Float


class CNN(nn.Module):
    """conv 16@5x5, ReLU, pool; conv 32@5x5, ReLU, pool; linear 1568-10: 28,938 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, kernel_size=5, padding=2)
        self.conv2 = nn.Conv2d(16, 32, kernel_size=5, padding=2)
        self.pool = nn.MaxPool2d(2)
        self.relu = nn.ReLU()
        self.flatten = nn.Flatten()
        self.out = nn.Linear(32 * 7 * 7, 10)

    def forward(self, pictures: Float[Tensor, "n 1 28 28"]) -> Float[Tensor, "n 10"]:
        """Map scaled pictures to logits."""
        # Pooling commutes with ReLU (both keep order), so pool first: a quarter of the ReLUs, same result.
        maps = self.relu(self.pool(self.conv1(pictures)))
        maps = self.relu(self.pool(self.conv2(maps)))
        logits: Tensor = self.out(self.flatten(maps))
        return logits
