"""A sheet of paper that somebody writes on: pictures of other kinds than the scenes that nets learn from."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from shuzi.data.scenes.setting import set_line
from shuzi.evaluation.drawn_writers import Hand, Writers

PENS = ((25, 25, 35), (20, 30, 120), (40, 40, 40), (170, 20, 30))
# Strokes of x,y in heights of the digits, from the upper left.
SIGNS = {
    "+": ((0.05, 0.5, 0.6, 0.48), (0.32, 0.22, 0.32, 0.78)),
    "x": ((0.05, 0.28, 0.55, 0.78), (0.55, 0.26, 0.05, 0.8)),
    "=": ((0.0, 0.4, 0.6, 0.38), (0.0, 0.62, 0.6, 0.6)),
    "-": ((0.0, 0.5, 0.5, 0.48),),
    "/": ((0.55, -0.1, 0.0, 1.1),),
    "%": ((0.75, 0.05, 0.15, 0.95),),
}
RINGS = {"%": ((0.15, 0.2, 0.15), (0.75, 0.8, 0.15))}  # x, y and radius
Ink = np.ndarray  # (h, w) float, 0 to 1
Colour = tuple[int, int, int]
Truth = list[str]  # the numbers that a picture should be read as


class Desk:
    """A sheet of paper that somebody writes on: the pixels so far, float (h, w, 3)."""

    def __init__(self, writers: Writers, rng: np.random.Generator) -> None:
        self.writers, self.rng = writers, rng
        self.hand: Hand = writers.hand(rng)
        self.pen = PENS[int(rng.integers(len(PENS)))]
        self.pixels = np.zeros((1, 1, 3))

    def sheet(self, height: float, width: float, paper: Colour = (243, 243, 239)) -> None:
        """Take a new sheet, unevenly lit."""
        y, x = np.mgrid[-1 : 1 : int(height) * 1j, -1 : 1 : int(width) * 1j]
        lit = 1 + self.rng.normal(0, 0.05) * x + self.rng.normal(0, 0.05) * y
        self.pixels = lit[..., None] * np.array(paper) + self.rng.normal(0, 3, (*lit.shape, 1))

    def written(self, text: str | list[str], size: float) -> Ink:
        """The ink of a line, cut out; digits, names of marks and letters, `size` pixels high."""
        line = self.hand.line(list(text), float(size), self.rng, touching=0.1)
        room = np.zeros((int(3 * size) + 20, int(len(text) * 1.6 * size) + 60), np.float32)
        set_line(line, self.writers.write(line, self.rng), room, 15.0, len(room) / 2, self.rng)
        rows, columns = np.flatnonzero(room.max(1) > 0.2), np.flatnonzero(room.max(0) > 0.2)
        return room[max(0, rows[0] - 2) : rows[-1] + 3, max(0, columns[0] - 2) : columns[-1] + 3]

    def sign(self, name: str, size: float) -> Ink:
        """The ink of a sign, as large as digits of this size are high; drawn here, as no net has seen it."""
        room = Image.new("L", (int(1.6 * size), int(1.6 * size)))
        draw, thick = ImageDraw.Draw(room), max(2, round(self.hand.pen * size))
        for stroke in SIGNS[name]:
            ends = np.array(stroke) * size + 0.3 * size + self.rng.normal(0, 0.03, len(stroke)) * size
            draw.line(ends.tolist(), fill=255, width=thick)
        for x, y, radius in RINGS.get(name, ()):
            x, y = (0.3 + np.array([x, y]) + self.rng.normal(0, 0.03, 2)) * size
            wide, tall = size * radius * self.rng.uniform(0.8, 1.3, 2)
            draw.ellipse((x - wide, y - tall, x + wide, y + tall), outline=255, width=thick)
        ink = np.asarray(room.filter(ImageFilter.GaussianBlur(0.7)), np.float64) / 255
        columns = np.flatnonzero(ink.max(0) > 0.2)
        return ink[:, columns[0] : columns[-1] + 1]

    def put(self, ink: Ink, x: float, y: float, colour: Colour | None = None) -> None:
        """Lay ink on the sheet, its upper left corner at x, y; what is beyond its edge is lost."""
        left, top = int(x), int(y)
        part = self.pixels[max(0, top) : top + len(ink), max(0, left) : left + ink.shape[1]]
        ink = 0.9 * ink[max(0, -top) :, max(0, -left) :][: part.shape[0], : part.shape[1], None]
        part *= 1 - ink
        part += ink * np.array(colour or self.pen)

    def draw(self, how: Callable[[ImageDraw.ImageDraw], None], colour: Colour | None = None) -> None:
        """Draw lines or print, with 255 for ink."""
        layer = Image.new("L", self.pixels.shape[1::-1])
        how(ImageDraw.Draw(layer))
        self.put(np.asarray(layer.filter(ImageFilter.GaussianBlur(0.5)), np.float64) / 255, 0, 0, colour)

    def centred(self, ink: Ink, x: float, y: float, wide: float, tall: float) -> None:
        """Lay ink about in the middle of a cell."""
        off = self.rng.normal(0, 0.05, 2) * (wide, tall)
        self.put(ink, x + (wide - ink.shape[1]) / 2 + off[0], y + (tall - ink.shape[0]) / 2 + off[1])

    def photo(self) -> Image.Image:
        """The sheet as it is handed in."""
        picture = Image.fromarray(self.pixels.clip(0, 255).astype(np.uint8))
        file = io.BytesIO()
        blurred = picture.filter(ImageFilter.GaussianBlur(float(self.rng.uniform(0.3, 1))))
        blurred.save(file, "JPEG", quality=int(self.rng.integers(60, 92)))
        return Image.open(file)

    def digits(self, least: int, most: int) -> str:
        """A number of so many digits."""
        return "".join(map(str, self.rng.integers(0, 10, self.rng.integers(least, most + 1))))

    def in_cells(self, text: str, x: float, y: float, cell: float, tall: float, pitch: float = 1.0) -> None:
        """Write each digit into its cell."""
        for at, digit in enumerate(text):
            ink = self.written(digit, cell * self.rng.uniform(0.6, 0.85))
            self.centred(ink, x + at * cell * pitch, y, cell, tall)

    def in_a_row(self, parts: list[str], gap: float) -> None:
        """Write parts of a line side by side, `gap` heights apart."""
        size = self.rng.uniform(36, 56)
        inks = [(self.sign if part in SIGNS else self.written)(part, size) for part in parts]
        self.sheet(2.2 * size, sum(ink.shape[1] + gap * size for ink in inks) + 80)
        x = 40.0
        for part, ink in zip(parts, inks, strict=True):
            low = 0.15 if part in ("m", "cm", "mm") else 0
            self.put(ink, x, 1.1 * size - len(ink) / 2 + low * size)
            x += ink.shape[1] + size * self.rng.uniform(0.6, 1.2) * gap
