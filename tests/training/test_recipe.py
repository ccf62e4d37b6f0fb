"""Recipes: complete, faithful to the tutorials, strict about mistakes."""

import pytest
import torch

from shuzi.errors import RecipeError
from shuzi.nets import build
from shuzi.training.recipe import load_recipe, recipe_names

TUTORIALS = {
    "paddle-linear": 785,
    "pytorch-mlp": 235_146,
    "mxnet-mlp": 109_386,
    "mxnet-lenet": 431_080,
    "keras-mlp-512": 669_706,
    "keras-mlp-256": 218_058,
    "pytorch-cnn": 28_938,
}


def test_every_tutorial_has_its_recipe():
    assert set(TUTORIALS) <= set(recipe_names())
    for name in TUTORIALS:
        source = load_recipe(name).source
        assert source.tutorial
        assert source.claim
        assert source.fault


@pytest.mark.parametrize(("name", "count"), TUTORIALS.items())
def test_parameters_are_the_tutorials(name, count):
    net = build(load_recipe(name).net)
    assert sum(parameter.numel() for parameter in net.parameters()) == count


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_builds_a_net_for_ten_digits(name):
    recipe = load_recipe(name)
    outputs = build(recipe.net).eval()(torch.zeros(2, 1, 28, 28))
    assert outputs.shape == (2, 1 if recipe.loss.kind == "squared-error" else 10)
    assert recipe.name == name
    assert recipe.expected.accuracy > 0


def test_settings_can_be_changed_by_name():
    recipe = load_recipe(
        "keras-mlp-512", ["optimiser.learning_rate=0.5", "schedule.epochs=2", "net.hidden=[8]"]
    )
    assert (recipe.optimiser.learning_rate, recipe.schedule.epochs, recipe.net["hidden"]) == (0.5, 2.0, [8])


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("keras-mlp-51", [], "did you mean 'keras-mlp-512'"),
        ("../champion", [], "no recipe"),
        ("pytorch-cnn", ["optimiser.learning_rat=1"], "did you mean 'learning_rate'"),
        ("pytorch-cnn", ["optimiser.learning_rate=fast"], "must be of type float"),
        ("pytorch-cnn", ["optimiser.batch=1.5"], "must be of type int"),
        ("pytorch-cnn", ["optimiser.batch=-1"], "can't be negative"),
        ("pytorch-cnn", ["optimiser.kind=magic"], "choose one of sgd, adam"),
        ("pytorch-cnn", ["epochs"], "section.key=value"),
        ("pytorch-cnn", ["title.x=1"], "has no parts"),
        ("pytorch-cnn", ["data=3"], "must be a table"),
    ],
)
def test_mistakes_are_named(name, settings, said):
    with pytest.raises(RecipeError, match=said):
        load_recipe(name, settings)


def test_a_recipe_file_of_ones_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('title = "Mine"\n[net]\nkind = "mlp"\nhidden = [32]\n')
    assert load_recipe(path).name == "mine"
    path.write_text("title = ")
    with pytest.raises(RecipeError, match="can't be read"):
        load_recipe(path)
    path.write_text('title = "Mine"\n')
    with pytest.raises(RecipeError, match="lacks 'net'"):
        load_recipe(path)


@pytest.mark.parametrize(
    "config", [{"kind": "resnet"}, {"kind": "mlp", "depth": 3}, {"kind": "lenet", "init": "magic"}, {}]
)
def test_a_net_that_is_not_there_is_refused(config):
    with pytest.raises(RecipeError):
        build(config)
