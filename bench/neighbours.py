"""Fits what `reading.neighbours` adds to presence, to labelled pictures with boxes, and says what it gains.

    python bench/neighbours.py FOLDER

FOLDER has labels.csv with file, label and boxes ("digit x y w h;..."), as the development set `cheques` has.
The gain is that of parameters fitted to the other half of the pictures.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from shuzi.models import load_detector
from shuzi.picture import open_picture
from shuzi.reading.decoding import decode
from shuzi.reading.finding import find_digits
from shuzi.reading.grouping import group
from shuzi.reading.knowledge import know
from shuzi.reading.looks import Found
from shuzi.reading.neighbours import circumstances
from shuzi.reading.second_look import second_look
from shuzi.reading.tone import to_grey

_ROUNDS = 30  # of Newton's method


def main(folder: Path) -> None:
    """Print the parameters, and how many numbers are read right without and with them."""
    detector = load_detector(threads=2)
    labels, chains, terms, truth, owner = [], [], [], [], []
    with (folder / "labels.csv").open(newline="") as file:
        for index, row in enumerate(csv.DictReader(file)):
            grey = to_grey(open_picture(folder / row["file"]).pixels)
            found = find_digits(detector, grey)
            chains.append([second_look(detector, grey, found, chain) for chain in group(found, grey)])
            labels.append(row["label"])
            digits = np.array([box.split() for box in row["boxes"].split(";")], np.float64)
            for chain in chains[-1]:
                terms.append(circumstances(chain))
                truth.append(_is_digit(chain, digits))
                owner += [index] * len(chain)
    x, y, half = np.concatenate(terms), np.concatenate(truth), np.array(owner) % 2
    print("parameters", np.round(_fit(x, y), 2).tolist())
    fits = [_fit(x[half != part], y[half != part]) for part in (0, 1)]
    before = sum(_text(chain, None) == label for chain, label in zip(chains, labels, strict=True))
    after = sum(
        _text(chain, fits[i % 2]) == label
        for i, (chain, label) in enumerate(zip(chains, labels, strict=True))
    )
    print(f"read right: {before} -> {after} of {len(labels)}")


def _is_digit(chain: Found, digits: np.ndarray) -> np.ndarray:
    """Which candidates are the likeliest of those whose middle lies in a labelled box."""
    middle = (chain.boxes[:, :2] + chain.boxes[:, 2:]) / 2
    result, left = np.zeros(len(chain), np.bool_), np.ones(len(digits), np.bool_)
    for index in np.argsort(-chain.presence):
        x, y = middle[index]
        inside = (digits[:, 1] <= x) & (x <= digits[:, 1] + digits[:, 3])
        inside &= (digits[:, 2] <= y) & (y <= digits[:, 2] + digits[:, 4]) & left
        if inside.any():
            off = np.abs(digits[:, 1] + digits[:, 3] / 2 - x)
            left[np.where(inside, off, np.inf).argmin()] = False
            result[index] = True
    return result


def _fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Logistic regression."""
    weights = np.zeros(x.shape[1])
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-x @ weights))
        curvature = (x * (p * (1 - p))[:, None]).T @ x + 1e-2 * np.eye(len(weights))
        weights -= np.linalg.solve(curvature, x.T @ (p - y) + 1e-2 * weights)
    return weights


def _text(chains: list[Found], weights: np.ndarray | None) -> str:
    text = ""
    for chain in chains:
        presence = chain.presence
        if weights is not None:
            presence = (1 / (1 + np.exp(-circumstances(chain) @ weights))).astype(np.float32)
        text += decode(presence, chain.values, know()).text
    return text


if __name__ == "__main__":
    main(Path(sys.argv[1]))
