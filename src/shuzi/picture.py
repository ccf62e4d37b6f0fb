"""The only door for pictures from outside: bytes, a file, a PIL image or an array -> `Picture`.

What comes through is untrusted. Its size is checked before anything is decoded, only the formats named
here are decoded, and what leaves is small: at most `WORKING_PIXELS` upright, opaque RGB pixels.
"""

from __future__ import annotations

import io
import math
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from PIL import Image

from shuzi.errors import FormatError, PictureError, TooLargeError
from shuzi.shapes import Shaped, UInt8

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")
MAX_BYTES = 100 * 2**20
MAX_PIXELS = 64_000_000  # a 48-megapixel phone's photo, or an A4 page at 800 dots per inch
MAX_SIDE = 30_000
MIN_SIDE = 8  # of the longer side: a digit in fewer pixels can't be told from another
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


@runtime_checkable
class Readable(Protocol):
    """A binary file object."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture ready to be read.

    `pixels` is RGB, (h, w, 3) uint8, read-only, as displayed: upright and on its paper. `width` and
    `height` are the displayed size in pixels; `pixels` may be smaller, when the picture holds more than
    `WORKING_PIXELS`. `source` is the file's name where there is one; `page` counts from 1.
    """

    pixels: UInt8[np.ndarray, "h w 3"]
    width: int
    height: int
    source: str | None = None
    page: int = 1


FileSource: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | Readable
PictureSource: TypeAlias = FileSource | Image.Image | np.ndarray | Picture


def open_picture(picture: object) -> Picture:
    """Any picture -> `Picture`; one that was opened before is returned as it is.

    `picture`: a path; the bytes of an image file (or a binary file object); a PIL image; or an array
    (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) of integers, booleans, or floats in 0..1 or 0..255.
    EXIF orientation is applied. Transparent parts become paper, light or dark, whichever the ink stands
    out from. Of an animation the first frame is read; a TIFF of several pages is refused, and so is a PDF
    (`shuzi.pages` opens both).

    Raises `PictureError` if it is no picture, is damaged, or is too large or too small.
    """
    if isinstance(picture, Picture):
        return picture
    if isinstance(picture, Image.Image):
        return _from_image(picture, None, ours=False)
    if isinstance(picture, (str, os.PathLike, bytes, bytearray, memoryview, Readable)):
        return _from_bytes(*file_bytes(picture))
    if isinstance(picture, np.ndarray) or hasattr(picture, "__array__"):
        return _from_array(np.asarray(picture))
    raise PictureError(
        f"A picture is a path, bytes, a binary file, a PIL image or an array, not {type(picture).__name__}."
    )


def file_bytes(file: FileSource) -> tuple[bytes, str | None]:
    """What a path, bytes or a binary file hold, at most one byte more than is read, and the file's name."""
    if isinstance(file, (str, os.PathLike)):
        path = os.fspath(file)
        return _read_file(path), path
    if isinstance(file, (bytes, bytearray, memoryview)):
        return bytes(file), None
    name = getattr(file, "name", None)
    return _read_limited(file, "This file"), name if isinstance(name, str) else None


def open_image(data: bytes, source: str | None = None) -> Image.Image:
    """An image file's bytes -> a PIL image whose format and size are checked, and which isn't decoded yet.

    Raises `PictureError`, `TooLargeError` or `FormatError`, as `open_picture` does.
    """
    name = "This picture" if source is None else source
    if not data:
        raise PictureError(f"{name} is empty: it holds no picture.")
    if len(data) > MAX_BYTES:
        raise TooLargeError(f"{name} is over {MAX_BYTES >> 20} MiB: save it smaller, or as JPEG.")
    try:
        with _quiet():
            image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise TooLargeError(
            f"{name} unpacks to more than {MAX_PIXELS // 10**6} million pixels: save it smaller."
        ) from None
    except Exception:  # Pillow's readers raise whatever a damaged file makes them stumble over
        formats = f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
        raise FormatError(f"{name} is not a picture that can be read: save it as {formats}.") from None
    _check_size(image.width, image.height, name)
    return image


