"""`shuzi train` on a terminal, and what it refuses."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from shuzi.cli.train import train
from shuzi.errors import RecipeError


def test_a_terminal_shows_progress_in_place(tmp_path):
    """A real pseudo-terminal: epoch, step, samples a second, loss and time left, on one line."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "shuzi", "train", "mxnet-mlp-fixed", "--epochs", "2"]
    command += ["--set", "select=last"]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "140", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [*command, "--out", str(tmp_path / "run")], stdout=subprocess.PIPE, stderr=theirs, env=environment
    )
    os.close(theirs)
    shown = bytearray()
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    result, _ = process.communicate(timeout=120)
    text = shown.decode()
    assert process.returncode == 0, text
    for words in ("step 998/998", "/s loss ", "validation 9", "mxnet-mlp-fixed", "\x1b["):
        assert words in text
    assert result.startswith(b"mxnet-mlp-fixed: test 9")
    last = json.loads((tmp_path / "run" / "metrics.jsonl").read_text().splitlines()[-1])
    assert f"validation {last['validation_accuracy']:.2%}" in result.decode()  # of the weights that were kept


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"resume": Path("somewhere"), "epochs": 1.0}, "keeps its folder and settings"),
        ({"recipe": "mxnet-mpl"}, "did you mean 'mxnet-mlp'"),
        ({"recipe": "mxnet-mlp", "settings": ["optimiser.rate=1"]}, "no setting 'rate'"),
        ({"recipe": "mxnet-mlp", "start": "champion"}, "other nets begin with random weights"),
        ({"recipe": "reader", "start": "reader", "epochs": 1.0}, "learns from scenes"),
        ({"recipe": "mxnet-mlp", "budget": "2s"}, "leave 'mxnet-mlp' out"),
        ({}, "which recipe"),
    ],
)
def test_mistakes_are_one_sentence(arguments, words):
    recipe = arguments.pop("recipe", None)
    with pytest.raises(RecipeError, match=words):
        train(recipe, **arguments)
