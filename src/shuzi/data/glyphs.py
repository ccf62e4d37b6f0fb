"""Digits of handwriting fonts, drawn like pen strokes: slanted, squeezed, bent, thinner and thicker.

Each glyph is kept as a signed distance field: at every point the distance to the outline, positive inside the
ink. Adding to it makes the pen thicker, taking from it thinner, and it may be sampled anywhere.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from shuzi.data.ink import apply_ink
from shuzi.data.rasterise import centre
from shuzi.data.strokes import Hand
from shuzi.errors import DataError
from shuzi.shapes import Bool, Float32, Int64, UInt8

# A glyph's longer side is 48 in a field of 72: what lies beyond the field's edge is paper.
_FIELD, _SIDE = 72, 48
_DIRECTIONS = 32
_CHUNK = 512


@dataclass(frozen=True, eq=False)
class Glyphs:
    """g digits as distance fields of 72x72 cells, in cells, with their middle at (36, 36).

    outline: points that are farthest out in 32 directions, and mass: the ink's centre, both in cells from the
    middle (x, y). pen: width of the line in cells. labels: the digits.
    """

    fields: Float32[np.ndarray, "g 72 72"]
    outline: Float32[np.ndarray, "g 32 2"]
    mass: Float32[np.ndarray, "g 2"]
    pen: Float32[np.ndarray, " g"]
    labels: Int64[np.ndarray, " g"]

    def __len__(self) -> int:
        return len(self.labels)


def read_glyphs(fonts: Mapping[str, bytes]) -> Glyphs:
    """Make distance fields of the ten digits of each font; DataError for a font that FreeType can't open."""
    masks: list[Bool[np.ndarray, "72 72"]] = []
    for family, content in fonts.items():
        try:
            font = ImageFont.truetype(io.BytesIO(content), 160)
        except OSError as error:
            raise DataError(f"The font {family} can't be opened ({error}): leave it out.") from error
        masks += [_mask(font, str(digit)) for digit in range(10)]
    fields = np.stack([_signed_distance(mask) for mask in masks])
    points = np.stack(np.meshgrid(np.arange(_FIELD), np.arange(_FIELD)), axis=2) - (_FIELD - 1) / 2
    angles = np.arange(_DIRECTIONS) * 2 * np.pi / _DIRECTIONS
    directions = np.stack([np.cos(angles), np.sin(angles)])
    outline = [points[mask][(points[mask] @ directions).argmax(0)] for mask in masks]
    return Glyphs(
        fields,
        np.array(outline, np.float32),
        np.array([points[mask].mean(0) for mask in masks], np.float32),
        # Twice the distance from the middle of the line to its edge, which the deepest tenth of the ink has.
        np.array([2 * np.quantile(field[field > 0], 0.85) for field in fields], np.float32),
        np.tile(np.arange(10), len(fonts)).astype(np.int64),
    )


def draw_glyphs(
    glyphs: Glyphs, chosen: Int64[np.ndarray, " n"], rng: np.random.Generator, hand: Hand | None = None
) -> UInt8[np.ndarray, "n 28 28"]:
    """Draw the chosen glyphs, each with a hand of its own, framed as MNIST frames its digits."""
    hand = hand or Hand()
    images = np.empty((len(chosen), 28, 28), np.uint8)
    for start in range(0, len(chosen), _CHUNK):
        images[start : start + _CHUNK] = _draw(glyphs, chosen[start : start + _CHUNK], rng, hand)
    return images


