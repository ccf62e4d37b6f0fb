"""A way to look at a picture: its pixels in better light or the right way up, and where they were."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
from PIL import Image

from shuzi.picture import Picture
from shuzi.reading.output import Box
from shuzi.reading.paper import surrounded
from shuzi.reading.sheet import Sheet, find_sheet
from shuzi.shapes import Float, UInt8

_AROUND = 0.05  # of the sheet's shorter side: what is shown around it
_SIDE = 128  # pixels: a picture made so small tells the colours of its paper


@dataclass(frozen=True, eq=False)
class View:
    """Pixels made from a picture. `matrix` takes a point (x, y, 1) of them to (x, y, 1), times some number,
    on the picture as displayed, which is `width` x `height`."""

    pixels: UInt8[np.ndarray, "h w 3"]
    matrix: Float[np.ndarray, "3 3"]
    width: int
    height: int

    @cached_property
    def sheet(self) -> Sheet | None:
        """The sheet of paper in it, if it shows one on something else."""
        return find_sheet(self.pixels)

    def of(self, pixels: UInt8[np.ndarray, "h w 3"]) -> View:
        """The same view, but of other pixels of the same size."""
        return replace(self, pixels=pixels)

    def box(self, box: Box) -> Box:
        """The upright box on the picture as displayed around a box of these pixels."""
        left, top, across, down = box
        corners = [(x, y) for x in (left, left + across) for y in (top, top + down)]
        # Plain numbers: for so few, numpy takes longer.
        placed = [[a * x + b * y + c for a, b, c in self.matrix.tolist()] for x, y in corners]
        ends = []
        for axis, limit in ((0, self.width), (1, self.height)):
            along = [point[axis] / point[2] for point in placed]
            ends.append([round(min(max(edge, 0), limit)) for edge in (min(along), max(along))])
        (left, right), (top, bottom) = ends
        return left, top, right - left, bottom - top

    def turned(self, angle: float) -> View:
        """All of it turned counterclockwise by an angle (radians), with paper around it."""
        height, width = self.pixels.shape[:2]
        degrees = float(np.degrees(angle))
        turned = Image.fromarray(self.pixels).rotate(degrees, Image.Resampling.BICUBIC, expand=True)
        covered = Image.new("L", (width, height), 255)
        covered = covered.rotate(degrees, Image.Resampling.BILINEAR, expand=True)
        cos, sin = np.cos(angle), np.sin(angle)
        back = np.array([[cos, -sin, width / 2], [sin, cos, height / 2], [0, 0, 1]])
        back[:2, 2] -= back[:2, :2] @ np.array([turned.width / 2, turned.height / 2])
        return self._of(turned, covered, back)

    def flattened(self, corners: Float[np.ndarray, "4 2"]) -> View:
        """A sheet laid flat and straight, and what is around it. `corners`: its own, (x, y), from the upper
        left one clockwise."""
        sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
        width, height = (sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2
        margin = _AROUND * min(width, height)
        flat = np.array([[0, 0], [width, 0], [width, height], [0, height]]) + margin
        back = projection(flat, corners)
        size = round(width + 2 * margin), round(height + 2 * margin)
        numbers = (back / back[2, 2]).ravel()[:8].tolist()
        laid = partial(Image.Image.transform, size=size, method=Image.Transform.PERSPECTIVE, data=numbers)
        pixels, covered = Image.fromarray(self.pixels), Image.new("L", self.pixels.shape[1::-1], 255)
        return self._of(
            laid(pixels, resample=Image.Resampling.BICUBIC),
            laid(covered, resample=Image.Resampling.BILINEAR),
            back,
        )

    def _of(self, pixels: Image.Image, covered: Image.Image, back: Float[np.ndarray, "3 3"]) -> View:
        """Other pixels of this view, and paper where they aren't `covered`; `back`: from them to these."""
        small, inside = pixels.copy(), covered.copy()
        for image in (small, inside):
            image.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
        filled = surrounded(
            np.asarray(pixels),
            np.asarray(covered) == 255,
            np.asarray(small, np.float32),
            np.asarray(inside) == 255,
        )
        return replace(self, pixels=filled, matrix=self.matrix @ back)


def view(picture: Picture, pixels: UInt8[np.ndarray, "h w 3"]) -> View:
    """A picture as it is, seen in pixels that cover all of it."""
    across, down = picture.width / pixels.shape[1], picture.height / pixels.shape[0]
    return View(pixels, np.diag([across, down, 1.0]), picture.width, picture.height)


def projection(flat: Float[np.ndarray, "4 2"], seen: Float[np.ndarray, "4 2"]) -> Float[np.ndarray, "3 3"]:
    """The matrix that takes four points (x, y, 1) to four others, times some number each."""
    rows = []
    for (x, y), (u, v) in zip(flat, seen, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return np.append(np.linalg.solve(np.array(rows), seen.ravel()), 1.0).reshape(3, 3)
