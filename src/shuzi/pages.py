"""Files of several pages, PDF and TIFF: each page comes through `picture.py`, one at a time.

>>> with open_document("scan.pdf") as document:  # doctest: +SKIP
...     texts = [str(shuzi.read(picture)) for picture in document]
"""

from __future__ import annotations

import dataclasses
import math
import threading
from collections.abc import Callable, Iterator
from functools import cache
from types import TracebackType
from typing import Any

from PIL import Image

from shuzi.errors import PictureError, TooLargeError
from shuzi.picture import (
    MAX_BYTES,
    MAX_PIXELS,
    FileSource,
    Picture,
    file_bytes,
    load_image,
    open_image,
    open_picture,
)
from shuzi.pixels import WORKING_PIXELS, quiet

MAX_PAGES = 1000
PDF_DPI = 200  # dots per inch: what a page of a PDF, which has no pixels of its own, is displayed at
_PDF = b"%PDF-"
_PDF_WITHIN = 1024  # bytes: readers of PDF allow as much before its mark
_PDFIUM = threading.Lock()  # pdfium may be used by one thread at a time


class Document:
    """The pages of a file; `len` is how many, iterating gives their pictures. Close it, or use `with`."""

    def __init__(
        self, source: str | None, count: int, picture: Callable[[int], Picture], close: Callable[[], Any]
    ) -> None:
        self.source = source
        self._count, self._picture, self._close = count, picture, close

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Picture]:
        return (self.page(number) for number in range(1, self._count + 1))

    def page(self, number: int) -> Picture:
        """The picture of a page, counted from 1; `PictureError` if it can't be used, though others may."""
        try:
            picture = self._picture(number)
        except PictureError as error:
            if self._count == 1:
                raise
            name = "" if self.source is None else f"{self.source}, "
            raise type(error)(f"{name}page {number}: {error}") from None
        return dataclasses.replace(picture, source=self.source, page=number)

    def close(self) -> None:
        """Free the file's memory."""
        self._close()

    def __enter__(self) -> Document:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_document(
    file: FileSource, *, most_pages: int = MAX_PAGES, most_pixels: int = MAX_PIXELS
) -> Document:
    """Open a picture file of any kind that is read, or a PDF: a path, bytes or a binary file.

    `most_pixels` limits each page of a picture file. Raises `PictureError`, and its kinds `TooLargeError` and
    `FormatError`; a page that is damaged raises only when it is asked for.
    """
    data, source = file_bytes(file)
    if _PDF in data[:_PDF_WITHIN] and len(data) <= MAX_BYTES:
        return _open_pdf(data, source, most_pages)
    image = open_image(data, source)
    name = "This picture" if source is None else source
    if image.width * image.height > most_pixels:
        raise TooLargeError(
            f"{name} is {image.width} x {image.height} pixels, more than {most_pixels:,}: save it smaller."
        )
    if image.format == "TIFF":
        return _open_tiff(image, name, source, most_pages, most_pixels)
    picture = cache(lambda number: load_image(image, source))
    return Document(source, 1, picture, image.close)


def _open_tiff(
    image: Image.Image, name: str, source: str | None, most_pages: int, most_pixels: int
) -> Document:
    # Not n_frames: that walks through the whole file, however many pages it claims to have.
    for count in range(1, most_pages + 1):
        try:
            with quiet():
                image.seek(count)
        except EOFError:
            break
        except Exception:  # Pillow raises whatever a damaged file makes it stumble over
            count += 1  # a page that can't be opened: it says so when it is asked for
            break
    else:
        raise TooLargeError(f"{name} has more than {most_pages} pages: split it.")

    def picture(number: int) -> Picture:
        try:
            with quiet():
                image.seek(number - 1)
        except Exception as error:  # as above
            raise PictureError(f"it is damaged ({error}): save the file again.") from None
        if image.width * image.height > most_pixels:
            raise TooLargeError(f"it has more than {most_pixels:,} pixels: save it smaller.")
        return open_picture(image)

    return Document(source, count, picture, image.close)


def _open_pdf(data: bytes, source: str | None, most_pages: int) -> Document:
    name = "This PDF" if source is None else source
    try:
        import pypdfium2
    except ModuleNotFoundError:
        raise PictureError(
            f'{name} is a PDF, which needs one more package: install it with `pip install "shuzi[pdf]"`.'
        ) from None
    try:
        with _PDFIUM:
            pdf = pypdfium2.PdfDocument(data)
            count = len(pdf)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        cure = "is locked by a password: save it without" if locked else "is damaged: save it again"
        raise PictureError(f"{name} {cure}.") from None
    if count > most_pages:
        raise TooLargeError(f"{name} has {count} pages, more than {most_pages}: split it.")
    if count == 0:
        raise PictureError(f"{name} has no pages: save it again.")

    def picture(number: int) -> Picture:
        try:
            with _PDFIUM:
                page = pdf[number - 1]
                points = page.get_size()
                width, height = (max(1, round(length / 72 * PDF_DPI)) for length in points)
                fit = min(1.0, math.sqrt(WORKING_PIXELS / (width * height)))
                bitmap = page.render(scale=fit * PDF_DPI / 72)
                pixels = bitmap.to_numpy()[..., 2::-1].copy()  # pdfium gives blue, green, red
                bitmap.close()
                page.close()
        except pypdfium2.PdfiumError:
            raise PictureError("it is damaged: save the file again.") from None
        return dataclasses.replace(open_picture(pixels), width=width, height=height)

    def close() -> None:
        with _PDFIUM:
            pdf.close()

    return Document(source, count, picture, close)
