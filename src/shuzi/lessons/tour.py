"""A tour of a net with one digit: what to show of each layer, whether as one PNG or as an HTML page."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np

from shuzi.lessons.colours import diverging, ink
from shuzi.lessons.layers import Layer
from shuzi.lessons.mattered import Mattered, what_mattered
from shuzi.lessons.net import Inside, open_net
from shuzi.lessons.texts import COVERED, COVERED_COLOURS, LAYERS
from shuzi.lessons.value import ConvValue, LinearValue, PoolValue, Term, Value, explain_value
from shuzi.models import load_classifier
from shuzi.reading.output import percent
from shuzi.shapes import Float, UInt8

_MOST_PICTURES = 16  # of weights
_MOST_MAPS = 128
_FOLD = 100  # values a line, of a row of numbers
_PIXELS = ("input", "scale", "reshape")  # kinds that still show the picture itself, where no kind went before
_EXAMPLES = ("conv", "max-pool", "linear", "regression")  # keys with a sum worth following once


@dataclass(frozen=True, eq=False)
class Tile:
    """A small picture, a pixel a value, and what is written below it."""

    pixels: UInt8[np.ndarray, "h w 3"]
    caption: str = ""


@dataclass(frozen=True, eq=False)
class Section:
    """One layer: what it is, what it does, its maps (or its row of numbers, folded), and one worked value.

    Only the first of a kind explains itself: the `text` of the others is empty and their `example` is None.
    `bars` are ten values where the layer has one for each digit. `weights` are the pictures that its units
    look for, the strongest first.
    """

    layer: Layer
    title: str
    text: str
    maps: list[Tile]
    bars: Float[np.ndarray, " 10"] | None
    weights: list[Tile]
    example: Value | None
    place: tuple[int, ...]
    """Where the worked value stands."""

    @property
    def bar_labels(self) -> list[str]:
        """The ten values as people read them."""
        assert self.bars is not None
        return [percent(v) if self.layer.kind == "softmax" else f"{v:.4g}" for v in self.bars.tolist()]

    @property
    def weights_title(self) -> str:
        """What `weights` are."""
        linear = self.layer.kind == "linear"
        return "weights of the strongest units (unit: its value)" if linear else "kernels"


@dataclass(frozen=True, eq=False)
class Tour:
    """All that is shown; `inside` and `mattered` hold the numbers behind it."""

    name: str
    inside: Inside
    mattered: Mattered
    sections: list[Section]

    @property
    def digit(self) -> int:
        """The net's answer."""
        return int(self.inside.probabilities.argmax())

    @property
    def confidence(self) -> float:
        """The probability of the answer."""
        return float(self.inside.probabilities.max())

    def mattered_pixels(self) -> UInt8[np.ndarray, "28 28 3"]:
        """What mattered, as colours over the digit in dark grey, which stays visible where nothing did."""
        most = float(np.abs(self.mattered.values).max())
        share = (np.abs(self.mattered.values) / (most or 1.0))[..., None]
        digit = ink(self.inside.image.astype(np.float32), 0.0, 600.0) * (1 - share)
        mixed = digit + diverging(self.mattered.values, most) * share**0.5
        return np.asarray(mixed.clip(0, 255), np.uint8)

    def mattered_text(self) -> str:
        """How to read that picture."""
        return f"{COVERED} {COVERED_COLOURS} {self.most()}"

    def most(self) -> str:
        """How much the most important place mattered."""
        fall = float(self.mattered.values.max())
        return f"Its probability fell by at most {percent(fall)} of {percent(self.confidence)}."


def make_tour(image: UInt8[np.ndarray, "28 28"], weights: str | os.PathLike[str]) -> Tour:
    """Show a net one framed digit. Raises `WeightsError` where the weights can't be used."""
    net = open_net(weights)
    inside = net.look(image)
    mattered = what_mattered(load_classifier(weights), image)
    sections = []
    explained: set[str] = set()
    for layer in net.layers:
        sections.append(_section(inside, layer, first=layer.key not in explained))
        explained.add(layer.key)
    return Tour(net.name, inside, mattered, sections)


