"""A tour of a net as one PNG, drawn with Pillow."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from shuzi.lessons.colours import diverging, ink
from shuzi.lessons.texts import COLOURS
from shuzi.lessons.tour import Section, Tile, Tour, describe_example, strongest_term
from shuzi.lessons.value import ConvValue, LinearValue, PoolValue
from shuzi.reading.output import percent
from shuzi.shapes import Float, UInt8

_WIDTH, _MARGIN, _GAP = 1180, 36, 6
_PAPER, _INK, _FAINT, _LINE = (251, 251, 250), (28, 36, 48), (102, 112, 127), (223, 227, 232)
_BLUE, _ORANGE = (37, 99, 235), (234, 108, 20)
_HEADER = 224  # pixels a side of the digit at the top: 8 for each of its own
_TALLEST = 30_000  # a picture that no viewer opens helps nobody


def tour_png(tour: Tour) -> bytes:
    """The file's bytes."""
    sheet = _Sheet()
    sheet.header(tour)
    for section in tour.sections:
        sheet.section(section)
    return sheet.to_png()


class _Sheet:
    """Paper that grows as things are drawn on it from the top."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (_WIDTH, 2000), _PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.y = _MARGIN

    def to_png(self) -> bytes:
        buffer = io.BytesIO()
        self.image.crop((0, 0, _WIDTH, min(self.y + _MARGIN, self.image.height))).save(buffer, "PNG")
        return buffer.getvalue()

    def room(self, height: int) -> None:
        """Make sure that this many pixels more are there."""
        if self.y + height + _MARGIN > self.image.height:
            taller = Image.new("RGB", (_WIDTH, min(2 * self.image.height + height, _TALLEST)), _PAPER)
            taller.paste(self.image, (0, 0))
            self.image, self.draw = taller, ImageDraw.Draw(taller)

    def text(
        self, text: str, size: int = 14, colour: tuple[int, int, int] = _FAINT, left: int = _MARGIN
    ) -> None:
        """A paragraph, broken into lines."""
        font = ImageFont.load_default(size)
        line = ""
        for word in [*text.split(), ""]:
            longer = f"{line} {word}".strip()
            if word and font.getlength(longer) <= _WIDTH - _MARGIN - left:
                line = longer
                continue
            self.room(2 * size)
            self.draw.text((left, self.y), line, colour, font)
            self.y += round(1.45 * size)
            line = word

    def header(self, tour: Tour) -> None:
        self.text(f"Inside {tour.name}: {tour.digit}, {percent(tour.confidence)} sure", 26, _INK)
        self.y += 4
        self.text(COLOURS)
        self.y += 12
        top = self.y
        digit = ink(tour.inside.image.astype(np.float32), 0.0, 255.0)
        columns = (("what the net was shown", digit), ("which pixels mattered", tour.mattered_pixels()))
        for index, (caption, pixels) in enumerate(columns):
            left = _MARGIN + index * (_HEADER + 24)
            self.paste(pixels, left, top + 22, 8)
            self.draw.text((left, top), caption, _INK, ImageFont.load_default(15))
        left = _MARGIN + 2 * (_HEADER + 24) + 20
        self.draw.text((left, top), "probability of each digit", _INK, ImageFont.load_default(15))
        probabilities = tour.inside.probabilities
        self.bars(probabilities, left, top + 22, _HEADER, [percent(p) for p in probabilities.tolist()])
        self.y = top + 22 + _HEADER + 8
        self.text(tour.mattered_text())

    def section(self, section: Section) -> None:
        self.y += 18
        self.room(80)
        self.draw.line((_MARGIN, self.y, _WIDTH - _MARGIN, self.y), _LINE)
        self.y += 12
        self.text(section.title, 18, _INK)
        if section.text:
            self.text(section.text)
        self.y += 6
        if section.weights:
            self.text(section.weights_title, 13, _INK)
            self.tiles(section.weights, 84 if section.layer.kind == "linear" else 42)
        if section.maps:
            if section.weights:
                self.text("what comes out", 13, _INK)
            self.tiles(section.maps, 56 if len(section.maps) > 4 else 112)
        if section.bars is not None:
            self.room(200)
            self.bars(section.bars, _MARGIN, self.y, 170, section.bar_labels)
            self.y += 170
        if section.example is not None:
            self.y += 6
            self.example(section)

    def tiles(self, tiles: list[Tile], side: int) -> None:
        """Small pictures in rows, each about `side` wide; a folded row of numbers as wide as the sheet."""
        height, width = tiles[0].pixels.shape[:2]
        wide = len(tiles) == 1 and width > 28
        scale = 11 if wide else max(1, round(side / max(height, width)))
        below = 16 if tiles[0].caption else 0
        columns = max(1, (_WIDTH - 2 * _MARGIN + _GAP) // (width * scale + _GAP))
        font = ImageFont.load_default(11)
        for start in range(0, len(tiles), columns):
            self.room(height * scale + below + _GAP)
            for index, tile in enumerate(tiles[start : start + columns]):
                left = _MARGIN + index * (width * scale + _GAP)
                self.paste(tile.pixels, left, self.y, scale)
                if tile.caption:
                    middle = left + width * scale / 2
                    self.draw.text(
                        (middle, self.y + height * scale + 2), tile.caption, _FAINT, font, anchor="ma"
                    )
            self.y += height * scale + below + _GAP

    def paste(self, pixels: UInt8[np.ndarray, "h w 3"], left: int, top: int, scale: int) -> None:
        self.image.paste(Image.fromarray(pixels.repeat(scale, 0).repeat(scale, 1)), (left, top))

    def bars(
        self, values: Float[np.ndarray, " 10"], left: int, top: int, height: int, labels: list[str]
    ) -> None:
        """Ten bars from their zero line, the largest in orange."""
        font = ImageFont.load_default(14)
        low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
        width = 420
        zero = left + 24 + width * -low / ((high - low) or 1)
        step = height / 10
        for digit, value in enumerate(values.tolist()):
            y = top + step * (digit + 0.5)
            end = zero + width * value / ((high - low) or 1)
            colour = _ORANGE if digit == int(values.argmax()) else _BLUE
            self.draw.text((left + 6, y), str(digit), _INK, font, anchor="mm")
            self.draw.rectangle(
                (min(zero, end), y - step * 0.34, max(zero, end) + 1, y + step * 0.34), colour
            )
            self.draw.text((left + 24 + width + 12, y), labels[digit], _FAINT, font, anchor="lm")
        self.draw.line((zero, top, zero, top + height), _LINE)

    def example(self, section: Section) -> None:
        """One value of the layer, worked out."""
        value = section.example
        if isinstance(value, ConvValue):
            term = strongest_term(value)
            products = term.window * term.kernel
            grids = [("window", term.window), ("x  kernel", term.kernel), ("=  products", products)]
            self.grids(grids, None)
        elif isinstance(value, PoolValue):
            self.grids([("window", value.window)], value.at)
        elif isinstance(value, LinearValue) and value.weights.ndim == 2:
            shown = value.inputs.reshape(28, 28)
            parts = [("x  weights", value.weights), ("=  products", value.weights * shown)]
            tiles = [Tile(ink(shown, float(shown.min()), float(shown.max())), "picture")]
            tiles += [Tile(diverging(part, float(np.abs(part).max())), name) for name, part in parts]
            self.tiles(tiles, 112)
        for sentence in describe_example(section):
            self.text(sentence, 13, _INK)

    def grids(self, grids: list[tuple[str, Float[np.ndarray, "h w"]]], won: tuple[int, int] | None) -> None:
        """Tables of numbers side by side, each cell in its value's colour; `won` has a frame."""
        font, cell = ImageFont.load_default(12), (52, 24)
        left, rows = _MARGIN, grids[0][1].shape[0]
        self.room(rows * cell[1] + 40)
        for name, grid in grids:
            self.draw.text((left, self.y), name, _INK, ImageFont.load_default(13))
            most = float(np.abs(grid[np.isfinite(grid)]).max(initial=0.0))
            for (y, x), number in np.ndenumerate(grid):
                box = (left + x * cell[0], self.y + 20 + y * cell[1])
                colour = diverging(np.array([number if np.isfinite(number) else 0.0]), most)[0]
                frame = _ORANGE if (y, x) == won else _PAPER
                corner = (box[0] + cell[0] - 2, box[1] + cell[1] - 2)
                self.draw.rectangle((*box, *corner), tuple(colour.tolist()), frame, 2 if (y, x) == won else 1)
                light = int(colour @ np.array([3, 6, 1])) > 1300
                middle = (box[0] + cell[0] / 2 - 1, box[1] + cell[1] / 2 - 1)
                self.draw.text(
                    middle, f"{round(number, 2) + 0.0:.2f}", _INK if light else "white", font, anchor="mm"
                )
            left += grid.shape[1] * cell[0] + 28
        self.y += rows * cell[1] + 30
