"""Lines of text before they are drawn: who writes them, how large, how close, with which pen."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from shuzi.data.scenes.marks import letter_extent, size_and_place
from shuzi.data.scenes.printed import UNITS, Printed
from shuzi.data.scenes.sizes import draw_sizes
from shuzi.data.scenes.stock import Stock
from shuzi.data.scenes.text import LETTERS, Text, label, number, words
from shuzi.data.scenes.writing import Look, Patch, write_print
from shuzi.shapes import Float32, Int64

# Where a token's ink comes from.
STROKES, SCANNED, FONTS = 0, 1, 2
_SHARES = (0.31, 0.38, 0.17, 0.14)  # of numbers in UNIPEN's strokes, invented ones, MNIST's digits, fonts


@dataclass
class Token:
    """One thing to be drawn: `kind` and `index` say what; value is a digit's, or -1.

    size: in pixels; place: how far its middle lies below the line's, in pixels; gap: to the token before it.
    """

    kind: int
    index: int
    value: int
    size: float
    by_height: bool
    place: float
    gap: float
    printed: Patch | None = None


@dataclass
class Line:
    """One line: its tokens, the height of its digits, slope, and how all of it is drawn."""

    tokens: list[Token]
    height: float
    slope: float
    slant: float
    squeeze: float
    pen: float
    softness: float
    tremor: float
    broken: float
    joins: float
    coils: float = 0.0
    """The chance that two 0s side by side are joined."""
    shift: tuple[float, float] = (0.0, 0.0)
    """Of every digit's middle, across and down, see `Look`."""
    bend: float = 0.0
    """Standard deviation, in heights, see `Look`."""
    haste: float = 0.0
    sway: float = 0.0
    """Of the hand that writes strokes, see `hurried`."""
    tails: float = 0.0
    """The chance that a digit's line goes on where it begins or ends."""
    cell: float = 0.0
    """Of a comb: the width of the box that each digit stands in; 0 where there is none."""
    boxes: list[tuple[int, int, int, int, int]] = field(default_factory=list)


