"""How weights are drawn before training, in the manner of the frameworks that the tutorials use."""

from __future__ import annotations

from torch import nn

from shuzi.errors import RecipeError

SCHEMES = ("torch", "glorot", "uniform-0.01")


def initialise(net: nn.Module, scheme: str) -> None:
    """Draw the weights of every linear and convolution layer anew, from torch's global generator.

    - "torch": PyTorch's own (Kaiming uniform with a = sqrt 5 for weights and biases); nothing to do.
    - "glorot": uniform in +-sqrt(6 / (fan_in + fan_out)), biases 0: Keras's and Paddle's default.
    - "uniform-0.01": uniform in +-0.01, biases 0: the default of MXNet's FeedForward.
    """
    if scheme not in SCHEMES:
        raise RecipeError(f"There is no init {scheme!r}: choose one of {', '.join(SCHEMES)}.")
    if scheme == "torch":
        return
    for layer in net.modules():
        if not isinstance(layer, nn.Linear | nn.Conv2d):
            continue
        if scheme == "glorot":
            nn.init.xavier_uniform_(layer.weight)
        else:
            nn.init.uniform_(layer.weight, -0.01, 0.01)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
