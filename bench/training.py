"""Train each tutorial's system three ways in one run, on the same cores, and compare seconds and accuracy:
shuzi's way, the tutorial's own way in PyTorch, and the genuine framework where it installs with pip.

    python bench/training.py                      # all, 3 epochs each
    python bench/training.py keras-mlp-512 --epochs 20 --repeat 3

Every way runs in a process of its own and times itself from data in memory to trained net, start-up and the
final score left out. TensorFlow and Paddle are installed once, into virtual environments below --venvs.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np

from shuzi.data.mnist import load_mnist

HERE = Path(__file__).parent
RECIPES = (
    "paddle-linear",
    "pytorch-mlp",
    "mxnet-mlp",
    "mxnet-lenet",
    "keras-mlp-512",
    "keras-mlp-256",
    "pytorch-cnn",
)
FRAMEWORKS = {
    "paddle-linear": ("paddle_way.py", ["paddlepaddle==3.3.1", "setuptools"]),
    "keras-mlp-512": ("keras_way.py", ["tensorflow-cpu==2.21.0"]),
    "keras-mlp-256": ("keras_way.py", ["tensorflow-cpu==2.21.0"]),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recipes", nargs="*", default=RECIPES)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--venvs", type=Path, default=Path.home() / ".cache" / "shuzi-bench")
    options = parser.parse_args()
    data = options.venvs / "mnist.npz"
    options.venvs.mkdir(parents=True, exist_ok=True)
    (train, train_labels), (test, test_labels) = load_mnist("train"), load_mnist("test")
    np.savez(data, x_train=train, y_train=train_labels, x_test=test, y_test=test_labels)

    print(f"{options.epochs} epochs, {os.cpu_count()} cores; seconds (accuracy), median of {options.repeat}")
    headings = "".join(f"{way:>18}" for way in ("shuzi", "tutorial, torch", "framework"))
    print(f"{'recipe':<16}{headings}{'x tutorial':>12}{'x framework':>12}")
    for recipe in options.recipes:
        ways = {"shuzi": (sys.executable, "shuzi_way.py"), "tutorial": (sys.executable, "tutorial_way.py")}
        if recipe in FRAMEWORKS:
            script, packages = FRAMEWORKS[recipe]
            ways["framework"] = (environment(options.venvs, packages), script)
        # Interleaved, so that a slow minute of the machine hits every way alike.
        runs = [
            {way: run(python, script, recipe, options.epochs, data) for way, (python, script) in ways.items()}
            for _ in range(options.repeat)
        ]
        print(row(recipe, runs), flush=True)


def environment(folder: Path, packages: list[str]) -> str:
    """The Python of a virtual environment that has the packages; made on first use."""
    name = packages[0].split("==")[0]
    python = folder / name / "bin" / "python"
    if not (folder / f"{name}.done").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder / name)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True)
        (folder / f"{name}.done").touch()
    return str(python)


def run(python: str, script: str, recipe: str, epochs: int, data: Path) -> dict[str, float]:
    """Train once in a process of its own; its last line is JSON with seconds and accuracy."""
    command = [python, str(HERE / script), recipe, str(epochs), str(data)]
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=quiet)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def row(recipe: str, runs: list[dict[str, dict[str, float]]]) -> str:
    """One line of the table."""
    seconds = {way: statistics.median(r[way]["seconds"] for r in runs) for way in runs[0]}
    accuracy = {way: statistics.mean(r[way]["accuracy"] for r in runs) for way in runs[0]}
    cells = [
        f"{seconds[way]:.1f} ({accuracy[way]:.2%})" if way in seconds else "-"
        for way in ("shuzi", "tutorial", "framework")
    ]
    ratios = [
        f"{seconds[way] / seconds['shuzi']:.1f}" if way in seconds else "-"
        for way in ("tutorial", "framework")
    ]
    return (
        f"{recipe:<16}"
        + "".join(f"{cell:>18}" for cell in cells)
        + "".join(f"{ratio:>12}" for ratio in ratios)
    )


if __name__ == "__main__":
    main()