def plan_line(
    stock: Stock, rng: np.random.Generator, height: float, numbers: float, hurry: float = 0.0
) -> Line:
    """Choose a line's text, writer and look.

    `numbers`: the chance that it holds a number; `hurry`: that it is written in a hurry.
    """
    in_hurry = rng.random() < hurry
    with_number = rng.random() < numbers
    text: Text = number(rng) if with_number else words(rng)
    if with_number and rng.random() < 0.12:
        text = label(rng) + text
    line = Line(
        [],
        height,
        slope=float(np.clip(rng.normal(0, 0.045), -0.2, 0.2)),
        slant=float(np.clip(rng.normal(0.1, 0.2), -0.35, 0.65)),
        squeeze=float(np.clip(rng.normal(0.02, 0.26), -0.6, 0.65)),
        pen=float(np.clip(height * np.exp(rng.normal(np.log(0.085), 0.4)), 1.0, 0.25 * height)),
        softness=0.3 if rng.random() < 0.1 else float(rng.uniform(0.8, 1.8)),
        tremor=float(rng.choice([0.0, 0.006, 0.012])),
        broken=0.1 if rng.random() < 0.15 else 0.0,
        joins=0.5 if rng.random() < 0.16 else 0.0,
        coils=0.8 if in_hurry and rng.random() < 0.2 else 0.0,
        shift=(float(rng.normal(0, 0.08)), float(rng.normal(0, 0.16))),
        bend=float(rng.choice([0.0, 0.015, 0.03])),
        haste=float(rng.uniform(0.01, 0.045)) if in_hurry and rng.random() < 0.7 else 0.0,
        sway=float(rng.uniform(0.05, 0.16)) if in_hurry and rng.random() < 0.9 else 0.0,
        tails=0.25 if rng.random() < 0.25 else 0.0,
    )
    source = int(rng.choice(4, p=_SHARES))
    hand = _hand(stock, rng, source)
    # Beside digits a letter like P can't be told from a 9; within a word it can.
    letters = rng.choice(stock.plain_letters, 3)
    units = stock.chinese[int(rng.integers(len(stock.chinese)))] if stock.chinese else {}
    tight = rng.random()
    sizes = draw_sizes(rng, in_hurry)
    line.cell = float(rng.uniform(1.0, 1.7) * height) if with_number and rng.random() < 0.13 else 0.0
    for token in text:
        gap = height * _gap(rng, tight)
        size = height * float(np.exp(rng.normal(0, sizes.uneven)))
        place = float(rng.normal(0, 0.04)) * height
        if token == " ":
            line.tokens.append(Token(STROKES, -1, -1, 0.0, True, 0.0, height * float(rng.uniform(0.4, 1.0))))
        elif token.isdigit():
            kind, index = _digit(stock, rng, source, hand, int(token))
            larger, lower = sizes.of(token, first=all(before.value < 0 for before in line.tokens))
            size, place = size * larger, place + lower * height
            line.tokens.append(Token(kind, index, int(token), size, True, place, gap))
        elif token == "print":
            patch = _word(stock, rng, height)
            line.tokens.append(Token(STROKES, -1, -1, 0.0, True, place, gap, patch))
        elif token in UNITS or token in ("unit", "units"):
            tall = height * float(rng.uniform(0.4, 0.85))
            unit = _unit(units, token, rng, tall) if units and not line.cell else None  # it would hit a digit
            line.tokens.append(Token(STROKES, -1, -1, 0.0, True, place, gap, unit))
        elif token in LETTERS:
            top, bottom = letter_extent(token)
            index = int(rng.choice(stock.letters_by_name.get(token, stock.letters)))
            place += height * (top + bottom) / 2
            line.tokens.append(Token(STROKES, index, -1, size * (bottom - top), True, place, 0.6 * gap))
        elif token in ("letter", "symbol"):
            alphabet = stock.plain_letters if with_number or rng.random() < 0.6 else stock.letters
            index = int(rng.choice(letters if rng.random() < 0.3 else alphabet))
            index = index if token == "letter" else int(rng.choice(stock.symbols))
            line.tokens.append(Token(STROKES, index, -1, size * rng.uniform(0.55, 1.1), True, place, gap))
        else:
            length, below = size_and_place(token)
            index = int(rng.choice(stock.marks[token]))
            place += below * height
            # Points and commas stand in any gap, under the digits' overhang too.
            gap = gap if length > 0.4 else height * float(rng.uniform(-0.12, 0.25))
            line.tokens.append(Token(STROKES, index, -1, max(length * size, 2.0), False, place, gap))
    return line


def looks(tokens: list[tuple[Line, Token]], rng: np.random.Generator) -> Look:
    """How each of these tokens is drawn: as its line is, and a little of its own."""
    count = len(tokens)

    def of(name: str) -> Float32[np.ndarray, "n ..."]:
        return np.array([getattr(line, name) for line, _ in tokens], np.float32)

    slant = of("slant") + 0.05 * rng.standard_normal(count)
    turn = np.arctan(of("slope")) + 0.04 * rng.standard_normal(count)
    squeeze = of("squeeze") + 0.07 * rng.standard_normal(count)
    wide, tall = np.exp(squeeze / 2), np.exp(-squeeze / 2)
    cos, sin = np.cos(turn), np.sin(turn)
    # Squeeze, lean to the right (y points down), turn.
    matrix = np.stack(
        [
            np.stack([cos * wide, (-cos * slant - sin) * tall], axis=1),
            np.stack([sin * wide, (-sin * slant + cos) * tall], axis=1),
        ],
        axis=1,
    )
    marks = np.array([not token.by_height for _, token in tokens])
    pen = of("pen") * np.exp(0.08 * rng.standard_normal(count)).astype(np.float32)
    return Look(
        np.array([token.size for _, token in tokens], np.float32),
        ~marks,
        matrix.astype(np.float32),
        pen.astype(np.float32),
        of("softness"),
        np.where(marks, 0, of("tremor")).astype(np.float32),
        rng.random(count) < of("broken"),
        of("shift") + 0.08 * rng.standard_normal((count, 2)).astype(np.float32) * (of("bend") > 0)[:, None],
        np.abs(of("bend") * rng.standard_normal(count)).astype(np.float32) + 2 * of("tremor"),
        np.where(marks, 0, of("haste")).astype(np.float32),
        np.where(marks, 0, of("sway")).astype(np.float32),
    )


