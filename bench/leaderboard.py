"""Train rows of docs/LEADERBOARD.md anew, each seed in a process of its own, and print (or write) them.

    python bench/leaderboard.py blink sprint minute --seeds 5 --write
    python bench/leaderboard.py record --seeds 3 --runs FOLDER       # keeps what was trained
    python bench/leaderboard.py record+small --seeds 3               # both, joined as `shuzi export` does

Accuracy is of the last (or averaged) weights on all 10,000 test digits, seconds are of training with data in
memory. How far confidence is to be trusted is printed too, at the temperature that the recipe names, if it
does. The share of the peak compares what convolutions and dense layers have to multiply, forward and
backward, with the fastest convolution that this machine is seen to train in the same run.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import torch
from torch import nn

from shuzi.data.mnist import load_mnist
from shuzi.evaluation.card import commit
from shuzi.evaluation.evaluate import score_net
from shuzi.files import write_whole
from shuzi.nets import build
from shuzi.nets.summary import summarise
from shuzi.training.joining import join
from shuzi.training.precision import autocast, keep_freed_memory
from shuzi.training.recipe import load_recipe
from shuzi.training.samples import load_training_set
from shuzi.training.trainer import Run, train

BOARD = Path(__file__).parent.parent / "docs" / "LEADERBOARD.md"
SCORES = ("accuracy", "log_loss", "calibration_error", "kept_accuracy")
FORWARD_AND_BACKWARD = 3  # for every product forward, one for the gradient of the weights, one of the input


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recipes", nargs="+")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument(
        "--runs", type=Path, help="keep each run below this folder, and go on with stopped ones"
    )
    parser.add_argument("--write", action="store_true", help="write the rows into docs/LEADERBOARD.md")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)  # the seed that this process trains
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(one(options.recipes[0], options.one, options.runs)))
        return
    load_mnist("train")  # fetched before anything is timed
    peak = measure_peak()
    print(f"{torch.get_num_threads()} threads, convolutions train at {peak / 1e9:.0f} GFLOP/s", flush=True)
    for recipe in options.recipes:
        found = [in_own_process(recipe, seed, options.runs) for seed in range(options.seeds)]
        line = row(recipe, found, peak)
        print(line, flush=True)
        print(f"  {sure(found)}", flush=True)
        if options.write:
            write_row(recipe, line)


def one(name: str, seed: int, runs: Path | None) -> dict[str, float]:
    """Train one seed and score it once, at its end; of recipes joined by "+" score only the joined net."""
    trained = [train_or_finish(recipe, seed, runs) for recipe in name.split("+")]
    score = score_net(*join([(run.net, run.recipe) for run in trained]))
    seconds = sum(run.seconds for run in trained)
    return {"seconds": seconds} | {name: getattr(score, name) for name in SCORES}


def train_or_finish(name: str, seed: int, runs: Path | None) -> Run:
    """A seed's run, which goes on where its folder says that it stopped."""
    out = runs / f"{name}-{seed}" if runs is not None else None
    stopped = out is not None and (out / "run.json").exists()
    return train(resume=out) if stopped else train(name, seed=seed, out=out)


def in_own_process(name: str, seed: int, runs: Path | None) -> dict[str, float]:
    """What `one` gives."""
    command = [sys.executable, __file__, name, "--one", str(seed)]
    command += ["--runs", str(runs)] if runs is not None else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}, seed {seed}, failed:\n{done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    print(
        f"  {name} seed {seed}: {found['accuracy']:.2%} in {found['seconds']:.1f} s; {sure([found])}",
        flush=True,
    )
    return found


def sure(found: list[dict[str, float]]) -> str:
    """How far confidence is to be trusted, in the mean, at the temperature that the recipe names."""
    loss, off, kept = (statistics.mean(run[name] for run in found) for name in SCORES[1:])
    return f"log-loss {loss:.5f}, calibration error {off:.3%}, {kept:.3%} right when 1 % is refused"


def row(name: str, found: list[dict[str, float]], peak: float) -> str:
    """One line of the table."""
    recipes = [load_recipe(part) for part in name.split("+")]
    nets = [summarise(build(recipe.net)) for recipe in recipes]
    pictures = [recipe.schedule.epochs * len(load_training_set(recipe, 0)[0]) for recipe in recipes]
    seconds = [run["seconds"] for run in found]
    accuracy = [100 * run["accuracy"] for run in found]
    spread = f"{statistics.stdev(accuracy):.3f}" if len(found) > 1 else "-"
    work = FORWARD_AND_BACKWARD * sum(net.flops * seen for net, seen in zip(nets, pictures, strict=True))
    share = work / statistics.mean(seconds) / peak
    cells = [
        f"`{name}`",
        f"{statistics.mean(accuracy):.3f} %",
        f"{min(accuracy):.2f}-{max(accuracy):.2f} (sd {spread})",
        f"{len(found)}",
        f"{statistics.mean(seconds):.1f} ({min(seconds):.1f}-{max(seconds):.1f})",
        f"{sum(net.parameters for net in nets):,}",
        f"{sum(net.flops for net in nets) / 1e6:.2f}",
        f"{share:.0%}",
        f"{(commit() or '-')[:7]}",
    ]
    return f"| {' | '.join(cells)} |"


def measure_peak() -> float:
    """FLOP/s, forward and backward, of the fastest of a few convolutions, each tried for half a second."""
    keep_freed_memory()
    best = 0.0
    for channels, side in ((64, 14), (128, 14), (96, 7)):
        layer = nn.Conv2d(channels, channels, 3, padding=1).to(memory_format=torch.channels_last)
        maps = torch.randn(128, channels, side, side).to(memory_format=torch.channels_last).requires_grad_()
        flops = FORWARD_AND_BACKWARD * 2 * 128 * channels * channels * 9 * side * side
        end = time.perf_counter() + 0.5
        while time.perf_counter() < end:
            start = time.perf_counter()
            with autocast("auto"):
                out = layer(maps)
            out.backward(torch.ones_like(out))
            best = max(best, flops / (time.perf_counter() - start))
    return best


def write_row(name: str, line: str) -> None:
    """Put the line in place of the recipe's, or at the end of the table."""
    lines = BOARD.read_text(encoding="utf-8").splitlines()
    table = [number for number, text in enumerate(lines) if text.startswith("|")]
    same = [number for number in table if lines[number].startswith(f"| `{name}` ")]
    if same:
        lines[same[0]] = line
    else:
        lines.insert(table[-1] + 1, line)
    write_whole(BOARD, ("\n".join(lines) + "\n").encode())


if __name__ == "__main__":
    main()
