import gzip
import pickle
import struct

import numpy as np
import pytest
from PIL import Image

from shuzi.data.formats import read_parts
from shuzi.errors import DataError

IMAGES = (np.arange(6 * 784) % 251).astype(np.uint8).reshape(6, 28, 28)
LABELS = np.arange(6)


def write_idx(folder, prefix, part=slice(None), gz=False):
    folder.mkdir(exist_ok=True)
    for kind, array in (("images-idx3", IMAGES[part]), ("labels-idx1", LABELS[part].astype(np.uint8))):
        head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
        path = folder / f"{prefix}{kind}-ubyte{'.gz' if gz else ''}"
        path.write_bytes(gzip.compress(head + array.tobytes()) if gz else head + array.tobytes())
    return folder


def write_all_formats(folder):
    """The same six digits in every format without a split, each by its path."""
    idx = write_idx(folder / "idx", "emnist-digits-")
    packed = write_idx(folder / "packed", "", gz=True)
    np.savez(folder / "digits.npz", images=IMAGES, labels=LABELS)
    rows = np.concatenate([LABELS[:, None], IMAGES.reshape(6, 784)], axis=1)
    np.savetxt(folder / "digits.csv", rows, fmt="%d", delimiter=",")
    (folder / "digits.csv.gz").write_bytes(gzip.compress((folder / "digits.csv").read_bytes()))
    for label, image in zip(LABELS, IMAGES, strict=True):
        (folder / "pictures" / str(label)).mkdir(parents=True)
        Image.fromarray(image).save(folder / "pictures" / str(label) / "a.png")
    return [
        idx,
        idx / "emnist-digits-images-idx3-ubyte",
        packed,
        packed / "images-idx3-ubyte.gz",
        folder / "digits.npz",
        folder / "digits.csv",
        folder / "digits.csv.gz",
        folder / "pictures",
    ]


def test_every_format_gives_the_same(tmp_path):
    for path in write_all_formats(tmp_path):
        parts = read_parts(path)
        assert list(parts) == ["all"], path
        assert np.array_equal(parts["all"].images, IMAGES), path
        assert parts["all"].labels.tolist() == LABELS.tolist(), path


def test_formats_with_a_split(tmp_path):
    write_idx(tmp_path / "idx", "train-", slice(0, 4))
    write_idx(tmp_path / "idx", "train-", slice(0, 4), gz=True)  # the same again, packed
    write_idx(tmp_path / "idx", "t10k-", slice(4, 6), gz=True)
    write_idx(tmp_path / "other", "emnist-digits-train-", slice(0, 4))
    write_idx(tmp_path / "other", "emnist-digits-test-", slice(4, 6))
    np.savez(
        tmp_path / "mnist.npz", x_train=IMAGES[:4], y_train=LABELS[:4], x_test=IMAGES[4:], y_test=LABELS[4:]
    )
    rows = np.concatenate([LABELS[:, None], IMAGES.reshape(6, 784)], axis=1)
    (tmp_path / "kaggle").mkdir()
    np.savetxt(tmp_path / "kaggle/train.csv", rows[:4], fmt="%d", delimiter=",")
    np.savetxt(tmp_path / "kaggle/test.csv", rows[4:, 1:], fmt="%d", delimiter=",")
    for name in ("idx", "other", "mnist.npz", "kaggle"):
        parts = read_parts(tmp_path / name)
        assert np.array_equal(parts["train"].images, IMAGES[:4]), name
        assert np.array_equal(parts["test"].images, IMAGES[4:]), name
    assert parts["test"].labels is None  # Kaggle keeps them


def test_pickle_by_any_name(tmp_path):
    pairs = [(IMAGES[:4], LABELS[:4]), (IMAGES[4:5], LABELS[4:5]), (IMAGES[5:], LABELS[5:])]
    for name in ("mnist.pkl", "MNIST.PKL.GZ", "mnist.pickle"):
        (tmp_path / name).write_bytes(pickle.dumps(pairs))
        assert list(read_parts(tmp_path / name)) == ["fit", "validation", "test"]


def test_what_cannot_be_read_is_named(tmp_path):
    with pytest.raises(DataError, match="There is no file or folder"):
        read_parts(tmp_path / "missing.npz")
    with pytest.raises(DataError, match="holds no digits that shuzi can read"):
        read_parts(tmp_path)
    (tmp_path / "digits.txt").write_text("5")
    with pytest.raises(DataError, match="of no format that shuzi reads"):
        read_parts(tmp_path / "digits.txt")
    write_idx(tmp_path, "train-")
    with pytest.raises(DataError, match="1-dimensional data, not pictures; name the images file"):
        read_parts(tmp_path / "train-labels-idx1-ubyte")
    write_idx(tmp_path, "letters-train-")
    with pytest.raises(DataError, match="several data sets"):
        read_parts(tmp_path)


def test_labels_of_other_pictures(tmp_path):
    write_idx(tmp_path, "train-")
    labels = tmp_path / "train-labels-idx1-ubyte"
    labels.write_bytes(b"\0\0\x08\x01" + struct.pack(">I", 5) + bytes(5))
    with pytest.raises(DataError, match="6 pictures but labels of shape"):
        read_parts(tmp_path)