def _gap(rng: np.random.Generator, tight: float) -> float:
    """Between ink and ink, in digit heights: by line mostly clear, touching, or wide."""
    if tight < 0.55:
        return float(max(0.03, rng.normal(0.2, 0.09)))
    if tight < 0.8:
        return float(rng.normal(0.03, 0.07))
    if tight < 0.88:
        return float(rng.normal(-0.03, 0.06))
    return float(rng.uniform(0.3, 1.1))


def _hand(stock: Stock, rng: np.random.Generator, source: int) -> dict[int, Int64[np.ndarray, " _"]]:
    if source == 0:
        return stock.hands[int(rng.choice(len(stock.hands), p=stock.chances))]
    if source == 1:
        return stock.invented[int(rng.integers(len(stock.invented)))]
    if source == 3:
        font = 10 * int(rng.integers(len(stock.fonts.labels) // 10))
        return {digit: np.array([font + digit]) for digit in range(10)}
    return {}


def _digit(
    stock: Stock,
    rng: np.random.Generator,
    source: int,
    hand: dict[int, Int64[np.ndarray, " _"]],
    value: int,
) -> tuple[int, int]:
    if source == 2:
        return SCANNED, int(rng.choice(stock.scanned_by_digit[value]))
    if source == 3:
        return FONTS, int(hand[value][0])
    while value not in hand:  # this writer left it out: take somebody else's
        hand = stock.hands[int(rng.choice(len(stock.hands), p=stock.chances))]
    return STROKES, int(rng.choice(hand[value]))


def _word(stock: Stock, rng: np.random.Generator, height: float) -> Patch:
    """A printed word of random letters or Chinese characters, mostly smaller than handwriting."""
    if stock.chinese and rng.random() < 0.4:
        return _chinese_word(stock, rng, height)
    font = stock.printed[int(rng.integers(len(stock.printed)))]
    names = list(font)
    capitals = rng.random() < 0.25
    letters = [
        names[int(i)] for i in rng.integers(26 if capitals else 0, 52 if capitals else 26, rng.integers(1, 9))
    ]
    if not capitals and rng.random() < 0.4:
        letters[0] = letters[0].upper()
    return write_print([font[letter] for letter in letters], height * float(rng.uniform(0.45, 1.0)))


def _unit(font: Printed, token: str, rng: np.random.Generator, height: float) -> Patch:
    """A Chinese character or two beside a digit."""
    if token in font:
        return write_print([font[token]], height)
    characters = list(font.values())
    which = rng.integers(0, len(characters), 2 if token == "units" else 1)
    return write_print([characters[int(index)] for index in which], height)


def _chinese_word(stock: Stock, rng: np.random.Generator, height: float) -> Patch:
    """Random characters, side by side or spaced out as labels of forms are; they are larger than capitals."""
    font = stock.chinese[int(rng.integers(len(stock.chinese)))]
    characters = list(font.values())
    chosen = [characters[int(i)] for i in rng.integers(0, len(characters), rng.integers(1, 10))]
    size = height * float(rng.uniform(0.3, 0.8))
    if rng.random() < 0.3:
        wide = int(chosen[0].shape[1] * rng.uniform(0.1, 1.0))
        chosen = [np.pad(one, ((0, 0), (0, wide))) for one in chosen]
    return write_print(chosen, size)
