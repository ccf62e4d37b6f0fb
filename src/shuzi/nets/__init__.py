"""Nets: one network a file, each a plain torch Module that takes scaled pictures (N, 1, 28, 28).

A recipe's ``[net]`` table names the kind and gives its settings: ``build`` turns it into a Module.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from torch import nn

from shuzi.errors import RecipeError
from shuzi.nets.branches import Branches
from shuzi.nets.cnn import CNN
from shuzi.nets.initialise import initialise
from shuzi.nets.lenet import LeNet
from shuzi.nets.linear import Linear
from shuzi.nets.mlp import MLP
from shuzi.nets.plain import Plain

KINDS: dict[str, type[nn.Module]] = {
    "linear": Linear,
    "mlp": MLP,
    "lenet": LeNet,
    "cnn": CNN,
    "plain": Plain,
    "branches": Branches,
}


def build(config: Mapping[str, Any]) -> nn.Module:
    """Make the net that a recipe's ``[net]`` table describes, with freshly drawn weights.

    >>> build({"kind": "mlp", "hidden": [128, 64], "init": "uniform-0.01"})  # doctest: +SKIP

    ``kind`` is one of `KINDS`, ``init`` one of `shuzi.nets.initialise.SCHEMES` (default "torch"); every
    other key is an argument of the net's class; ``branches`` are tables like this one. The net maps float32
    (N, 1, 28, 28) to logits (N, 10); the linear regressor to a value (N, 1). Raises `RecipeError` for
    anything it doesn't know.
    """
    settings = dict(config)
    kind = settings.pop("kind", None)
    scheme = settings.pop("init", "torch")
    if kind not in KINDS:
        raise RecipeError(f"There is no net of kind {kind!r}: choose one of {', '.join(KINDS)}.")
    known = [*inspect.signature(KINDS[kind]).parameters]
    unknown = sorted(set(settings) - set(known))
    if unknown:
        raise RecipeError(
            f"The {kind} net has no setting {unknown[0]!r}: it has {', '.join(known) or 'none'}."
        )
    if kind == "branches":
        branches = settings.get("branches")
        if not isinstance(branches, list) or not all(isinstance(branch, Mapping) for branch in branches):
            branches = []
        if not branches:
            raise RecipeError("A net of branches needs one at least: give each a [[net.branches]] table.")
        settings["branches"] = [build(branch) for branch in branches]
    net = KINDS[kind](**settings)
    initialise(net, scheme)
    return net
