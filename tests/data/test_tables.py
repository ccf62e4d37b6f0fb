import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzi.data.tables import read_csv
from shuzi.errors import DataError

IMAGES = (np.arange(3 * 784) % 256).astype(np.uint8).reshape(3, 28, 28)
LABELS = [7, 0, 9]
HEADER = ["label", *(f"pixel{k}" for k in range(784))]
ROWS = [[label, *image.ravel().tolist()] for label, image in zip(LABELS, IMAGES, strict=True)]


def text(*lines, end="\n"):
    return "".join(",".join(map(str, line)) + end for line in lines)


def read(tmp_path, content):
    path = tmp_path / "digits.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_csv(path)["all"]


@pytest.mark.parametrize(
    "content",
    [
        text(HEADER, *ROWS),
        text(*ROWS),
        text(HEADER, *ROWS, end="\r\n"),
        text(HEADER, *ROWS).rstrip("\n"),
        "\ufeff" + text(HEADER, *ROWS),
        text([f'"{name}"' for name in HEADER], *([f'"{value}"' for value in row] for row in ROWS)),
        text(["label", *(f"{y}x{x}" for y in range(1, 29) for x in range(1, 29))], *ROWS),
        gzip.compress(text(HEADER, *ROWS).encode()),
    ],
    ids=["kaggle", "no header", "windows", "no last line end", "excel", "quoted", "1x1", "gz"],
)
def test_labelled_table(tmp_path, content):
    part = read(tmp_path, content)
    assert np.array_equal(part.images, IMAGES)
    assert part.labels.tolist() == LABELS


@pytest.mark.parametrize("lines", [[HEADER[1:], *(row[1:] for row in ROWS)], [row[1:] for row in ROWS]])
def test_table_without_labels(tmp_path, lines):
    part = read(tmp_path, text(*lines))
    assert np.array_equal(part.images, IMAGES)
    assert part.labels is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no digits"),
        ("\n\n", "holds no digits"),
        (text(HEADER), "holds no digits"),
        (text(HEADER[1:], ROWS[0][:-2]), "783 values in a line but 784 columns"),
        (text(HEADER[:-1], ROWS[0][:-1]), "columns that are not pixels"),
        (text(HEADER[:-2], *ROWS), "has 783 columns"),
        (text(["x", *HEADER], *ROWS), "has 786 columns"),
        (text(["digit", *HEADER[1:]], *ROWS), "'digit' as its first column; it should be label"),
        (text([*HEADER[:-1], "writer"], *ROWS), "columns that are not pixels"),
        (text(HEADER, ROWS[0], ROWS[1][:-1]), "number of columns changed"),
        (text(HEADER, ROWS[0], [*ROWS[1], 4]), "number of columns changed"),
        (text(HEADER, *(row[1:] for row in ROWS)), "784 values in a line but 785 columns"),
        (text(HEADER, [*ROWS[0][:-1], 256]), "'256'.* row 0, column 785"),
        (text(HEADER, ROWS[0], [*ROWS[0][:-1], -1]), "data line 2"),
        (text(HEADER, [*ROWS[0][:-1], 0.5]), "data line 1"),
        (text(HEADER, [*ROWS[0][:-1], "nan"]), "data line 1"),
        (text(HEADER, [*ROWS[0][:-1], "1_0"]), "data line 1"),
        (text(HEADER, [*ROWS[0][:-1], "٣"]), "data line 1"),
        (text(HEADER, [*ROWS[0][:-1], ""]), "can't be read as numbers"),
        (text(HEADER, [10, *ROWS[0][1:]]), "the label 10 at position 0"),
        ("x" * 100_000, "first line has 100,000 characters"),
        (gzip.compress(text(HEADER, *ROWS).encode())[:-20], "cut short"),
        (b"\0\0\x08\x03" + bytes(500), "holds no digits"),
    ],
)
def test_damage_is_named(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        read(tmp_path, content)


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=100) | st.text('0123456789,\n" .-e', max_size=60).map(str.encode))
def test_random_lines_below_a_header_are_refused(tmp_path_factory, body):
    with pytest.raises(DataError):
        read(tmp_path_factory.mktemp("csv"), text(HEADER).encode() + body)
