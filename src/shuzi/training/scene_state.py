"""What a run on drawn scenes holds: the net, its averages, the optimiser's moments; and its file."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn


class SceneState:
    """average: an exponential moving average of the net; mean: that of the averages that cycles ended at."""

    def __init__(self, net: nn.Module, optimiser: torch.optim.AdamW) -> None:
        self.net, self.optimiser = net, optimiser
        self.average = {name: value.clone() for name, value in net.state_dict().items()}
        self.mean: dict[str, Tensor] = {}

    @property
    def result(self) -> dict[str, Tensor]:
        """The best weights so far."""
        return self.mean or self.average

    @torch.no_grad()
    def update(self, keep: float) -> None:
        """Average one more step."""
        for name, value in self.net.state_dict().items():
            if value.is_floating_point():
                self.average[name].lerp_(value, 1 - keep)

    @torch.no_grad()
    def keep(self, cycles: int) -> None:
        """Take the end of a cycle, the last of so many, into the mean."""
        for name, value in self.average.items():
            before = self.mean.get(name, value)
            self.mean[name] = before + (value - before) / cycles if value.is_floating_point() else value

    def save(self, path: Path, done: int) -> None:
        """Write all of it and the number of steps done, whole or not at all."""
        state: dict[str, Tensor] = {f"net.{name}": value for name, value in self.net.state_dict().items()}
        state |= {f"average.{name}": value for name, value in self.average.items()}
        state |= {f"mean.{name}": value for name, value in self.mean.items()}
        for index, moments in self.optimiser.state_dict()["state"].items():
            state |= {f"adam.{index}.{name}": torch.as_tensor(value) for name, value in moments.items()}
        state["done"] = torch.tensor(done)
        temporary = path.with_suffix(".part")
        # Cloned, since a file can't hold one tensor twice.
        save_file({name: value.contiguous().clone() for name, value in state.items()}, temporary)
        temporary.replace(path)

    def load(self, path: Path) -> int:
        """Go on from a file, if there is one; returns the number of steps done."""
        if not path.is_file():
            return 0
        state = load_file(path)
        self.net.load_state_dict(_part(state, "net."))
        self.average, self.mean = _part(state, "average."), _part(state, "mean.")
        moments: dict[int, dict[str, Tensor]] = {}
        for name, value in _part(state, "adam.").items():
            index, which = name.split(".")
            moments.setdefault(int(index), {})[which] = value
        self.optimiser.load_state_dict(
            {"state": moments, "param_groups": self.optimiser.state_dict()["param_groups"]}
        )
        return int(state["done"])


def result_in(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The best weights in what a file holds."""
    return _part(state, "mean.") or _part(state, "average.")


def _part(state: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
