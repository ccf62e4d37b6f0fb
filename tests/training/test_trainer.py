"""The training loop: it learns, repeats itself exactly, and survives being stopped at any moment."""

import json
import math
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from shuzi.errors import CheckpointError, RecipeError, TrainingError
from shuzi.evaluation.evaluate import score_net
from shuzi.training.checkpoint import load_checkpoint
from shuzi.training.recipe import load_recipe
from shuzi.training.trainer import train


def shuzi(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "shuzi", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)


def test_a_tutorial_net_learns_to_read_mnist(tmp_path):
    run = train("pytorch-mlp-fixed", out=tmp_path / "run")
    assert score_net(run.net, run.recipe).accuracy > 0.975
    assert max(row["validation_accuracy"] for row in run.history) > 0.97
    rows = [json.loads(line) for line in (tmp_path / "run/metrics.jsonl").read_text().splitlines()]
    assert rows == run.history
    assert [row["epoch"] for row in rows] == list(range(1, 11))
    assert (tmp_path / "run/curves.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((tmp_path / "run/run.json").read_text())["status"] == "done"


def test_the_best_epoch_is_kept(tmp_path):
    run = train(load_recipe("mxnet-mlp-fixed", ["schedule.epochs=4"]), out=tmp_path / "run")
    best = max(run.history, key=lambda row: row["validation_accuracy"])
    _, facts = load_checkpoint(tmp_path / "run/best.safetensors")
    assert facts["row"] == best
    assert score_net(run.net, run.recipe, "validation").accuracy == pytest.approx(
        best["validation_accuracy"], abs=0.002
    )


@pytest.mark.parametrize("precision", ["float32", "auto"])
def test_the_same_seed_gives_the_same_bits(precision):
    settings = ["schedule.epochs=0.2", f"precision={precision}"]
    first, second = (train(load_recipe("keras-mlp-256", settings), seed=3) for _ in range(2))
    other = train(load_recipe("keras-mlp-256", settings), seed=4)
    assert_same(first.net.state_dict(), second.net.state_dict())
    assert not torch.equal(
        first.net.state_dict()["layers.fc1.weight"], other.net.state_dict()["layers.fc1.weight"]
    )


def assert_same(left, right):
    assert left.keys() == right.keys()
    for name in left:
        assert torch.equal(left[name], right[name]), name


def test_resuming_after_kills_at_random_moments_ends_in_the_same_bits(tmp_path):
    """Dropout, RMSprop's memory, shuffling and the best epoch must all be as if nothing had happened."""
    settings = [
        "--set",
        "data.train=fit",
        "--set",
        "select=best",
        "--set",
        "schedule.average=0.99",
        "--quiet",
    ]
    arguments = ["train", "keras-mlp-256", "--epochs", "6", "--threads", "1", *settings]
    whole = shuzi(*arguments, "--out", str(tmp_path / "whole"))
    assert whole.returncode == 0, whole.stderr

    moments = random.Random(20261122)
    folder = tmp_path / "killed"
    kills = 0
    command = [sys.executable, "-m", "shuzi", *arguments, "--out", str(folder)]
    for _ in range(4):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(folder / "last.safetensors", process)
        time.sleep(moments.uniform(0.0, 0.8))
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
        command = [sys.executable, "-m", "shuzi", "train", "--resume", str(folder), "--quiet"]
    assert kills >= 1
    finished = shuzi("train", "--resume", str(folder), "--quiet")
    assert finished.returncode == 0, finished.stderr
    for name in ("best.safetensors", "last.safetensors"):
        assert_same(load_checkpoint(tmp_path / "whole" / name)[0], load_checkpoint(folder / name)[0])
    steps = [
        [json.loads(line)["step"] for line in (run / "metrics.jsonl").read_text().splitlines()]
        for run in (tmp_path / "whole", folder)
    ]
    assert steps[0] == steps[1]
    live = [json.loads(line)["step"] for line in (folder / "live.jsonl").read_text().splitlines()]
    assert live == sorted(set(live))  # what was trained twice is told once
    assert (
        not [path.name for path in folder.iterdir() if path.name.startswith(".") and path.suffix != ""]
        or kills
    )


def wait_for(path: Path, process: subprocess.Popen) -> None:
    """Wait until a checkpoint newer than this call is there, or the process has ended."""
    start = time.time()
    while process.poll() is None and time.time() < start + 120:
        if path.exists() and path.stat().st_mtime > start:
            return
        time.sleep(0.01)


def test_ctrl_c_stops_after_the_step_and_can_be_resumed(tmp_path):
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "shuzi", "train", "mxnet-mlp", "--threads", "1", "--out", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(folder / "last.safetensors", process)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 130, stderr
    assert f"shuzi train --resume {folder}" in stderr
    assert "Traceback" not in stderr
    assert json.loads((folder / "run.json").read_text())["status"] == "interrupted"
    _, facts = load_checkpoint(folder / "last.safetensors")
    assert 0 < facts["step"] < 6000
    resumed = train(resume=folder)
    assert len(resumed.history) == 10
    assert not resumed.interrupted


def test_a_full_disk_is_a_clear_error_and_loses_no_checkpoint(tmp_path):
    folder = tmp_path / "run"
    assert shuzi("train", "mxnet-mlp", "--epochs", "1", "--out", str(folder), "--quiet").returncode == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    facts = json.loads((folder / "run.json").read_text())
    facts["recipe"]["schedule"]["epochs"] = 2
    (folder / "run.json").write_text(json.dumps(facts))
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000));"
        "from shuzi.cli import main; sys.argv[1:] = sys.argv[1:]; main()"
    )
    command = [sys.executable, "-c", limited, "train", "--resume", str(folder), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "can't be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "last.safetensors").read_bytes() == before["last.safetensors"]
    assert (folder / "best.safetensors").read_bytes() == before["best.safetensors"]
    assert not list(folder.glob(".*"))


def test_an_unusable_folder_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(CheckpointError, match="choose another folder"):
        train("mxnet-mlp", out=tmp_path / "file" / "run")
    train(load_recipe("mxnet-mlp", ["schedule.epochs=0.05"]), out=tmp_path / "run")
    with pytest.raises(CheckpointError, match="holds a run already"):
        train("mxnet-mlp", out=tmp_path / "run")
    with pytest.raises(CheckpointError, match="no run in"):
        train(resume=tmp_path / "nowhere")


def test_a_loss_that_is_no_number_stops_with_the_step_and_the_cause():
    recipe = load_recipe("paddle-linear", ["optimiser.learning_rate=10", "schedule.epochs=1"])
    with pytest.raises(TrainingError, match=r"no longer a number at step \d+.*learning rate 10"):
        train(recipe)


def test_settings_that_make_no_sense_are_refused():
    for setting in ("optimiser.batch=0", "schedule.epochs=0"):
        with pytest.raises(RecipeError):
            train(load_recipe("mxnet-mlp", [setting]))
    with pytest.raises(RecipeError, match="which recipe"):
        train()


def test_two_processes_reach_the_same_accuracy(tmp_path):
    """Each takes half of every batch; the mean gradient is the same, so the result is close."""
    torchrun = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--nproc-per-node",
        "2",
        "--master-port",
        "29517",
    ]
    arguments = ["-m", "shuzi", "train", "pytorch-mlp-fixed", "--epochs", "4", "--threads", "1"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*torchrun, *arguments, "--out", str(tmp_path / "team")],
        capture_output=True, text=True, timeout=300, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("test ") == 1
    alone = train(load_recipe("pytorch-mlp-fixed", ["schedule.epochs=4"]))
    rows = [json.loads(line) for line in (tmp_path / "team/metrics.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [row["step"] for row in alone.history]
    assert rows[0]["loss"] == pytest.approx(alone.history[0]["loss"], rel=0.02)
    assert rows[-1]["validation_accuracy"] == pytest.approx(
        alone.history[-1]["validation_accuracy"], abs=0.005
    )


def test_tensorboard_events_hold_every_epoch(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    run = train(load_recipe("mxnet-mlp-fixed", ["schedule.epochs=2"]), out=tmp_path / "run", tensorboard=True)
    events = EventAccumulator(str(tmp_path / "run/tensorboard"))
    events.Reload()
    values = [event.value for event in events.Scalars("validation_accuracy")]
    assert values == pytest.approx([row["validation_accuracy"] for row in run.history])


def test_progress_is_plain_lines_when_not_on_a_terminal(tmp_path):
    done = shuzi("train", "mxnet-mlp-fixed", "--epochs", "2", "--out", str(tmp_path / "run"))
    assert done.returncode == 0, done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 2
    assert "epoch 1/2" in lines[0]
    assert "samples/s" in lines[0]
    assert "validation" in lines[0]
    assert done.stdout.startswith("mxnet-mlp-fixed: test 9")
    assert "\x1b" not in done.stdout + done.stderr


def test_a_fraction_of_an_epoch_ends_in_its_middle():
    run = train(load_recipe("mxnet-mlp", ["schedule.epochs=0.5"]))
    assert [row["step"] for row in run.history] == [300]
    assert math.isclose(run.history[0]["epoch"], 0.5)
