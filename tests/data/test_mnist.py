import inspect
import struct

import numpy as np
import pytest

import shuzi
from shuzi.data.mnist import load_dataset, load_mnist
from shuzi.errors import DataError


@pytest.mark.parametrize(
    ("split", "size", "first", "total"),
    [
        ("train", 60_000, [5, 0, 4, 1, 9], 1_567_298_545),
        ("fit", 49_875, [5, 0, 4, 1, 9], None),
        ("validation", 10_125, [3, 1, 4], None),
        ("test", 10_000, [7, 2, 1, 0, 4], 264_923_200),
    ],
)
def test_real_mnist(split, size, first, total):
    images, labels = shuzi.load_mnist(split)
    assert images.shape == (size, 28, 28)
    assert images.dtype == np.uint8
    assert labels.shape == (size,)
    assert labels.dtype == np.int64
    assert labels[: len(first)].tolist() == first
    assert np.array_equal(np.unique(labels), range(10))
    assert total is None or images.sum(dtype=np.int64) == total


def test_the_second_call_returns_the_same_read_only_arrays():
    for split in ("train", "fit", "validation", "test"):
        first, second = load_mnist(split), load_mnist(split)
        assert first[0] is second[0]
        for array in first:
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0


def test_split_is_the_only_parameter():
    assert list(inspect.signature(shuzi.load_mnist).parameters) == ["split"]


@pytest.mark.parametrize("split", ["", "valid", "Train", "training"])
def test_wrong_split_names_the_right_ones(split):
    with pytest.raises(DataError, match="ask for train, fit, validation or test"):
        load_mnist(split)
    with pytest.raises(DataError, match="ask for train, fit, validation or test"):
        load_dataset("mnist", split)


def test_load_dataset_by_name():
    data = load_dataset("mnist")
    assert data.name == "mnist"
    assert data.images is load_mnist("test")[0]
    assert load_dataset("mnist", "validation").labels is load_mnist("validation")[1]


def test_load_dataset_by_path(tmp_path):
    images, labels = (array[:60] for array in load_mnist("test"))
    np.savez(tmp_path / "mine.npz", images=images, labels=labels)
    data = load_dataset(tmp_path / "mine.npz")
    assert data.name == "mine.npz"
    assert np.array_equal(data.images, images)
    assert np.array_equal(load_dataset(str(tmp_path / "mine.npz"), "train").labels, labels)


def test_no_such_data_set():
    with pytest.raises(DataError, match="no data set or file minst; give mnist, fashion-mnist or a path"):
        load_dataset("minst")


def test_data_without_labels_are_no_dataset(tmp_path):
    np.savetxt(tmp_path / "test.csv", np.zeros((3, 784)), fmt="%d", delimiter=",")
    with pytest.raises(DataError, match="has no labels"):
        load_dataset(tmp_path / "test.csv")


def test_idx_of_other_sizes_is_framed(tmp_path):
    picture = np.zeros((16, 16), np.uint8)
    picture[2:14, 7:9] = 255
    head = b"\0\0\x08\x03" + struct.pack(">3I", 2, 16, 16)
    (tmp_path / "train-images-idx3-ubyte").write_bytes(head + picture.tobytes() * 2)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01" + struct.pack(">I", 2) + b"\1\1")
    data = load_dataset(tmp_path, "train")
    assert data.images.shape == (2, 28, 28)
    assert data.labels.tolist() == [1, 1]
