"""Photographs as phones keep them, HEIC: opened by pi-heif, a package of its own (`shuzi[heic]`)."""

from __future__ import annotations

import io

from PIL import Image

from shuzi.errors import PictureError

# ISO/IEC 23008-12: brands of files whose pictures are coded by HEVC; AVIF's are made the same way.
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF = {b"avif", b"avis"}
_MOST_BRANDS = 64


def is_heic(data: bytes) -> bool:
    """Whether a file's bytes begin as those of HEIC do."""
    if data[4:8] != b"ftyp":
        return False
    size = min(int.from_bytes(data[:4], "big"), 4 * _MOST_BRANDS, len(data))
    # The one that it is, its version, and those that it is compatible with.
    brands = {data[start : start + 4] for start in (8, *range(16, size - 3, 4))}
    return bool(brands & _HEIC) and not brands & _AVIF


def open_heic(data: bytes, name: str) -> Image.Image:
    """The image in these bytes, not decoded yet: upright, of 8 bits. Raises what pi-heif stumbles over, and
    `PictureError` where that isn't installed."""
    try:
        from pi_heif import HeifImageFile
    except ModuleNotFoundError:
        raise PictureError(
            f"{name} is a HEIC photograph, which needs one more package: install it with"
            ' `pip install "shuzi[heic]"`, or save it as JPEG.'
        ) from None
    image: Image.Image = HeifImageFile(io.BytesIO(data))
    return image
