"""The only door for pictures from outside: bytes, a file, a PIL image or an array -> `Picture`.

What comes through is untrusted. Its size is checked before anything is decoded, only the formats named
here are decoded, and what leaves is small: at most `WORKING_PIXELS` upright, opaque RGB pixels.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from PIL import Image, features

from shuzi.errors import FormatError, PictureError, TooLargeError
from shuzi.heif import is_heic, open_heic
from shuzi.pixels import decode, eight_bit, quiet
from shuzi.shapes import Shaped, UInt8

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", *(["AVIF"] if features.check("avif") else []), "PPM")
"""What Pillow reads by itself, as it names them, AVIF since Pillow 11.3; HEIC is read by a package of its own
(`shuzi.heif`)."""
MAX_BYTES = 100 * 2**20
MAX_PIXELS = 64_000_000  # a 48-megapixel phone's photo, or an A4 page at 800 dots per inch
MAX_SIDE = 30_000
MIN_SIDE = 8  # of the longer side: a digit in fewer pixels can't be told from another


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
        with quiet():
            image = open_heic(data, name) if is_heic(data) else Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise TooLargeError(
            f"{name} unpacks to more than {MAX_PIXELS // 10**6} million pixels: save it smaller."
        ) from None
    except PictureError:
        raise
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
        with quiet():
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
    pixels = eight_bit(array)
    grey = array.ndim == 3 and channels == 1
    return _from_image(Image.fromarray(pixels[..., 0] if grey else pixels), None, ours=True)


def load_image(image: Image.Image, source: str | None) -> Picture:
    """The `Picture` in an image that `open_image` gave, which may be used for this only."""
    return _from_image(image, source, ours=True)


def _from_image(image: Image.Image, source: str | None, *, ours: bool) -> Picture:
    name = "This picture" if source is None else source
    _check_size(image.width, image.height, name)
    try:
        pixels, (width, height) = decode(image, ours=ours)
    except PictureError:
        raise
    except Exception as error:  # as above: decoders of damaged data raise anything
        raise PictureError(f"{name} is damaged and can't be decoded ({error}): save it again.") from None
    return Picture(pixels, width, height, source)


def _check_size(width: int, height: int, name: str) -> None:
    size = f"{width} x {height} pixels"
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise TooLargeError(
            f"{name} is {size}, more than {MAX_SIDE:,} a side or {MAX_PIXELS // 10**6} million in all:"
            " save it smaller."
        )
    if max(width, height) < MIN_SIDE or min(width, height) < 1:
        raise PictureError(f"{name} is {size}, too small to hold a digit: it needs at least {MIN_SIDE}.")
