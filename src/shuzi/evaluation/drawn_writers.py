"""Who writes the pictures that reading is measured with: people whose hands no net has learned from.

Some are UNIPEN's writers for validation, the others are put together from MNIST's digits by writers for
validation: digits that lean alike and are as thick go into one hand. Without UNIPEN, invented hands stand in
for its writers, and nobody writes words.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shuzi.data.scenes import Stock, load_stock
from shuzi.data.scenes.draw import write_lines
from shuzi.data.scenes.layout import SCANNED, STROKES, Line, Token
from shuzi.data.scenes.marks import MARKS, letter_extent, size_and_place
from shuzi.data.scenes.stock import Fields
from shuzi.data.scenes.writing import Patch
from shuzi.data.unipen import writer_of
from shuzi.shapes import Float32, Int64

# Whoever fills in a form writes so that it can be read. These two wrote a thousand digits in haste, many of
# which nobody can tell from others, and the third one's 0 is a Greek theta.
_TOO_HASTY = frozenset({"syn/syn1/jcp-dig11", "syn/syn1/tds-dig21", "ibm/ibm0/r0112"})
# A 0 or 8 with less ink is a part of one: in longer sides.
_SHORTEST = {0: 2.05, 8: 2.2}
_OF_MNIST = 0.6  # share of writers
_ALIKE = 50  # digits of each value in a hand from MNIST

Digits = dict[int, Int64[np.ndarray, " _"]]


@dataclass(frozen=True, eq=False)
class Hand:
    """One writer with one pen: indices of what they wrote into the stock, and lengths in digit heights."""

    kind: int
    digits: Digits
    letters: dict[str, Int64[np.ndarray, " _"]]
    marks: dict[str, Int64[np.ndarray, " _"]]
    slant: float
    squeeze: float
    pen: float
    softness: float
    tremor: float
    spacing: float

    def line(
        self,
        tokens: Sequence[str],
        height: float,
        rng: np.random.Generator,
        *,
        touching: float = 0.0,
        slope: float = 0.0,
    ) -> Line:
        """Plan a line of digits, names of `scenes.marks`, letters and " "; its digits are `height` px high.

        touching: the chance that one or two of the digits touch the one before.
        """
        line = Line(
            [],
            height,
            slope=slope,
            slant=self.slant,
            squeeze=self.squeeze,
            pen=max(1.3, self.pen * height),
            # MNIST's distances reach no further than a cell, a twentieth of a digit: softer, all is grey.
            softness=min(self.softness, height / 20) if self.kind == SCANNED else self.softness,
            tremor=self.tremor,
            broken=0.0,
            joins=0.0,
        )
        # A 1 that touches another stem all along is gone.
        joinable = set("023456789")
        pairs = [k for k in range(1, len(tokens)) if {tokens[k - 1], tokens[k]} <= joinable]
        close: set[int] = set()
        if pairs and rng.random() < touching:
            close = set(
                rng.choice(pairs, min(len(pairs), int(rng.choice([1, 1, 2]))), replace=False).tolist()
            )
        for at, token in enumerate(tokens):
            gap = height * max(0.08, float(rng.normal(self.spacing, 0.05)))
            if at in close:
                gap = -0.5 - height * float(rng.uniform(0, 0.025))
            line.tokens.append(self._token(token, height, gap, rng))
        return line

    def _token(self, token: str, height: float, gap: float, rng: np.random.Generator) -> Token:
        size, place = height * float(np.exp(rng.normal(0, 0.04))), height * float(rng.normal(0, 0.02))
        if token == " ":
            return Token(STROKES, -1, -1, 0.0, True, 0.0, height * float(rng.uniform(0.3, 0.5)))
        if token.isdigit():
            return Token(
                self.kind, int(rng.choice(self.digits[int(token)])), int(token), size, True, place, gap
            )
        if token in MARKS:
            index, (length, below) = int(rng.choice(self.marks[token])), size_and_place(token)
            return Token(STROKES, index, -1, max(2.0, length * size), False, place + below * height, gap)
        index = int(rng.choice(self.letters[token]))
        top, bottom = letter_extent(token)
        place += height * (top + bottom) / 2
        return Token(STROKES, index, -1, size * (bottom - top), True, place, 0.6 * gap)


class Writers:
    """All writers. `with_unipen=False` needs nothing but MNIST and is the same everywhere.

    Raises DataError where MNIST can't be had or UNIPEN, unless left out, was not imported.
    """

    def __init__(self, seed: int = 0, *, with_unipen: bool = True) -> None:
        self.stock = load_stock("validation", seed, with_unipen=with_unipen, with_fonts=False)
        self._people = _legible(self.stock) if with_unipen else self.stock.invented
        self._slants, self._cores = _looks_of(self.stock.scanned)
        self._letters = _letters(self.stock)

    @property
    def write_words(self) -> bool:
        """Whether there are letters at all."""
        return bool(self._letters)

    def hand(self, rng: np.random.Generator) -> Hand:
        """Choose somebody, and a pen for them."""
        from_mnist = rng.random() < _OF_MNIST
        digits = self._alike(rng) if from_mnist else self._people[int(rng.integers(len(self._people)))]
        return Hand(
            SCANNED if from_mnist else STROKES,
            digits,
            self._letters[int(rng.integers(len(self._letters)))] if self._letters else {},
            self.stock.marks,
            slant=float(rng.normal(0.03, 0.09)),
            squeeze=float(rng.normal(0, 0.1)),
            pen=float(np.clip(np.exp(rng.normal(np.log(0.085), 0.25)), 0.05, 0.14)),
            softness=float(rng.uniform(0.9, 1.5)),
            tremor=float(rng.choice([0.0, 0.0, 0.005])),
            spacing=float(np.clip(rng.normal(0.2, 0.07), 0.1, 0.4)),
        )

    def write(self, line: Line, rng: np.random.Generator) -> list[Patch | None]:
        """Draw the tokens of a line that one hand planned, all with the same pen."""
        return write_lines(self.stock, [line], rng, uneven=0.1)[0]

    def _alike(self, rng: np.random.Generator) -> Digits:
        # Somebody with the slant of one digit and the pen of another, neither of them extreme.
        slant, core = (
            np.clip(rng.choice(of_all), *np.quantile(of_all, [0.15, 0.85]))
            for of_all in (self._slants, self._cores)
        )
        apart = np.hypot((self._slants - slant) / 0.2, (self._cores - core) / 0.1)
        return {
            value: at[np.argsort(apart[at], kind="stable")[:_ALIKE]]
            for value, at in enumerate(self.stock.scanned_by_digit)
        }


def _legible(stock: Stock) -> list[Digits]:
    """UNIPEN's writers who wrote every digit legibly and whole."""
    strokes = stock.strokes
    length = strokes.ink_lengths() / np.maximum(strokes.sides().max(1), 1)
    made_of = strokes.strokes_per_character
    people = []
    for hand in stock.hands:
        name = strokes.writer_names[strokes.writers[next(iter(hand.values()))[0]]]
        # What has fewer strokes than this writer makes as a rule lost one on its way into UNIPEN.
        whole = {
            value: at[(made_of[at] >= np.median(made_of[at])) & (length[at] > _SHORTEST.get(value, 0))]
            for value, at in hand.items()
        }
        if writer_of(name) not in _TOO_HASTY and sum(len(at) > 0 for at in whole.values()) == 10:
            people.append(whole)
    return people


