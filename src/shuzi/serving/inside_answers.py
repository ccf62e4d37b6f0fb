"""What /v1/inside answers with, for the OpenAPI document."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

Kind = Literal[
    "input", "scale", "conv", "pool", "relu", "tanh", "sigmoid", "linear", "flatten", "mean", "softmax",
    "reshape", "add", "other",
]  # fmt: skip


class LayerAnswer(BaseModel):
    """A layer; `maps` are its values as float32, little-endian, C order, base64; `explain_key` its lesson."""

    index: int
    name: str
    kind: Kind
    explain_key: str
    shape: list[int]
    min: float
    max: float
    maps: str


class InsideAnswer(BaseModel):
    """All layers for one digit. Probabilities are the softmax of the logits divided by the temperature."""

    weights: str
    layers: list[LayerAnswer]
    logits: list[float]
    temperature: float
    probabilities: list[float]


class TermAnswer(BaseModel):
    """What one channel gives to a convolution's value."""

    channel: int
    window: list[list[float]]
    kernel: list[list[float]]
    sum: float


class _Value(BaseModel):
    kind: Kind
    text_key: str
    value: float


class ConvAnswer(_Value):
    """The sums of the terms and the bias add up to the value; `origin` (y, x) is the window's corner."""

    terms: list[TermAnswer]
    bias: float
    origin: list[int]


class PoolAnswer(_Value):
    """The largest stands `at` (row, column) of the window; null for a mean, and outside of the map."""

    window: list[list[float | None]]
    at: list[int] | None
    origin: list[int]


class LinearAnswer(_Value):
    """Weights, 28 rows of 28 where they look at the picture, times inputs, plus the bias."""

    weights: list[list[float]] | list[float]
    inputs: list[float]
    bias: float


class SoftmaxAnswer(_Value):
    """Of `powers`, e to the power of each input less the largest, the value is one divided by all."""

    inputs: list[float]
    powers: list[float]


class PlainAnswer(_Value):
    """The values before that this one was computed from, and where a single one stood."""

    inputs: list[float]
    origin: list[int] | None


ValueAnswer = ConvAnswer | PoolAnswer | LinearAnswer | SoftmaxAnswer | PlainAnswer


class MatteredAnswer(BaseModel):
    """For each pixel, how far the answer's probability falls when a patch around it is covered."""

    digit: int
    values: list[list[float]]


class WeightsAnswer(BaseModel):
    """Kernels [out][in][height][width], or [out] pictures of 28x28."""

    kind: Kind
    kernels: list[list[list[list[float]]]] | list[list[list[float]]]
