"""Exported files answer as the net in torch does, on every test digit, and hold all that reading needs."""

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest
import torch

import shuzi
from shuzi.errors import CheckpointError, RecipeError, WeightsError
from shuzi.evaluation.card import export_run
from shuzi.evaluation.metrics import score
from shuzi.evaluation.reproduce import tutorial_recipes
from shuzi.models import FOLDER, load_classifier, shipped
from shuzi.nets import build
from shuzi.training.checkpoint import load_checkpoint, save_checkpoint
from shuzi.training.export import (
    Exportable,
    check_parity,
    fit_temperature,
    probabilities,
    shrink,
    to_onnx,
)
from shuzi.training.folder import read_run
from shuzi.training.joining import join
from shuzi.training.recipe import load_recipe, recipe_names
from shuzi.training.trainer import train


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "run"
    return train(load_recipe("mxnet-mlp-fixed", ["schedule.epochs=2"]), out=folder)


def test_an_exported_run_answers_as_torch_does(run):
    path, card = export_run(run.folder)
    assert card["parity"]["pictures"] == card["parity"]["same_answers"] == 10_000
    assert card["parity"]["largest_difference"] < 1e-3
    images, labels = shuzi.load_mnist("test")
    found = score(load_classifier(str(path)).probabilities(images), labels)
    assert found.accuracy == pytest.approx(card["scores"]["accuracy"])
    assert json.loads(path.with_suffix(".json").read_text()) == card
    assert sorted(file.name for file in run.folder.iterdir() if file.name.startswith(".")) == []


def test_joined_runs_answer_with_the_mean_of_their_logits(run, tmp_path):
    other = train(load_recipe("pytorch-mlp-fixed", ["schedule.epochs=1", "data.scale=unit"]), seed=3)
    folder = tmp_path / "other"
    folder.mkdir()
    facts = {"recipe": dataclasses.asdict(other.recipe), "seed": 3}
    save_checkpoint(folder / "best.safetensors", other.net.state_dict(), facts)
    path, card = export_run(run.folder, folder, out=tmp_path / "both.onnx")
    assert [(part["recipe"]["name"], part["seed"]) for part in card["parts"]] == [
        ("mxnet-mlp-fixed", 0),
        ("pytorch-mlp-fixed", 3),
    ]
    assert card["data"] == "mnist, split fit"
    images, _ = shuzi.load_mnist("test")
    logits = []
    for part in (run.folder, folder):
        net, recipe, _ = read_run(part)
        shrink(net)
        logits.append(np.log(probabilities(Exportable(net, recipe), images[:200])))
    expected = torch.tensor(np.mean(logits, axis=0) / card["temperature"]).softmax(1).numpy()
    assert load_classifier(str(path)).probabilities(images[:200]) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("paddle-linear", [], "paddle-linear answers with a value"),
        ("pytorch-mlp", ["data.scale=signed"], "take other pictures"),
    ],
)
def test_nets_that_take_or_give_something_else_are_not_joined(name, settings, message):
    recipes = [load_recipe("small"), load_recipe(name, settings)]
    with pytest.raises(RecipeError, match=message):
        join([(build(recipe.net), recipe) for recipe in recipes])


def test_a_run_without_validation_digits_takes_its_recipes_temperature(run, tmp_path):
    tensors, facts = load_checkpoint(run.folder / "best.safetensors")
    facts["recipe"]["data"]["train"] = "train"
    facts["recipe"]["temperature"] = 0.5
    save_checkpoint(tmp_path / "best.safetensors", tensors, facts)
    _, card = export_run(tmp_path)
    assert card["temperature"] == 0.5


def test_a_run_of_another_versions_recipe_is_refused(run, tmp_path):
    tensors, facts = load_checkpoint(run.folder / "best.safetensors")
    facts["recipe"]["gone"] = {}
    save_checkpoint(tmp_path / "best.safetensors", tensors, facts)
    with pytest.raises(CheckpointError, match=r"can't follow: train anew. recipe has no setting 'gone'"):
        export_run(tmp_path)


def test_a_large_dense_layer_is_stored_in_8_bits_and_answers_alike(tmp_path):
    torch.manual_seed(0)
    recipe = load_recipe("keras-mlp-512")
    net = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(784, 512), torch.nn.ReLU(), torch.nn.Linear(512, 10)
    )
    before = net[1].weight.detach().clone()
    shrink(net)
    step = before.abs().amax(1, keepdim=True) / 127
    assert ((net[1].weight - before).abs() <= 0.51 * step).all()
    path = tmp_path / "net.onnx"
    path.write_bytes(to_onnx(Exportable(net, recipe)))
    assert 784 * 512 < path.stat().st_size < 1.1 * 784 * 512
    images = np.random.default_rng(0).integers(0, 256, (50, 28, 28), np.uint8)
    assert check_parity(path, Exportable(net, recipe), images).largest_difference < 1e-5


def test_the_command_exports_and_says_what_it_found(run, tmp_path):
    command = [sys.executable, "-m", "shuzi", "export", str(run.folder), "--out", str(tmp_path / "net.onnx")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "net.onnx")
    assert "10,000 of 10,000 answers as in torch" in done.stderr


def test_an_export_that_differs_is_refused(run, tmp_path):
    net, recipe, _ = read_run(run.folder)
    path = tmp_path / "net.onnx"
    path.write_bytes(to_onnx(Exportable(net, recipe)))
    images, _ = shuzi.load_mnist("test")
    with torch.no_grad():
        next(net.parameters()).mul_(1.2)
    with pytest.raises(WeightsError, match="differs from the net"):
        check_parity(path, Exportable(net, recipe), images)


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="shuzi train"):
        export_run(tmp_path)


def test_the_temperature_undoes_overconfidence():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(20_000, 10))
    honest = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([rng.choice(10, p=row) for row in honest])
    sharp = np.exp(2 * logits) / np.exp(2 * logits).sum(axis=1, keepdims=True)
    assert fit_temperature(sharp.astype(np.float32), labels) == pytest.approx(2.0, rel=0.05)


def test_the_champion_and_every_tutorials_net_are_shipped():
    faithful = {name for name in tutorial_recipes() if not name.endswith("-fixed")}
    assert {"champion", *faithful} <= set(shipped()) <= set(recipe_names())


@pytest.mark.parametrize("name", shipped())
def test_shipped_weights_score_what_their_card_says(name):
    images, labels = shuzi.load_mnist("test")
    card = load_classifier(name).card
    found = score(shuzi.classify(images, weights=name), labels)
    assert found.accuracy == pytest.approx(card["scores"]["accuracy"], abs=0.0002)
    assert card["parity"]["same_answers"] == 10_000
    expected = load_recipe(name).expected
    assert abs(100 * found.accuracy - expected.accuracy) <= expected.tolerance


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.onnx")), ids=lambda path: path.stem)
def test_shipped_weights_say_nothing_of_the_machine_they_were_made_on(path):
    content = path.read_bytes()
    assert not [word for word in (b"site-packages", b"stack_trace", b".py") if word in content]
