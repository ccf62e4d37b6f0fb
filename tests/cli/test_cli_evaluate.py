"""`shuzi evaluate` as a person and as a program run it."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from shuzi.cli.evaluate import evaluate
from shuzi.data.mnist import load_mnist
from shuzi.evaluation.corruptions import CORRUPTIONS


@pytest.fixture(scope="module")
def some(tmp_path_factory):
    images, labels = (array[:120] for array in load_mnist("test"))
    path = tmp_path_factory.mktemp("data") / "some.npz"
    np.savez(path, images=images, labels=labels)
    return str(path)


def run(*arguments):
    """The command in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "SHUZI_CHECK_SHAPES"}
    command = [sys.executable, "-W", "error", "-m", "shuzi", "evaluate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=kept, timeout=120)


def test_tables(some, capsys):
    evaluate("champion", data=some)
    out, err = capsys.readouterr()
    assert out.startswith("champion on some.npz, 120 pictures")
    for words in (
        "accuracy",
        "95 % interval",
        "log-loss",
        "calibration error",
        "least sure 1 %",
        "label (row)",
    ):
        assert words in out
    assert "label errors" not in out
    assert err == ""


def test_json(some):
    done = run("champion", "--data", some, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    facts = json.loads(done.stdout)
    assert (facts["weights"], facts["data"], facts["n"]) == ("champion", "some.npz", 120)
    assert np.sum(facts["confusion"]) == 120
    assert "corruption_errors" not in facts


def test_corruptions(some, capsys):
    evaluate("champion", data=some, corruptions=True, json=True)
    facts = json.loads(capsys.readouterr().out)
    errors = facts["corruption_errors"]
    assert list(errors) == list(CORRUPTIONS)
    assert facts["mean_corruption_error"] == pytest.approx(np.mean(list(errors.values())))
    assert errors["translate"] < 0.5


def test_corruptions_as_a_table(some, capsys, monkeypatch):
    monkeypatch.setattr("shuzi.cli.evaluate.corruption_errors", lambda *_: iter([("shot_noise", 0.25)]))
    evaluate("champion", data=some, corruptions=True)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["shot", "noise", "25.00%"] in lines
    assert ["mean", "25.00%"] in lines


def test_report(some, tmp_path, capsys):
    path = tmp_path / "report.html"
    evaluate("champion", data=some, report=path, json=True)
    out, err = capsys.readouterr()
    assert json.loads(out)
    assert err == f"The report is in {path}\n"
    assert path.read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nothing"], 1, "There are no weights 'nothing'"),
        (["champion", "--data", "nowhere.npz"], 1, "no data set or file nowhere.npz"),
        (["champion", "--report", "report.doc"], 2, "report.html or report.png"),
        (["champion", "--speed", "9"], 2, "--speed"),
    ],
)
def test_mistakes_are_one_sentence(arguments, code, words):
    done = run(*arguments)
    assert done.returncode == code
    assert done.stdout == ""
    assert words in done.stderr
    assert "Traceback" not in done.stderr
