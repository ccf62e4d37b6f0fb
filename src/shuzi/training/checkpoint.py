"""Checkpoints: safetensors with a JSON header, written whole or not at all, and checked when loaded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from shuzi.errors import CheckpointError
from shuzi.files import write_whole


def save_checkpoint(path: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Write named tensors and a JSON-able table of facts into one safetensors file."""
    contiguous = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    write_whole(path, save(contiguous, metadata={"shuzi": json.dumps(facts)}), CheckpointError)


def load_checkpoint(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read what `save_checkpoint` wrote. Nothing in the file is executed.

    Raises `CheckpointError` where it is missing, damaged, or not shuzi's.
    """
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})["shuzi"])
            names = file.keys()
            tensors = {name: file.get_tensor(name) for name in names}
    except FileNotFoundError as error:
        raise CheckpointError(f"There is no checkpoint {path}: train one with `shuzi train`.") from error
    except (OSError, SafetensorError, KeyError, json.JSONDecodeError) as error:
        raise CheckpointError(f"{path} is no checkpoint of shuzi's, or is damaged: train it anew.") from error
    return tensors, facts


def check_fits(net: nn.Module, tensors: Mapping[str, Tensor], origin: str | Path) -> None:
    """Check every name, shape and dtype of a checkpoint's tensors against the net that is to hold them.

    Raises `CheckpointError` that names the first tensor that doesn't fit.
    """
    wanted = net.state_dict()
    for name in [*wanted, *tensors]:
        if name not in tensors or name not in wanted:
            where = "the net" if name in wanted else origin
            raise CheckpointError(f"{origin} doesn't fit the net: only {where} has {name!r}.")
        have, want = tensors[name], wanted[name]
        if have.shape != want.shape or have.dtype != want.dtype:
            raise CheckpointError(
                f"{origin} doesn't fit the net: {name!r} is {tuple(have.shape)} {have.dtype}, "
                f"not {tuple(want.shape)} {want.dtype}."
            )
