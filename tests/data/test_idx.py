import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from shuzi.data.idx import labels_path, parse_idx, parse_images, parse_labels
from shuzi.errors import DataError


def idx_bytes(array):
    """``array`` (uint8) in the IDX format."""
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


@settings(deadline=None)  # the machine may be busy
@given(npst.arrays(np.uint8, npst.array_shapes(max_dims=4, min_side=0, max_side=6)))
def test_what_is_written_is_read(array):
    read = parse_idx(idx_bytes(array))
    assert read.shape == array.shape
    assert np.array_equal(read, array)
    assert not read.flags.writeable


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=64) | st.binary(max_size=40).map(lambda tail: b"\0\0\x08" + tail))
def test_random_bytes_are_read_or_refused(content):
    try:
        read = parse_idx(content)
    except DataError:
        return
    assert idx_bytes(read) == content


@settings(deadline=None)  # the machine may be busy
@given(st.integers(0, 4 * 4 + 5 * 28 * 28), st.integers(0, 255))
def test_a_changed_byte_never_gives_other_shapes(position, value):
    pictures = np.arange(5 * 28 * 28, dtype=np.uint8).reshape(5, 28, 28)
    content = bytearray(idx_bytes(pictures))
    content[position % len(content)] = value
    try:
        read = parse_idx(bytes(content))
    except DataError:
        return
    assert read.size == pictures.size


@pytest.mark.parametrize("cut", [0, 3, 4, 9, 15, 16, 100])
def test_cut_short(cut):
    with pytest.raises(DataError, match=r"not IDX|damaged"):
        parse_idx(idx_bytes(np.zeros((2, 28, 28), np.uint8))[:cut])


def test_one_byte_too_many():
    with pytest.raises(DataError, match="its header promises 3 = 3 bytes, 4 follow"):
        parse_idx(idx_bytes(np.zeros(3, np.uint8)) + b"\0")


def test_sizes_that_would_overflow():
    with pytest.raises(DataError, match="promises"):
        parse_idx(b"\0\0\x08\x03" + b"\xff" * 12)


def test_other_types_are_named():
    with pytest.raises(DataError, match="float32 values"):
        parse_idx(b"\0\0\x0d\x01" + struct.pack(">I", 1) + b"\0\0\0\0")


def test_labels_are_not_pictures():
    labels, pictures = idx_bytes(np.zeros(3, np.uint8)), idx_bytes(np.zeros((3, 2, 2), np.uint8))
    assert parse_labels(labels).dtype == np.int64
    with pytest.raises(DataError, match="1-dimensional data, not pictures"):
        parse_images(labels)
    with pytest.raises(DataError, match="3-dimensional data, not labels"):
        parse_labels(pictures)


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz"),
        ("emnist-images-idx3-ubyte.gz", "emnist-labels-idx1-ubyte"),
        ("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"),
    ],
)
def test_labels_lie_beside_their_pictures(tmp_path, images, labels):
    with pytest.raises(DataError, match="are missing: put them beside it as"):
        labels_path(tmp_path / images)
    (tmp_path / labels).touch()
    assert labels_path(tmp_path / images) == tmp_path / labels


def test_pictures_with_another_name(tmp_path):
    with pytest.raises(DataError, match="call the pair"):
        labels_path(tmp_path / "digits.idx")
