"""Derive MNIST's writer-disjoint validation part from QMNIST's list of writers.

    python bench/derive_validation.py PATH/qmnist-train-labels.tsv.gz

writes src/shuzi/data/validation_indices.txt. The rule is in RULE below; it has no choice left to make, so
that anybody gets the same list.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
from pathlib import Path

import numpy as np

RULE = """\
MNIST's validation split: positions in the train split, counted from 0, one a line, ascending.
All digits of some writers, so that no writer of them occurs in the other part of train (fit).
Source: QMNIST (C. Yadav and L. Bottou, Cold Case: The Lost MNIST Digits, NeurIPS 2019), whose list of train
labels gives the NIST series (0: census employees, 4: students) and the writer of each MNIST train picture.
Rule: within each series, writers are ordered by the SHA-256 of their number written in decimal; they are
taken in that order until the series has given at least a sixth of its pictures.
Made by bench/derive_validation.py; docs/DATA.md has more."""


def read_writers(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """NIST series and writer of each of the 60,000 pictures, from QMNIST's table of train labels."""
    with gzip.open(path, "rt") as lines:
        table = np.loadtxt(lines, np.int64, usecols=(1, 2))[:60_000]
    return table[:, 0], table[:, 1]


def derive(series: np.ndarray, writers: np.ndarray) -> np.ndarray:
    """The indices of the validation pictures."""
    chosen: list[int] = []
    for one in np.unique(series):
        own, pictures = np.unique(writers[series == one], return_counts=True)
        order = sorted(range(len(own)), key=lambda k: hashlib.sha256(str(own[k]).encode()).digest())
        before = np.cumsum([0, *pictures[order]])[:-1]
        chosen += [int(own[k]) for k, had in zip(order, before, strict=True) if 6 * had < pictures.sum()]
    return np.flatnonzero(np.isin(writers, chosen))


def main() -> None:
    root = Path(__file__).parents[1]
    series, writers = read_writers(Path(sys.argv[1]))
    indices = derive(series, writers)
    header = "".join(f"# {line}\n" for line in RULE.splitlines())
    body = "".join(f"{index}\n" for index in indices)
    (root / "src/shuzi/data/validation_indices.txt").write_text(header + body, "ascii")
    print(f"{len(indices)} digits of {len(np.unique(writers[indices]))} writers")


if __name__ == "__main__":
    main()
