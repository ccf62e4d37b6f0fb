"""`shuzi read`: the numbers in pictures, as text, JSON lines or CSV."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from cyclopts import Parameter
from cyclopts.validators import Number as InRange

from shuzi.errors import PictureError, ShuziError
from shuzi.files import write_whole
from shuzi.pages import open_document
from shuzi.picture import Picture
from shuzi.reading.confidence import THRESHOLD
from shuzi.reading.knowledge import know
from shuzi.reading.output import Page, describe
from shuzi.reading.reader import Reader

Format: TypeAlias = Literal["text", "json", "csv"]
_FORMATS: dict[str, Format] = {".json": "json", ".jsonl": "json", ".ndjson": "json", ".csv": "csv"}
_COLUMNS = ("source", "page", "text", "confidence", "accepted", "x", "y", "width", "height", "error")


def read(
    pictures: list[str],
    /,
    *,
    digits: Annotated[str | None, Parameter(validator=lambda _, value: value and know(digits=value))] = None,
    pattern: Annotated[
        str | None, Parameter(validator=lambda _, value: value and know(pattern=value))
    ] = None,
    check: Annotated[str | None, Parameter(validator=lambda _, value: value and know(check=value))] = None,
    threshold: Annotated[float, Parameter(validator=InRange(gte=0, lte=1))] = THRESHOLD,
    format: Format | None = None,
    annotate: Path | None = None,
    out: Path | None = None,
    weights: str = "champion",
    threads: Annotated[int, Parameter(validator=InRange(gte=1, lte=256))] = 1,
) -> int:
    """Read the numbers in pictures: one digit, or a row of digits that don't touch.

    Of a PDF or a TIFF every page is read. Exits with 0 if all was read, 1 if some pictures couldn't be (the
    others are), 2 for wrong usage.

    Parameters
    ----------
    pictures
        Picture files: PNG, JPEG, WebP, AVIF, TIFF, BMP, GIF or PPM; HEIC and PDF with the
        extra packages shuzi[heic] and shuzi[pdf].
    digits
        How many digits each number has: 6, or 4-6.
    pattern
        A regular expression that each number matches as a whole, such as (19|20)\\d\\d.
    check
        The check digit that each number ends in: a module of python-stdnum, such as luhn.
    threshold
        The confidence from which a number is accepted; below it, a person should look.
    format
        text for people, json for one JSON object a line, csv for one number a line. By default what the name
        after --out ends in says, else text.
    annotate
        Also draw each picture, with what was read, into this folder.
    out
        Write to this file instead of the standard output; it appears when it is complete.
    weights
        The name of shipped weights, or an .onnx file.
    threads
        How many threads the net may use.
    """
    reader = Reader(weights, threads=threads)
    chosen = format or (_FORMATS.get(out.suffix.lower(), "text") if out is not None else "text")
    drawn = _Folder(annotate) if annotate is not None else None

    def read_picture(picture: Picture) -> Page:
        return reader.read(picture, digits=digits, pattern=pattern, check=check, threshold=threshold)

    failed = False
    with _output(out) as write:
        if chosen == "csv":
            write(_csv(_COLUMNS))
        for name in pictures:
            for number, count, page in _read_pages(name, read_picture):
                if isinstance(page, PictureError):
                    failed = True
                    print(f"shuzi: {_printable(str(page))}", file=sys.stderr)
                    write(_failure(name, number, str(page), chosen))
                    continue
                places = [_printable(name)] * (len(pictures) > 1) + [f"page {number}"] * (count > 1)
                write(_success(page, name, chosen, ", ".join(places)))
                if drawn is not None:
                    drawn.add(page, name)
    return 1 if failed else 0


def _read_pages(name: str, read: Callable[[Picture], Page]) -> Iterator[tuple[int, int, Page | PictureError]]:
    """Each page's number, of how many, and what was read on it or why it couldn't be."""
    try:
        document = open_document(name)
    except PictureError as error:
        yield 1, 1, error
        return
    with document:
        for number in range(1, len(document) + 1):
            try:
                page: Page | PictureError = read(document.page(number))
            except PictureError as error:
                page = error
            yield number, len(document), page


def _success(page: Page, name: str, format: Format, place: str) -> str:
    if format == "json":
        return json.dumps(page.to_dict()) + "\n"
    if format == "csv":
        start = (_printable(name), page.page)
        rows = [
            (*start, number.text, round(number.confidence, 6), str(number.accepted).lower(), *number.box, "")
            for number in page.numbers
        ]
        return "".join(map(_csv, rows)) or _csv((*start, *[""] * 8))
    prefix = f"{place}: " if place else ""
    return "".join(f"{prefix}{line}\n" for line in map(describe, page.numbers)) or f"{prefix}no number\n"


def _failure(name: str, number: int, error: str, format: Format) -> str:
    if format == "json":
        empty = {"source": name, "page": number, "width": None, "height": None, "numbers": [], "error": error}
        return json.dumps(empty) + "\n"
    return _csv((_printable(name), number, *[""] * 7, _printable(error))) if format == "csv" else ""


def _csv(row: tuple[object, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(row)
    return line.getvalue()


def _printable(name: str) -> str:
    """A file name may hold bytes that are no text: show them as question marks."""
    return name.encode("utf-8", "replace").decode("utf-8")


class _Folder:
    """The folder for annotated pictures: each is named after its source, and none replaces another."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: set[str] = set()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ShuziError(f"The folder {path} can't be made: {error.strerror}.") from None

    def add(self, page: Page, name: str) -> None:
        file, count = f"{Path(name).stem}-read.png", 1
        while file in self.names:
            count += 1
            file = f"{Path(name).stem}-read-{count}.png"
        self.names.add(file)
        write_whole(self.path / file, page.to_png())


@contextmanager
def _output(out: Path | None) -> Iterator[Callable[[str], object]]:
    """A function that writes text: to the standard output at once, or to a file, when all of it is there."""
    if out is None:
        yield lambda text: print(text, end="", flush=True)
        return
    if out.is_dir() or not out.parent.is_dir():  # say it before hours of reading, not behind them
        raise ShuziError(f"{out} can't be written: name a file in a folder that exists.")
    texts: list[str] = []
    yield texts.append
    write_whole(out, "".join(texts).encode("utf-8"))
