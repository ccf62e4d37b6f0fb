"""What the server and its reading processes agree on: limits, results, and which status an error has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shuzi.errors import (
    DataError,
    FormatError,
    PictureError,
    ReadingError,
    RecipeError,
    ShuziError,
    TooLargeError,
    WeightsError,
)

_STATUS: tuple[tuple[type[ShuziError], int], ...] = (
    (TooLargeError, 413),
    (FormatError, 415),
    (PictureError, 422),
    (ReadingError, 422),
    (RecipeError, 422),
    (WeightsError, 422),
    (DataError, 422),
)


@dataclass(frozen=True)
class Limits:
    """How much of a picture is read."""

    pixels: int
    pages: int


@dataclass(frozen=True)
class Result:
    """A response's body, headers and facts to count; or `problem`, the sentence that refuses the request."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None


def status_of(error: ShuziError) -> int:
    """The HTTP status that fits an error of shuzi's; 500 for one that isn't the client's fault."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
