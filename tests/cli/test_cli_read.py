"""`shuzi read` where its contract (tests/reading/test_contract.py) leaves questions open."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*arguments, **options):
    """The command in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "SHUZI_CHECK_SHAPES"}
    command = [sys.executable, "-W", "error", "-m", "shuzi", "read", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=kept, timeout=120, **options)


def test_one_picture_and_several():
    alone = run(EXAMPLES / "digit.png", text=True)
    assert alone.stdout.startswith("7   9")
    both = run(EXAMPLES / "digit.png", EXAMPLES / "pad.png", text=True).stdout.splitlines()
    assert both[0].startswith(f"{EXAMPLES / 'digit.png'}: 7   ")
    assert both[1].startswith(f"{EXAMPLES / 'pad.png'}: 3   ")


def test_standard_input():
    done = run("/dev/stdin", "--format", "json", input=(EXAMPLES / "digit.png").read_bytes())
    assert json.loads(done.stdout)["numbers"][0]["text"] == "7"
    assert run("/dev/stdin", input=b"").returncode == 1


def test_doubt_and_knowledge():
    done = run(EXAMPLES / "postcode.png", "--digits", "5", text=True)
    # There are six: whatever five of them it gives, it doesn't vouch for them.
    assert done.returncode == 0
    assert done.stdout.split(maxsplit=1)[1] == "0.0 %   please check\n"
    assert "please check" not in run(EXAMPLES / "postcode.png", "--pattern", r"5\d{5}", text=True).stdout
    assert "please check" in run(EXAMPLES / "postcode.png", "--threshold", "1", text=True).stdout


def test_csv_has_a_row_for_every_picture(tmp_path):
    blank = tmp_path / "blank, and more.pgm"
    blank.write_bytes(b"P5 20 20 255\n" + bytes(400))
    done = run(EXAMPLES / "digit.png", blank, tmp_path / "none.png", "--format", "csv", text=True)
    assert done.returncode == 1
    seven, empty, failed = csv.DictReader(done.stdout.splitlines())
    assert (seven["text"], seven["accepted"], seven["error"]) == ("7", "true", "")
    assert (empty["source"], empty["text"], empty["error"]) == (str(blank), "", "")
    assert "There is no file" in failed["error"]


def test_the_form_follows_the_name_of_the_file(tmp_path):
    for name, start in (("a.jsonl", "{"), ("a.csv", "source,page"), ("a.txt", "7   ")):
        done = run(EXAMPLES / "digit.png", "--out", tmp_path / name)
        assert (done.returncode, done.stdout) == (0, b"")
        assert (tmp_path / name).read_text().startswith(start)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.jsonl", "a.txt"]


def test_annotated_pictures_never_replace_one_another(tmp_path):
    other = tmp_path / "in" / "digit.png"
    other.parent.mkdir()
    other.write_bytes((EXAMPLES / "pad.png").read_bytes())
    run(EXAMPLES / "digit.png", other, "--annotate", tmp_path / "deep" / "out")
    names = sorted(path.name for path in (tmp_path / "deep" / "out").iterdir())
    assert names == ["digit-read-2.png", "digit-read.png"]


@pytest.mark.parametrize(
    "arguments", [["--out", "none/a.txt"], ["--annotate", "file/out"], ["--weights", "none"]]
)
def test_what_cannot_be_written_or_loaded_is_one_sentence(arguments, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    done = run(EXAMPLES / "digit.png", *arguments, cwd=tmp_path, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("shuzi: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_name_that_is_no_text(tmp_path):
    name = os.fsencode(tmp_path) + b"/\xff.png"
    Path(os.fsdecode(name)).write_bytes((EXAMPLES / "digit.png").read_bytes())
    for form in ("text", "json", "csv"):
        command = [sys.executable, "-m", "shuzi", "read", name, os.devnull, "--format", form]
        done = subprocess.run(command, capture_output=True, timeout=120)
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        assert b"7" in done.stdout


def test_a_closed_pipe_ends_it_quietly():
    command = [sys.executable, "-m", "shuzi", "read", *[str(EXAMPLES / "digit.png")] * 200]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=120) == 0


def test_help_names_every_option():
    import inspect

    import shuzi

    done = run("--help", text=True)
    assert done.returncode == 0
    for function in (shuzi.read, shuzi.Reader):
        for name in inspect.signature(function).parameters:
            assert name == "picture" or f"--{name}" in done.stdout
