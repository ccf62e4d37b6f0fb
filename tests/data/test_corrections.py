"""Corrections: kept, listed, forgotten, exported as a data set, and loaded to train on."""

import io
import threading
import zipfile

import numpy as np
import pytest

from shuzi.data import corrections
from shuzi.data.mnist import load_dataset
from shuzi.errors import DataError


def digit(seed):
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 8:20] = np.random.default_rng(seed).integers(1, 256, (20, 12))
    return image


def test_what_is_saved_comes_back(tmp_path):
    first = corrections.save_correction(digit(1), 7, 1, "mxnet-lenet", folder=tmp_path)
    second = corrections.save_correction(digit(2), 4, picture=b"png", folder=tmp_path)
    assert [one.id for one in corrections.list_corrections(folder=tmp_path)] == [second.id, first.id]
    assert [one.id for one in corrections.list_corrections(1, folder=tmp_path)] == [second.id]
    images, labels = corrections.load_corrections(tmp_path)
    assert np.array_equal(images, [digit(1), digit(2)])
    assert (labels.tolist(), labels.dtype) == ([7, 4], np.int64)
    assert corrections.delete_correction(first.id, folder=tmp_path)
    assert not corrections.delete_correction(first.id, folder=tmp_path)
    assert corrections.count_corrections(folder=tmp_path) == 1


def test_none_are_no_error(tmp_path, monkeypatch):
    monkeypatch.setenv("SHUZI_HOME", str(tmp_path / "new" / "home"))
    images, labels = corrections.load_corrections()
    assert (images.shape, images.dtype, labels.shape) == ((0, 28, 28), np.uint8, (0,))


def test_the_export_is_a_data_set(tmp_path):
    for label in range(10):
        corrections.save_correction(digit(label), label, folder=tmp_path)
    packed = zipfile.ZipFile(io.BytesIO(corrections.export_corrections(folder=tmp_path)))
    packed.extractall(tmp_path / "set")
    data = load_dataset(str(tmp_path / "set"), "train")
    assert data.images.shape[1:] == (28, 28)
    for image, label in zip(data.images, data.labels, strict=True):
        assert np.array_equal(image, digit(int(label)))


def test_many_writers_lose_nothing(tmp_path):
    def save(start):
        for number in range(start, start + 10):
            corrections.save_correction(digit(number), number % 10, folder=tmp_path)

    threads = [threading.Thread(target=save, args=(start,)) for start in range(0, 40, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert corrections.count_corrections(folder=tmp_path) == 40


def test_a_damaged_file_is_one_sentence(tmp_path):
    (tmp_path / corrections.FILE).write_bytes(b"no data base" * 100)
    with pytest.raises(DataError, match="move it away"):
        corrections.list_corrections(folder=tmp_path)
