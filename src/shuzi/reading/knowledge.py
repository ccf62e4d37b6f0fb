"""What is known of a number before it is read: how many digits, a pattern, a check digit."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from shuzi.errors import MissingExtraError, ReadingError
from shuzi.reading.patterns import automaton

Check: TypeAlias = str | Callable[[str], bool]
"""The name of a python-stdnum module such as "luhn" or "iso7064.mod_97_10", or a function of the text that
says whether it is right."""

_MOST_DIGITS = 100
_MOST_PATTERN = 500


@dataclass(frozen=True)
class Knowledge:
    """What a number's text must satisfy; `anything` where nothing is known."""

    lengths: range | None = None
    pattern: re.Pattern[str] | None = None
    check: Callable[[str], bool] | None = None

    @property
    def anything(self) -> bool:
        """True where nothing is known, so that every text will do."""
        return self.lengths is None and self.pattern is None and self.check is None

    @property
    def least(self) -> int:
        """The fewest digits that a text may have, as far as that can be told."""
        fewest = self.lengths.start if self.lengths is not None else 0
        language = automaton(self.pattern) if self.pattern is not None else None
        return max(fewest, language.shortest) if language is not None else fewest

    def allows(self, text: str) -> bool:
        """True where a text satisfies all that is known. Raises `ReadingError` if the check fails."""
        return (
            (self.lengths is None or len(text) in self.lengths)
            and (self.pattern is None or self.pattern.fullmatch(text) is not None)
            and (self.check is None or bool(self.check(text)))
        )


def know(
    digits: int | str | None = None, pattern: str | None = None, check: Check | None = None
) -> Knowledge:
    """Check and combine what a user says of a number; raises `ReadingError` for what makes no sense."""
    return Knowledge(_lengths(digits), _pattern(pattern), _check(check))


def _lengths(digits: int | str | None) -> range | None:
    if digits is None:
        return None
    found = re.fullmatch(r"\s*(\d{1,3})\s*(?:-\s*(\d{1,3})\s*)?", str(digits))
    low = int(found[1]) if found else 0
    high = int(found[2] or low) if found else 0
    if not 1 <= low <= high <= _MOST_DIGITS:
        raise ReadingError(
            f"digits={digits!r} is no length: give a number such as 6, or a range such as 4-6."
        )
    return range(low, high + 1)


def _pattern(pattern: str | None) -> re.Pattern[str] | None:
    if pattern is None:
        return None
    if len(pattern) > _MOST_PATTERN:
        raise ReadingError(f"The pattern has over {_MOST_PATTERN} characters: give a shorter one.")
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ReadingError(f"{pattern!r} is no regular expression ({error}): mend it.") from None


def _check(check: Check | None) -> Callable[[str], bool] | None:
    if check is None:
        return None
    valid = check if callable(check) else _named(check)

    def checked(text: str) -> bool:
        try:
            return bool(valid(text))
        except Exception as error:
            raise ReadingError(
                f"The check failed on {text!r} with {type(error).__name__} ({error}): mend it, so that it "
                "says of any digits whether they are right."
            ) from error

    return checked


def _named(check: str) -> Callable[[str], object]:
    if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)*", check):
        raise ReadingError(f"{check!r} is no check: name a module of python-stdnum, such as luhn.")
    try:
        importlib.import_module("stdnum")
    except ModuleNotFoundError as error:
        raise MissingExtraError("A check by name", "check") from error
    try:
        valid: Callable[[str], object] = importlib.import_module(f"stdnum.{check}").is_valid
    except (ImportError, AttributeError):
        raise ReadingError(
            f"python-stdnum has no check {check!r}: name one of its modules, such as luhn."
        ) from None
    return valid
