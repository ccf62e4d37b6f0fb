"""Several processes that train one net together, started by torchrun: each takes its share of every batch."""

from __future__ import annotations

import os
from collections.abc import Sequence

import torch
import torch.distributed as dist
from torch import Tensor, nn


class Team:
    """This process's place among those that train together; alone, every method does nothing."""

    def __init__(self) -> None:
        self.size = int(os.environ.get("WORLD_SIZE", "1"))
        self.rank = int(os.environ.get("RANK", "0"))
        if self.size > 1 and not dist.is_initialized():
            dist.init_process_group("gloo")

    @property
    def leads(self) -> bool:
        """True in the one process that validates, writes and speaks."""
        return self.rank == 0

    def share(self, batch: Tensor) -> Tensor:
        """This process's part of a batch of indices."""
        return batch if self.size == 1 else batch[self.rank :: self.size]

    def average_gradients(self, parameters: Sequence[nn.Parameter], weight: float) -> None:
        """Make every process's gradients the mean over the whole batch, in one exchange.

        ``weight`` is this process's share of the batch, for batches that don't divide evenly.
        """
        if self.size == 1:
            return
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients]).mul_(weight)
        dist.all_reduce(flat)
        offset = 0
        for gradient in gradients:
            gradient.copy_(flat[offset : offset + gradient.numel()].view_as(gradient))
            offset += gradient.numel()

    def average_buffers(self, net: nn.Module) -> None:
        """Average running statistics, which every process has gathered from its own share."""
        if self.size == 1:
            return
        for buffer in net.buffers():
            if buffer.is_floating_point():
                dist.all_reduce(buffer)
                buffer.div_(self.size)

    def agree(self, flag: bool) -> bool:
        """True in every process where it is true in any, so that all stop after the same step."""
        if self.size == 1:
            return flag
        votes = torch.tensor([float(flag)])
        dist.all_reduce(votes)
        return bool(votes.item())

    def close(self) -> None:
        """Leave the team."""
        if self.size > 1 and dist.is_initialized():
            dist.destroy_process_group()
