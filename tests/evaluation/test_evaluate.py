"""Scoring weights of every kind on data of every kind; nothing but a training run loads torch."""

import json
import subprocess
import sys

import numpy as np
import pytest

import shuzi
from shuzi.errors import CheckpointError, DataError, WeightsError
from shuzi.evaluation.evaluate import evaluate, open_data, score_net
from shuzi.models import FOLDER, load_classifier
from shuzi.training.checkpoint import save_checkpoint
from shuzi.training.folder import read_run
from shuzi.training.recipe import load_recipe
from shuzi.training.trainer import train


@pytest.fixture(scope="module")
def some(tmp_path_factory):
    """300 test digits as data of one's own."""
    images, labels = (array[:300] for array in shuzi.load_mnist("test"))
    path = tmp_path_factory.mktemp("data") / "some.npz"
    np.savez(path, images=images, labels=labels)
    return str(path)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A training run that took one step."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    return train(load_recipe("paddle-linear-fixed", ["schedule.epochs=0.0001"]), out=folder)


def test_shipped_weights(some):
    score = evaluate("champion", some)
    assert (score.weights, score.data, score.n) == ("champion", "some.npz", 300)
    assert score.accuracy > 0.98
    images, labels = (array[:300] for array in shuzi.load_mnist("test"))
    answers = shuzi.classify(images).argmax(axis=1)
    assert score.accuracy == (answers == labels).mean()
    assert score.without_label_errors is None


def test_an_onnx_file(some, tmp_path):
    path = tmp_path / "mine.onnx"
    path.write_bytes((FOLDER / "champion.onnx").read_bytes())
    score = evaluate(path, some)
    assert score.weights == str(path)
    assert score.accuracy == evaluate("champion", some).accuracy


def test_mnist_test_is_scored_without_its_label_errors_too(monkeypatch, run):
    score = score_net(run.net, run.recipe)
    assert (score.n, score.data) == (10_000, "mnist")
    assert score.without_label_errors is not None
    assert score.without_label_errors.n == 9985
    validation = score_net(run.net, run.recipe, "validation")
    assert (validation.n, validation.data) == (10_125, "mnist:validation")
    assert validation.without_label_errors is None


def test_a_run_is_scored_as_its_net_is(run):
    expected = score_net(run.net, run.recipe)
    for weights in (run.folder, run.folder / "best.safetensors"):
        found = evaluate(weights)
        assert found.weights == f"paddle-linear-fixed ({weights})"
        assert found.log_loss == pytest.approx(expected.log_loss)
        assert (found.confusion == expected.confusion).all()


def test_what_holds_no_net(run, tmp_path):
    with pytest.raises(CheckpointError, match=r"best\.safetensors"):
        evaluate(run.folder / "last.safetensors")
    with pytest.raises(CheckpointError):
        evaluate(tmp_path)
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"\xff" * 100)
    with pytest.raises(CheckpointError):
        evaluate(damaged)


def test_a_checkpoint_whose_recipe_makes_no_sense(run, tmp_path):
    net, _, facts = read_run(run.folder)
    for bad in (None, [], {"name": "x"}, {**facts["recipe"], "net": {"kind": "mlp", "hidden": "many"}}):
        path = tmp_path / "bad.safetensors"
        save_checkpoint(path, net.state_dict(), {**facts, "recipe": bad})
        with pytest.raises(shuzi.errors.ShuziError):
            evaluate(path)


def test_a_recipe_without_weights_says_to_train_it(monkeypatch):
    monkeypatch.setattr("shuzi.evaluation.evaluate.shipped", lambda: ["champion"])
    with pytest.raises(WeightsError, match="shuzi train mxnet-lenet"):
        evaluate("mxnet-lenet")
    with pytest.raises(WeightsError, match="no weights 'nothing'"):
        evaluate("nothing")


def test_data_by_name_path_and_split(some):
    assert open_data("mnist")[1] == "test"
    dataset, split = open_data("mnist:validation")
    assert (dataset.name, split, len(dataset.labels)) == ("mnist", "validation", 10_125)
    assert len(open_data(f"{some}:validation")[0].labels) < 300
    with pytest.raises(DataError):
        open_data("mnist:everything")
    with pytest.raises(DataError):
        open_data(":test")


def test_labels_of_fashion_have_no_known_errors(monkeypatch, some):
    images, labels = (array[:20] for array in shuzi.load_mnist("test"))
    dataset = shuzi.data.mnist.Dataset("fashion-mnist", images, labels)
    monkeypatch.setattr("shuzi.evaluation.evaluate.load_dataset", lambda name, split: dataset)
    assert evaluate("champion", "fashion-mnist").without_label_errors is None


def test_onnx_weights_are_scored_without_torch(some):
    program = (
        "import sys, json, shuzi\n"
        f"score = shuzi.evaluate('champion', {some!r})\n"
        "print(json.dumps([score.n, 'torch' in sys.modules, 'matplotlib' in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [300, False, False]


def test_entrants_answer_as_the_classifier_does(some):
    images = open_data(some)[0].images
    entrant = shuzi.evaluation.evaluate.open_entrant("champion")
    assert entrant.probabilities(images) == pytest.approx(
        load_classifier("champion").probabilities(images), abs=1e-5
    )
