"""`shuzi data` as a person runs it."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from shuzi.cli.data import data
from shuzi.data.mnist import load_mnist
from shuzi.errors import DataError


def run(*arguments, **environment):
    """The command in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "SHUZI_CHECK_SHAPES"}
    command = [sys.executable, "-W", "error", "-m", "shuzi", "data", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=kept | environment, timeout=120)


def test_says_where_mnist_is_and_what_it_holds(capsys):
    data()
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].startswith("mnist is in ")
    assert lines[0].endswith("mnist")
    table = {line.split()[0]: line.split()[1:] for line in lines[2:]}
    assert list(table) == ["train", "fit", "validation", "test"]
    for split, numbers in table.items():
        labels = load_mnist(split)[1]
        assert [int(number.replace(",", "")) for number in numbers] == [len(labels), *np.bincount(labels)]
    assert err == ""


def test_contact_sheet(tmp_path, capsys):
    path = tmp_path / "sheet.png"
    data(show=path, count=30)
    assert f"The first 30 pictures of train are in {path}" in capsys.readouterr().out
    with Image.open(path) as sheet:
        assert sheet.size == (648, 300)


def test_ones_own_data(tmp_path, capsys):
    images, labels = (array[:60] for array in load_mnist("test"))
    np.savez(tmp_path / "mine.npz", images=images, labels=labels)
    data(str(tmp_path / "mine.npz"), show=tmp_path / "sheet.png", count=200)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"mine.npz is in {tmp_path}"
    assert lines[2].split() == ["all", "60", *map(str, np.bincount(labels, minlength=10))]
    assert lines[3] == f"The first 60 pictures of all are in {tmp_path / 'sheet.png'}"


def test_table_without_labels(tmp_path, capsys):
    np.savetxt(tmp_path / "test.csv", np.ones((3, 784)), fmt="%d", delimiter=",")
    data(str(tmp_path / "test.csv"), show=tmp_path / "sheet.png")
    assert "without labels" in capsys.readouterr().out
    assert (tmp_path / "sheet.png").exists()


def test_process_with_a_folder_of_ones_own(tmp_path):
    data_dir = tmp_path / "mine"
    done = run("--data-dir", str(data_dir))
    assert done.returncode == 0
    assert f"There is no folder {data_dir}; looking for mnist elsewhere." in done.stderr
    home = done.stdout.splitlines()[0].removeprefix("mnist is in ")
    # An empty cache shows that nothing but the named folder is used.
    done = run("--data-dir", home, XDG_CACHE_HOME=str(tmp_path / "empty"))
    assert done.returncode == 0
    assert done.stdout.startswith(f"mnist is in {home}\n")
    assert done.stderr == ""
    done = run(SHUZI_DATA=home, XDG_CACHE_HOME=str(tmp_path / "empty"))
    assert done.stdout.startswith(f"mnist is in {home}\n")
    assert not (tmp_path / "empty").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["minst"], 1, "shuzi: There is no data set or file minst; give mnist, fashion-mnist or a path."),
        (["--show", "sheet.jpg"], 1, "shuzi: A contact sheet is a PNG picture; call it sheet.png."),
        (["--count", "0"], 2, "Must be >= 1"),
        (["--count", "many"], 2, "many"),
        (["mnist", "--what"], 2, "--what"),
    ],
)
def test_mistakes_are_one_sentence(arguments, code, message):
    done = run(*arguments)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_own_data_that_is_damaged(tmp_path):
    (tmp_path / "mine.npz").write_bytes(b"not an archive")
    with pytest.raises(DataError, match="not an intact"):
        data(str(tmp_path / "mine.npz"))
