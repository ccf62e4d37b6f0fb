"""LeNet as MXNet's tutorial draws it: two 5x5 convolutions with tanh and max pooling, two linear layers."""

from __future__ import annotations

from torch import Tensor, nn

from shuzi.shapes import Float


class LeNet(nn.Module):
    """conv 20@5x5, tanh, pool; conv 50@5x5, tanh, pool; linear 500, tanh; linear 10: 431,080 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, kernel_size=5)
        self.conv2 = nn.Conv2d(20, 50, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.tanh = nn.Tanh()
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(50 * 4 * 4, 500)
        self.fc2 = nn.Linear(500, 10)

    def forward(self, pictures: Float[Tensor, "n 1 28 28"]) -> Float[Tensor, "n 10"]:
        """Map scaled pictures to logits."""
        # Pooling commutes with tanh (both keep order), so pool first: a quarter of the tanhs, same result.
        maps = self.tanh(self.pool(self.conv1(pictures)))
        maps = self.tanh(self.pool(self.conv2(maps)))
        logits: Tensor = self.fc2(self.tanh(self.fc1(self.flatten(maps))))
        return logits
