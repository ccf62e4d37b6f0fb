"""Pictures of numbers to measure readers on, and what counts as right: for the other files of this folder.

    from reader_sets import load_sets, judge
    for name, pictures in load_sets(folder).items():
        right = [judge(str(reader.read(picture.path)), picture.label) for picture in pictures]

The folder has sub-folders cheques, photos, forms and wild, as many of them as there are, each with pictures and
labels.csv: file, label, and where it makes sense kind, hard, group. A label has digits only; its lines are
separated by "|", groups within a line by a space.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

FOLDERS = ("cheques", "photos", "forms", "wild")


class Picture(NamedTuple):
    """One picture. `group` is what its set says of it: a form's or photo's kind, the source in wild, or ""."""

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
    """The sets by name: cheques, photos, photos-hard, forms-boxed, forms-inner, wild; those that are there."""
    sets: dict[str, list[Picture]] = {}
    for name in FOLDERS:
        table = Path(folder) / name / "labels.csv"
        if not table.is_file():
            continue
        with table.open(newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                part = {"photos": "hard" if row.get("hard") == "yes" else "", "forms": row.get("kind")}.get(
                    name
                )
                group = row.get("kind") or row.get("group") or ""
                picture = Picture(table.parent / row["file"], row["label"], group)
                sets.setdefault(f"{name}-{part}" if part else name, []).append(picture)
    if not sets:
        raise SystemExit(f"{folder} holds none of {', '.join(FOLDERS)} with a labels.csv.")
    return sets


def judge(text: str, label: str) -> bool:
    """Whether all digits of the picture are right, in reading order; everything else, line ends too, is left out."""
    return digits_of(text) == digits_of(label)


def digits_of(text: str) -> str:
    """The digits 0-9 of a text."""
    return "".join(character for character in text if character in "0123456789")


def page_confidence(confidences: Sequence[float]) -> float:
    """How probable it is that a whole page is right: the product of its numbers' confidences; nothing read is 0."""
    return float(np.prod(confidences)) if confidences else 0.0


def coverage_at(error: float, confidences: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """The largest share of pictures that a threshold accepts with at most `error` of them wrong, and that threshold.

    All pictures of equal confidence are accepted or none of them. (0, inf) if no threshold does it.
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


def accepted_at(
    threshold: float, confidences: Sequence[float], right: Sequence[bool]
) -> tuple[float, float | None]:
    """The share of pictures accepted at this threshold, and the share of those that is wrong (None if none is)."""
    accepted = np.asarray(confidences, float) >= threshold
    if not accepted.any():
        return 0.0, None
    return float(accepted.mean()), 1 - float(np.asarray(right, bool)[accepted].mean())


def reliability(confidences: Sequence[float], right: Sequence[bool], edges: Sequence[float]) -> list[Bin]:
    """A bin for each pair of neighbouring edges that has pictures; the upper edge is outside, save the last."""
    sure, good = np.asarray(confidences, float), np.asarray(right, bool)
    index = np.clip(np.searchsorted(edges, sure, side="right") - 1, 0, len(edges) - 2)
    return [
        Bin(edges[i], edges[i + 1], int((here := index == i).sum()), sure[here].mean(), good[here].mean())
        for i in range(len(edges) - 1)
        if (index == i).any()
    ]
