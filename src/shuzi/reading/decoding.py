"""The digits that a number may have, and what is known of it -> the likeliest texts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import islice

import numpy as np

from shuzi.reading.knowledge import Knowledge
from shuzi.reading.patterns import ANYTHING, automaton
from shuzi.reading.texts import Row
from shuzi.shapes import Float, Int64

MOST_CANDIDATES = 1000  # texts tried; it also bounds how long an unlucky pattern can take
MOST_DIGITS = 64  # longer texts are not tried against a pattern or check, for the same reason
ALTERNATIVES = 5
_MOST_SECONDS = 2.0  # for trying; what has been tried by then decides
_LONGEST_ROW = 100  # candidates; longer rows are read candidate by candidate, and nothing known fits them
# The chance that the digits were found or seen so wrongly that none of the texts considered is right. It
# keeps a text that is unlikely by itself from being certain only because nothing else fits what is known.
_OFF_THE_LIST = 0.01
_LITTLE = 1e-2  # of what fits: where less is left untried, trying it changes nothing
_TINY = 1e-300  # stands in for 0 where a logarithm is taken


@dataclass(frozen=True, eq=False)
class Decoded:
    """What a number's text is, how probable that is, which candidates are its digits, by index, and the next
    likeliest texts with their probabilities."""

    text: str
    confidence: float
    chosen: Int64[np.ndarray, " digits"]
    others: list[tuple[str, float]]


def decode(presence: Float[np.ndarray, " m"], values: Float[np.ndarray, "m 10"], known: Knowledge) -> Decoded:
    """The likeliest text that what is known allows, and the next likeliest ones.

    `presence`: of each candidate, from the left, the probability that there is a digit at all; `values`: of
    each value if there is one. A text's probability is the sum over all ways to choose its digits from the
    candidates, `chosen` the likeliest of them. The text is empty if there is likely no digit at all, and no
    alternative is.

    If no likely text is allowed, the likeliest of all is given with probability 0: what is known says that
    it is wrong. Raises `ReadingError` if a check function fails.
    """
    if not len(presence):
        return Decoded("", 0.0, np.empty(0, np.int64), [])
    presence, values = presence.astype(np.float64), values.astype(np.float64)
    if known.anything:
        texts = _texts(presence, values)
    else:
        texts = _fitting(presence, values, known) or [(_texts(presence, values)[0][0], 0.0)]
    (text, p), *others = texts
    return Decoded(text, min(p, 1.0), _chosen(text, presence, values), others)


def _texts(presence: Float[np.ndarray, " m"], values: Float[np.ndarray, "m 10"]) -> list[tuple[str, float]]:
    """The likeliest texts where nothing is known; at least one."""
    texts: list[tuple[str, float]] = []
    if len(presence) <= _LONGEST_ROW:
        row = Row(presence, values, 1, len(presence), ANYTHING)
        texts = list(islice(row.likeliest(), 1 + ALTERNATIVES))
    nothing = float(np.prod(1 - presence))
    if nothing > 0.5:
        return [("", nothing), *texts[:ALTERNATIVES]]
    return texts or [_each_by_itself(presence, values)]


def _fitting(
    presence: Float[np.ndarray, " m"], values: Float[np.ndarray, "m 10"], known: Knowledge
) -> list[tuple[str, float]]:
    """The likeliest texts that are allowed, with their probabilities given what is known."""
    if len(presence) > _LONGEST_ROW:
        return []
    lengths = known.lengths or range(1, len(presence) + 1)
    most = min(lengths.stop - 1, len(presence))
    understood = automaton(known.pattern) if known.pattern is not None else ANYTHING
    if known.pattern is not None or known.check is not None:
        most = min(most, MOST_DIGITS)
    if lengths.start > most:
        return []
    row = Row(presence, values, lengths.start, most, understood or ANYTHING)
    foreseen = understood is not None and known.check is None
    mass = row.mass()
    fitting, fits, tried = [], 0.0, 0.0
    end = time.monotonic() + _MOST_SECONDS
    for text, p in islice(row.likeliest(), MOST_CANDIDATES):
        tried += p
        if known.allows(text):
            fitting.append((text, p))
            fits += p
        enough = foreseen and len(fitting) > ALTERNATIVES
        if enough or mass - tried < _LITTLE * fits or time.monotonic() > end:
            break
    if not fitting:
        return []
    if foreseen:
        fits = mass
    else:  # what is untried is allowed as often as what has been tried
        fits += max(0.0, mass - tried) * fits / tried
    # Bayes: what is allowed shares the probability of what isn't. Not that of there being no number at all:
    # what is known is known of numbers.
    nothing = float(np.prod(1 - presence))
    evidence = fits + nothing + _OFF_THE_LIST * max(0.0, 1 - fits - nothing)
    return [(text, p / evidence) for text, p in fitting[: 1 + ALTERNATIVES]]


def _each_by_itself(
    presence: Float[np.ndarray, " m"], values: Float[np.ndarray, "m 10"]
) -> tuple[str, float]:
    """A likely text where there are too many to search, and the probability of one way to read it."""
    there = presence >= min(0.5, presence.max())
    text = "".join(map(str, values[there].argmax(axis=1).tolist()))
    return text, float(np.prod(np.where(there, presence * values.max(axis=1), 1 - presence)))


def _chosen(
    text: str, presence: Float[np.ndarray, " m"], values: Float[np.ndarray, "m 10"]
) -> Int64[np.ndarray, " digits"]:
    """The likeliest choice of candidates that says a text."""
    choices = np.column_stack([presence[:, None] * values, 1 - presence]).argmax(axis=1)
    chosen = np.flatnonzero(choices < 10)
    if "".join(map(str, choices[chosen].tolist())) == text:
        return chosen  # the likeliest choice of all
    says = np.log(np.maximum(presence[:, None] * values[:, list(map(int, text))], _TINY))
    none = np.log(np.maximum(1 - presence, _TINY))
    # best[k]: the likeliest way to say the first k digits with the candidates so far.
    best = np.full(len(text) + 1, -np.inf)
    best[0] = 0.0
    last = np.zeros((len(presence), len(text) + 1), np.bool_)  # whether that way ends in the last candidate
    for i in range(len(presence)):
        ending = np.append(-np.inf, best[:-1] + says[i])
        other = best + none[i]
        last[i] = ending > other
        best = np.maximum(ending, other)
    chosen, k = np.empty(len(text), np.int64), len(text)
    for i in range(len(presence) - 1, -1, -1):
        if k and last[i, k]:
            k -= 1
            chosen[k] = i
    return chosen
