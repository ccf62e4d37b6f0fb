"""ReLU against sigmoid and tanh: the functions, and their slopes, which say how much can be learned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shuzi.shapes import Float

Curve = Callable[[Float[np.ndarray, "*shape"]], Float[np.ndarray, "*shape"]]


def relu(x: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """x above 0, else 0."""
    return np.asarray(np.maximum(x, 0))


def sigmoid(x: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """1 / (1 + e to the power of -x), from 0 to 1, without overflow."""
    return 0.5 * (1 + np.tanh(x / 2))


FUNCTIONS: dict[str, Curve] = {"relu": relu, "sigmoid": sigmoid, "tanh": np.tanh}
SLOPES: dict[str, Curve] = {
    "relu": lambda x: (x > 0).astype(x.dtype),
    "sigmoid": lambda x: sigmoid(x) * (1 - sigmoid(x)),
    "tanh": lambda x: 1 - np.tanh(x) ** 2,
}
LESSONS = {
    "relu": "Its slope is 1 above 0, however deep the net; at and below 0 it is 0, and a unit that is below"
    " 0 for every picture never learns again. On a net's ten outputs that loses whole digits, as in the"
    " PyTorch MLP tutorial.",
    "sigmoid": "Its slope is at most 1/4 and nearly 0 beyond 5: each such layer passes back a quarter or less"
    " of what there is to learn.",
    "tanh": "A sigmoid around 0, slope 1 in the middle: LeNet's choice, which still dies away at the ends.",
}
