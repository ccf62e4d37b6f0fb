"""Random changes of training pictures: where the pen might as well have gone, and how a picture may look."""

from __future__ import annotations

import math
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from shuzi.shapes import Float

MOVES = ("rotate", "shift", "zoom", "shear", "elastic")
LOOKS = ("lines", "texture", "light", "noise")


def move(
    pictures: Float[Tensor, "n 1 28 28"],
    *,
    rotate: float = 0.0,
    shift: float = 0.0,
    zoom: float = 0.0,
    shear: float = 0.0,
    elastic: float = 0.0,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "n 1 28 28"]:
    """Each picture turned, moved, stretched, slanted and bent by its own random amounts.

    ``pictures`` have background 0. ``rotate`` is in degrees, ``shift`` in pixels, ``zoom`` a share of the
    size (for width and height apart), ``shear`` in pixels sideways per pixel of height: all uniform in +-.
    ``elastic`` is the standard deviation, in pixels, of a displacement that is random on a 4x4 grid and
    smooth between (Simard 2003 in spirit). One bilinear resampling does all that.
    """
    n = len(pictures)

    def uniform(limit: float) -> Tensor:
        return (torch.rand(n, generator=generator) * 2 - 1) * limit

    angle = uniform(math.radians(rotate))
    cos, sin = torch.cos(angle), torch.sin(angle)
    width, height = 1 + uniform(zoom), 1 + uniform(zoom)
    slant = uniform(shear)
    # Output to input coordinates, from -1 to 1: rotation, then shear, then scale. Sideways and downwards, of
    # every pixel: so much of its x, of its y, and of 1; then of the 16 bends.
    weights = torch.stack(
        [
            torch.stack([cos * width, (slant * cos - sin) * width, uniform(shift) / 14], dim=1),
            torch.stack([sin * height, (slant * sin + cos) * height, uniform(shift) / 14], dim=1),
        ],
        dim=1,
    )
    if elastic:
        weights = torch.cat([weights, torch.randn(n, 2, 16, generator=generator) * (elastic / 14)], dim=2)
    # One matrix product for all: affine_grid and interpolate take ten times as long.
    grid = (weights.flatten(0, 1) @ _places()[: weights.shape[2]]).view(n, 2, 28, 28).permute(0, 2, 3, 1)
    return F.grid_sample(pictures, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def disguise(
    pictures: Float[Tensor, "n 1 28 28"],
    *,
    lines: float = 0.0,
    texture: float = 0.0,
    light: float = 0.0,
    noise: float = 0.0,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "n 1 28 28"]:
    """Change how some pictures look, in place, and give them back; where the ink is stays as it was.

    Each setting is a share of the pictures. The first are crossed by up to three straight lines; the second
    seen through a random 3x3 filter (RandConv, Xu 2021), a third of them only on one side of a straight edge;
    the third under smooth uneven light, where paper may be grey and ink faint; the fourth get grain. Pixels
    stay within 0..1.
    """
    for share, change in ((lines, _crossed), (texture, _filtered), (light, _lit), (noise, _grained)):
        if share:
            chosen = (torch.rand(len(pictures), generator=generator) < share).nonzero().squeeze(1)
            if len(chosen):
                pictures[chosen] = change(pictures[chosen], generator)
    return pictures


@cache
def _places() -> Float[Tensor, "19 784"]:
    """Of each pixel of 28x28: x and y from -1 to 1, 1, and how far each point of a 4x4 grid moves it."""
    across = (torch.arange(28) * 2 + 1) / 28 - 1
    rows, columns = torch.meshgrid(across, across, indexing="ij")
    points = torch.eye(16).view(16, 1, 4, 4)
    bends = F.interpolate(points, size=(28, 28), mode="bicubic", align_corners=True)
    return torch.cat([torch.stack([columns, rows, torch.ones(28, 28)]).flatten(1), bends.view(16, 784)])


def _crossed(pictures: Float[Tensor, "m 1 28 28"], generator: torch.Generator | None) -> Tensor:
    """Rulings, edges of boxes, a pen that slipped: one line, sometimes two or three, of any length."""
    m = len(pictures)

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(m, 3, 1, generator=generator)

    across, along = _distances(uniform(0.0, math.pi), uniform(-13.0, 13.0))
    reach = (along - uniform(-10.0, 10.0)).abs() - uniform(3.0, 24.0)  # how far beyond the line's end
    ink = (uniform(0.4, 1.3) + 0.5 - torch.maximum(across.abs(), reach)).clamp(0, 1) * uniform(0.3, 1.0)
    ink[:, 1:] *= torch.rand(m, 2, 1, generator=generator) < 0.4
    return torch.maximum(pictures, ink.amax(1).view(m, 1, 28, 28))


def _distances(
    angle: Float[Tensor, "*lines 1"], offset: Float[Tensor, "*lines 1"]
) -> tuple[Float[Tensor, "*lines 784"], Float[Tensor, "*lines 784"]]:
    """Of each pixel from straight lines, ``offset`` pixels off the middle: across them, and along."""
    columns, rows = _places()[:2] * 14
    cos, sin = torch.cos(angle), torch.sin(angle)
    return columns * cos + rows * sin - offset, rows * cos - columns * sin


def _filtered(pictures: Float[Tensor, "m 1 28 28"], generator: torch.Generator | None) -> Tensor:
    """Each through a filter of its own, and stretched to 0..1 again; of a third, a part stays as it was."""
    m = len(pictures)
    kernels = torch.randn(m, 1, 3, 3, generator=generator)
    kernels[:, 0, 1, 1] += torch.randn(m, generator=generator)  # the middle counts most: strokes stay whole
    hollow = torch.rand(m, 1, 1, 1, generator=generator) < 0.3
    # A filter that sums to 0 sees outlines only; folded, both of their sides are ink.
    kernels = torch.where(hollow, kernels - kernels.mean((2, 3), keepdim=True), kernels)
    padded = F.pad(pictures.transpose(0, 1), (1, 1, 1, 1), mode="replicate")
    seen = F.conv2d(padded, kernels, groups=m).transpose(0, 1)
    seen = torch.where(hollow, seen.abs(), seen)
    low, high = seen.amin((2, 3), keepdim=True), seen.amax((2, 3), keepdim=True)
    angle = torch.rand(m, 1, 1, generator=generator) * 2 * math.pi
    offset = (torch.rand(m, 1, 1, generator=generator) - 0.5) * 16
    kept = (_distances(angle, offset)[0] > 0) & (torch.rand(m, 1, 1, generator=generator) < 1 / 3)
    return torch.where(kept.view(m, 1, 28, 28), pictures, (seen - low) / (high - low).clamp(min=1e-3))


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
