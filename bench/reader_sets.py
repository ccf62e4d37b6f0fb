"""Pictures of numbers to measure readers on, and what counts as right: for the other files of this folder.

    from reader_sets import load_sets, judge
    for name, pictures in load_sets(folder).items():
        right = [judge(str(reader.read(picture.path)), picture.label) for picture in pictures]

The folder holds cheques, photos, forms and wild, or some of them, each with pictures and labels.csv: file,
label, and where it makes sense kind, hard, group. A label has digits only; its lines are separated by "|",
groups within a line by a space.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

FOLDERS = ("cheques", "photos", "forms", "wild")


class Picture(NamedTuple):
    """One picture; `group` is the kind of a form or photo, the source of a digit in wild, else empty."""

    path: Path
    label: str
    group: str


class Bin(NamedTuple):
    """The pictures whose confidence lies in low..high: how many, how sure on average, how often right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def load_sets(folder: Path | str) -> dict[str, list[Picture]]:
    """The sets that are there, of cheques, photos, photos-hard, forms-boxed, forms-inner, wild."""
    sets: dict[str, list[Picture]] = {}
    for name in FOLDERS:
        table = Path(folder) / name / "labels.csv"
        if not table.is_file():
            continue
        with table.open(newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                kind = row.get("kind") or ""
                part = {"photos": "hard" if row.get("hard") == "yes" else "", "forms": kind}.get(name)
                group = kind or row.get("group") or ""
                picture = Picture(table.parent / row["file"], row["label"], group)
                sets.setdefault(f"{name}-{part}" if part else name, []).append(picture)
    if not sets:
        raise SystemExit(f"{folder} holds none of {', '.join(FOLDERS)} with a labels.csv.")
    return sets


def judge(text: str, label: str) -> bool:
    """Whether all digits are right, in reading order; anything else, line ends too, is left out."""
    return digits_of(text) == digits_of(label)


def digits_of(text: str) -> str:
    """The digits 0-9 of a text."""
    return "".join(character for character in text if character in "0123456789")


def page_confidence(confidences: Sequence[float]) -> float:
    """How sure a whole page is: the product of its numbers' confidences; 0 where nothing was read."""
    return float(np.prod(confidences)) if confidences else 0.0


def coverage_at(error: float, confidences: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """The largest share of pictures that a threshold accepts with at most `error` of those wrong, and it.

    (0, inf) if no threshold does. Pictures of equal confidence are accepted together.
    """
    order = np.argsort(-np.asarray(confidences, float), kind="stable")
    sure, wrong = np.asarray(confidences, float)[order], ~np.asarray(right, bool)[order]
    accepted = np.arange(1, len(sure) + 1)
    fits = np.cumsum(wrong) <= error * accepted
    fits &= np.append(sure[:-1] != sure[1:], True)[: len(sure)]
    if not fits.any():
        return 0.0, float("inf")
    last = int(np.flatnonzero(fits)[-1])
    return (last + 1) / len(sure), float(sure[last])


def reliability(confidences: Sequence[float], right: Sequence[bool], edges: Sequence[float]) -> list[Bin]:
    """The bins that hold pictures; a bin's upper edge belongs to the next one, save the last."""
    sure, good = np.asarray(confidences, float), np.asarray(right, bool)
    index = np.clip(np.searchsorted(edges, sure, side="right") - 1, 0, len(edges) - 2)
    return [
        Bin(
            edges[i],
            edges[i + 1],
            int((here := index == i).sum()),
            float(sure[here].mean()),
            float(good[here].mean()),
        )
        for i in range(len(edges) - 1)
        if (index == i).any()
    ]
