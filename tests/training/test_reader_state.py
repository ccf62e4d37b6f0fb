"""A run of the detector: gone on with after a stop it is the same, and the net is a mean over its cycles."""

import dataclasses

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from shuzi.data.scenes import Scenes
from shuzi.training import reader, scene_run
from shuzi.training.closeup import load_close_up_recipe
from shuzi.training.reader import ReaderRecipe, load_reader_recipe, read_run, train_reader
from shuzi.training.scene_run import is_scene_run

TINY = ReaderRecipe(
    stages=((8,), (8, 8), (8, 8)),
    head=8,
    batch=2,
    repeats=1,
    pages=0.5,
    steps=4,
    hurry=0.0,
    learning_rate=0.01,
    weight_decay=0.0,
    warmup=1,
    decay=2,
    average=0.5,
    cycles=2,
    averaged=2,
    cycle=3,
    cycle_rate=0.01,
)


@pytest.fixture
def stop_after(monkeypatch):
    """Stops the next training as Ctrl-C does, once it has taken and saved so many steps."""

    def stop(steps):
        taken = []
        learn = reader.learn

        def one(*arguments):
            if len(taken) == steps:
                monkeypatch.setattr(reader, "learn", learn)
                raise KeyboardInterrupt
            taken.append(True)
            return learn(*arguments)

        monkeypatch.setattr(scene_run, "_SAVE_EVERY", steps)
        monkeypatch.setattr(reader, "learn", one)

    return stop


@pytest.fixture(autouse=True)
def _noise(monkeypatch):
    """Scenes that need neither UNIPEN nor fonts."""

    def rounds(draw, seed, first):
        number = first
        while True:
            rng = np.random.default_rng((seed, number))
            batches, batch = draw.keywords["batches"], draw.keywords["batch"]
            digits = np.array([[i, i, 8, 8, 24, 30] for i in range(batch)], np.float32)
            yield [Scenes(rng.integers(0, 256, (batch, 32, 40), np.uint8), digits) for _ in range(batches)]
            number += 1

    monkeypatch.setattr(reader, "rounds", rounds)


def weights(net):
    return torch.cat([value.flatten().double() for value in net.state_dict().values()])


@pytest.mark.parametrize("steps", [3, 5, 8], ids=["first part", "first cycle", "second cycle"])
def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(tmp_path, stop_after, steps):
    whole = train_reader(TINY, tmp_path / "whole", threads=1)
    stop_after(steps)
    with pytest.raises(KeyboardInterrupt):
        train_reader(TINY, tmp_path / "stopped", threads=1)
    assert is_scene_run(tmp_path / "stopped", "reader")
    assert read_run(tmp_path / "stopped")[3] == steps
    gone_on = train_reader(TINY, tmp_path / "stopped", threads=1)
    assert torch.equal(weights(whole), weights(gone_on))
    net, recipe, seed, done = read_run(tmp_path / "stopped")
    assert (seed, done) == (0, 10)
    assert dataclasses.replace(recipe, stages=TINY.stages) == TINY
    assert torch.equal(weights(net), weights(whole))


def test_the_net_is_the_mean_of_what_cycles_end_at(tmp_path):
    ends = []
    for cycles in (1, 2):
        recipe = dataclasses.replace(TINY, cycles=cycles, averaged=cycles)
        train_reader(recipe, tmp_path / str(cycles), threads=1)
        ends.append(load_file(tmp_path / str(cycles) / "last.safetensors"))
    for name, value in read_run(tmp_path / "2")[0].state_dict().items():
        first, second = (end[f"average.{name}"] for end in ends)
        expected = (first + second) / 2 if value.is_floating_point() else second
        assert torch.allclose(value, expected, atol=1e-6)


def test_only_the_last_cycles_are_averaged():
    recipe = dataclasses.replace(TINY, cycles=5, averaged=3)
    assert [recipe.ends(done) for done in (4, 7, 10, 12, 13, 16, 19)] == [0, 0, 0, 0, 1, 2, 3]


@pytest.mark.parametrize("load", [load_reader_recipe, load_close_up_recipe])
def test_the_rate_falls_to_nothing_in_every_cycle(load):
    recipe = load()
    rates = np.array([recipe.rate(step) for step in range(recipe.total)])
    assert rates.max() == recipe.learning_rate
    assert rates[recipe.steps :].max() <= recipe.cycle_rate
    ends = [recipe.steps + k * recipe.cycle - 1 for k in range(recipe.cycles + 1)]
    assert (rates[ends] < 0.01 * recipe.cycle_rate).all()
