"""A picture of the first digits of a data set with their labels: look at the data before you train on it."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from shuzi.data.parts import Part
from shuzi.errors import DataError
from shuzi.files import write_whole
from shuzi.shapes import UInt8

MAX_COUNT = 10_000
_SCALE = 2
_TILE = 28 * _SCALE
_GAP = 8
_LABEL = 20
_HEADER = 40
_PAPER, _INK, _FAINT = (255, 255, 255), (30, 41, 59), (100, 116, 139)


def contact_sheet(part: Part, title: str, count: int = 50) -> Image.Image:
    """The first ``count`` pictures of ``part`` (all, if it has fewer), each with its label below.

    At least ten columns, and otherwise about as wide as high.
    """
    images = part.images[:count]
    columns = min(len(images), max(10, math.ceil(math.sqrt(len(images)))))
    rows = math.ceil(len(images) / columns)
    # Ten columns' width at least, for the title.
    width = _GAP + max(columns, 10) * (_TILE + _GAP)
    sheet = Image.new("RGB", (width, _HEADER + rows * (_TILE + _LABEL + _GAP) + _GAP), _PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((_GAP, _HEADER / 2), title, _INK, ImageFont.load_default(16), anchor="lm")
    font = ImageFont.load_default(14)
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        x, y = _GAP + column * (_TILE + _GAP), _HEADER + row * (_TILE + _LABEL + _GAP)
        sheet.paste(_enlarged(image), (x, y))
        label = "?" if part.labels is None else str(part.labels[index])
        colour = _FAINT if part.labels is None else _INK
        draw.text((x + _TILE / 2, y + _TILE + _LABEL / 2), label, colour, font, anchor="mm")
    return sheet


def _enlarged(image: UInt8[np.ndarray, "28 28"]) -> Image.Image:
    # Each pixel stays visible as a square: this is what a net sees.
    return Image.fromarray(image).resize((_TILE, _TILE), Image.Resampling.NEAREST)


def save_png(sheet: Image.Image, path: Path) -> None:
    """Write ``sheet`` to ``path``, which must end in .png, whole or not at all; DataError if that fails."""
    if path.suffix.lower() != ".png":
        raise DataError(f"A contact sheet is a PNG picture; call it {path.with_suffix('.png').name}.")
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    write_whole(path, buffer.getvalue(), DataError)
