"""How soon do peers know 99 % of MNIST's test digits? In one run, on the same cores.

    pip install scikit-learn
    python bench/peers.py [--seconds 240]

Each peer trains in a process of its own until it has answered 99 % right once, or for so long. That moment is
chosen on test data, in favour of peers; shuzi's `blink` has to be there at its end, in the mean of 5 seeds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

from peer_ways import WAYS
from shuzi.data.mnist import load_mnist


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=240)
    parser.add_argument("peers", nargs="*", default=list(WAYS))
    options = parser.parse_args()
    load_mnist("train")  # fetched before anybody is timed
    ours = None
    for name in options.peers:
        scores = run(name, options.seconds)
        if name.startswith("shuzi"):
            ours = statistics.mean(seconds for seconds, _ in scores)
            accuracy = [accuracy for _, accuracy in scores]
            spread = f"{min(accuracy):.2%} to {max(accuracy):.2%}"
            print(f"{name:<28}{ours:7.2f} s  mean {statistics.mean(accuracy):.2%} ({spread})", flush=True)
            continue
        reached = next((seconds for seconds, accuracy in scores if accuracy >= 0.99), None)
        spent, best = scores[-1][0], max(accuracy for _, accuracy in scores)
        said = f"{reached:7.1f} s  99 %" if reached else f"{spent:7.1f} s  {best:.2%}, 99 % not reached"
        ratio = f"  {'' if reached else 'over '}{(reached or spent) / ours:.0f} times ours" if ours else ""
        print(f"{name:<28}{said}{ratio}", flush=True)


def run(name: str, seconds: float) -> list[tuple[float, float]]:
    """Training seconds and test accuracy, as often as the peer was scored."""
    command = [sys.executable, str(Path(__file__).parent / "peer_ways.py"), name, str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-2000:]}")
    scores: list[tuple[float, float]] = json.loads(done.stdout.strip().splitlines()[-1])
    return scores


if __name__ == "__main__":
    main()
