"""`shuzi reproduce` trains what it is told, scores it, and says how that compares with the claim."""

import json

import pytest

from shuzi.cli.reproduce import reproduce
from shuzi.errors import RecipeError
from shuzi.evaluation.reproduce import tutorial_recipes

SHORT = """
title = "A tutorial's net, for half an epoch"
[source]
tutorial = "a test"
claim = "99.9 %"
own_picture = "squeeze"
[net]
kind = "mlp"
hidden = [64]
[data]
train = "train"
[optimiser]
learning_rate = 0.3
[schedule]
epochs = 0.5
[expected]
accuracy = 99.9
"""


@pytest.fixture
def short(tmp_path):
    path = tmp_path / "short.toml"
    path.write_text(SHORT)
    return path


def test_every_seed_is_scored(short, tmp_path, capsys):
    reproduce(str(short), seeds=2, out=tmp_path / "runs", json_=True)
    out, err = capsys.readouterr()
    (result,) = json.loads(out)
    assert result["recipe"] == "short"
    assert result["claim"] == "99.9 %"
    assert len(result["accuracy"]) == len(result["seconds"]) == 2
    assert 0.8 < min(result["accuracy"]) <= min(result["peeked"])
    assert max(result["own_pictures"]) < 0.9  # a picture that is squeezed is no digit of MNIST's
    assert not result["as_expected"]
    assert "short, seed 1" in err
    assert (tmp_path / "runs/short-s1/run.json").exists()


def test_a_table_for_people(short, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    reproduce(str(short), seeds=1)
    out = capsys.readouterr().out
    for words in ("short", "99.9 %", "unexpected", "own pictures"):
        assert words in out


def test_all_tutorials_are_meant_by_default():
    names = tutorial_recipes()
    assert len(names) >= 13
    assert {"paddle-linear", "paddle-linear-fixed", "keras-mlp-256"} <= set(names)
    assert "champion" not in names
    with pytest.raises(RecipeError, match="no recipe"):
        reproduce("nothing-such")
