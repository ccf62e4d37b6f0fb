"""What scenes are written with: digits by one writer each, letters, marks between digits, printed letters."""

from __future__ import annotations

import functools
import string
from dataclasses import dataclass

import numpy as np

from shuzi.data import unipen
from shuzi.data.fonts import chinese_font_files, font_files
from shuzi.data.glyphs import read_glyphs
from shuzi.data.invented import invent_hands
from shuzi.data.mnist import load_mnist
from shuzi.data.scenes.marks import MARKS, draw_marks
from shuzi.data.scenes.printed import Printed, chinese_characters, latin_letters
from shuzi.data.trajectories import Strokes, concatenate
from shuzi.shapes import Float32, Int64

_INVENTED_HANDS, _COPIES = 2500, 3
# Many people's 9 is a P, their 4 a u or H, their 5 a v or r, their 7 a t or F, their 2 an L, their 8 a B.
_UNMISTAKABLE = "AEKMNWXamkwx"
_SYMBOLS = '+*#$%@<>=~^"_'  # those that are no digit, either: & is like 8, ? like 7, brackets are like 1


@dataclass(frozen=True, eq=False)
class Fields:
    """Characters as fields of side s: the distance to the outline in cells, positive inside the ink.

    centre, half: middle and half extent (x, y) of the ink in cells, from the field's middle. labels: 0..9.
    lowest: the smallest distance that the fields tell; beyond it they don't fall.
    """

    values: Float32[np.ndarray, "f s s"]
    centre: Float32[np.ndarray, "f 2"]
    half: Float32[np.ndarray, "f 2"]
    labels: Int64[np.ndarray, " f"]
    lowest: float


@dataclass(frozen=True, eq=False)
class Stock:
    """All that may stand in a scene.

    strokes: UNIPEN's characters, invented digits and marks, one after the other. hands: for each writer,
    indices of strokes by digit, with a chance for each. letters, symbols: indices of strokes. marks: indices
    by name. scanned: MNIST's digits. fonts: digits of handwriting fonts, ten a font. printed: by font, the
    pictures of the letters, 255 is ink; chinese: the same of characters.
    """

    strokes: Strokes
    hands: list[dict[int, Int64[np.ndarray, " _"]]]
    chances: Float32[np.ndarray, " w"]
    invented: list[dict[int, Int64[np.ndarray, " _"]]]
    letters: Int64[np.ndarray, " l"]
    symbols: Int64[np.ndarray, " y"]
    marks: dict[str, Int64[np.ndarray, " _"]]
    scanned: Fields
    fonts: Fields
    printed: list[Printed]
    chinese: list[Printed]

    @functools.cached_property
    def plain_letters(self) -> Int64[np.ndarray, " _"]:
        """The letters that are no digit in anybody's hand, which may stand beside digits."""
        return self.letters[np.isin(self.strokes.labels[self.letters], list(_UNMISTAKABLE))]

    @functools.cached_property
    def letters_by_name(self) -> dict[str, Int64[np.ndarray, " _"]]:
        """Indices of the letters, by what they are."""
        names = self.strokes.labels[self.letters]
        return {str(name): self.letters[names == name] for name in np.unique(names)}

    @functools.cached_property
    def scanned_by_digit(self) -> list[Int64[np.ndarray, " _"]]:
        """Indices of MNIST's digits, for each value."""
        return [np.flatnonzero(self.scanned.labels == digit) for digit in range(10)]


def load_stock(
    split: str = "fit", seed: int = 0, *, with_unipen: bool = True, with_fonts: bool = True
) -> Stock:
    """Load the writers of `fit` or `validation`: UNIPEN must have been imported, MNIST and fonts are fetched.

    Invented digits and fonts have no writers; they are the same shapes in both, drawn anew. Without UNIPEN
    there are no hands, letters and symbols; without fonts from npm no `fonts` and `chinese`, and fewer
    `printed`. Raises DataError for what can't be had.
    """
    rng = np.random.default_rng((seed, split == "validation"))
    invented = invent_hands(_INVENTED_HANDS, _COPIES, rng)
    real = letters = symbols = invented.take(np.zeros(0, np.int64))
    if with_unipen:
        real = unipen.digits(split)
        letters = unipen.load_unipen(split, string.ascii_letters)
        # Some are mislabelled digits and letters: what is taken is only what can't be meant as one.
        symbols = unipen.load_unipen(split, _SYMBOLS)
    marks, names = draw_marks(200, rng)
    packs = [real, invented, letters, symbols, marks]
    ends = np.cumsum([len(pack) for pack in packs])
    at = [np.arange(end - len(pack), end) for end, pack in zip(ends, packs, strict=True)]
    hands = _hands(real, at[0])
    fonts = font_files() if with_fonts else {}
    return Stock(
        concatenate(packs),
        hands,
        _chances(real, hands),
        _hands(invented, at[1]),
        at[2],
        at[3],
        {name: at[4][names == name] for name in MARKS},
        _scanned(split),
        _font_digits(fonts),
        latin_letters(fonts),
        chinese_characters(chinese_font_files()) if with_fonts else [],
    )


def _hands(strokes: Strokes, at: Int64[np.ndarray, " c"]) -> list[dict[int, Int64[np.ndarray, " _"]]]:
    """The digits of each writer who wrote at least five different ones."""
    people = np.array([unipen.writer_of(name) for name in strokes.writer_names])[strokes.writers]
    labels = strokes.labels.astype(np.int64)
    hands = []
    for person in np.unique(people):
        mine = people == person
        hand = {int(d): at[mine & (labels == d)] for d in np.unique(labels[mine])}
        if len(hand) >= 5:
            hands.append(hand)
    return hands


def _chances(strokes: Strokes, hands: list[dict[int, Int64[np.ndarray, " _"]]]) -> Float32[np.ndarray, " w"]:
    """Contributors weigh as the square root of their number of writers, so that none rules."""
    sources = strokes.sources
    source = np.array([str(sources[next(iter(hand.values()))[0]]) for hand in hands])
    _, group, counts = np.unique(source, return_inverse=True, return_counts=True)
    chance = 1 / np.sqrt(counts[group])
    return np.asarray(chance / chance.sum(), np.float32)


def _scanned(split: str) -> Fields:
    images, labels = load_mnist(split)
    # MNIST's edges are about two cells wide: half a level is a cell of distance.
    return _measured((images.astype(np.float32) / 255 - 0.5) * 2, labels)


def _font_digits(fonts: dict[str, bytes]) -> Fields:
    if not fonts:
        return _measured(np.zeros((0, 1, 1), np.float32), np.zeros(0, np.int64))
    glyphs = read_glyphs(fonts)
    return _measured(glyphs.fields, glyphs.labels)


def _measured(values: Float32[np.ndarray, "f s s"], labels: Int64[np.ndarray, " f"]) -> Fields:
    ink = np.asarray(values > 0)
    middle = (values.shape[1] - 1) / 2
    ends = []
    for axis in (1, 2):
        along = np.asarray(ink.any(axis))
        ends.append((along.argmax(1), along.shape[1] - 1 - along[:, ::-1].argmax(1)))
    centre = np.stack([(first + last) / 2 - middle for first, last in ends], axis=1)
    half = np.stack([(last - first + 1) / 2 for first, last in ends], axis=1)
    return Fields(
        values,
        centre.astype(np.float32),
        half.astype(np.float32),
        labels.astype(np.int64),
        float(values.min(initial=0)),
    )
