"""How the champion does on handwriting that it never learned from, and how far it trusts letters.

    python bench/other_hands.py FOLDER [--weights NAME]

FOLDER holds NAME.npz files with `images` (N, H, W) uint8 and `labels`, and may hold wild/: labels.csv (file,
label) and pictures of one digit. All go through `shuzi.frame`, those of wild/ also through `shuzi read`.
The AUROC compares confidence in MNIST's test digits with that in UNIPEN's letters by validation writers,
and in Fashion-MNIST's test pictures (`shuzi data fashion-mnist` gets them; Debian has dataset-fashion-mnist).
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np

import shuzi
from shuzi.data.extra import letters
from shuzi.data.mnist import load_dataset
from shuzi.evaluation.calibration import auroc
from shuzi.models import load_classifier


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", default="champion")
    options = parser.parse_args()
    net = load_classifier(options.weights)
    for path in sorted(options.folder.glob("*.npz")):
        data = np.load(path, allow_pickle=False)
        framed = np.stack([shuzi.frame(image) for image in data["images"]])
        report(path.stem, net.probabilities(framed).argmax(axis=1) == data["labels"])
    wild = options.folder / "wild"
    if wild.is_dir():
        rows = list(csv.DictReader((wild / "labels.csv").open()))
        framed = np.stack([shuzi.frame(wild / row["file"]) for row in rows])
        labels = np.array([int(row["label"]) for row in rows])
        report("wild, framed", net.probabilities(framed).argmax(axis=1) == labels)
        reader = shuzi.Reader(options.weights)
        whole = [str(reader.read(wild / row["file"])) == row["label"] for row in rows]
        report("wild, shuzi read", np.array(whole))
    digits = net.probabilities(shuzi.load_mnist("test")[0]).max(axis=1)
    clothes = load_dataset("fashion-mnist", "test").images
    for name, images in {"letters": letters("validation"), "pieces of clothing": clothes}.items():
        others = net.probabilities(images).max(axis=1)
        print(f"AUROC against {len(others):,} {name}: {auroc(digits, others):.4f}")


def report(name: str, right: np.ndarray) -> None:
    print(f"{name:<18}{right.mean():8.2%} of {len(right)}", flush=True)


if __name__ == "__main__":
    main()
