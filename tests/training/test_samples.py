"""What a run trains on: the right part of the data, in an order that its seed decides."""

import numpy as np
import pytest
import torch

import shuzi
from shuzi.data import extra
from shuzi.data.corrections import save_correction
from shuzi.errors import DataError, RecipeError
from shuzi.training.recipe import load_recipe
from shuzi.training.samples import Samples, TrainingSet, load_samples, load_training_set, scaled


def test_fit_is_validated_by_other_writers():
    training, validation = load_training_set(load_recipe("pytorch-mlp-fixed"), seed=0)
    assert np.array_equal(training.samples.images[:, 0].numpy(), shuzi.load_mnist("fit")[0])
    assert np.array_equal(validation.images[:, 0].numpy(), shuzi.load_mnist("validation")[0])


@pytest.mark.parametrize("part", ["first-50000", "random-50000"])
def test_the_tutorials_parts_leave_ten_thousand(part):
    training, validation = load_samples(load_recipe("keras-mlp-256", [f"data.train={part}"]).data, seed=1)
    assert (len(training), len(validation)) == (50_000, 10_000)
    images, _ = shuzi.load_mnist("train")
    same = np.array_equal(training.images[:, 0].numpy(), images[:50_000])
    assert same == (part == "first-50000")


def test_every_epoch_takes_each_own_picture_once():
    samples = Samples(torch.zeros(15, 1, 28, 28, dtype=torch.uint8), torch.zeros(15, dtype=torch.int64))
    data = TrainingSet(samples, own=10, extra=3)
    orders = [data.order("epoch", seed=7, epoch=epoch) for epoch in (0, 1)]
    for order in orders:
        assert len(order) == len(data) == 13
        assert sorted(order[order < 10].tolist()) == list(range(10))
        assert len(set(order.tolist())) == 13
    assert orders[0].tolist() != orders[1].tolist()
    assert data.order("epoch", seed=7, epoch=1).tolist() == orders[1].tolist()
    assert data.order("once", seed=7, epoch=1).tolist() == data.order("once", seed=7, epoch=0).tolist()
    alone = TrainingSet(samples, own=15, extra=0)
    assert alone.order("never", seed=7, epoch=1).tolist() == list(range(15))


def test_extra_digits_join_the_own(tmp_path, monkeypatch):
    monkeypatch.setattr(extra, "cache_folder", lambda: tmp_path)
    settings = ["extra.share=0.01", "extra.pool=600", "extra.unipen=0", "extra.fonts=0", "extra.invented=1"]
    training, _ = load_training_set(load_recipe("pytorch-mlp-fixed", settings), seed=0)
    assert len(training.samples) == training.own + 600
    assert training.extra == round(training.own / 99)


@pytest.mark.parametrize(
    "settings", [["extra.share=0.5"], ["extra.share=1"], ["extra.share=0.1", "data.shuffle=never"]]
)
def test_a_pool_too_small_for_its_share_is_refused(settings):
    with pytest.raises(RecipeError, match="pool"):
        load_training_set(load_recipe("pytorch-mlp-fixed", [*settings, "extra.pool=10000"]), seed=0)


def test_small_data_can_not_be_cut_as_the_tutorials_do(tmp_path):
    from PIL import Image

    for digit in range(10):
        (tmp_path / str(digit)).mkdir()
        Image.new("L", (28, 28), digit).save(tmp_path / str(digit) / "a.png")
    recipe = load_recipe("keras-mlp-256", [f'data.source="{tmp_path}"'])
    with pytest.raises(RecipeError, match='use "fit"'):
        load_samples(recipe.data, seed=0)


@pytest.mark.parametrize(
    ("scale", "low", "high"), [("unit", 0, 1), ("signed", -1, 1), ("standard", -0.4242, 2.8215)]
)
def test_scales(scale, low, high):
    pixels = torch.tensor([0, 255], dtype=torch.uint8)
    assert scaled(pixels, scale).tolist() == pytest.approx([low, high], abs=1e-3)


def test_corrections_are_added_and_count(tmp_path, monkeypatch):
    monkeypatch.setenv("SHUZI_HOME", str(tmp_path))
    recipe = load_recipe("pytorch-mlp-fixed", ["data.add=corrections"])
    with pytest.raises(DataError, match="no corrections"):
        load_training_set(recipe, seed=0)
    image = np.zeros((28, 28), np.uint8)
    image[5:20, 10:14] = 200
    save_correction(image, label=7, answer=1, weights="champion")
    training, validation = load_training_set(recipe, seed=0)
    own = len(shuzi.load_mnist("fit")[0])
    assert len(training) == training.own == own + 100  # one digit, as often as a single digit may count
    assert np.array_equal(training.samples.images[-1, 0].numpy(), image)
    assert set(training.samples.labels[own:].tolist()) == {7}
    assert len(validation) == 10_125
