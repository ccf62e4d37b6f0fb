"""The UNIPEN 1.0 text format: pen trajectories and what they spell.

A line that begins with a dot is a statement, ``.KEYWORD arguments``; its arguments may go on over the lines
that follow, up to the next statement. Of some 80 keywords these matter here:

``.INCLUDE path``                      another file, relative to the folder ``include/``, read at this place
``.COORD X Y [T P ...]``               what the columns of a pen trajectory are
``.PEN_DOWN`` / ``.PEN_UP``            a component: points as columns of numbers
``.SEGMENT level components quality "label"``   which components make up, for example, one character

Components are counted from 0 in the order in which they are read; the distribution counts ``.PEN_DOWN``
only. Source: I. Guyon, L. Schomaker and others, UNIPEN project of on-line data exchange and recognizer
benchmarks, ICPR 1994.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from shuzi.errors import DataError
from shuzi.shapes import Float32

MAX_INCLUDE_DEPTH = 8
MAX_COMPONENTS = 200_000
_STATEMENT = re.compile(r"^\.([A-Z_]+)[ \t]*", re.MULTILINE)
_RANGE = re.compile(r"(\d+)(?::(\d+))?(?:-(\d+)(?::(\d+))?)?")
_LABEL = re.compile(r'"((?:\\.|[^"\\])*)"')


@dataclass(frozen=True)
class Piece:
    """Part of a component: its points from ``first`` up to and including ``last`` (None: to the end)."""

    component: int
    first: int = 0
    last: int | None = None


@dataclass(frozen=True)
class Segment:
    """One labelled segment: the pieces of ink that show ``label``, and the labeller's verdict on them."""

    level: str
    pieces: tuple[Piece, ...]
    quality: str
    label: str


@dataclass
class Trajectory:
    """All pen-down components of a file and its includes, with the segments that the file names.

    Each component is (points, 2) float32: x to the right, y UP, in the tablet's units.
    """

    components: list[Float32[np.ndarray, "_ 2"]] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    columns: tuple[str, ...] = ("X", "Y")


def parse(text: str, include: Callable[[str], str]) -> Trajectory:
    """Read a UNIPEN file.

    ``include`` returns the text of a file that is named by ``.INCLUDE``, and raises DataError where there
    is none. Raises DataError with the reason when the text doesn't keep to the format.
    """
    trajectory = Trajectory()
    _read(text, include, trajectory, depth=0)
    return trajectory


def ink(trajectory: Trajectory, segment: Segment) -> list[Float32[np.ndarray, "_ 2"]]:
    """Return the strokes of one segment; raises DataError when it names points that there aren't."""
    strokes = []
    for piece in segment.pieces:
        if piece.component >= len(trajectory.components):
            count = len(trajectory.components)
            raise DataError(f'segment "{segment.label}" names component {piece.component} of only {count}')
        stroke = trajectory.components[piece.component]
        end = len(stroke) if piece.last is None else piece.last + 1
        if not piece.first < end <= len(stroke):
            raise DataError(f'segment "{segment.label}" names points that component {piece.component} lacks')
        strokes.append(stroke[piece.first : end])
    return strokes


def _read(text: str, include: Callable[[str], str], trajectory: Trajectory, depth: int) -> None:
    if depth > MAX_INCLUDE_DEPTH:
        raise DataError(f"files include one another more than {MAX_INCLUDE_DEPTH} deep")
    statements = list(_STATEMENT.finditer(text))
    ends = [statement.start() for statement in statements[1:]] + [len(text)]
    for statement, end in zip(statements, ends, strict=True):
        keyword, arguments = statement[1], text[statement.end() : end]
        if keyword == "PEN_DOWN":
            if len(trajectory.components) == MAX_COMPONENTS:
                raise DataError(f"a file has more than {MAX_COMPONENTS:,} components")
            trajectory.components.append(_points(arguments, trajectory.columns))
        elif keyword == "SEGMENT":
            trajectory.segments.append(_segment(arguments))
        elif keyword == "COORD":
            trajectory.columns = _columns(arguments)
        elif keyword == "INCLUDE":
            _read(include(arguments.strip()), include, trajectory, depth + 1)


def _columns(arguments: str) -> tuple[str, ...]:
    columns = tuple(arguments.split())
    if columns.count("X") != 1 or columns.count("Y") != 1:
        raise DataError(f".COORD must name X and Y once each, not {arguments.strip()!r}")
    return columns


def _points(arguments: str, columns: tuple[str, ...]) -> Float32[np.ndarray, "_ 2"]:
    try:
        numbers = np.array(arguments.split(), np.float64)
    except ValueError as error:
        raise DataError(f"a .PEN_DOWN holds something that is not a number ({error})") from error
    if numbers.size % len(columns):
        raise DataError(
            f"a .PEN_DOWN holds {numbers.size} numbers, which {len(columns)} columns don't divide"
        )
    if not np.all(np.abs(numbers) < 1e7):
        raise DataError("a .PEN_DOWN holds a coordinate that is not finite or beyond ten million")
    return numbers.reshape(-1, len(columns))[:, [columns.index("X"), columns.index("Y")]].astype(np.float32)


def _segment(arguments: str) -> Segment:
    # The label may hold spaces and escaped quotes, everything before it is single words.
    words, _, rest = arguments.partition('"')
    label = _LABEL.match('"' + rest) if rest else None
    parts = words.split()
    if label is None or len(parts) not in (2, 3):
        raise DataError(f'.SEGMENT must read: level components [quality] "label", not {arguments.strip()!r}')
    quality = parts[2] if len(parts) == 3 else "?"
    return Segment(parts[0], _pieces(parts[1]), quality, re.sub(r"\\(.)", r"\1", label[1]))


def _pieces(delineation: str) -> tuple[Piece, ...]:
    """Read ``7``, ``3-5``, ``3,5`` or ``3:10-4:20`` (from point 10 of component 3 to point 20 of 4)."""
    pieces: list[Piece] = []
    for part in delineation.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise DataError(f"{delineation!r} is not a list of components such as 3, 3-5 or 3:10-4:20")
        start, first, stop, last = (None if group is None else int(group) for group in match.groups())
        assert start is not None
        end = start if stop is None else stop
        if not start <= end <= start + MAX_COMPONENTS:
            raise DataError(f"the components {delineation!r} run backwards or are too many")
        for component in range(start, end + 1):
            begin = first if component == start and first is not None else 0
            pieces.append(Piece(component, begin, last if component == end else None))
    return tuple(pieces)
