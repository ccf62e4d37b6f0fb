"""A user's own labelled pictures of numbers: a table of files and of what is written in them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shuzi.data.limits import read_limited
from shuzi.errors import DataError

TABLE = "labels.csv"  # in a folder
_MOST_BYTES = 16 << 20
_FILE = ("file", "filename", "path", "picture", "image")
_LABEL = ("label", "text", "number", "digits")
_GROUP = ("group", "writer")


@dataclass(frozen=True)
class Labelled:
    """A picture's path, its digits in reading order, and who wrote it or where it comes from, if known."""

    path: Path
    digits: str
    group: str = ""


def read_labels(path: Path) -> list[Labelled]:
    """The pictures that a CSV file lists, or `labels.csv` in a folder; its paths start from its own folder.

    A folder without one may have folders in it that are named by the digits of the pictures in them, as the
    page of `shuzi serve` exports corrections.

    One column is called file (or filename, path, picture, image), one label (or text, number, digits), and
    one may be called group or writer. Columns are parted by commas, semicolons or tabs. Of a label only the
    digits 0 to 9 count; rows without any are left out. Raises `DataError` where the table can't be used.
    """
    table = path / TABLE if path.is_dir() else path
    if path.is_dir() and not table.is_file():
        by_folder = sorted(path.glob("[0-9]*/*.*"))
        if not by_folder:
            raise DataError(f"{path} holds no {TABLE}: write one with the columns file and label.")
        return [Labelled(file, file.parent.name) for file in by_folder if file.parent.name.isdecimal()]
    try:
        content = read_limited(table, _MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(f"{table} is not text in UTF-8: save it as CSV in UTF-8.") from None
    first = content.partition("\n")[0]
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        return _pictures(table, next(rows, []), list(rows))
    except csv.Error as error:
        raise DataError(f"{table} can't be read as CSV ({error}): save it again.") from None


def split_off(pictures: list[Labelled], share: float, seed: int = 0) -> tuple[list[Labelled], list[Labelled]]:
    """Part pictures by chance into those to learn from and a share, at least one, to be held out.

    Pictures of one group stay together. Raises `DataError` where nothing would be left to learn from.
    """
    groups: dict[str, list[Labelled]] = {}
    for number, picture in enumerate(pictures):
        groups.setdefault(picture.group or f"\0{number}", []).append(picture)
    if len(groups) < 2:
        raise DataError("All pictures are of one group, so none can be held out: label some of another.")
    held_out: list[Labelled] = []
    order = np.random.default_rng(seed).permutation(len(groups))
    members = [list(groups.values())[index] for index in order]
    while len(members) > 1 and len(held_out) + len(members[-1]) / 2 <= share * len(pictures):
        held_out += members.pop()
    if not held_out:
        held_out = members.pop(int(np.argmin([len(group) for group in members])))
    return [picture for group in members for picture in group], held_out


def _pictures(table: Path, header: list[str], rows: list[list[str]]) -> list[Labelled]:
    names = [name.strip().lower() for name in header]
    file, label = _column(names, _FILE), _column(names, _LABEL)
    group = _column(names, _GROUP)
    if file is None or label is None:
        raise DataError(f"{table} has no columns file and label: name them so in its first line.")
    found = []
    for row in rows:
        if len(row) <= max(file, label) or not row[file].strip():
            continue
        digits = "".join(character for character in row[label] if character in "0123456789")
        if digits:
            whose = row[group].strip() if group is not None and len(row) > group else ""
            found.append(Labelled(table.parent / row[file].strip(), digits, whose))
    if not found:
        raise DataError(f"{table} labels no picture with digits: write a file and its digits in each line.")
    return found


def _column(names: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)
