"""`shuzi explain` in a process of its own: text, picture, page, JSON, filters, and refusals."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*arguments, **options):
    kept = {name: value for name, value in os.environ.items() if name != "SHUZI_CHECK_SHAPES"}
    command = [sys.executable, "-W", "error", "-m", "shuzi", "explain", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, env=kept | {"PYTHONIOENCODING": "utf-8"}, **options
    )


def width(path):
    with Image.open(path) as image:
        return image.width


def test_a_digit_on_the_terminal():
    done = run(EXAMPLES / "digit.png", "--weights", "mxnet-lenet")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("mxnet-lenet: 7, ")
    assert " 2 convolution 1, 20 x 24 x 24: " in done.stdout
    assert "█" in done.stdout


def test_into_a_picture_and_a_page(tmp_path):
    done = run(EXAMPLES / "pad.png", "--out", tmp_path / "inside.png")
    assert done.stdout == f"champion: 3; what it did is in {tmp_path / 'inside.png'}\n"
    assert width(tmp_path / "inside.png") == 1180
    assert (
        run(EXAMPLES / "pad.png", "--weights", "paddle-linear", "--out", tmp_path / "a.html").returncode == 0
    )
    assert (tmp_path / "a.html").read_text().startswith("<!doctype html>")


def test_as_json():
    found = json.loads(run(EXAMPLES / "digit.png", "--json", "--weights", "pytorch-cnn").stdout)
    assert np.argmax(found["probabilities"]) == found["mattered"]["digit"] == 7
    first = found["layers"][0]
    pixels = np.frombuffer(base64.b64decode(first["maps"]), "<f4").reshape(28, 28)
    np.testing.assert_array_equal(pixels, found["image"])


def test_a_photograph_filtered(tmp_path):
    out = tmp_path / "edges.png"
    done = run(EXAMPLES / "photo.jpg", "--filter=-1,0,1,-2,0,2,-1,0,1", "--op", "max-pool", "--out", out)
    assert done.stdout.startswith("Right minus left")
    assert width(out) == 320
    assert "neither Sobel nor Laplacian" in run(EXAMPLES / "photo.jpg", "--filter", "tutorial").stdout


def test_functions(tmp_path):
    done = run("--activations", "--out", tmp_path / "functions.png")
    assert done.stdout.startswith("relu ")
    assert width(tmp_path / "functions.png") > 800


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["no-such.png"],
        ["blank.pgm"],
        [EXAMPLES / "digit.png", "--weights", "none"],
        [EXAMPLES / "digit.png", "--out", "none/inside.png"],
        [EXAMPLES / "photo.jpg", "--filter", "blur", "--json"],
        [EXAMPLES / "photo.jpg", "--filter", "blur", "--out", "blurred.html"],
    ],
)
def test_what_makes_no_sense_is_one_sentence(arguments, tmp_path):
    (tmp_path / "blank.pgm").write_bytes(b"P5 20 20 255\n" + bytes(400))
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("shuzi: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["--filter", "melt"], ["--op", "melt"], ["--out", "inside.gif"]])
def test_wrong_usage(arguments):
    assert run(EXAMPLES / "digit.png", *arguments).returncode == 2


def test_without_onnx_it_says_what_to_install():
    code = (
        "import sys; sys.modules['onnx'] = None\n"
        "from shuzi.cli import main\n"
        f"sys.argv = ['shuzi', 'explain', {str(EXAMPLES / 'digit.png')!r}]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert 'pip install "shuzi[serve]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_of_it_needs_torch():
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from shuzi.cli import main\n"
        f"sys.argv = ['shuzi', 'explain', {str(EXAMPLES / 'digit.png')!r}]\n"
        "main()\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
