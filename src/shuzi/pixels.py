"""A PIL image, decoded -> upright, opaque RGB pixels, not more than reading needs."""

from __future__ import annotations

import math
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image

from shuzi.errors import PictureError
from shuzi.shapes import Shaped, UInt8

WORKING_PIXELS = 2_000_000
_COLOUR_SAMPLES = 10_000  # pixels that a transparent picture's paper is chosen by

_ORIENTATION = 0x0112  # the EXIF tag; its values 2 to 8 say how to turn the picture upright
_TURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SWAPPING = [_TURN[value] for value in (5, 6, 7, 8)]  # those that make the width the height
_WARNINGS = threading.Lock()


def decode(image: Image.Image, *, ours: bool) -> tuple[UInt8[np.ndarray, "h w 3"], tuple[int, int]]:
    """The pixels of an image, and the width and height that it is displayed with, which may be larger.

    Pixels are as displayed, turned as EXIF says and on paper where transparent; there are at most
    `WORKING_PIXELS`. An image that is not `ours`, but a caller's, is left as it was. Raises whatever a
    damaged file makes Pillow stumble over.
    """
    size = image.size
    shrink = min(1.0, math.sqrt(WORKING_PIXELS / (image.width * image.height)))
    drafted = ours and shrink < 1 and image.format in ("JPEG", "MPO")
    if drafted:
        # JPEG can be decoded at a half, a quarter or an eighth of its size: fast, and in little memory.
        # This changes the image object, so a caller's own is left alone.
        image.draft(None, (math.ceil(image.width * shrink), math.ceil(image.height * shrink)))
    image.load()
    if not drafted:
        size = image.size  # Pillow turns some TIFFs upright itself, when loading
    with quiet():
        turn = _TURN.get(image.getexif().get(_ORIENTATION, 1))
    opaque = _on_paper(_shrunk(_plain(image)))
    if turn is not None:
        opaque = opaque.transpose(turn)
    width, height = reversed(size) if turn in _SWAPPING else size
    return _rgb(opaque), (width, height)


def _plain(image: Image.Image) -> Image.Image:
    """One of the modes L, RGB, RGBA, CMYK: those that can be resized and composited."""
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(eight_bit(np.asarray(image)))
    if image.mode in ("LA", "La", "PA", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB", "RGBA", "CMYK") else image.convert("RGB")


def _shrunk(image: Image.Image) -> Image.Image:
    shrink = math.sqrt(WORKING_PIXELS / (image.width * image.height))
    if shrink >= 1:
        return image
    size = (max(1, int(image.width * shrink)), max(1, int(image.height * shrink)))
    return image.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def _on_paper(image: Image.Image) -> Image.Image:
    """Opaque, with transparent parts laid on a paper that the ink stands out from."""
    if image.mode != "RGBA" or np.asarray(image.getchannel("A")).min() == 255:
        return image
    paper = Image.new("RGBA", image.size, (*_paper_colour(np.asarray(image)), 255))
    return Image.alpha_composite(paper, image)


def _rgb(image: Image.Image) -> UInt8[np.ndarray, "h w 3"]:
    """The colours of an opaque image. A grey one's three are the same memory, of which less is looked at."""
    colours = np.asarray(image if image.mode in ("L", "RGB") else image.convert("RGB"))
    if colours.ndim == 3:
        red, green, blue = (colours[..., channel] for channel in range(3))
        if not ((red == green).all() and (red == blue).all()):
            return colours
        colours = red.copy()
    return np.broadcast_to(colours[..., None], (*colours.shape, 3))


def _paper_colour(rgba: UInt8[np.ndarray, "h w 4"]) -> tuple[int, int, int]:
    step = max(1, math.isqrt(rgba.shape[0] * rgba.shape[1] // _COLOUR_SAMPLES))
    rgba = rgba[::step, ::step]
    visible = rgba[..., 3] > 127
    if not visible.any():
        return (255, 255, 255)
    colours = rgba[visible][:, :3]
    rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
    box = visible[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    # What is visible may be ink alone, or a piece of paper with ink on it: that fills its box.
    if box.mean() > 0.9 and np.ptp(np.percentile(colours.mean(axis=1), (1, 99))) > 64:
        red, green, blue = (int(value) for value in np.median(colours, axis=0))
        return (red, green, blue)
    return (255, 255, 255) if colours.mean() < 128 else (0, 0, 0)


def eight_bit(array: Shaped[np.ndarray, ...]) -> UInt8[np.ndarray, ...]:
    """Grey values of any number type -> uint8, keeping as much of their contrast as fits."""
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind not in "iuf":
        raise PictureError(f"A picture is made of numbers, not of {array.dtype}: convert it to uint8.")
    low, high = array.min(), array.max()
    if not (np.isfinite(low) and np.isfinite(high)):
        raise PictureError("This picture holds NaN or infinite values: replace them before reading.")
    if low < 0 or (array.dtype.kind == "f" and high > 255):
        raise PictureError(
            f"This picture's values go from {low:g} to {high:g}: give 0..1 as float, or 0..255 as uint8."
        )
    if array.dtype.kind == "f":
        return np.rint(array * (255.0 if high <= 1 else 1.0)).astype(np.uint8)
    # 16-bit files often hold 10 or 12 bits: drop only as many low bits as don't fit.
    return (array >> max(0, int(high).bit_length() - 8)).astype(np.uint8)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep Pillow's warnings about odd files off the user's screen: what matters is raised or refused.

    The list of warning filters belongs to the whole process, so only one thread at a time changes it.
    """
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
