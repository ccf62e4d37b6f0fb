"""`shuzi recipes` as a person and as a program run it."""

import json
import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from shuzi.cli.recipes import recipes
from shuzi.errors import DataError, MissingExtraError, RecipeError
from shuzi.training.recipe import recipe_names


def test_lists_all(capsys):
    recipes()
    out = capsys.readouterr().out
    for words in (*recipe_names(), "669,706", "431,080", "28,938", "21.40 %"):
        assert words in out


def test_lists_all_as_json(capsys):
    recipes(json=True)
    found = {recipe["name"]: recipe for recipe in json.loads(capsys.readouterr().out)}
    assert list(found) == recipe_names()
    assert found["keras-mlp-512"]["parameters"] == 669_706
    assert found["keras-mlp-512"]["expected"]["accuracy"] == 98.35
    assert found["keras-mlp-512"]["source"]["claim"] == "over 98 %"


def test_lists_all_without_torch_but_for_the_parameters(capsys, monkeypatch):
    def missing(recipe):
        raise MissingExtraError("Building a net")

    monkeypatch.setattr("shuzi.cli.recipes._summarise", missing)
    recipes()
    out, err = capsys.readouterr()
    assert "pytorch-cnn" in out
    assert "669,706" not in out
    assert 'pip install "shuzi[train]"' in err
    with pytest.raises(MissingExtraError):
        recipes("pytorch-cnn")


def test_one_layer_by_layer(capsys):
    recipes("pytorch-cnn")
    out = capsys.readouterr().out
    for words in ("conv 5x5, pad 2", "32 x 7 x 7", "15,690", "5,676,160", "claims", "98.35 %", "fault"):
        assert words in out
    recipes("pytorch-cnn-fixed")
    out = capsys.readouterr().out
    assert "mended" in out
    assert "fault" not in out


def test_one_as_json(capsys):
    recipes("mxnet-lenet", json=True)
    facts = json.loads(capsys.readouterr().out)
    assert (facts["parameters"], facts["flops"]) == (431_080, 4_586_000)
    assert facts["layers"][0] == {
        "name": "conv1",
        "kind": "conv 5x5",
        "shape": [20, 24, 24],
        "parameters": 520,
        "multiply_adds": 288_000,
    }
    assert facts["recipe"]["optimiser"]["batch"] == 100


def test_a_recipe_of_ones_own(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text('title = "Mine [bold]"\n[net]\nkind = "linear"\n')
    recipes(str(path))
    out = capsys.readouterr().out
    assert "Mine [bold]" in out
    assert "7,850" in out


def test_drawing(tmp_path, capsys):
    path = tmp_path / "net.svg"
    recipes("keras-mlp-256", draw=path)
    assert ElementTree.parse(path).getroot().tag.endswith("svg")
    assert capsys.readouterr().err == f"The drawing is in {path}\n"
    with pytest.raises(RecipeError, match=r"call it net\.svg"):
        recipes("keras-mlp-256", draw=tmp_path / "net.png")
    with pytest.raises(RecipeError, match="which recipe"):
        recipes(draw=path)
    with pytest.raises(DataError, match="can't be written"):
        recipes("keras-mlp-256", draw=tmp_path / "nowhere" / "net.svg")
    assert list(tmp_path.iterdir()) == [path]


def test_an_unknown_recipe_is_one_sentence():
    kept = {name: value for name, value in os.environ.items() if name != "SHUZI_CHECK_SHAPES"}
    command = [sys.executable, "-W", "error", "-m", "shuzi", "recipes", "pytorch-cn"]
    done = subprocess.run(command, capture_output=True, text=True, env=kept, timeout=120)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "shuzi: There is no recipe 'pytorch-cn': did you mean 'pytorch-cnn'?\n"
