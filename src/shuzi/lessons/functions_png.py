"""ReLU, sigmoid and tanh with their slopes, as one PNG drawn with Pillow."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from shuzi.lessons.functions import FUNCTIONS, SLOPES, Curve

_COLOURS = {"relu": (234, 108, 20), "sigmoid": (37, 99, 235), "tanh": (13, 128, 96)}
_PAPER, _INK, _FAINT, _LINE = (251, 251, 250), (28, 36, 48), (102, 112, 127), (223, 227, 232)
_SIZE, _LEFT, _TOP, _GAP = (440.0, 300.0), 52.0, 64.0, 88.0
_DENSER = 2  # drawn twice as large and scaled down, for smooth curves


def functions_png() -> bytes:
    """Two diagrams side by side, the functions and how steep they are, from -6 to 6, as a PNG file."""
    size = (round(2 * _SIZE[0] + 2 * _LEFT + _GAP), round(_SIZE[1] + _TOP + 92))
    sheet = Image.new("RGB", (size[0] * _DENSER, size[1] * _DENSER), _PAPER)
    draw = ImageDraw.Draw(sheet)
    _diagram(draw, _LEFT, "the function", FUNCTIONS, (-1.2, 3.2))
    _diagram(draw, _LEFT + _SIZE[0] + _GAP, "its slope", SLOPES, (-0.1, 1.1))
    left = _LEFT
    for name, colour in _COLOURS.items():
        y = _TOP + _SIZE[1] + 60
        draw.line(_line(left, y, left + 30, y), colour, 3 * _DENSER)
        draw.text(_point(left + 38, y), name, _INK, _font(15), anchor="lm")
        left += 130.0
    buffer = io.BytesIO()
    sheet.resize(size, Image.Resampling.LANCZOS).save(buffer, "PNG")
    return buffer.getvalue()


def _diagram(
    draw: ImageDraw.ImageDraw, left: float, title: str, curves: dict[str, Curve], reach: tuple[float, float]
) -> None:
    width, height = _SIZE

    def place(x: float, y: float) -> tuple[float, float]:
        across = left + width * (x + 6) / 12
        return across, _TOP + height * (reach[1] - y) / (reach[1] - reach[0])

    draw.text(_point(left, 20.0), title, _INK, _font(18))
    for x in (-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0):
        draw.line(_line(*place(x, reach[0]), *place(x, reach[1])), _LINE, _DENSER)
        draw.text(_point(place(x, 0.0)[0], _TOP + height + 14), f"{x:g}", _FAINT, _font(13), anchor="mm")
    for y in (value for value in (-1.0, 0.0, 0.25, 0.5, 1.0, 2.0, 3.0) if reach[0] < value < reach[1]):
        draw.line(_line(*place(-6.0, y), *place(6.0, y)), _FAINT if y == 0 else _LINE, _DENSER)
        draw.text(_point(left - 10, place(0.0, y)[1]), f"{y:g}", _FAINT, _font(13), anchor="rm")
    xs = np.linspace(-6, 6, 1201)
    for name, curve in curves.items():
        points = [
            _point(*place(x, y))
            for x, y in zip(xs.tolist(), curve(xs).tolist(), strict=True)
            if reach[0] <= y <= reach[1]
        ]
        draw.line(points, _COLOURS[name], 3 * _DENSER, joint="curve")


def _point(x: float, y: float) -> tuple[float, float]:
    return x * _DENSER, y * _DENSER


def _line(x: float, y: float, end_x: float, end_y: float) -> tuple[float, float, float, float]:
    return (*_point(x, y), *_point(end_x, end_y))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * _DENSER)
