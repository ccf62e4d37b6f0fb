"""shuzi (数字) reads handwritten digits and numbers, says how sure it is, and teaches how it does so.

>>> import shuzi
>>> page = shuzi.read("postcode.png")  # doctest: +SKIP
>>> page.numbers[0].text, page.numbers[0].confidence  # doctest: +SKIP
('90210', 0.998)

Everything public is named here and loaded on first use, so that `import shuzi` costs nothing and reading
never loads torch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shuzi.data.mnist import load_mnist
    from shuzi.evaluation.evaluate import evaluate
    from shuzi.evaluation.metrics import Score
    from shuzi.models import classify
    from shuzi.pad_widget import pad
    from shuzi.reading.framing import frame
    from shuzi.reading.output import Digit, Number, Page
    from shuzi.reading.reader import Reader, read
    from shuzi.training.trainer import Run, train

__version__ = "0.1.0"

_HOME = {
    "Digit": "shuzi.reading.output",
    "Number": "shuzi.reading.output",
    "Page": "shuzi.reading.output",
    "Reader": "shuzi.reading.reader",
    "Run": "shuzi.training.trainer",
    "Score": "shuzi.evaluation.metrics",
    "classify": "shuzi.models",
    "evaluate": "shuzi.evaluation.evaluate",
    "frame": "shuzi.reading.framing",
    "load_mnist": "shuzi.data.mnist",
    "pad": "shuzi.pad_widget",
    "read": "shuzi.reading.reader",
    "train": "shuzi.training.trainer",
}

__all__ = [
    "Digit",
    "Number",
    "Page",
    "Reader",
    "Run",
    "Score",
    "classify",
    "evaluate",
    "frame",
    "load_mnist",
    "pad",
    "read",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'shuzi' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
