"""Colours and uneven light -> one evenly lit grey picture."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from shuzi.reading.ranks import median
from shuzi.shapes import Float, Float32, UInt8

_FLAT_FIELD_SIDE = 24  # pixels: in a smaller picture a gradient can't be told from a stroke
_SAMPLES = 2048  # pixels, at most, that the light is estimated from
_ROUNDS = 4  # of reweighting; the surface has settled by then
_TUKEY = 4.685  # Tukey's biweight: residuals beyond this many standard deviations don't count
_NEVER_SINGULAR = 1e-6 * np.eye(6)
_SMALLEST_SCALE = 2.0  # grey levels; a drawn picture has no noise at all


def brightness(pixels: UInt8[np.ndarray, "h w 3"]) -> Float32[np.ndarray, "h w"]:
    """How bright each pixel is, 0..255: of light, where `to_grey` is of ink. Green counts twice."""
    red, green, blue = (pixels[..., channel].astype(np.float32) for channel in range(3))
    return (red + 2 * green + blue) * np.float32(0.25)


def to_grey(pixels: UInt8[np.ndarray, "h w 3"]) -> Float32[np.ndarray, "h w"]:
    """Project the colours on the axis along which the details of this picture differ most, 0..255.

    That is plain lightness for black on white, but it also tells yellow from white and red from green.
    """
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    if (red == green).all() and (green == blue).all():
        return red.astype(np.float32)
    image = Image.fromarray(pixels)
    image.thumbnail((256, 256), Image.Resampling.BOX)
    # Without the smooth part: what differs slowly is light, not ink.
    smooth = image.filter(ImageFilter.BoxBlur(max(image.size) / 8))
    detail = np.subtract(np.asarray(image), np.asarray(smooth), dtype=np.int16).reshape(-1, 3)
    channels = detail.T.astype(np.float64, "C")
    # einsum and not @, here and below: BLAS would take longer to wake its threads than this lasts.
    axis = np.linalg.eigh(np.einsum("in,jn->ij", channels, channels))[1][:, -1]
    weights = (axis / np.abs(axis).sum() * (1 if axis.sum() >= 0 else -1)).astype(np.float32)
    grey = weights[0] * red + weights[1] * green + weights[2] * blue
    # An axis may run against a colour.
    return np.asarray(grey - 255 * weights.clip(max=0).sum(), np.float32)


def flatten(grey: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, "h w"]:
    """Take out uneven light: the smooth surface, quadratic in x and y, that most of the picture lies on.

    The fit is robust, so ink, which is the smaller part, doesn't bend the surface. A drawing, most of whose
    pixels have one and the same value, is left as it is: its surface is that value.
    """
    height, width = grey.shape
    if min(height, width) < _FLAT_FIELD_SIDE:
        return grey
    step = int(np.ceil(np.sqrt(height * width / _SAMPLES)))
    sample = grey[::step, ::step].ravel()
    if 2 * np.count_nonzero(sample == sample[0]) > len(sample):
        return grey
    values = sample.astype(np.float64)
    middle = median(values)
    if 2 * np.count_nonzero(values == middle) > len(values):
        return grey
    x, y = np.linspace(-1, 1, width), np.linspace(-1, 1, height)
    terms = _terms(x[None, ::step], y[::step, None]).reshape(6, -1)
    residual = values - middle
    for _ in range(_ROUNDS):
        scale = max(_SMALLEST_SCALE, 1.4826 * median(np.abs(residual)))
        weight = (1 - np.minimum((residual / (_TUKEY * scale)) ** 2, 1)) ** 2
        weighted = terms * weight
        normal = np.einsum("in,jn->ij", weighted, terms) + _NEVER_SINGULAR
        c = np.linalg.solve(normal, np.einsum("in,n->i", weighted, values))
        residual = values - np.einsum("in,i->n", terms, c)
    slope = (c[1] + c[3] * x) * x + (c[4] * x[None] + (c[2] + c[5] * y)[:, None]) * y[:, None]
    return np.asarray(grey - slope, np.float32)


def _terms(x: Float[np.ndarray, "1 w"], y: Float[np.ndarray, "h 1"]) -> Float[np.ndarray, "6 h w"]:
    one, x, y = np.ones_like(x * y), x + 0 * y, y + 0 * x
    return np.stack([one, x, y, x * x, x * y, y * y])