def _mask(font: ImageFont.FreeTypeFont, text: str) -> Bool[np.ndarray, "72 72"]:
    canvas = Image.new("L", (480, 480))
    ImageDraw.Draw(canvas).text((240, 240), text, fill=255, font=font, anchor="mm")
    box = canvas.getbbox()
    if box is None:
        raise DataError("A font has no picture of a digit: leave it out.")
    scale = _SIDE / max(box[2] - box[0], box[3] - box[1])
    size = (max(1, round((box[2] - box[0]) * scale)), max(1, round((box[3] - box[1]) * scale)))
    field = Image.new("L", (_FIELD, _FIELD))
    field.paste(
        canvas.resize(size, Image.Resampling.BOX, box), ((_FIELD - size[0]) // 2, (_FIELD - size[1]) // 2)
    )
    mask: Bool[np.ndarray, "72 72"] = np.asarray(field) > 110
    return mask


def _signed_distance(mask: Bool[np.ndarray, "72 72"]) -> Float32[np.ndarray, "72 72"]:
    """Distance of each cell to the nearest cell of the other kind, less the half that lies in that cell."""
    inside, outside = np.argwhere(mask).astype(np.float32), np.argwhere(~mask).astype(np.float32)
    # |a - b|^2 = |a|^2 + |b|^2 - 2ab, one matrix product.
    squared = (inside**2).sum(1)[:, None] + (outside**2).sum(1) - 2 * inside @ outside.T
    field = np.empty(mask.shape, np.float32)
    field[mask] = np.sqrt(squared.min(1)) - 0.5
    field[~mask] = 0.5 - np.sqrt(squared.min(0))
    return field


def _draw(
    glyphs: Glyphs, chosen: Int64[np.ndarray, " n"], rng: np.random.Generator, hand: Hand
) -> UInt8[np.ndarray, "n 28 28"]:
    count = len(chosen)
    aspect = np.exp(hand.squeeze(rng, count) / 2)
    slant, turn = rng.normal(hand.slant, hand.slant_sd, count), rng.normal(0, hand.rotation_sd, count)
    cos, sin = np.cos(turn), np.sin(turn)
    # From glyph to picture: squeeze, lean, turn.
    forward = np.stack(
        [
            np.stack([cos * aspect, -(cos * slant + sin) / aspect], axis=1),
            np.stack([sin * aspect, (cos - sin * slant) / aspect], axis=1),
        ],
        axis=1,
    )
    outline = np.einsum("nij,nkj->nki", forward, glyphs.outline[chosen])
    extent = np.ptp(outline, axis=1).max(1)
    box = 20 * np.exp(rng.normal(0, 0.03, count))
    pen = np.exp(rng.normal(np.log(hand.pen_width), hand.pen_width_sd, count)).clip(1, 8)
    # The pen is thinned to a third at most, and thickened by little, or the loops would fill.
    scale = box / extent
    thicker = (pen - glyphs.pen[chosen] * scale) / 2
    thicker = np.clip(thicker, -glyphs.pen[chosen] * scale / 3, 1.0)
    scale = (box - 2 * thicker) / extent
    middle = 14 + rng.uniform(-0.5, 0.5, (count, 2))
    middle -= np.einsum("nij,nj->ni", forward, glyphs.mass[chosen]) * scale[:, None]

    pixels = np.stack(np.meshgrid(np.arange(28), np.arange(28)), axis=2).reshape(1, 784, 2)
    places = (pixels - middle[:, None]) / scale[:, None, None]
    waves = np.sin(
        2
        * np.pi
        * (rng.uniform(0.4, 1.2, (count, 1, 2)) * places[..., ::-1] / _SIDE + rng.random((count, 1, 2)))
    )
    places = places + hand.bend_sd * _SIDE * rng.standard_normal((count, 1, 2)) * waves
    places = np.einsum("nij,nkj->nki", np.linalg.inv(forward), places) + (_FIELD - 1) / 2
    distance = bilinear(glyphs.fields, chosen, places.astype(np.float32)) * scale[:, None]
    softness = hand.ink.softness(rng, count)[:, None]
    ink = np.clip((distance + thicker[:, None]) / softness + 0.5, 0, 1)
    return apply_ink(centre(ink.reshape(count, 28, 28).astype(np.float32)), rng, hand.ink)


def bilinear(
    fields: Float32[np.ndarray, "g s s"],
    chosen: Int64[np.ndarray, " n"],
    places: Float32[np.ndarray, "n k 2"],
) -> Float32[np.ndarray, "n k"]:
    """Read each chosen field at k places (x, y), with straight lines between the middles of its cells."""
    side = fields.shape[1]
    places = places.clip(0, side - 1.001)
    cell = places.astype(np.int64)
    x, y = np.moveaxis(places - cell, 2, 0)
    flat = fields.reshape(-1)
    corner = (chosen[:, None] * side + cell[..., 1]) * side + cell[..., 0]
    above = flat[corner] * (1 - x) + flat[corner + 1] * x
    below = flat[corner + side] * (1 - x) + flat[corner + side + 1] * x
    result: Float32[np.ndarray, "n k"] = (above * (1 - y) + below * y).astype(np.float32)
    return result
