"""The printed part of a drawn page: words without digits, in fonts that come with matplotlib."""

from __future__ import annotations

import functools
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


_TEXT, _LABELS, HANDWRITTEN = (_words()[kind] for kind in ("text", "labels", "handwritten"))


@dataclass(frozen=True)
class Print:
    """Fonts of one page, and whether its labels end with a colon."""

    body: ImageFont.FreeTypeFont
    bold: ImageFont.FreeTypeFont
    large: ImageFont.FreeTypeFont
    colon: bool

    def heading(self, draw: ImageDraw.ImageDraw, x: float, y: float, rng: np.random.Generator) -> float:
        """Print a title of two to four words, baseline at y, and return where the next block may begin."""
        words = " ".join(rng.choice(_TEXT, int(rng.integers(2, 5)))).capitalize()
        draw.text((x, y), words, 255, self.large, anchor="ls")
        return y + 2.6 * self.body.size

    def line(
        self, draw: ImageDraw.ImageDraw, x: float, y: float, end: float, rng: np.random.Generator
    ) -> None:
        """Print words from x on with their baseline at y, as many as end before `end`."""
        space = self.body.getlength(" ")
        capital = bool(rng.random() < 0.3)
        while True:
            word = str(rng.choice(_TEXT))
            word = word.capitalize() if capital else word
            stop = rng.random()
            word += "." if stop < 0.07 else "," if stop < 0.15 else ""
            if x + self.body.getlength(word) > end:
                return
            draw.text((x, y), word, 255, self.body, anchor="ls")
            x += self.body.getlength(word) + space
            capital = word.endswith(".")

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
        word = str(rng.choice(_LABELS))
        longer = f"{word} {rng.choice(_TEXT)}"
        if rng.random() < 0.5 and x + font.getlength(longer + ":") < end:
            word = longer
        word += ":" if self.colon and not bold else ""
        draw.text((x, y), word, 255, font, anchor="ls")
        return x + font.getlength(word)


def choose_print(rng: np.random.Generator) -> Print:
    """Choose a page's fonts, as large as letters are printed: 8 to 11 points."""
    body, bold = _BODIES[int(rng.choice(len(_BODIES), p=[0.35, 0.25, 0.3, 0.1]))]
    size = int(rng.integers(14, 18)) + (2 if body.startswith("STIX") else 0)
    return Print(_font(body, size), _font(bold, size), _font(bold, 2 * size), bool(rng.random() < 0.5))


@functools.cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    import matplotlib  # its fonts only; takes time to load

    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"
    return ImageFont.truetype(path, size)
