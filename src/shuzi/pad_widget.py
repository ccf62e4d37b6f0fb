"""`shuzi.pad()`: write in a notebook's cell, have the drawing and its reading in Python.

>>> pad = shuzi.pad()  # doctest: +SKIP
>>> pad  # in a cell of its own: write on it  # doctest: +SKIP
>>> pad.text, pad.confidence, pad.digit.shape  # doctest: +SKIP
('42', 0.998, (28, 28))

It is an anywidget, so it works in Jupyter, VS Code, Colab and marimo (there: `marimo.ui.anywidget(pad)`).
The module isn't called pad, for then `shuzi.pad` could be either the module or the function.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import numpy as np

from shuzi.errors import MissingExtraError, ShuziError
from shuzi.models import CHAMPION
from shuzi.reading.confidence import THRESHOLD
from shuzi.reading.framing import frame
from shuzi.reading.knowledge import Check
from shuzi.reading.output import Page
from shuzi.reading.reader import Reader
from shuzi.shapes import UInt8

try:
    import anywidget
    import traitlets
except ModuleNotFoundError as error:
    raise MissingExtraError("A pad in a notebook", "notebook") from error

_LEAST, _MOST = 64, 2000  # pixels a side
_PAPER = 255
_FILES = Path(__file__).parent


class Pad(anywidget.AnyWidget):
    """A sheet to write on, read again at the end of each stroke; `shuzi.pad` makes one.

    `strokes` and `drawing`, a byte a pixel, are what the browser sent; `answer` is what it shows. To act on
    each reading, `pad.observe(function, "answer")`.
    """

    _esm = _FILES / "pad.js"
    _css = _FILES / "pad.css"
    width = traitlets.Int(read_only=True).tag(sync=True)
    height = traitlets.Int(read_only=True).tag(sync=True)
    pen = traitlets.Int(read_only=True).tag(sync=True)
    strokes: traitlets.List[Any] = traitlets.List().tag(sync=True, echo_update=False)
    # From the browser bytes come as a memoryview, which no trait takes.
    drawing = traitlets.Bytes().tag(sync=True, echo_update=False, from_json=lambda value, _: bytes(value))
    answer = traitlets.Dict().tag(sync=True)

    def __init__(self, reader: Reader, known: dict[str, Any], width: int, height: int) -> None:
        self._reader, self._known = reader, known
        super().__init__()
        for name, value in {"width": width, "height": height, "pen": max(4, height // 16)}.items():
            self.set_trait(name, value)
        self._page = self._read()

    @property
    def image(self) -> UInt8[np.ndarray, "h w"]:
        """The drawing, (height, width) uint8: black ink, 0, on white paper, 255."""
        if len(self.drawing) != self.width * self.height:  # nothing drawn yet, or no drawing of this pad's
            return np.full((self.height, self.width), _PAPER, np.uint8)
        return np.frombuffer(self.drawing, np.uint8).reshape(self.height, self.width).copy()

    @property
    def digit(self) -> UInt8[np.ndarray, "28 28"]:
        """The drawing framed as one MNIST digit: (28, 28) uint8, white ink on black, as nets take it."""
        return frame(self.image)

    @property
    def page(self) -> Page:
        """The reading, as `shuzi.read` gives it."""
        return self._page

    @property
    def text(self) -> str:
        """What was read; several numbers stand on lines of their own."""
        return str(self._page)

    @property
    def confidence(self) -> float:
        """The probability that all of it is right; 0 where nothing was read."""
        return math.prod(number.confidence for number in self._page.numbers) if self._page.numbers else 0.0

    def _read(self) -> Page:
        return self._reader.read(self.image, **self._known)

    # The browser sends strokes and drawing together; of the two only the strokes differ every time.
    @traitlets.observe("strokes")
    def _drawn(self, _change: object) -> None:
        turn = self.answer.get("turn", 0) + 1  # without it the browser wouldn't hear of the same answer twice
        try:
            self._page = self._read()
        except ShuziError as error:
            self.answer = {"turn": turn, "error": str(error)}
            return
        accepted = all(number.accepted for number in self._page.numbers)
        found = {"text": self.text, "confidence": self.confidence, "accepted": accepted}
        self.answer = found | {"turn": turn}


def pad(
    *,
    width: int = 480,
    height: int = 240,
    digits: int | str | None = None,
    pattern: str | None = None,
    check: Check | None = None,
    threshold: float = THRESHOLD,
    weights: str | os.PathLike[str] = CHAMPION,
) -> Pad:
    """A sheet of `width` x `height` pixels to write on in a notebook; the other arguments are `shuzi.read`'s.

    After each stroke `.image` holds the drawing, `.digit` the same framed as an MNIST digit, and `.page`,
    `.text` and `.confidence` what was read. Raises `MissingExtraError` without the package anywidget, and
    otherwise as `shuzi.read` does.
    """
    if not (_LEAST <= width <= _MOST and _LEAST <= height <= _MOST):
        raise ValueError(f"A pad is {_LEAST} to {_MOST} pixels wide and high, not {width} x {height}.")
    known = {"digits": digits, "pattern": pattern, "check": check, "threshold": threshold}
    return Pad(Reader(weights), known, width, height)
