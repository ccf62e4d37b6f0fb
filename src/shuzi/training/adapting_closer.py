"""Teaching a close-up what single digits are in labelled pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from shuzi.data.scenes.closeups import SIDE
from shuzi.nets.closeup import CloseUp
from shuzi.reading.closer import close_ups
from shuzi.training.closeup import varied
from shuzi.training.cuttings import Cutting
from shuzi.training.fine_tuning import pull, rate
from shuzi.training.reader import scaled
from shuzi.training.seeds import seed_for

_BATCH = 64
_ROUNDS = 8  # how often each digit is seen
_LEAST_STEPS = 100
_LEARNING_RATE = 2e-3
_SMOOTHING = 0.02
_DROPOUT = 0.3
_BACK = 0.3  # of its way, at the end, as the detector goes back


def adapt_close_up(net: CloseUp, cuttings: list[Cutting], seed: int) -> None:
    """Go on training a close-up, its batch normalisation folded in, on the digits of cuttings."""
    seen = [cutting for cutting in cuttings if len(cutting.digits)]
    images = torch.from_numpy(
        np.concatenate([close_ups(one.grey.astype(np.float32), one.digits[:, 1:], SIDE) for one in seen])
    )
    values = torch.from_numpy(np.concatenate([one.digits[:, 0] for one in seen]).astype(np.int64))
    started = [parameter.detach().clone() for parameter in net.parameters()]
    optimiser = torch.optim.AdamW(net.parameters(), _LEARNING_RATE, betas=(0.9, 0.99), weight_decay=0)
    net.train()
    net.dropout.p = _DROPOUT
    torch.manual_seed(seed_for(seed, len(values)))
    batches = list(_batches(len(values)))
    for step, chosen in enumerate(batches):
        for group in optimiser.param_groups:
            group["lr"] = _LEARNING_RATE * rate(step + 1, step / len(batches))
        logits = net(varied(scaled(images[chosen])))
        optimiser.zero_grad()
        torch.autograd.backward(F.cross_entropy(logits, values[chosen], label_smoothing=_SMOOTHING))
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
    pull(net, started, _BACK)
    net.eval()


def _batches(count: int) -> Iterator[torch.Tensor]:
    """Every digit so often, in batches that are about equally large."""
    rounds = max(_ROUNDS, math.ceil(_LEAST_STEPS * min(_BATCH, count) / count))
    order = torch.cat([torch.randperm(count) for _ in range(rounds)])
    yield from torch.split(order, min(_BATCH, count))
