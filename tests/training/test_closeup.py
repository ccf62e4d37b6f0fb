"""A run of the close-up: gone on with after a stop it is the same, and its file says what the net says."""

import numpy as np
import pytest
import torch

from shuzi.errors import WeightsError
from shuzi.models import load_close_up
from shuzi.training import closeup, scene_run
from shuzi.training.closeup import (
    CloseUpRecipe,
    load_close_up_recipe,
    read_close_up_run,
    train_close_up,
    varied,
)
from shuzi.training.export_closeup import ExportableCloseUp, export_close_up
from shuzi.training.scene_run import is_scene_run

TINY = CloseUpRecipe(
    width=8,
    batch=4,
    repeats=2,
    dropout=0.3,
    smoothing=0.02,
    steps=3,
    hurry=0.5,
    learning_rate=0.01,
    weight_decay=0.0,
    warmup=1,
    decay=2,
    average=0.5,
    cycles=2,
    averaged=1,
    cycle=2,
    cycle_rate=0.01,
)


@pytest.fixture(autouse=True)
def _noise(monkeypatch):
    """Close-ups that need neither UNIPEN nor fonts; rounds are two batches."""

    def rounds(draw, seed, first):
        number = first
        while True:
            rng = np.random.default_rng((seed, number))
            count = draw.keywords["count"]
            yield rng.integers(0, 256, (count, 64, 64), np.uint8), rng.integers(0, 10, count)
            number += 1

    monkeypatch.setattr(closeup, "rounds", rounds)
    monkeypatch.setattr(closeup, "_ROUND", 2)


def weights(net):
    return torch.cat([value.flatten().double() for value in net.state_dict().values()])


@pytest.mark.parametrize("steps", [2, 5])
def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(tmp_path, monkeypatch, steps):
    whole = train_close_up(TINY, tmp_path / "whole", threads=1)
    monkeypatch.setattr(scene_run, "_SAVE_EVERY", steps)
    taken = []

    def stopping(drawn):
        taken.append(True)
        if len(taken) == steps + 1:
            raise KeyboardInterrupt
        return varied(drawn)

    monkeypatch.setattr(closeup, "varied", stopping)
    with pytest.raises(KeyboardInterrupt):
        train_close_up(TINY, tmp_path / "stopped", threads=1)
    assert is_scene_run(tmp_path / "stopped", "closeup")
    net = train_close_up(TINY, tmp_path / "stopped", threads=1)
    assert torch.equal(weights(net), weights(whole))
    assert torch.equal(weights(read_close_up_run(tmp_path / "stopped")[0]), weights(whole))


def test_its_file_says_what_the_net_says(tmp_path):
    net = train_close_up(TINY, tmp_path / "run", threads=1)
    patches = np.random.default_rng(0).integers(0, 256, (50, 48, 48), np.uint8)
    difference = export_close_up(ExportableCloseUp(net, 0.9), tmp_path / "closeup.onnx", patches)
    assert difference.exported < 1e-4
    rows = load_close_up(tmp_path / "closeup.onnx").probabilities(patches)
    assert rows.shape == (50, 10)
    np.testing.assert_allclose(rows.sum(1), 1, atol=1e-4)
    assert load_close_up(tmp_path / "closeup.onnx").probabilities(patches[:0]).shape == (0, 10)


def test_a_folder_without_a_run_is_refused(tmp_path):
    assert not is_scene_run(tmp_path, "closeup")
    with pytest.raises(WeightsError, match="holds no run of the closeup"):
        read_close_up_run(tmp_path)


def test_a_close_up_varies_a_little_and_stays_in_the_middle():
    torch.manual_seed(0)
    drawn = torch.zeros(200, 1, 64, 64)
    drawn[:, :, 24:40, 24:40] = 1
    seen = varied(drawn)
    assert seen.shape == (200, 1, 48, 48)
    assert (seen[:, 0, 23:25, 23:25] > 0.3).all()
    assert seen.std(0).max() > 0.1


def test_the_shipped_recipe_can_be_read():
    assert load_close_up_recipe().steps > 1000
