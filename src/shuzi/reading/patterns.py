"""A pattern -> an automaton over digits, so that hopeless readings are left out before they are spelled out.

It understands what patterns for numbers are made of: characters, classes, groups, alternatives, repetitions.
It allows all that the pattern matches in full; the last word on a text is the pattern's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from shuzi.shapes import Bool, Int64

_MOST_PARTS = 500  # characters of the pattern, each repetition counted
_MOST_STATES = 128
_TOKEN = re.compile(
    r"(?P<one>\[\^?\]?(?:\\.|[^\]\\])*\]|\\[dDwWsS]|\\[^A-Za-z0-9]|[^\\\[(){}|*+?^$])"
    r"|(?P<open>\((?:\?:|\?P<\w+>|(?!\?)))"
    r"|(?P<repeat>(?:[*+?]|\{\d+(?:,\d*)?\}|\{,\d+\})\??(?!\+))"
    r"|(?P<other>[)|])"
)
_SETS_IN_CLASS = re.compile(r"\[|--|&&|\|\||~~")  # may mean something else in a future Python

_Part: TypeAlias = Callable[[int], int]
"""Where reading goes on after a part -> where the part starts; both are sets of places, as bits."""


@dataclass(frozen=True, eq=False)
class Automaton:
    """Reads a text digit by digit, from state 0: `steps[state, kinds[digit]]` is the next state.

    `kinds`: which digits make no difference to each other. `accepting`: where a text may end.
    """

    kinds: Int64[np.ndarray, " 10"]
    steps: Int64[np.ndarray, "states kinds"]
    accepting: Bool[np.ndarray, " states"]

    @property
    def shortest(self) -> int:
        """How many digits the shortest text has; 0 where there is no text."""
        states, seen = {0}, set[int]()
        for length in range(len(self.steps)):
            if self.accepting[list(states)].any():
                return length
            seen |= states
            states = {int(state) for state in self.steps[list(states)].flat} - seen
            if not states:
                break
        return 0


ANYTHING = Automaton(np.zeros(10, np.int64), np.zeros((1, 1), np.int64), np.ones(1, np.bool_))


@lru_cache(maxsize=32)
def automaton(pattern: re.Pattern[str]) -> Automaton | None:
    """The automaton of a pattern, or None where it is too large or holds what isn't understood."""
    if pattern.flags != re.UNICODE:
        return None
    text = pattern.pattern.removeprefix("^")
    if text.endswith("$") and (len(text) - len(text[:-1].rstrip("\\"))) % 2:
        text = text[:-1]
    try:
        return _Places(_tokens(text)).automaton()
    except (_NotUnderstoodError, RecursionError):
        return None


class _NotUnderstoodError(Exception):
    pass


def _tokens(pattern: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    while at < len(pattern):
        found = _TOKEN.match(pattern, at)
        if found is None or (found["one"] and _SETS_IN_CLASS.search(found["one"], 1)):
            raise _NotUnderstoodError
        tokens.append((found.lastgroup or "", found[0]))
        at = found.end()
    return tokens


class _Places:
    """The places in a pattern where a character is read, each with its digits and the places after it.

    They are made from the pattern's end to its beginning. Place 0 is the end. A loop is a place that reads
    nothing: it stands for the places after it.
    """

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens[::-1]
        self.digits: list[set[int] | None] = [set()]
        self.after = [0]
        self.work = 0

    def automaton(self) -> Automaton:
        start = self._without_loops(self._alternatives()(1))
        index, rows = {start: 0}, list[list[int]]()
        for state in (found := [start]):
            places = [place for place in range(len(self.after)) if state >> place & 1]
            row = []
            for digit in range(10):
                after = 0
                for place in places:
                    if digit in (self.digits[place] or ()):
                        after |= self.after[place]
                after = self._without_loops(after)
                if after not in index:
                    index[after] = len(found)
                    found.append(after)
                row.append(index[after])
            rows.append(row)
            if len(found) > _MOST_STATES:
                raise _NotUnderstoodError
        columns, kinds = np.unique(np.array(rows), axis=1, return_inverse=True)
        accepting = np.array([state & 1 for state in found], np.bool_)
        return Automaton(kinds.reshape(-1).astype(np.int64), columns.astype(np.int64), accepting)

    def _without_loops(self, places: int) -> int:
        result, seen, todo = 0, 0, places
        while todo:
            place = todo.bit_length() - 1
            seen |= 1 << place
            if self.digits[place] is None:
                todo |= self.after[place]
            else:
                result |= 1 << place
            todo &= ~seen
        return result

    def _place(self, digits: set[int] | None, after: int) -> int:
        self.digits.append(digits)
        self.after.append(after)
        return len(self.after) - 1

    def _alternatives(self) -> _Part:
        parts = [self._sequence()]
        while self.tokens and self.tokens[-1][1] == "|":
            self.tokens.pop()
            parts.append(self._sequence())

        def start(after: int) -> int:
            result = 0
            for part in parts:
                result |= part(after)
            return result

        return start

    def _sequence(self) -> _Part:
        parts: list[_Part] = []
        while self.tokens and self.tokens[-1][0] != "other":
            kind, text = self.tokens.pop()
            if kind == "repeat":
                parts.append(self._repeated(parts.pop(), text))
            elif kind == "open":
                parts.append(self._alternatives())
                self.tokens.pop()  # the closing bracket: the pattern is known to be one
            else:
                parts.append(self._one(text))

        def start(after: int) -> int:
            for part in reversed(parts):
                after = part(after)
            return after

        return start

    def _one(self, text: str) -> _Part:
        digits = {digit for digit in range(10) if re.fullmatch(text, str(digit))}
        return lambda after: 1 << self._place(digits, after)

    def _repeated(self, part: _Part, text: str) -> _Part:
        counts = {"*": "0,", "+": "1,", "?": "0,1"}.get(text[0]) or text[1 : text.index("}")]
        low, comma, high = counts.partition(",")
        least = int(low or 0)
        most = int(high) if high else None if comma else least

        def again(after: int) -> int:
            self.work += 1
            if self.work + len(self.after) > _MOST_PARTS:
                raise _NotUnderstoodError
            return part(after)

        def start(after: int) -> int:
            if most is None:
                loop = self._place(None, after)
                self.after[loop] |= again(1 << loop)
                after = 1 << loop
            else:
                end = after
                for _ in range(most - least):
                    after = end | again(after)
            for _ in range(least):
                after = again(after)
            return after

        return start
