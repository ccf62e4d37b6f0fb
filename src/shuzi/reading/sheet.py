"""A sheet of paper that lies on something else, such as a table: all else is made like the sheet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from shuzi.reading.components import find_components
from shuzi.reading.paper import blurred, surrounded
from shuzi.reading.quadrilateral import corners_of
from shuzi.reading.ranks import medians
from shuzi.shapes import Bool, Float, Float32, UInt8

_SIDE = 128  # pixels: in a picture made so small the sheet is looked for
_LOWEST = 64  # pixels: a lower or narrower picture is one of a number, cut out; a table has no room in it
_ALIKE = 32  # levels: what is around the sheet differs by less than that from its median
_APART = 40  # levels: the sheet differs by at least that
_LEAST, _MOST = 0.15, 0.97  # of the picture: the sheet
_RECTANGULAR = 0.9  # of the smallest rectangle around it: a digit, even an 8, is less
_INK = 16  # levels: what differs from its sheet by less is no ink, and a sheet without ink is none
_ANGLES = np.radians(np.arange(0, 90, 3))
_RIM = 2  # pixels of the small picture: the sheet's rim, which its shadow may lie on
_ALL_AROUND = 0.9  # of the sheet's edge, where the colours on both sides have to be that far apart


@dataclass(frozen=True, eq=False)
class Sheet:
    """A picture in which all but a sheet has the colours of the sheet's paper, and where the sheet's corners
    are, (x, y) in pixels from the upper left one clockwise; None where it has other than four."""

    pixels: UInt8[np.ndarray, "h w 3"]
    corners: Float[np.ndarray, "4 2"] | None


def find_sheet(pixels: UInt8[np.ndarray, "h w 3"]) -> Sheet | None:
    """The sheet of paper in a picture of one on something else, if it is one.

    What is of one colour and goes all the way around may be a table, or the page that a snippet was pasted
    on. Contrast and ink are measured against paper, and beside a table, writing would be next to nothing.
    """
    if min(pixels.shape[:2]) < _LOWEST:
        return None
    small = Image.fromarray(pixels)
    small.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    colours = np.asarray(small, np.float32)
    rim = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])
    table = medians(rim)
    alike = _off(colours, table) < _ALIKE
    if (~alike).mean() < _LEAST / 4:  # no sheet, for all that is written on it
        return None
    apart = ~_from_the_rim(alike)
    if apart.mean() < _LEAST:
        return None
    sheet = _largest(apart)
    if sheet is None or not _LEAST <= sheet.mean() <= _MOST:
        return None
    corners = corners_of(sheet)
    if corners is None and _rectangular(sheet) < _RECTANGULAR:
        return None
    if sum(side.any() for side in (sheet[0], sheet[-1], sheet[:, 0], sheet[:, -1])) > 1:  # light and shadow
        return None
    middle = medians(colours[sheet])
    off = _off(colours, middle)
    inside = _eroded(sheet, _RIM)
    paper = inside & (off < _APART)
    if not paper.any() or off[inside].max() < _INK or np.abs(middle - table).max() < _APART:
        return None
    if not _eroded(~sheet, _RIM).any() or not _set_off(colours, sheet):  # a frame's line is no table
        return None
    size = pixels.shape[1], pixels.shape[0]
    kept = Image.fromarray(inside).resize(size, Image.Resampling.NEAREST)
    whole = surrounded(pixels, np.asarray(kept), colours, paper)
    return Sheet(whole, None if corners is None else corners * (np.array(size) / small.size))


def _off(
    colours: Float32[np.ndarray, "h w 3"], others: Float32[np.ndarray, "... 3"]
) -> Float32[np.ndarray, "h w"]:
    """How far each pixel's colour is from another, in the channel in which that is most."""
    red, green, blue = np.moveaxis(np.abs(colours - others), 2, 0)
    return np.asarray(np.maximum(np.maximum(red, green), blue))


def _set_off(colours: Float32[np.ndarray, "h w 3"], sheet: Bool[np.ndarray, "h w"]) -> bool:
    """Whether colours differ on both sides of the sheet's edge, nearly everywhere; light changes slowly."""
    sides = []
    for side in (sheet, ~sheet):
        share = side[..., None].astype(np.float32)
        sides.append(blurred(colours * share, 1) / np.maximum(blurred(share, 1), 1e-3))
    edge = sheet & ~_eroded(sheet, 1)
    return bool((_off(*sides)[edge] > _ALIKE).mean() > _ALL_AROUND)


def _from_the_rim(mask: Bool[np.ndarray, "h w"]) -> Bool[np.ndarray, "h w"]:
    """The components of a mask that touch the picture's rim."""
    height, width = mask.shape
    components = find_components(mask)
    left, top, right, bottom = components.boxes.T
    touching = (left == 0) | (top == 0) | (right == width) | (bottom == height)
    return components.mask(touching, (0, 0, width, height))


def _largest(mask: Bool[np.ndarray, "h w"]) -> Bool[np.ndarray, "h w"] | None:
    """The largest component of a mask, if there is any."""
    components = find_components(mask)
    if not len(components):
        return None
    wanted = np.arange(len(components)) == components.areas.argmax()
    return components.mask(wanted, (0, 0, mask.shape[1], mask.shape[0]))


def _rectangular(mask: Bool[np.ndarray, "h w"]) -> float:
    """The share that a mask has of the smallest rectangle around it, however that is turned."""
    points = np.argwhere(mask & ~_eroded(mask, 1)).astype(np.float32)
    turned = points @ np.stack([np.cos(_ANGLES), np.sin(_ANGLES)]).astype(np.float32)
    across = points @ np.stack([-np.sin(_ANGLES), np.cos(_ANGLES)]).astype(np.float32)
    return float(mask.sum() / ((np.ptp(turned, axis=0) + 1) * (np.ptp(across, axis=0) + 1)).min())


def _eroded(mask: Bool[np.ndarray, "h w"], pixels: int) -> Bool[np.ndarray, "h w"]:
    """A mask without its rim; where it reaches the picture's rim, nothing is taken off there."""
    outside = np.pad(~mask, pixels)
    height, width = mask.shape
    near = np.zeros_like(mask)
    for down in range(2 * pixels + 1):
        for across in range(2 * pixels + 1):
            near |= outside[down : down + height, across : across + width]
    return np.asarray(mask & ~near)
