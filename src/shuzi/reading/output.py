"""What reading gives: a `Page` of `Number`s of `Digit`s."""

from __future__ import annotations

import base64
import functools
import html
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from shuzi.picture import Picture
from shuzi.shapes import UInt8

Box: TypeAlias = tuple[int, int, int, int]  # x, y, width, height in pixels of the picture as displayed
Framed: TypeAlias = Callable[[], UInt8[np.ndarray, "28 28"]]
_DECIMALS = 6  # of probabilities in JSON


@dataclass(frozen=True)
class Digit:
    """One digit: its value 0..9, how probable that is, and where it is.

    `probabilities` are those of the ten classes; they sum to 1. `framed` cuts it out, see `image`.
    """

    value: int
    confidence: float
    box: Box
    probabilities: tuple[float, ...] = field(repr=False)
    framed: Framed | None = field(default=None, repr=False, compare=False)

    @functools.cached_property
    def image(self) -> UInt8[np.ndarray, "28 28"] | None:
        """The digit as MNIST frames one, white on black; cut out when it is first asked for."""
        return None if self.framed is None else self.framed()


@dataclass(frozen=True)
class Alternative:
    """Another text that a number may be, and the probability that it is."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Number:
    """The digits on one line, in reading order.

    `confidence` is the probability that `text` is right; where it is below the threshold the number is not
    `accepted`, and a person should look. `alternatives` are the next likeliest texts, the likeliest first.
    """

    text: str
    confidence: float
    accepted: bool
    box: Box
    digits: list[Digit]
    alternatives: list[Alternative]


@dataclass(frozen=True)
class Page:
    """All numbers of one picture, from the top. `str(page)` is their texts, a line each.

    In a notebook a page shows itself as the picture with what was read drawn in.
    """

    numbers: list[Number]
    picture: Picture = field(repr=False)

    @property
    def width(self) -> int:
        """Of the picture as displayed, in pixels."""
        return self.picture.width

    @property
    def height(self) -> int:
        """Of the picture as displayed, in pixels."""
        return self.picture.height

    @property
    def source(self) -> str | None:
        """The name of the picture's file, where it has one."""
        return self.picture.source

    @property
    def page(self) -> int:
        """Which page of the source this is, from 1."""
        return self.picture.page

    def __str__(self) -> str:
        return "\n".join(number.text for number in self.numbers)

    def to_dict(self) -> dict[str, Any]:
        """What `shuzi read --format json` prints, as plain dicts and lists."""
        return {
            "source": self.source,
            "page": self.page,
            "width": self.width,
            "height": self.height,
            "numbers": [_number_dict(number) for number in self.numbers],
            "error": None,
        }

    def to_png(self) -> bytes:
        """The picture as a PNG file, with boxes, digits and confidence drawn in."""
        from shuzi.reading.annotate import annotate  # fonts take time to load, and reading needs none

        buffer = io.BytesIO()
        annotate(self).save(buffer, "PNG")
        return buffer.getvalue()

    def _repr_png_(self) -> bytes:
        return self.to_png()

    def _repr_html_(self) -> str:
        lines = [f"{html.escape(describe(number))}<br>" for number in self.numbers] or ["no number"]
        image = base64.b64encode(self.to_png()).decode("ascii")
        texts = html.escape(str(self), quote=True)
        return f'<img alt="{texts}" src="data:image/png;base64,{image}"><br>{"".join(lines)}'


def describe(number: Number) -> str:
    """A number in one line for people: its text, its confidence, and whether a person should look."""
    return f"{number.text}   {percent(number.confidence)}{'' if number.accepted else '   please check'}"


def percent(confidence: float) -> str:
    """A probability for people; 100 % is only what can't be told from it in six decimals."""
    shown = f"{100 * confidence:.1f} %"
    return "99.9 %" if shown == "100.0 %" and confidence < 1 - 5e-7 else shown


def _number_dict(number: Number) -> dict[str, Any]:
    return {
        "text": number.text,
        "confidence": round(number.confidence, _DECIMALS),
        "accepted": number.accepted,
        "box": list(number.box),
        "digits": [
            {"value": digit.value, "confidence": round(digit.confidence, _DECIMALS), "box": list(digit.box)}
            for digit in number.digits
        ],
        "alternatives": [
            {"text": other.text, "confidence": round(other.confidence, _DECIMALS)}
            for other in number.alternatives
        ],
    }
