"""How fast `shuzi.classify` is: one digit on one thread, and 1,000 at once on all cores.

    python bench/classifying.py [--weights NAME]

The median and the best of nine rounds, warm, on MNIST's test digits.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

import numpy as np

import shuzi

ROUNDS = 9


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weights", default="champion")
    weights = parser.parse_args().weights
    images, _ = shuzi.load_mnist("test")
    for count, times in ((1, 300), (1000, 5)):
        seconds = sorted(timed(images[:count], weights, times) for _ in range(ROUNDS + 1))[:ROUNDS]
        median, best = statistics.median(seconds), seconds[0]
        threads = os.cpu_count() if count > 1 else 1
        print(
            f"{count} at once, {threads} thread(s): {1e3 * median / count:.4f} ms a digit "
            f"({1e3 * best / count:.4f} at best), {count / median:,.0f}/s ({count / best:,.0f})"
        )


def timed(images: np.ndarray, weights: str, times: int) -> float:
    """Seconds that one call takes, on average of so many."""
    start = time.perf_counter()
    for _ in range(times):
        shuzi.classify(images, weights=weights)
    return (time.perf_counter() - start) / times


if __name__ == "__main__":
    main()
