"""Scenes put together: lines of writing on paper, photographed, with the box of every digit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from shuzi.data.scenes.camera import photograph
from shuzi.data.scenes.frames import draw_boxes, draw_frame, draw_table
from shuzi.data.scenes.layout import FONTS, SCANNED, STROKES, Line, looks, plan_line
from shuzi.data.scenes.overdrawn import cancel, encircle
from shuzi.data.scenes.paper import light, pattern, rulings, security_print
from shuzi.data.scenes.setting import set_line
from shuzi.data.scenes.stock import Stock
from shuzi.data.scenes.writing import Patch, write_fields, write_strokes
from shuzi.reading.contrast import PAPER, contrast
from shuzi.reading.plain import plain
from shuzi.shapes import Float32, UInt8

NUMBER = (64, 224)  # height and width of a picture of one number, as it is cut out of a form
PAGE = (128, 288)  # of a part of a page
_CANCELLED = 0.08  # share of lines that are struck out, or some of their digits
_ENCIRCLED = 0.15  # of the numbers of few digits
_PLAIN = 0.35  # of the pictures with a pattern: as a second look sees them, at plain paper
_TABLES = 0.08  # share of parts of pages on which numbers stand in a table


@dataclass(frozen=True, eq=False)
class Scenes:
    """n pictures as the detector sees them (`reading.contrast`), and the m digits in them.

    digits: scene, value, left, top, right, bottom of each; the box is that of the ink, in pixels.
    """

    images: UInt8[np.ndarray, "n h w"]
    digits: Float32[np.ndarray, "m 6"]


def draw_scenes(
    stock: Stock,
    count: int,
    rng: np.random.Generator,
    size: tuple[int, int] = NUMBER,
    hurry: float = 0.0,
) -> Scenes:
    """Draw `count` scenes of one size, `NUMBER` or `PAGE`. The same `rng` state gives the same scenes.

    `hurry`: the share of lines that are written in a hurry.
    """
    plan = _number if size == NUMBER else _page
    sheets = [plan(stock, rng, hurry) for _ in range(count)]
    lines = [line for sheet in sheets for line, _, _ in sheet]
    ink = iter(write_lines(stock, lines, rng))
    images = np.empty((count, *size), np.uint8)
    digits: list[tuple[int, ...]] = []
    for index, sheet in enumerate(sheets):
        images[index], boxes = _compose(sheet, [next(ink) for _ in sheet], size, rng)
        digits += [(index, *found) for found in boxes]
    return Scenes(images, np.array(digits, np.float32).reshape(-1, 6))


Sheet = list[tuple[Line, float, float]]  # lines, and where each begins: x, and y of its middle


def _number(stock: Stock, rng: np.random.Generator, hurry: float) -> Sheet:
    height, width = NUMBER
    if rng.random() < 0.1:  # one digit that fills the picture
        line = plan_line(stock, rng, float(rng.uniform(20, 58)), 1.0, hurry)
        line.tokens = [token for token in line.tokens if token.value >= 0][:1]
        return [(line, rng.uniform(0, width - line.height), height / 2)]
    size = float(np.clip(np.exp(rng.normal(np.log(32), 0.32)), 13, 58))
    line = plan_line(stock, rng, size, 0.97, hurry)
    return [(line, rng.uniform(0.02, 0.4) * size, height / 2 + rng.normal(0, 0.1) * (height - size))]


def _page(stock: Stock, rng: np.random.Generator, hurry: float) -> Sheet:
    height, width = PAGE
    sheet: Sheet = []
    size = float(np.clip(np.exp(rng.normal(np.log(26), 0.35)), 11, 62))
    numbers = 0.0 if rng.random() < 0.1 else float(rng.choice([0.3, 0.7, 0.95]))
    pitch = size * rng.uniform(1.15, 1.9)
    for y in np.arange(rng.uniform(0.55, 0.9) * size, height - 0.5 * size, pitch):
        x = rng.uniform(0, 2) * size
        while x < width - size:
            line = plan_line(stock, rng, size * float(np.exp(rng.normal(0, 0.1))), numbers, hurry)
            sheet.append((line, x, y))
            # About how long it becomes; what doesn't fit is left out when it is set.
            long = sum(2.5 if token.printed is not None else 0.85 for token in line.tokens)
            x += size * (long + rng.uniform(0.5, 2))
            if rng.random() < 0.3:
                break
    return sheet


def write_lines(
    stock: Stock, lines: list[Line], rng: np.random.Generator, uneven: float = 0.35
) -> list[list[Patch | None]]:
    """Draw the tokens of all lines, those of one kind at once; a patch each, None for a gap.

    uneven: see `write_fields`.
    """
    placed = [(line, token) for line in lines for token in line.tokens]
    patches: list[Patch | None] = [token.printed for _, token in placed]
    for kind in (STROKES, SCANNED, FONTS):
        which = [i for i, (_, token) in enumerate(placed) if token.kind == kind and token.index >= 0]
        if not which:
            continue
        chosen = np.array([placed[i][1].index for i in which], np.int64)
        look = looks([placed[i] for i in which], rng)
        if kind == STROKES:
            drawn = write_strokes(stock.strokes, chosen, look, rng)
        else:
            fields = stock.scanned if kind == SCANNED else stock.fonts
            drawn = write_fields(fields, chosen, look, rng, uneven)
        for i, patch in zip(which, drawn, strict=True):
            patches[i] = patch
    rest = iter(patches)
    return [[next(rest) for _ in line.tokens] for line in lines]


def _compose(
    sheet: Sheet, patches: list[list[Patch | None]], size: tuple[int, int], rng: np.random.Generator
) -> tuple[UInt8[np.ndarray, "h w"], list[tuple[int, ...]]]:
    ink = np.zeros(size, np.float32)
    for (line, x, y), drawn in zip(sheet, patches, strict=True):
        set_line(line, drawn, ink, x, y, rng)
        if line.boxes and not line.cell and rng.random() < _CANCELLED:
            cancel(ink, line, rng)
        elif rng.random() < _ENCIRCLED:
            encircle(ink, line, rng)
    boxes: list[tuple[int, ...]] = [found for line, _, _ in sheet for found in line.boxes]
    left, top, right, bottom = _window(ink, sheet, rng)
    printed = _print(sheet, size, rng)
    if size == PAGE and rng.random() < 0.05:
        # Writing far too large: what is found in a finer look at a picture must not be its strokes.
        boxes, printed = [], np.zeros_like(printed)
        ink = _enlarged(ink, float(rng.uniform(3, 7)), rng)
    picture = light(*size, rng)
    strength = float(rng.uniform(0.6, 0.97)) if rng.random() < 0.6 else float(rng.uniform(0.2, 0.7))
    if rng.random() < (0.6 if size == NUMBER else 0.25):
        if rng.random() < 0.35:
            picture *= 1 - float(rng.uniform(0.03, 0.4)) * pattern(*size, rng)
        else:  # as strong as on cheques, beside the ink
            picture *= 1 - strength * float(rng.uniform(0.15, 0.55)) * security_print(*size, rng)
    picture *= 1 - float(rng.uniform(0.1, 0.95)) * printed
    if rng.random() < 0.2:  # a pencil, or a pen that runs dry
        ink *= 1 - float(rng.uniform(0.1, 0.6)) * rng.random(size, np.float32)
    picture *= 1 - strength * ink
    seen = photograph(picture[top:bottom, left:right], rng)
    if rng.random() < _PLAIN and (without := plain(seen)) is not None:
        seen = without
    image = np.full(size, PAPER, np.uint8)
    image[top:bottom, left:right] = contrast(seen)
    if rng.random() < 0.05:  # the ink was taken for the paper
        part = image[top:bottom, left:right].astype(np.int16)
        image[top:bottom, left:right] = np.clip(2 * PAPER - part, 0, 255).astype(np.uint8)
    return image, boxes


def _enlarged(
    ink: Float32[np.ndarray, "h w"], times: float, rng: np.random.Generator
) -> Float32[np.ndarray, "h w"]:
    height, width = ink.shape
    x, y = rng.uniform(0, width * (1 - 1 / times)), rng.uniform(0, height * (1 - 1 / times))
    part = (x, y, x + width / times, y + height / times)
    large = Image.fromarray(ink).resize((width, height), Image.Resampling.BICUBIC, part)
    return np.asarray(np.clip(np.asarray(large) * 2 - 0.5, 0, 1), np.float32)


def _window(
    ink: Float32[np.ndarray, "h w"], sheet: Sheet, rng: np.random.Generator
) -> tuple[int, int, int, int]:
    """The part of the sheet that is photographed: all of it, or a crop around the writing."""
    rows, columns = np.flatnonzero(ink.max(1) > 0.3), np.flatnonzero(ink.max(0) > 0.3)
    if not len(rows) or rng.random() < 0.35:
        return 0, 0, ink.shape[1], ink.shape[0]
    off = rng.uniform(0, 0.5, 4) * sheet[0][0].height * float(rng.choice([0.3, 1.0, 1.5]))
    return (
        max(0, int(columns[0] - off[0])),
        max(0, int(rows[0] - off[1])),
        min(ink.shape[1], int(columns[-1] + 2 + off[2])),
        min(ink.shape[0], int(rows[-1] + 2 + off[3])),
    )


def _print(sheet: Sheet, size: tuple[int, int], rng: np.random.Generator) -> Float32[np.ndarray, "h w"]:
    """What was printed before somebody wrote: rulings, and frames around numbers."""
    result = np.zeros(size, np.float32)
    if rng.random() < 0.22:
        result = rulings(*size, rng, [(y, line.height) for line, _, y in sheet])
    elif size == PAGE and rng.random() < _TABLES:
        written = [(line.boxes, line.height) for line, _, _ in sheet if line.boxes]
        result = draw_table(*size, rng, written)
    for line, x, _ in sheet:
        if not line.boxes or not (line.cell or rng.random() < 0.14):
            continue
        found = np.array(line.boxes, np.float32)
        left, top = found[:, 1:3].min(0).tolist()
        right, bottom = found[:, 3:5].max(0).tolist()
        walls: list[float] = []
        if line.cell:
            digits = len(found)
            if rng.random() < 0.3:
                boxes = draw_boxes(*size, rng, (x, top, bottom), line.cell, digits, line.height)
                result = np.maximum(result, boxes)
                continue
            left, right = x, x + digits * line.cell
            walls = [x + line.cell * k for k in range(1, digits)] if rng.random() < 0.8 else []
        frame = draw_frame(*size, rng, (left, top, right, bottom), line.height, walls)
        result = np.maximum(result, frame)
    return result
