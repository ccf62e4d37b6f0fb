"""A reader adapted to one's own pictures, and whether it became better on pictures that were held out."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from shuzi import __version__
from shuzi.data.labelled import Labelled
from shuzi.errors import PictureError
from shuzi.evaluation.paired import Paired
from shuzi.files import write_whole
from shuzi.models import READER, load_detector
from shuzi.reading.reader import Reader
from shuzi.shapes import Bool
from shuzi.training.adapting import Adapted, adapt


@dataclass(frozen=True)
class Adaptation:
    """The file that was written, what it learnt from, and how it compares on the pictures held out."""

    path: Path
    adapted: Adapted
    held_out: Paired


def adapt_reader(
    learning: list[Labelled],
    held_out: list[Labelled],
    out: Path,
    base: str | os.PathLike[str] = READER,
    *,
    rounds: int = 4,
    seed: int = 0,
    threads: int = 2,
    tell: Callable[[str], object] = lambda line: None,
) -> Adaptation:
    """Adapt `base` to the pictures for learning, score both on those held out, and write the result.

    Nothing is chosen by the score. `out` is written whatever the verdict, with its card (.json) beside it.
    Raises what `adapt` raises, and then leaves nothing.
    """
    before = load_detector(base, threads=threads)
    was_right = right(base, held_out, threads)
    adapted = adapt(learning, base, rounds=rounds, seed=seed, threads=threads, tell=tell)
    with tempfile.TemporaryDirectory() as folder:
        tried = Path(folder) / out.name
        tried.write_bytes(adapted.graph)
        paired = Paired.of(was_right, right(tried, held_out, threads))
    card = {
        "name": out.stem,
        "title": f"{before.name}, adapted to a user's own pictures",
        "adapted": {
            "from": before.name,
            "pictures": adapted.pictures,
            "pictures_used": adapted.used,
            "rounds": rounds,
            "seed": seed,
            "date": datetime.now(UTC).date().isoformat(),
        },
        "held_out": asdict(paired) | {"p": paired.p, "verdict": paired.verdict},
        "shuzi": __version__,
        "base": before.card,
    }
    write_whole(out, adapted.graph)
    write_whole(out.with_suffix(".json"), (json.dumps(card, indent=2) + "\n").encode())
    return Adaptation(out, adapted, paired)


def right(
    weights: str | os.PathLike[str], pictures: list[Labelled], threads: int = 1
) -> Bool[np.ndarray, " n"]:
    """Whether all digits of each picture are read, in order, and no others; never if it can't be opened."""
    reader = Reader(weights, threads=threads)
    return np.array([_text(reader, picture.path) == picture.digits for picture in pictures], np.bool_)


def _text(reader: Reader, path: Path) -> str:
    try:
        return "".join(number.text for number in reader.read(path).numbers)
    except PictureError:
        return ""
