"""All texts that a row of possible digits may say, the likeliest first."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np

from shuzi.reading.patterns import Automaton
from shuzi.shapes import Float, Int64

_MOST_STEPS = 5_000  # beginnings of texts looked at: where everything is possible there is no end of them
_AT_ONCE = 8  # beginnings looked at in one go: numpy's calls cost more than their arithmetic
_DEEPER = 1e-9  # by which a longer beginning comes first: else rounding makes equals wait for each other
_END = 10  # the choice behind the ten digits: the text is complete


@dataclass(frozen=True, eq=False)
class Row:
    """m candidates for digits, from the left, and which texts they may say.

    `presence`: the probability that there is a digit at all; `values`: of each value if there is one.
    `least`, `most`: digits of a text; `language`: what accepts a text.
    """

    presence: Float[np.ndarray, " m"]
    values: Float[np.ndarray, "m 10"]
    least: int
    most: int
    language: Automaton

    def mass(self) -> float:
        """The probability that the row says any of these texts."""
        return float(self._ends(np.add)[0, 0, self.least :].sum())

    def likeliest(self) -> Iterator[tuple[str, float]]:
        """The texts with their probabilities, the likeliest first, until too much has been looked at.

        A text's probability is the sum over all ways to choose its digits from the candidates.
        """
        if self.least > self.most:
            return
        # A* on beginnings of texts. Of the choices after a beginning only the best one waits in the queue;
        # when it is taken the next best one takes its place.
        search = _Search(self, self._ends(np.maximum))
        queue: list[_Waiting] = []
        _wait(queue, search.nothing(), 0)
        steps = 0
        while queue and steps < _MOST_STEPS:
            taken: list[tuple[_Beginning, int]] = []
            complete: list[_Waiting] = []
            while queue and len(taken) < _AT_ONCE:
                waiting = heapq.heappop(queue)
                _, _, text, rank, beginning = waiting
                choice = beginning.choices[rank]
                if choice == _END and taken:  # what has been taken may lead to a likelier text
                    complete.append(waiting)
                    continue
                _wait(queue, beginning, rank + 1)
                if choice == _END:
                    yield text, beginning.bounds[rank]
                else:
                    taken.append((beginning, choice))
            for waiting in complete:
                heapq.heappush(queue, waiting)
            for beginning in search.lengthened(taken) if taken else []:
                _wait(queue, beginning, 0)
            steps += len(taken)

    def _ends(self, join: np.ufunc) -> Float[np.ndarray, "m1 states lengths"]:
        """How probable it is that as many more digits as the last index says end a text, for each number of
        candidates passed and each state. `join` is np.add, or np.maximum for a bound on any single text."""
        kinds, steps = self.language.kinds, self.language.steps
        digit = np.stack(
            [join.reduce(self.values[:, kinds == kind], axis=1) for kind in range(steps.shape[1])], axis=1
        )
        taken = (self.presence[:, None] * digit)[:, :, None]
        left = 1 - self.presence
        ends = np.zeros((len(left) + 1, len(steps), self.most + 1))
        ends[-1, :, 0] = self.language.accepting
        for i in reversed(range(len(left))):
            ends[i] = left[i] * ends[i + 1]
            ends[i, :, 1:] += join.reduce(ends[i + 1, :, :-1][steps] * taken[i], axis=1)
        return ends


class _Beginning(NamedTuple):
    """What a text may begin with, and how it may go on, the most promising choice first.

    `reach`: the probability that the candidates say exactly this, for each number of candidates passed since
    the first of all. `bounds`: of each choice, what no text that goes on with it is likelier than.
    """

    text: str
    state: int
    reach: Float[np.ndarray, " m1"]
    choices: list[int]
    bounds: list[float]


_Waiting: TypeAlias = tuple[float, int, str, int, _Beginning]
"""What comes first, then the text and the rank of the choice after a beginning, and the beginning."""


def _wait(queue: list[_Waiting], beginning: _Beginning, rank: int) -> None:
    bound = beginning.bounds[rank] if rank < len(beginning.bounds) else 0.0
    if bound > 0:
        length = len(beginning.text)
        first = -bound * (1 + _DEEPER * length)
        heapq.heappush(queue, (first, -length, beginning.text, rank, beginning))


class _Search:
    """Lengthens beginnings of texts."""

    def __init__(self, row: Row, ends: Float[np.ndarray, "m1 states lengths"]) -> None:
        m = len(row.presence)
        self.row = row
        self.weights = np.ascontiguousarray((row.presence[:, None] * row.values).T)
        # gaps[a, b]: the probability that none of the candidates from a up to b is a digit.
        none = np.where(np.tri(m, m + 1, 0, np.bool_), 1.0, np.append(1.0, 1 - row.presence))
        self.gaps = np.triu(np.cumprod(np.vstack([none, np.ones(m + 1)]), axis=1))
        self.best = _best_ends(ends[1:], row.least, row.most)

    def nothing(self) -> _Beginning:
        return self._open([""], np.zeros(1, np.int64), self.gaps[:1])[0]

    def lengthened(self, taken: list[tuple[_Beginning, int]]) -> list[_Beginning]:
        """Each beginning with its digit behind it."""
        language = self.row.language
        digits = np.array([digit for _, digit in taken])
        states = language.steps[[beginning.state for beginning, _ in taken], language.kinds[digits]]
        reach = np.array([beginning.reach for beginning, _ in taken])[:, :-1]
        texts = [f"{beginning.text}{digit}" for beginning, digit in taken]
        return self._open(texts, states, (reach * self.weights[digits]) @ self.gaps[1:])

    def _open(
        self, texts: list[str], states: Int64[np.ndarray, " n"], reach: Float[np.ndarray, "n m1"]
    ) -> list[_Beginning]:
        language, least = self.row.language, self.row.least
        lengths = np.array([len(text) for text in texts])
        following = language.steps[states][:, language.kinds]
        best = self.best[lengths[:, None] + 1, following]
        bounds = ((best * self.weights) @ reach[:, :-1, None])[:, :, 0]
        end = reach[:, -1] * language.accepting[states] * (lengths >= least)
        bounds = np.concatenate([bounds, end[:, None]], axis=1)
        choices = np.argsort(-bounds, axis=1, kind="stable")
        ordered = -np.sort(-bounds, axis=1)
        return list(map(_Beginning, texts, states.tolist(), reach, choices.tolist(), ordered.tolist()))


def _best_ends(
    ends: Float[np.ndarray, "m states lengths"], least: int, most: int
) -> Float[np.ndarray, "lengths1 states m"]:
    """For each length of a beginning: how likely the likeliest end of an allowed length is at most."""
    m, states, _ = ends.shape
    if least <= 1 and most == m:
        return np.broadcast_to(ends.max(axis=2).T, (most + 2, states, m))
    result = np.zeros((most + 2, states, m))
    for length in range(most + 1):
        result[length] = ends[:, :, max(0, least - length) : most - length + 1].max(axis=2).T
    return result
