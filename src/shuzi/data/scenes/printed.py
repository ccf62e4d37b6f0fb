"""Printed characters for scenes, Latin and Chinese: each font's as pictures that stand on one baseline."""

from __future__ import annotations

import io
import string
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from shuzi.errors import DataError
from shuzi.shapes import UInt8

_HEIGHT = 48  # of a capital letter, in pixels
_EM = round(1.4 * _HEIGHT)
_LIKE_HANDWRITING = 8  # fonts whose letters are printed, too: about as many as of the others
_LATIN = (
    "DejaVuSans",
    "DejaVuSans-Bold",
    "DejaVuSerif",
    "DejaVuSansMono",
    "STIXGeneral",
    "STIXGeneralItalic",
)
_EVERY = 4  # of the common characters a font is asked for, in turn: all take too much memory
UNITS = "年月日元角分万个件号页第人吨米度岁时￥"
"""What stands beside digits on Chinese forms: every Chinese font is asked for these."""

Printed: TypeAlias = dict[str, UInt8[np.ndarray, "_ _"]]
"""A font: the picture of each character, 255 is ink; as high as two capital letters."""


def latin_letters(handwriting: dict[str, bytes]) -> list[Printed]:
    """Letters of the fonts that come with matplotlib, and of some handwriting fonts."""
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    contents = [(folder / f"{name}.ttf").read_bytes() for name in _LATIN]
    contents += list(handwriting.values())[:: max(1, len(handwriting) // _LIKE_HANDWRITING)]
    result = []
    for content in contents:
        font = _open(content)
        result.append({letter: _tight(font, letter) for letter in string.ascii_letters})
    return result


def chinese_characters(fonts: dict[str, list[tuple[str, bytes]]]) -> list[Printed]:
    """Of the common characters, those of GB 2312's first level, every fourth by each font; and `UNITS`."""
    common = [bytes((row, cell)).decode("gb2312") for row, cell in _first_level()]
    result = []
    for number, pieces in enumerate(fonts.values()):
        wanted = {*common[number % _EVERY :: _EVERY], *UNITS}
        printed: Printed = {}
        for characters, content in pieces:
            here = [character for character in characters if character in wanted]
            if here:
                font = _open(content)
                printed |= {character: _picture(font, character, 0.0, _EM) for character in here}
        result.append(printed)
    return result


def _first_level() -> list[tuple[int, int]]:
    return [(row, cell) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)][: 40 * 94 - 5]


def _open(content: bytes) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(io.BytesIO(content), _EM)
    except OSError as error:
        raise DataError(f"A font can't be opened ({error}): leave it out.") from error


def _tight(font: ImageFont.FreeTypeFont, letter: str) -> UInt8[np.ndarray, "_ _"]:
    left, _, right, _ = font.getbbox(letter)
    return _picture(font, letter, 2.0 - left, max(1, round(right - left)) + 4)


def _picture(font: ImageFont.FreeTypeFont, character: str, x: float, width: int) -> UInt8[np.ndarray, "_ _"]:
    canvas = Image.new("L", (width, 2 * _HEIGHT))
    # All stand on one baseline, three quarters down.
    ImageDraw.Draw(canvas).text((x, 1.5 * _HEIGHT), character, fill=255, font=font, anchor="ls")
    return np.asarray(canvas)
