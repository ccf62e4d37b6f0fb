"""A way to look at a picture: its pixels in better light or the right way up, and where they were."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from shuzi.picture import Picture
from shuzi.reading.output import Box
from shuzi.reading.paper import surrounded
from shuzi.shapes import Float, UInt8

_SIDE = 128  # pixels: a picture made so small tells the colours of its paper


@dataclass(frozen=True, eq=False)
class View:
    """Pixels made from a picture. `matrix` takes a point (x, y, 1) of them to (x, y) on the picture as
    displayed, which is `width` x `height`."""

    pixels: UInt8[np.ndarray, "h w 3"]
    matrix: Float[np.ndarray, "2 3"]
    width: int
    height: int

    def of(self, pixels: UInt8[np.ndarray, "h w 3"]) -> View:
        """The same view, but of other pixels of the same size."""
        return replace(self, pixels=pixels)

    def box(self, box: Box) -> Box:
        """The upright box on the picture as displayed around a box of these pixels."""
        left, top, across, down = box
        corners = np.array([[left, left + across] * 2, [top, top, top + down, top + down], [1] * 4])
        x, y = self.matrix @ corners
        limit = (self.width, self.height)
        left, right = (round(min(max(edge, 0), limit[0])) for edge in (x.min(), x.max()))
        top, bottom = (round(min(max(edge, 0), limit[1])) for edge in (y.min(), y.max()))
        return left, top, right - left, bottom - top

    def turned(self, angle: float) -> View:
        """All of it turned counterclockwise by an angle (radians), with paper around it."""
        height, width = self.pixels.shape[:2]
        degrees = float(np.degrees(angle))
        turned = Image.fromarray(self.pixels).rotate(degrees, Image.Resampling.BICUBIC, expand=True)
        covered = Image.new("L", (width, height), 255)
        covered = covered.rotate(degrees, Image.Resampling.BILINEAR, expand=True)
        small, inside = turned.copy(), covered.copy()
        for image in (small, inside):
            image.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
        pixels = surrounded(
            np.asarray(turned),
            np.asarray(covered) == 255,
            np.asarray(small, np.float32),
            np.asarray(inside) == 255,
        )
        cos, sin = np.cos(angle), np.sin(angle)
        back = np.array([[cos, -sin, width / 2], [sin, cos, height / 2], [0, 0, 1]])
        back[:2, 2] -= back[:2, :2] @ np.array([turned.width / 2, turned.height / 2])
        return replace(self, pixels=pixels, matrix=self.matrix @ back)


def view(picture: Picture, pixels: UInt8[np.ndarray, "h w 3"]) -> View:
    """A picture as it is, seen in pixels that cover all of it."""
    across, down = picture.width / pixels.shape[1], picture.height / pixels.shape[0]
    return View(pixels, np.array([[across, 0, 0], [0, down, 0]]), picture.width, picture.height)
