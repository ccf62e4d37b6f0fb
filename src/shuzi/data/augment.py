"""Random changes of training pictures: where the pen might as well have gone, and how a picture may look."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from shuzi.shapes import Float


def augment(
    pictures: Float[Tensor, "n 1 28 28"],
    *,
    rotate: float = 0.0,
    shift: float = 0.0,
    zoom: float = 0.0,
    shear: float = 0.0,
    elastic: float = 0.0,
    texture: float = 0.0,
    light: float = 0.0,
    noise: float = 0.0,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "n 1 28 28"]:
    """Each picture turned, moved, stretched, slanted and bent by its own random amounts; some look different.

    ``pictures`` have background 0. ``rotate`` is in degrees, ``shift`` in pixels, ``zoom`` a share of the
    size (for width and height apart), ``shear`` in pixels sideways per pixel of height: all uniform in +-.
    ``elastic`` is the standard deviation, in pixels, of a displacement that is random on a 4x4 grid and
    smooth between (Simard 2003 in spirit). One bilinear resampling does all that.

    ``texture``, ``light`` and ``noise`` are shares of the pictures. The first are seen through a random 3x3
    filter (RandConv, Xu 2021), the second under smooth uneven light, where paper may be grey and ink faint;
    the third get grain. Pixels stay within 0..1.
    """
    n = len(pictures)

    def uniform(limit: float) -> Tensor:
        return (torch.rand(n, generator=generator) * 2 - 1) * limit

    angle = uniform(math.radians(rotate))
    cos, sin = torch.cos(angle), torch.sin(angle)
    width, height = 1 + uniform(zoom), 1 + uniform(zoom)
    slant = uniform(shear)
    # Output to input coordinates, as affine_grid wants: rotation, then shear, then scale.
    theta = torch.stack(
        [
            torch.stack([cos * width, (slant * cos - sin) * width, uniform(shift) / 14], dim=1),
            torch.stack([sin * height, (slant * sin + cos) * height, uniform(shift) / 14], dim=1),
        ],
        dim=1,
    )
    grid = F.affine_grid(theta, [n, 1, 28, 28], align_corners=False)
    if elastic:
        coarse = torch.randn(n, 2, 4, 4, generator=generator) * (elastic / 14)
        bend = F.interpolate(coarse, size=(28, 28), mode="bicubic", align_corners=True)
        grid = grid + bend.permute(0, 2, 3, 1)
    moved = F.grid_sample(pictures, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    for share, change in ((texture, _filtered), (light, _lit), (noise, _grained)):
        if share:
            chosen = (torch.rand(n, generator=generator) < share).nonzero().squeeze(1)
            moved[chosen] = change(moved[chosen], generator)
    return moved


def _filtered(pictures: Float[Tensor, "m 1 28 28"], generator: torch.Generator | None) -> Tensor:
    """Each through a filter of its own, and stretched to 0..1 again."""
    m = len(pictures)
    kernels = torch.randn(m, 1, 3, 3, generator=generator)
    kernels[:, 0, 1, 1] += torch.randn(m, generator=generator)  # the middle counts most: strokes stay whole
    padded = F.pad(pictures.transpose(0, 1), (1, 1, 1, 1), mode="replicate")
    seen = F.conv2d(padded, kernels, groups=max(1, m)).transpose(0, 1)
    low, high = seen.amin((2, 3), keepdim=True), seen.amax((2, 3), keepdim=True)
    return (seen - low) / (high - low).clamp(min=1e-3)


def _lit(pictures: Float[Tensor, "m 1 28 28"], generator: torch.Generator | None) -> Tensor:
    """Paper from black to light grey, never the same all over; ink stands out by a fifth at least."""
    m = len(pictures)
    coarse = torch.rand(m, 1, 3, 3, generator=generator)
    depth = torch.rand(m, 1, 1, 1, generator=generator) * 0.8
    paper = F.interpolate(coarse, size=(28, 28), mode="bilinear", align_corners=True) * depth
    ink = 0.2 + 0.8 * torch.rand(m, 1, 1, 1, generator=generator)
    return paper + (1 - paper) * pictures * ink


def _grained(pictures: Float[Tensor, "m 1 28 28"], generator: torch.Generator | None) -> Tensor:
    depth = torch.rand(len(pictures), 1, 1, 1, generator=generator) * 0.35
    return (pictures + depth * torch.randn(pictures.shape, generator=generator)).clamp(0, 1)
