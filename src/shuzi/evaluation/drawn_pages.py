"""A4 pages as offices have them: letters, forms and tables in print, with 30 numbers filled in by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from shuzi.data.scenes.setting import set_line
from shuzi.evaluation.drawn_print import HANDWRITTEN, Print, choose_print
from shuzi.evaluation.drawn_scans import Picture, choose_scan, take, turned
from shuzi.evaluation.drawn_writers import Hand, Writers
from shuzi.reading.output import Box
from shuzi.shapes import Float32

SIZE = (1400, 1000)  # height and width in pixels, A4 at about 120 dpi
NUMBERS = 30
_MARGIN = 70.0
_RIGHT = SIZE[1] - _MARGIN


@dataclass(frozen=True)
class Slot:
    """Room for a number: left end and middle of where it starts, its width, how high its digits may be."""

    x: float
    y: float
    width: float
    height: float


@dataclass(eq=False)
class _Sheet:
    """A page as it comes to be: its layers, and room for numbers."""

    ink: Float32[np.ndarray, "h w"]
    text: ImageDraw.ImageDraw
    rules: ImageDraw.ImageDraw
    type: Print
    slots: list[Slot] = field(default_factory=list)
    words: list[Slot] = field(default_factory=list)


def draw_page(
    writers: Writers, rng: np.random.Generator, chinese: Sequence[Path] = ()
) -> tuple[Picture, list[tuple[str, Box]]]:
    """Draw one page: its picture, and the text and box of its numbers, from the top.

    `chinese`: fonts for Chinese print, see `choose_print`.
    """
    while True:
        text, rules = Image.new("L", SIZE[::-1]), Image.new("L", SIZE[::-1])
        sheet = _Sheet(
            np.zeros(SIZE, np.float32),
            ImageDraw.Draw(text),
            ImageDraw.Draw(rules),
            choose_print(rng, chinese),
        )
        _fill(sheet, rng)
        if len(sheet.slots) >= NUMBERS:
            break
    hands = [writers.hand(rng) for _ in range(rng.choice([1, 1, 2]))]
    # There is room for more: fields and cells that were left empty.
    chosen = np.sort(rng.choice(len(sheet.slots), NUMBERS, replace=False))
    numbers = [_number(writers, hands[0], sheet, sheet.slots[i], rng) for i in chosen]
    if writers.write_words:
        for slot in sheet.words:
            _words(writers, hands[-1], sheet, slot, rng)
    degrees = float(np.clip(rng.normal(0, 0.25), -0.6, 0.6))
    layers = [np.asarray(layer, np.float32) / 255 for layer in (text, rules)]
    ink, printed, ruled = (turned(layer, degrees) for layer in (sheet.ink, *layers))
    numbers = [(said, _turned_box(box, degrees)) for said, box in numbers]
    return take(choose_scan(rng), ink, printed, ruled, rng), sorted(numbers, key=lambda n: n[1][1])


def _fill(sheet: _Sheet, rng: np.random.Generator) -> None:
    """Set blocks one below the other, of all kinds by turns, until the page is full."""
    y = float(rng.uniform(60, 100))
    y = sheet.type.heading(sheet.text, _MARGIN, y, rng)
    kinds = [_letter, _fields, _table, _beside_margin]
    while True:
        for kind in rng.permutation(len(kinds)):
            y = kinds[int(kind)](sheet, y + float(rng.uniform(14, 34)), rng)
            if y > SIZE[0] - 130:
                return


def _letter(sheet: _Sheet, y: float, rng: np.random.Generator) -> float:
    """Lines of words across the page; here and there a number stands among them."""
    pitch = float(rng.uniform(30, 36))
    for _ in range(rng.integers(5, 9)):
        if y > SIZE[0] - 80:
            break
        if rng.random() < 0.35:
            x = float(rng.uniform(250, 600))
            sheet.type.line(sheet.text, _MARGIN, y, x, rng)
            room = Slot(x + 12, y - 5, float(rng.uniform(110, 190)), min(0.78 * pitch, 26.0))
            (sheet.words if rng.random() < 0.2 else sheet.slots).append(room)
            sheet.type.line(sheet.text, x + room.width + 24, y, _RIGHT, rng)
        else:
            sheet.type.line(sheet.text, _MARGIN, y, _RIGHT, rng)
        y += pitch
    return y


def _fields(sheet: _Sheet, y: float, rng: np.random.Generator) -> float:
    """A form in two columns: a label, and a line, a box or nothing beside it to write on."""
    pitch = float(rng.uniform(50, 62))
    style = int(rng.integers(3))
    middle = SIZE[1] / 2
    for _ in range(rng.integers(3, 6)):
        if y > SIZE[0] - 90:
            break
        for left, right in ((_MARGIN, middle - 20), (middle + 10, _RIGHT)):
            x = sheet.type.label(sheet.text, left, y, left + 170, rng) + 12
            height = float(rng.uniform(24, min(40, 0.66 * pitch)))
            room = Slot(x + 8, y - 6, right - x - 14, height)
            (sheet.words if rng.random() < 0.15 else sheet.slots).append(room)
            if style == 0:
                sheet.rules.line((x, y + 0.33 * pitch, right, y + 0.33 * pitch), 255, 1)
            elif style == 1:
                sheet.rules.rectangle((x, y - 6 - 0.46 * pitch, right, y - 6 + 0.46 * pitch), outline=255)
        y += pitch
    return y


def _table(sheet: _Sheet, y: float, rng: np.random.Generator) -> float:
    """Rows of words with numbers in some columns, ruled all around or below each row only."""
    pitch, columns = float(rng.uniform(38, 52)), int(rng.integers(3, 5))
    rows = int(rng.integers(4, 7))
    edges = np.linspace(_MARGIN, _RIGHT, columns + 1)
    rows = min(rows, int((SIZE[0] - 60 - y) / pitch))
    if rows < 2:
        return y + pitch
    top, all_around = y - pitch / 2, rng.random() < 0.7
    thick = int(rng.choice([1, 1, 2]))
    for row in range(rows):
        for column in range(columns):
            left, right = float(edges[column]), float(edges[column + 1])
            if row == 0 or column == 0 or rng.random() < 0.15:
                sheet.type.label(sheet.text, left + 8, y + 5, right - 8, rng, bold=row == 0)
            else:
                height = float(rng.uniform(18, min(34, 0.66 * pitch)))
                indent = float(rng.uniform(6, 20))
                # Three heights stay free before the next cell's number.
                sheet.slots.append(Slot(left + indent, y, right - left - 3.1 * height, height))
        y += pitch
    for row in range(rows + 1):
        level = top + row * pitch
        sheet.rules.line((edges[0], level, edges[-1], level), 255, thick)
    if all_around:
        for x in edges:
            sheet.rules.line((x, top, x, top + rows * pitch), 255, thick)
    return y


def _beside_margin(sheet: _Sheet, y: float, rng: np.random.Generator) -> float:
    """A narrower column of words, with numbers alone at the right margin; perhaps a remark by hand below."""
    pitch, end = float(rng.uniform(24, 30)), float(rng.uniform(640, 720))
    rows = int(rng.integers(5, 9))
    for row in range(rows):
        if y > SIZE[0] - 80:
            break
        sheet.type.line(sheet.text, _MARGIN, y, end, rng)
        if row % 3 == 1 and row < rows - 1:
            sheet.slots.append(Slot(end + 50, y - 5, SIZE[1] - 90 - end, float(rng.uniform(24, 40))))
        y += pitch
    if rng.random() < 0.7:
        y += 16
        sheet.words.append(Slot(_MARGIN + 10, y, float(rng.uniform(300, 700)), float(rng.uniform(26, 34))))
        y += 44
    return y


def _number(
    writers: Writers, hand: Hand, sheet: _Sheet, slot: Slot, rng: np.random.Generator
) -> tuple[str, Box]:
    """Write a number into its room: 1 to 8 digits, now and then with a sign around it or points in it."""
    most = int(np.clip(slot.width / (0.95 * slot.height), 1, 8))
    while True:
        count = int(rng.integers(1, most + 1))
        text = "".join(str(digit) for digit in rng.integers(0, 10, count))
        tokens = list(text)
        if count > 3 and rng.random() < 0.12:
            tokens.insert(count - 3, str(rng.choice([".", "'", ","])))
        sign = rng.random()
        if sign < 0.06:
            tokens.insert(0, str(rng.choice(["$", "euro", "pound"])))
        elif sign < 0.12:
            tokens += [" ", str(rng.choice(["-", "euro", "="]))]
        height = slot.height * float(rng.uniform(0.85, 1))
        line = hand.line(tokens, max(18.0, height), rng, touching=0.12, slope=float(rng.normal(0, 0.012)))
        room = np.zeros((int(2.2 * slot.height), int(slot.width)), np.float32)
        set_line(line, writers.write(line, rng), room, 1.0, len(room) / 2, rng)
        if len(line.boxes) == count:
            break
    _lay(sheet, room, slot)
    digits = np.array(line.boxes)
    left, top = digits[:, 1:3].min(0).astype(int)
    right, bottom = digits[:, 3:5].max(0).astype(int)
    x, y = _corner(slot, room)
    return text, (x + int(left), y + int(top), int(right - left), int(bottom - top))


def _words(writers: Writers, hand: Hand, sheet: _Sheet, slot: Slot, rng: np.random.Generator) -> None:
    """Write as many words as there is room for."""
    words = list(rng.permutation(HANDWRITTEN)[:6])
    while words:
        line = hand.line(list(" ".join(words)), slot.height, rng, slope=float(rng.normal(0, 0.008)))
        patches = writers.write(line, rng)
        inked = sum(patch.shape[1] for patch in patches if patch is not None)
        if inked + sum(token.gap for token in line.tokens) < slot.width:
            room = np.zeros((int(2.2 * slot.height), int(slot.width)), np.float32)
            set_line(line, patches, room, 1.0, len(room) / 2, rng)
            _lay(sheet, room, slot)
            return
        words.pop()


def _lay(sheet: _Sheet, room: Float32[np.ndarray, "h w"], slot: Slot) -> None:
    left, top = _corner(slot, room)
    part = sheet.ink[top : top + room.shape[0], left : left + room.shape[1]]
    np.maximum(part, room[: part.shape[0], : part.shape[1]], out=part)


def _corner(slot: Slot, room: Float32[np.ndarray, "h w"]) -> tuple[int, int]:
    return int(slot.x), int(slot.y - len(room) / 2)


def _turned_box(box: Box, degrees: float) -> Box:
    """Where a box is after `turned`: its middle moves, its sides hardly change."""
    angle = np.radians(degrees)
    x = box[0] + box[2] / 2 - SIZE[1] / 2
    y = box[1] + box[3] / 2 - SIZE[0] / 2
    x, y = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    left, top = x + SIZE[1] / 2 - box[2] / 2, y + SIZE[0] / 2 - box[3] / 2
    return round(left), round(top), box[2], box[3]
