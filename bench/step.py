"""Where the time of a training step goes: python bench/step.py RECIPE... [--steps 100]

Milliseconds a step, and the shares of convolutions, dense layers, what is between them (normalisation,
activation, pooling), augmentation, the optimiser, and the rest: copies, autograd and Python.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

import torch
from torch.profiler import ProfilerActivity, profile

from shuzi.data.augment import LOOKS, MOVES, disguise, move
from shuzi.nets import build
from shuzi.training.loss import loss
from shuzi.training.optimisers import Optimiser
from shuzi.training.precision import autocast, keep_freed_memory, prefer_channels_last
from shuzi.training.recipe import Recipe, load_recipe
from shuzi.training.samples import load_samples, scaled

KINDS = {
    "convolutions": ("convolution_backward", "mkldnn_convolution"),
    "dense": ("mm", "addmm"),
    "between": (
        "native_batch_norm",
        "native_batch_norm_backward",
        "threshold_backward",
        "clamp_min_",
        "max_pool2d_with_indices",
        "max_pool2d_with_indices_backward",
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recipes", nargs="+")
    parser.add_argument("--steps", type=int, default=100)
    options = parser.parse_args()
    keep_freed_memory()
    print(f"{'recipe':<14}{'ms':>7}" + "".join(f"{kind:>14}" for kind in (*KINDS, *Step.parts, "rest")))
    for name in options.recipes:
        step = Step(load_recipe(name))
        step.run(10)
        step.seconds.clear()
        start = time.perf_counter()
        step.run(options.steps)
        total = time.perf_counter() - start
        parts = {part: step.seconds[part] / total for part in step.parts}
        with profile(activities=[ProfilerActivity.CPU]) as found:
            step.run(20)
        times = {
            event.key.removeprefix("aten::"): event.self_cpu_time_total for event in found.key_averages()
        }
        shares = {
            kind: sum(times.get(one, 0) for one in names) * 1e-6 / 20 * options.steps / total
            for kind, names in KINDS.items()
        }
        shares |= parts
        shares["rest"] = 1 - sum(shares.values())
        cells = "".join(f"{share:>14.0%}" for share in shares.values())
        print(f"{name:<14}{1e3 * total / options.steps:>7.2f}{cells}", flush=True)


class Step:
    """The trainer's step, with its parts timed."""

    parts = ("augmentation", "optimiser")

    def __init__(self, recipe: Recipe) -> None:
        self.recipe, self.seconds = recipe, Counter[str]()
        self.samples, _ = load_samples(recipe.data, 0)
        self.net = build(recipe.net)
        prefer_channels_last(self.net)
        self.optimiser = Optimiser(self.net.named_parameters(), recipe.optimiser)

    def run(self, steps: int) -> None:
        """Take so many steps."""
        for _ in range(steps):
            chosen = torch.randint(len(self.samples), (self.recipe.optimiser.batch,))
            pictures = scaled(self.samples.images[chosen], "unit")
            start = time.perf_counter()
            if any(vars(self.recipe.augment).values()):
                moves, looks = (
                    {name: getattr(self.recipe.augment, name) for name in names} for names in (MOVES, LOOKS)
                )
                pictures = disguise(move(pictures, **moves), **looks)
            self.seconds["augmentation"] += time.perf_counter() - start
            with autocast(self.recipe.precision):
                outputs = self.net(scaled(pictures, self.recipe.data.scale))
            loss(outputs, self.samples.labels[chosen], self.recipe.loss).backward()
            start = time.perf_counter()
            self.optimiser.step(self.recipe.optimiser.learning_rate)
            self.seconds["optimiser"] += time.perf_counter() - start


if __name__ == "__main__":
    main()
