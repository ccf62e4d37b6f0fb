"""How good a net is on pictures held in memory, while it trains."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from shuzi.training.decoding import to_logits
from shuzi.training.precision import autocast
from shuzi.training.recipe import Recipe
from shuzi.training.samples import Samples, scaled


@torch.no_grad()
def score(net: nn.Module, samples: Samples, recipe: Recipe) -> tuple[float, float]:
    """Accuracy and mean log-loss of a net in evaluation mode, at the recipe's precision."""
    right, loss = 0, 0.0
    for start in range(0, len(samples), 1000):
        images, labels = samples.images[start : start + 1000], samples.labels[start : start + 1000]
        with autocast(recipe.precision):
            outputs = net(scaled(images, recipe.data.scale))
        logits = to_logits(outputs.float(), recipe.loss.decode)
        right += int((logits.argmax(dim=1) == labels).sum())
        loss += float(F.cross_entropy(logits, labels, reduction="sum"))
    return right / len(samples), loss / len(samples)
