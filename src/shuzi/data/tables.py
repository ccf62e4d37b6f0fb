"""Kaggle's CSV of digits: a line each, ``label,pixel0,...,pixel783``, with or without header and label."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np

from shuzi.data.limits import read_limited
from shuzi.data.parts import Part, make_part
from shuzi.errors import DataError
from shuzi.shapes import UInt8

_PIXELS = 28 * 28
# Kaggle's own columns are pixel0 to pixel783; other copies of the same table say 1x1 to 28x28.
_PIXEL_NAME = re.compile(r"pixel\d{1,3}|\d{1,2}x\d{1,2}")
# 785 names in quotes take some 10 kB.
_LONGEST_HEADER = 1 << 16
_NOT_A_VALUE = re.compile(rb"[^0-9,\r\n\" ]")


def read_csv(path: Path) -> dict[str, Part]:
    """The part ``all`` of a table (also .gz): 784 pixels 0..255 a line, row by row, the label 0..9 before.

    A first line that isn't numbers is a header: its columns must be ``label`` (may be left out) and 784
    pixels, named pixel0... or 1x1.... Without a label column the part's labels are None. Raises DataError
    where a line has another number of values or a value is out of range.
    """
    content = read_limited(path).removeprefix(b"\xef\xbb\xbf")  # a byte order mark, as Excel writes
    first, _, rest = content.partition(b"\n")
    if len(first) > _LONGEST_HEADER:
        raise DataError(f"{path} is not a table of digits: its first line has {len(first):,} characters.")
    columns = [column.strip(' "\r') for column in first.decode("ascii", "replace").split(",")]
    body = content if columns[0].isdecimal() else rest
    if not body.strip():
        raise DataError(f"{path} holds no digits; each line should hold a label and 784 pixels.")
    labelled = len(columns) == _PIXELS + 1
    if len(columns) not in (_PIXELS, _PIXELS + 1):
        raise DataError(f"{path} has {len(columns)} columns; a label and 784 pixels are read, or 784 pixels.")
    if body is rest:
        pixels = columns[1:] if labelled else columns
        if labelled and columns[0].lower() != "label":
            raise DataError(f"{path} has {columns[0]!r} as its first column; it should be label.")
        if not all(_PIXEL_NAME.fullmatch(name) for name in pixels):
            raise DataError(f"{path} has columns that are not pixels; they should be pixel0 to pixel783.")
    values = _values(body, len(columns), path)
    if labelled:
        return {"all": make_part(values[:, 1:], values[:, 0], str(path))}
    return {"all": make_part(values, None, str(path))}


def _values(body: bytes, width: int, path: Path) -> UInt8[np.ndarray, "n width"]:
    odd = _NOT_A_VALUE.search(body)
    if odd:
        line = body.count(b"\n", 0, odd.start()) + 1
        raise DataError(f"{path} has something that is not a whole number 0 to 255 in data line {line}.")
    try:
        values = np.loadtxt(
            io.BytesIO(body), np.uint8, delimiter=",", comments=None, quotechar='"', ndmin=2, encoding="ascii"
        )
    except (ValueError, OverflowError) as error:
        # numpy names the row and column; its sentence is kept, its advice on usecols isn't.
        reason = str(error).split(";")[0].rstrip(".")
        raise DataError(f"{path} can't be read as numbers 0 to 255: {reason}.") from error
    if values.shape[1] != width:
        raise DataError(
            f"{path} has {values.shape[1]} values in a line but {width} columns in its first line."
        )
    return values
