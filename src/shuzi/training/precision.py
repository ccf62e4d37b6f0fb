"""What this processor computes fast: bfloat16 where it is in hardware, and memory that is kept."""

from __future__ import annotations

import ctypes
import sys
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import nn


def has_bfloat16() -> bool:
    """True where the processor multiplies bfloat16 in hardware (AVX512-BF16, AMX); elsewhere it is slower."""
    # Older releases of torch lack this call: they compute in float32.
    capabilities: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def autocast(precision: str) -> AbstractContextManager[object]:
    """The context for a forward pass at a recipe's ``precision`` ("float32", "bfloat16" or "auto")."""
    if precision == "bfloat16" or (precision == "auto" and has_bfloat16()):
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return nullcontext()


def prefer_channels_last(net: nn.Module) -> None:
    """Lay convolution weights out with the channels last: activations follow, and oneDNN is faster so."""
    for parameter in net.parameters():
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)


def keep_freed_memory() -> None:
    """Tell glibc to keep freed memory for reuse instead of giving it back to the system at every step.

    Activations are allocated and freed at every step; fetching their pages anew each time costs up to two
    thirds of a step (measured: docs/LOG.md). Does nothing where the C library isn't glibc.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return
    trim_threshold, mmap_max = -1, -4  # M_TRIM_THRESHOLD, M_MMAP_MAX in <malloc.h>
    mallopt(trim_threshold, 2**31 - 1)
    mallopt(mmap_max, 0)
