"""A reader adapted to one's own pictures, and whether it became better on pictures that were held out."""

from __future__ import annotations

import json
import os
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
from shuzi.models import READER, Detector, load_detector
from shuzi.picture import open_picture
from shuzi.reading.tone import to_grey
from shuzi.shapes import Bool
from shuzi.training.adapting import Adapted, adapt, load_graph
from shuzi.training.cuttings import find_numbers


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
    was_right = right(before, held_out)
    adapted = adapt(learning, base, rounds=rounds, seed=seed, threads=threads, tell=tell)
    paired = Paired.of(was_right, right(load_graph(adapted.graph, threads), held_out))
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


def right(detector: Detector, pictures: list[Labelled]) -> Bool[np.ndarray, " n"]:
    """Whether all digits of each picture are read, in order, and no others; never if it can't be opened."""
    return np.array([_text(detector, picture.path) == picture.digits for picture in pictures], np.bool_)


def _text(detector: Detector, path: Path) -> str:
    try:
        grey = to_grey(open_picture(path).pixels)
    except PictureError:
        return ""
    numbers = find_numbers(detector, grey)
    return "".join(
        str(value) for number in numbers for value in number.values[number.presence >= 0.5].argmax(axis=1)
    )
