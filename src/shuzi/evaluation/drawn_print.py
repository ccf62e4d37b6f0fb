"""The printed part of a drawn page, words without digits: Latin in fonts of matplotlib, or Chinese."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from PIL import ImageDraw, ImageFont

_BODIES = (
    ("DejaVuSans", "DejaVuSans-Bold"),
    ("DejaVuSerif", "DejaVuSerif-Bold"),
    ("STIXGeneral", "STIXGeneralBol"),
    ("DejaVuSansMono", "DejaVuSansMono-Bold"),
)


def _words() -> dict[str, list[str]]:
    text = resources.files("shuzi.evaluation").joinpath("drawn_words.txt").read_text("utf-8")
    words: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            mine = words.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            mine += line.split()
    return words


HANDWRITTEN = _words()["handwritten"]


@dataclass(frozen=True)
class Language:
    """What is printed, and with which space, full stop, comma and colon."""

    text: list[str]
    labels: list[str]
    marks: tuple[str, str, str, str]


LATIN = Language(_words()["text"], _words()["labels"], (" ", ".", ",", ":"))
CHINESE = Language(_words()["chinese text"], _words()["chinese labels"], ("", "。", "，", "："))


@dataclass(frozen=True)
class Print:
    """Language and fonts of one page, and whether its labels end with a colon."""

    language: Language
    body: ImageFont.FreeTypeFont
    bold: ImageFont.FreeTypeFont
    large: ImageFont.FreeTypeFont
    colon: bool

    def heading(self, draw: ImageDraw.ImageDraw, x: float, y: float, rng: np.random.Generator) -> float:
        """Print a title of two to four words, baseline at y, and return where the next block may begin."""
        space = self.language.marks[0]
        words = space.join(rng.choice(self.language.text, int(rng.integers(2, 5)))).capitalize()
        draw.text((x, y), words, 255, self.large, anchor="ls")
        return y + 2.6 * self.body.size

    def line(
        self, draw: ImageDraw.ImageDraw, x: float, y: float, end: float, rng: np.random.Generator
    ) -> None:
        """Print words from x on with their baseline at y, as many as end before `end`."""
        between, full_stop, comma, _ = self.language.marks
        space = self.body.getlength(between)
        capital = bool(rng.random() < 0.3)
        while True:
            word = str(rng.choice(self.language.text))
            word = word.capitalize() if capital else word
            stop = rng.random()
            word += full_stop if stop < 0.07 else comma if stop < 0.15 else ""
            if x + self.body.getlength(word) > end:
                return
            draw.text((x, y), word, 255, self.body, anchor="ls")
            x += self.body.getlength(word) + space
            capital = word.endswith(full_stop)

    def label(
        self,
        draw: ImageDraw.ImageDraw,
        x: float,
        y: float,
        end: float,
        rng: np.random.Generator,
        *,
        bold: bool = False,
    ) -> float:
        """Print one or two words that end before `end`, and return where they do."""
        font = self.bold if bold else self.body
        space, *_, colon = self.language.marks
        word = str(rng.choice(self.language.labels))
        longer = f"{word}{space}{rng.choice(self.language.text)}"
        if rng.random() < 0.5 and x + font.getlength(longer + colon) < end:
            word = longer
        word += colon if self.colon and not bold else ""
        draw.text((x, y), word, 255, font, anchor="ls")
        return x + font.getlength(word)


def choose_print(rng: np.random.Generator, chinese: Sequence[Path] = ()) -> Print:
    """Choose a page's fonts, as large as letters are printed: 8 to 11 points.

    `chinese`: fonts of which one prints Chinese words; without any they are Latin ones.
    """
    if chinese:
        path, size = chinese[int(rng.integers(len(chinese)))], int(rng.integers(14, 19))
        plain = ImageFont.truetype(path, size)
        return Print(CHINESE, plain, plain, ImageFont.truetype(path, 2 * size), bool(rng.random() < 0.5))
    body, bold = _BODIES[int(rng.choice(len(_BODIES), p=[0.35, 0.25, 0.3, 0.1]))]
    size = int(rng.integers(14, 18)) + (2 if body.startswith("STIX") else 0)
    colon = bool(rng.random() < 0.5)
    return Print(LATIN, _font(body, size), _font(bold, size), _font(bold, 2 * size), colon)


@functools.cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    import matplotlib  # its fonts only; takes time to load

    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"
    return ImageFont.truetype(path, size)
