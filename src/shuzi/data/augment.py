"""Random changes of training pictures: where the pen might as well have gone."""

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
    generator: torch.Generator | None = None,
) -> Float[Tensor, "n 1 28 28"]:
    """Each picture turned, moved, stretched, slanted and bent by its own random amounts.

    ``pictures`` have background 0. ``rotate`` is in degrees, ``shift`` in pixels, ``zoom`` a share of the
    size (for width and height apart), ``shear`` in pixels sideways per pixel of height: all uniform in +-.
    ``elastic`` is the standard deviation, in pixels, of a displacement that is random on a 4x4 grid and
    smooth between (Simard 2003 in spirit). One bilinear resampling does it all.
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
    return F.grid_sample(pictures, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
