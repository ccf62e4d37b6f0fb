import contextlib
import io
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzi.data import npz
from shuzi.data.npz import read_npz
from shuzi.errors import DataError

IMAGES = np.arange(3 * 784, dtype=np.uint8).reshape(3, 28, 28)
LABELS = np.array([1, 2, 3], np.uint8)


def npy_bytes(array, **how):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, **how)
    return stream.getvalue()


def write(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mnist.npz"


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_keras_archive(path, save):
    save(path, x_train=IMAGES, y_train=LABELS, x_test=IMAGES[:1], y_test=LABELS[:1])
    parts = read_npz(path)
    assert list(parts) == ["train", "test"]
    assert np.array_equal(parts["train"].images, IMAGES)
    assert parts["test"].labels.tolist() == [1]


def test_images_and_labels_in_any_memory_order(path):
    np.savez(path, images=np.asfortranarray(IMAGES), labels=LABELS.astype(">i4"), writer=LABELS)
    part = read_npz(path)["all"]
    assert np.array_equal(part.images, IMAGES)
    assert part.labels.tolist() == [1, 2, 3]


def test_newer_numpy_header(path):
    write(path, images=npy_bytes(IMAGES, version=(2, 0)), labels=npy_bytes(LABELS))
    assert np.array_equal(read_npz(path)["all"].images, IMAGES)


class Touch:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


def test_objects_are_refused_and_nothing_runs(path, tmp_path):
    evil = np.empty(3, object)
    evil[:] = Touch(str(tmp_path / "ran"))
    np.savez(path, images=IMAGES, labels=evil)
    with pytest.raises(DataError, match="never objects"):
        read_npz(path)
    assert not (tmp_path / "ran").exists()


def test_other_arrays_are_named(path):
    np.savez(path, pictures=IMAGES, y_train=LABELS)
    with pytest.raises(DataError, match="holds the arrays pictures, y_train; x_train, y_train"):
        read_npz(path)


@pytest.mark.parametrize("shape", ["(3, 28, 29)", "(10000000000, 28, 28)", "(3, 28)"])
def test_header_that_promises_another_size(path, shape):
    header = npy_bytes(IMAGES).replace(b"(3, 28, 28)", shape.encode())
    write(path, images=header, labels=npy_bytes(LABELS))
    with pytest.raises(DataError, match=r"should have [\d,]+ bytes|no intact numpy header"):
        read_npz(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x93NUMPY", b"text" * 50, npy_bytes(IMAGES)[:90], b"\x93NUMPY\x03\0" + npy_bytes(IMAGES)[8:]],
)
def test_member_that_is_no_array(path, content):
    write(path, images=content, labels=npy_bytes(LABELS))
    with pytest.raises(DataError, match="numpy"):
        read_npz(path)


def test_too_large(path, monkeypatch):
    monkeypatch.setattr(npz, "MAX_BYTES", 2000)
    np.savez_compressed(path, images=IMAGES, labels=LABELS)
    with pytest.raises(DataError, match=r"images of 2,\d\d\d bytes; at most 2,000 are read"):
        read_npz(path)


def test_member_that_is_longer_than_it_says(path):
    write(path, images=npy_bytes(IMAGES), labels=npy_bytes(LABELS))
    size = struct.pack("<I", len(npy_bytes(IMAGES)))
    path.write_bytes(path.read_bytes().replace(size, struct.pack("<I", len(npy_bytes(IMAGES)) - 784)))
    with pytest.raises(DataError):
        read_npz(path)


@settings(deadline=None)  # the machine may be busy
@given(st.data())
def test_damage_anywhere_is_a_data_error_or_harmless(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("npz") / "mnist.npz"
    np.savez_compressed(path, images=IMAGES, labels=LABELS)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    with contextlib.suppress(DataError):
        assert read_npz(path)["all"].images.shape[1:] == (28, 28)


def test_not_a_zip_file(path):
    path.write_bytes(b"plain text")
    with pytest.raises(DataError, match="not an intact"):
        read_npz(path)
