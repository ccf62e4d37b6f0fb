"""MNIST's validation part against a table of who wrote what, and the rule for other data.

Who wrote what is in QMNIST's table, which isn't ours to commit: those tests run where ../shared has it.
The list that they prove right is pinned by its checksum, so that it can't change unnoticed anywhere.
"""

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
import pytest

import shuzi
from shuzi.data.parts import Part
from shuzi.data.splits import choose_split, mnist_validation_indices
from shuzi.errors import DataError

ROOT = Path(__file__).parents[2]
QMNIST = ROOT.parent / "shared/data/qmnist/qmnist-train-labels.tsv.gz"


needs_writers = pytest.mark.skipif(
    not QMNIST.exists(), reason="QMNIST's table of writers lies in ../shared only"
)


@pytest.fixture(scope="module")
def derive():
    spec = importlib.util.spec_from_file_location("derive", ROOT / "bench/derive_validation.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def table(derive):
    return derive.read_writers(QMNIST)


@pytest.fixture(scope="module")
def validation():
    mask = np.zeros(60_000, bool)
    mask[mnist_validation_indices()] = True
    return mask


def test_indices_ascend_within_train():
    indices = mnist_validation_indices()
    assert (np.diff(indices) > 0).all()
    assert indices[0] >= 0
    assert indices[-1] < 60_000


@needs_writers
def test_no_writer_is_on_both_sides(table, validation):
    _, writer = table
    inside, outside = set(writer[validation].tolist()), set(writer[~validation].tolist())
    assert not inside & outside
    assert len(inside) == 92
    assert len(inside | outside) == 539


@needs_writers
def test_about_a_sixth_in_the_proportions_of_train(table, validation):
    series, _ = table
    assert 9_900 <= validation.sum() <= 10_200
    for one in (0, 4):
        assert abs(np.mean(series[validation] == one) - np.mean(series == one)) < 0.005
    _, labels = shuzi.load_mnist("train")
    share = np.bincount(labels[validation]) / validation.sum()
    assert np.abs(share - np.bincount(labels) / 60_000).max() < 0.003


def test_fit_and_validation_are_train(validation):
    images, labels = shuzi.load_mnist("train")
    for split, chosen in (("fit", ~validation), ("validation", validation)):
        split_images, split_labels = shuzi.load_mnist(split)
        assert np.array_equal(split_images, images[chosen])
        assert np.array_equal(split_labels, labels[chosen])


@needs_writers
def test_the_rule_gives_this_list(derive, table, validation):
    assert np.array_equal(derive.derive(*table), np.flatnonzero(validation))


def test_the_list_is_the_proven_one():
    listed = mnist_validation_indices().astype("<i8").tobytes()
    assert (
        hashlib.sha256(listed).hexdigest()
        == "ceccaac6cfe06fb3d2d8f2c42c10a2f6d3e45cdf50a101f544140f7f5bb23f0a"
    )


IMAGES = np.arange(40, dtype=np.uint8)[:, None, None] * np.ones((1, 28, 28), np.uint8)
LABELS = np.array([3] * 13 + [8] * 25 + [1] * 2)
WHOLE = Part(IMAGES, LABELS)


def numbers(part):
    return part.images[:, 0, 0].tolist()


def test_every_sixth_of_each_class_is_validation():
    for parts in ({"all": WHOLE}, {"train": WHOLE, "test": WHOLE}):
        assert numbers(choose_split(parts, "validation", "mine")) == [5, 11, 18, 24, 30, 36]
        fit = choose_split(parts, "fit", "mine")
        assert len(fit.images) == 34
        assert fit.labels.tolist() == LABELS[numbers(fit)].tolist()


def test_data_without_a_split_are_train_and_test():
    assert choose_split({"all": WHOLE}, "train", "mine") is WHOLE
    assert choose_split({"all": WHOLE}, "test", "mine") is WHOLE


def test_data_with_fit_and_validation():
    fit, validation = Part(IMAGES[:30], LABELS[:30]), Part(IMAGES[30:], LABELS[30:])
    parts = {"fit": fit, "validation": validation, "test": WHOLE}
    assert choose_split(parts, "validation", "mine") is validation
    assert numbers(choose_split(parts, "train", "mine")) == list(range(40))


def test_splits_that_there_are_not():
    with pytest.raises(DataError, match="mine has no test split, only train"):
        choose_split({"train": WHOLE}, "test", "mine")
    with pytest.raises(DataError, match="mine has no train split, only test"):
        choose_split({"test": WHOLE}, "train", "mine")
    with pytest.raises(DataError, match="no split 'dev'; ask for train, fit, validation or test"):
        choose_split({"all": WHOLE}, "dev", "mine")
    with pytest.raises(DataError, match="no labels"):
        choose_split({"all": Part(IMAGES, None)}, "fit", "mine")
    with pytest.raises(DataError, match="too few pictures"):
        choose_split({"all": Part(IMAGES[:5], LABELS[:5])}, "validation", "mine")
