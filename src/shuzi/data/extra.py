"""Digits from beyond MNIST for training: UNIPEN's pen strokes, invented digits, handwriting fonts."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from shuzi.data import unipen
from shuzi.data.fonts import FAMILIES, font_files
from shuzi.data.glyphs import draw_glyphs, read_glyphs
from shuzi.data.invented import invent
from shuzi.data.scribbles import scribble
from shuzi.data.sources import cache_folder
from shuzi.data.strokes import Hand, draw
from shuzi.data.trajectories import Strokes, concatenate
from shuzi.errors import DataError
from shuzi.shapes import Float, Int64, UInt8

SHARES: Mapping[str, float] = {"unipen": 0.5, "invented": 0.3, "fonts": 0.2, "nothing": 0.0}
"""Which part of the mixture comes from where, unless a recipe says otherwise. "nothing" is what is no digit:
letters of UNIPEN's writers, scribbles, a few bare pictures."""

NO_DIGIT = -1
"""The label of what is no digit."""

# Belongs to the name of a stored pool: raise it when the drawing or the shapes change.
_DRAWING = 4
_log = logging.getLogger("shuzi.data")


class ExtraDigits:
    """A sampler of 28x28 pictures, framed as MNIST's digits, from the sources named in `shares`.

    UNIPEN's digits are those of the writers for fitting, balanced over digits and contributors. Raises
    DataError when a named source isn't there; a share of 0 leaves it out.
    """

    def __init__(self, shares: Mapping[str, float] = SHARES, hand: Hand | None = None) -> None:
        unknown = set(shares) - set(SHARES)
        if unknown or not all(share >= 0 for share in shares.values()) or not sum(shares.values()) > 0:
            raise DataError(
                f"The shares of extra digits must be 0 or more of {', '.join(SHARES)}: got {shares}."
            )
        self._names = [name for name in SHARES if shares.get(name, 0) > 0]
        weights = np.array([shares[name] for name in self._names])
        self._weights = weights / weights.sum()
        self._hand = hand or Hand()
        if "unipen" in self._names:
            self._strokes = unipen.digits("fit")
            self._chances = balanced(self._strokes)
        if "nothing" in self._names:
            self._letters = unipen.letters("fit")
        if "fonts" in self._names:
            self._glyphs = read_glyphs(font_files())

    def sample(
        self, count: int, rng: np.random.Generator
    ) -> tuple[UInt8[np.ndarray, "{count} 28 28"], Int64[np.ndarray, " {count}"]]:
        """Draw `count` pictures, white on black, and their labels 0..9 or `NO_DIGIT`, in random order."""
        counts = rng.multinomial(count, self._weights)
        drawn = [self._draw(name, int(part), rng) for name, part in zip(self._names, counts, strict=True)]
        order = rng.permutation(count)
        images = np.concatenate([images for images, _ in drawn])[order]
        return images, np.concatenate([labels for _, labels in drawn])[order]

    def _draw(
        self, name: str, count: int, rng: np.random.Generator
    ) -> tuple[UInt8[np.ndarray, "{count} 28 28"], Int64[np.ndarray, " {count}"]]:
        if name == "fonts":
            chosen = rng.integers(0, len(self._glyphs), count)
            return draw_glyphs(self._glyphs, chosen, rng, self._hand), self._glyphs.labels[chosen]
        if name == "nothing":
            bare = count // 16
            half = (count - bare) // 2
            letters = self._letters.take(rng.integers(0, len(self._letters), half))
            inked = draw(concatenate([letters, scribble(count - bare - half, rng)]), rng, self._hand)
            # Without ink: black, with more or less grain.
            grain = rng.random((bare, 28, 28)) * np.maximum(0, rng.uniform(-0.5, 1, (bare, 1, 1)))
            images = np.concatenate([inked, (grain * 255).astype(np.uint8)])
            return images, np.full(count, NO_DIGIT, np.int64)
        if name == "unipen":
            strokes = self._strokes.take(rng.choice(len(self._strokes), count, p=self._chances))
        else:
            strokes = invent(count, rng)
        return draw(strokes, rng, self._hand), strokes.labels.astype(np.int64)


def build_pool(
    count: int, seed: int, shares: Mapping[str, float] = SHARES, cache: Path | None = None
) -> tuple[UInt8[np.ndarray, "{count} 28 28"], Int64[np.ndarray, " {count}"]]:
    """Draw `count` extra digits, or take them from the cache if they were drawn before.

    The same count, seed and shares give the same digits. 200,000 take about a minute and 157 MB.
    """
    settings = {"count": count, "seed": seed, "shares": dict(shares), "drawing": _DRAWING, "fonts": FAMILIES}
    settings["hand"] = repr(Hand())
    key = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]
    path = (cache or cache_folder()) / "pools" / f"{key}.npz"
    stored = _stored(path, count)
    if stored is not None:
        return stored
    _log.info("drawing %d extra digits", count)
    images, labels = ExtraDigits(shares).sample(count, np.random.default_rng(seed))
    _store(path, images, labels)
    return images, labels


def balanced(strokes: Strokes) -> Float[np.ndarray, " c"]:
    """The chance of each character to be taken, so that digits are even and contributors nearly so.

    A contributor weighs as the square root of its number: few writers shouldn't be seen over and over.
    """
    groups = np.stack([strokes.labels, strokes.sources])
    _, group, counts = np.unique(groups, axis=1, return_inverse=True, return_counts=True)
    chance = 1 / np.sqrt(counts[group.ravel()].astype(np.float64))
    for digit in np.unique(strokes.labels):
        chance[strokes.labels == digit] /= chance[strokes.labels == digit].sum()
    return np.asarray(chance / chance.sum())


def letters(split: str, seed: int = 0) -> UInt8[np.ndarray, "n 28 28"]:
    """Draw the letters of UNIPEN's writers for `fit` or `validation`, each once.

    Letters that look like digits are left out (`unipen.LOOK_ALIKES`). No net should be sure of a digit here:
    the fit part may teach that, the validation part measures it.
    """
    return draw(unipen.letters(split), np.random.default_rng(seed))


def scribbles(count: int, seed: int = 0) -> UInt8[np.ndarray, "{count} 28 28"]:
    """Draw `count` scribbles, which are no digits either."""
    rng = np.random.default_rng(seed)
    return draw(scribble(count, rng), rng)


def _stored(
    path: Path, count: int
) -> tuple[UInt8[np.ndarray, "{count} 28 28"], Int64[np.ndarray, " {count}"]] | None:
    try:
        # np.load would leave a damaged file open.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as pool:
            images, labels = pool["images"], pool["labels"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        _log.warning("%s is damaged; drawing its digits again.", path)
        return None
    if images.shape != (count, 28, 28) or images.dtype != np.uint8 or labels.shape != (count,):
        return None
    return images, labels.astype(np.int64)


def _store(path: Path, images: UInt8[np.ndarray, "n 28 28"], labels: Int64[np.ndarray, " n"]) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as stream:
                np.savez(stream, images=images, labels=labels.astype(np.int8))
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        # Training can go on without the cache; only the next run has to draw again.
        _log.warning("%s can't be written (%s): the digits are not kept.", path, error.strerror or error)