def _section(inside: Inside, layer: Layer, *, first: bool) -> Section:
    values = inside.values[layer.index]
    place = _strongest(values)
    return Section(
        layer,
        f"{layer.name}, {' x '.join(map(str, layer.shape))}",
        LAYERS[layer.key] if first else "",
        _maps(inside, layer),
        values if layer.shape == (10,) else None,
        _weights(inside, layer),
        explain_value(inside, layer.index, place) if first and layer.key in _EXAMPLES else None,
        place,
    )


def _strongest(values: Float[np.ndarray, ...]) -> tuple[int, ...]:
    return tuple(int(at) for at in np.unravel_index(int(values.argmax()), values.shape))


def _maps(inside: Inside, layer: Layer) -> list[Tile]:
    values = inside.values[layer.index]
    if layer.kind == "flatten" or layer.shape in ((1,), (10,)):
        return []  # the same as before; a number; shown as bars
    if all(one.kind in _PIXELS for one in inside.net.layers[: layer.index + 1]):
        return [Tile(ink(one, float(values.min()), float(values.max()))) for one in values[:_MOST_MAPS]]
    most = float(np.abs(values).max())
    if values.ndim == 3:
        return [Tile(diverging(one, most)) for one in values[:_MOST_MAPS]]
    folded = np.zeros((-(-len(values) // _FOLD), min(_FOLD, len(values))), np.float32)
    folded.flat[: len(values)] = values
    return [Tile(diverging(folded, most))]


def _weights(inside: Inside, layer: Layer) -> list[Tile]:
    """The pictures that a layer's units look for, where those can be seen."""
    values = inside.values[layer.index]
    if layer.kind == "conv":
        kernels, _ = inside.net.weights_of(layer)
        if kernels.shape[1] > 1:
            return []  # a kernel for each of many maps is no picture
        most = float(np.abs(kernels).max())
        return [Tile(diverging(kernel[0], most)) for kernel in kernels]
    if not inside.net.sees_picture(layer) or layer.shape == (1,):
        return []  # a single unit's weights are shown in its worked value
    rows, _ = inside.net.weights_of(layer)
    tiles = []
    for unit in np.argsort(-np.abs(values))[:_MOST_PICTURES]:
        picture = rows[unit].reshape(28, 28)
        tiles.append(Tile(diverging(picture, float(np.abs(picture).max())), f"{unit}: {values[unit]:+.2f}"))
    return tiles


def describe_example(section: Section) -> list[str]:
    """The worked value in words and numbers, a sentence each."""
    value = section.example
    where = ", ".join(map(str, section.place))
    if isinstance(value, ConvValue):
        term = strongest_term(value)
        others = sum(one.sum for one in value.terms if one is not term)
        rest = f" The other {len(value.terms) - 1} maps give {others:+.3f}." if len(value.terms) > 1 else ""
        return [
            f"The largest value, {value.value:.3f}, stands at (map, y, x) = ({where}).",
            f"Window times kernel of map {term.channel} before sums to {term.sum:+.3f}.{rest}",
            f"With the bias {value.bias:+.3f} that makes {value.value:.3f}.",
        ]
    if isinstance(value, PoolValue) and value.at is not None:
        y, x = value.at
        return [
            f"The largest value, {value.value:.3f}, stands at (map, y, x) = ({where}).",
            f"It was the largest in its window, in row {y}, column {x} (counted from 0).",
        ]
    if isinstance(value, LinearValue):
        products = value.weights.reshape(-1) * value.inputs
        return [
            f"The largest value, {value.value:.3f}, is unit {where}'s.",
            f"Its {len(products)} weights times the values before sum to {products.sum():+.3f}:"
            f" {products[products > 0].sum():+.3f} from products above 0,"
            f" {products[products < 0].sum():+.3f} from those below.",
            f"With the bias {value.bias:+.3f} that makes {value.value:.3f}.",
        ]
    return []


def strongest_term(value: ConvValue) -> Term:
    """The map that adds most to a convolution's value, or takes most away."""
    return max(value.terms, key=lambda term: abs(term.sum))