def _read_file(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return _read_limited(file, path)
    except FileNotFoundError:
        raise PictureError(f"There is no file {path!r}: check its name and folder.") from None
    except IsADirectoryError:
        raise PictureError(f"{path!r} is a folder: name the pictures in it, as in {path}/*.png.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the name
        reason = getattr(error, "strerror", None) or error
        raise PictureError(f"{path!r} can't be opened: {reason}.") from None


def _read_limited(file: Readable, name: str) -> bytes:
    # One byte more than allowed tells a file that is too large from one that just fits, without reading on.
    data = file.read(MAX_BYTES + 1)
    if not isinstance(data, bytes):
        raise PictureError(f"{name} gives text, not bytes: open it in binary mode ('rb').")
    return data


def _from_bytes(data: bytes, source: str | None) -> Picture:
    with open_image(data, source) as image:
        if image.format == "TIFF" and _count_pages(image) > 1:
            name = "This picture" if source is None else source
            raise PictureError(f"{name} holds several pages: save the page that you mean as a picture.")
        return _from_image(image, source, ours=True)


def _count_pages(image: Image.Image) -> int:
    try:
        with _quiet():
            return int(getattr(image, "n_frames", 1))
    except Exception:  # as above; the first page may be whole all the same
        return 1


def _from_array(array: Shaped[np.ndarray, ...]) -> Picture:
    channels = array.shape[2] if array.ndim == 3 else 1
    if array.ndim not in (2, 3) or channels not in (1, 3, 4):
        raise PictureError(
            f"An array picture has shape (H, W), (H, W, 3) or (H, W, 4), not {tuple(array.shape)}:"
            " pass one picture, channels last."
        )
    _check_size(array.shape[1], array.shape[0], "This array")
    pixels = _eight_bit(array)
    grey = array.ndim == 3 and channels == 1
    return _from_image(Image.fromarray(pixels[..., 0] if grey else pixels), None, ours=True)


def _eight_bit(array: Shaped[np.ndarray, ...]) -> UInt8[np.ndarray, ...]:
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


def load_image(image: Image.Image, source: str | None) -> Picture:
    """The `Picture` in an image that `open_image` gave, which may be used for this only."""
    return _from_image(image, source, ours=True)


def _from_image(image: Image.Image, source: str | None, *, ours: bool) -> Picture:
    name = "This picture" if source is None else source
    _check_size(image.width, image.height, name)
    try:
        return _decode(image, source, ours)
    except PictureError:
        raise
    except Exception as error:  # as above: decoders of damaged data raise anything
        raise PictureError(f"{name} is damaged and can't be decoded ({error}): save it again.") from None


def _check_size(width: int, height: int, name: str) -> None:
    size = f"{width} x {height} pixels"
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise TooLargeError(
            f"{name} is {size}, more than {MAX_SIDE:,} a side or {MAX_PIXELS // 10**6} million in all:"
            " save it smaller."
        )
    if max(width, height) < MIN_SIDE or min(width, height) < 1:
        raise PictureError(f"{name} is {size}, too small to hold a digit: it needs at least {MIN_SIDE}.")


def _decode(image: Image.Image, source: str | None, ours: bool) -> Picture:
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
    with _quiet():
        turn = _TURN.get(image.getexif().get(_ORIENTATION, 1))
    opaque = _on_paper(_shrunk(_plain(image)))
    if turn is not None:
        opaque = opaque.transpose(turn)
    width, height = reversed(size) if turn in _SWAPPING else size
    return Picture(_rgb(opaque), width, height, source)


def _plain(image: Image.Image) -> Image.Image:
    """One of the modes L, RGB, RGBA, CMYK: those that can be resized and composited."""
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_eight_bit(np.asarray(image)))
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
    colours = image.convert("RGB") if image.mode == "CMYK" else image
    first, *others = colours.split()[:3]
    if all(other == first for other in others):
        grey = np.asarray(first)
        return np.broadcast_to(grey[..., None], (*grey.shape, 3))
    return np.asarray(colours.convert("RGB"))


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


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Pillow's warnings about odd files off the user's screen: what matters is raised or refused.

    The list of warning filters belongs to the whole process, so only one thread at a time changes it.
    """
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