def _looks_of(scanned: Fields) -> tuple[Float32[np.ndarray, " f"], Float32[np.ndarray, " f"]]:
    """How far each digit leans to the right, and the share of its ink that lies deep inside: thick pens."""
    ink = (scanned.values > 0).astype(np.float32)
    y, x = np.mgrid[: ink.shape[1], : ink.shape[2]].astype(np.float32)
    mass = ink.sum((1, 2))
    dx = x - ((ink * x).sum((1, 2)) / mass)[:, None, None]
    dy = y - ((ink * y).sum((1, 2)) / mass)[:, None, None]
    slants = -(ink * dx * dy).sum((1, 2)) / np.maximum((ink * dy * dy).sum((1, 2)), 1)
    cores = (scanned.values > 0.9).sum((1, 2)) / mass
    return slants.astype(np.float32), cores.astype(np.float32)


def _letters(stock: Stock) -> list[dict[str, Int64[np.ndarray, " _"]]]:
    """Letters by writer, for those who wrote at least 20 of them; what they left out is by anybody."""
    strokes = stock.strokes
    names = strokes.labels[stock.letters]
    anybody = {letter: stock.letters[names == letter] for letter in string.ascii_letters}
    people = np.array([writer_of(name) for name in strokes.writer_names])[strokes.writers[stock.letters]]
    hands = []
    for person in np.unique(people):
        mine = people == person
        own = {str(letter): stock.letters[mine & (names == letter)] for letter in np.unique(names[mine])}
        if len(own) >= 20:
            hands.append(anybody | own)
    return hands
