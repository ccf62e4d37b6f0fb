"""A run that begins with weights of a file: they answer as before, can learn on, and the card names them."""

import dataclasses
import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from shuzi.data.scenes import Scenes
from shuzi.errors import TrainingError, WeightsError
from shuzi.models import READER, load_detector
from shuzi.nets.closeup import CloseUp
from shuzi.nets.detector import Detector
from shuzi.nets.fold import fold, unfold
from shuzi.training import closeup, going_on
from shuzi.training.closeup import load_close_up_recipe, read_close_up_run, train_close_up
from shuzi.training.going_on import begin_with
from shuzi.training.import_reader import import_close_up, import_reader
from shuzi.training.reader import load_reader_recipe, read_run
from shuzi.training.scene_run import BEGAN, STATE


@pytest.fixture
def _noise(monkeypatch):
    """Scenes that need neither UNIPEN nor fonts."""

    def scenes(stock, count, rng, hurry):
        return Scenes(rng.integers(60, 200, (count, 32, 40), np.uint8), np.zeros((0, 6), np.float32))

    def close_ups(stock, rng, count, hurry):
        return rng.integers(60, 200, (count, 64, 64), np.uint8), np.zeros(count, np.int64)

    monkeypatch.setattr(going_on, "load_stock", lambda split, seed: None)
    monkeypatch.setattr(going_on, "draw_scenes", scenes)
    monkeypatch.setattr(going_on, "draw_close_ups", close_ups)
    monkeypatch.setattr(going_on, "_PICTURES", 16)


def varied_norms(net):
    """As training leaves them."""
    torch.manual_seed(0)
    for layer in net.modules():
        if isinstance(layer, nn.BatchNorm2d):
            for value in (layer.weight, layer.bias, layer.running_mean):
                nn.init.normal_(value)
            nn.init.uniform_(layer.running_var, 0.5, 2)
    return net.eval()


@pytest.mark.parametrize(
    ("build", "side"), [(lambda: Detector([[8], [8, 12], [16]], 8), 64), (lambda: CloseUp(8), 48)]
)
def test_what_is_unfolded_answers_as_before_and_learns_from_the_same_means(build, side):
    net = varied_norms(build())
    pictures = torch.randn(32, 1, side, side)
    with torch.no_grad():
        wanted = net(pictures)
        fold(net)
        assert not any(isinstance(layer, nn.BatchNorm2d) for layer in net.modules())
        again = build()
        unfold(net, again, pictures)
        torch.testing.assert_close(again.eval()(pictures), wanted, rtol=1e-3, atol=1e-3)
        # In training, batch normalisation takes the means of the batch: here they are the same.
        torch.testing.assert_close(again.train()(pictures), wanted, rtol=1e-2, atol=1e-2)


@pytest.mark.usefixtures("_noise")
@pytest.mark.parametrize("kind", ["reader", "closeup"])
def test_a_run_begins_before_its_last_cycles_with_the_shipped_weights(tmp_path, kind):
    begin_with(READER, kind, tmp_path, 0)
    recipe = load_reader_recipe() if kind == "reader" else load_close_up_recipe()
    (tmp_path / "run.json").write_text(json.dumps({kind: True, "recipe": vars(recipe), "seed": 0}))
    net, _, _, done = (read_run if kind == "reader" else read_close_up_run)(tmp_path)
    assert done == recipe.total - recipe.averaged * recipe.cycle
    folded, graph = import_reader(READER)
    if kind == "closeup":
        folded, _ = import_close_up(graph)
    shown = torch.randn(2, 1, 48, 48)
    with torch.no_grad():
        torch.testing.assert_close(net(shown), folded(shown), rtol=1e-3, atol=1e-3)
    began = json.loads((tmp_path / BEGAN).read_text())
    card = load_detector().card if kind == "reader" else load_detector().close_up.card
    assert began == {name: card[name] for name in ("steps", "seed", "commit")}


@pytest.mark.usefixtures("_noise")
def test_the_result_is_the_mean_of_old_and_new_weights(tmp_path, monkeypatch):
    short = dataclasses.replace(load_close_up_recipe(), batch=4, steps=3, cycles=1, averaged=1, cycle=2)

    def rounds(draw, seed, first):
        rng, count = np.random.default_rng(seed), draw.keywords["count"]
        while True:
            yield rng.integers(60, 200, (count, 64, 64), np.uint8), rng.integers(0, 10, count)

    monkeypatch.setattr(going_on, "load_close_up_recipe", lambda: short)
    monkeypatch.setattr(closeup, "rounds", rounds)
    begin_with(READER, "closeup", tmp_path, 0)
    begun = load_file(tmp_path / STATE)
    train_close_up(short, tmp_path, threads=1)
    done = load_file(tmp_path / STATE)
    old, new, mean = begun["average.out.weight"], done["average.out.weight"], done["mean.out.weight"]
    assert not torch.equal(old, new)
    torch.testing.assert_close(mean, (old + new) / 2)


@pytest.mark.usefixtures("_noise")
def test_a_folder_that_holds_a_run_and_weights_of_another_kind_are_refused(tmp_path, monkeypatch):
    with pytest.raises(WeightsError):
        begin_with(str(tmp_path / "missing.onnx"), "reader", tmp_path, 0)
    with monkeypatch.context() as other:
        other.setattr(going_on, "build_detector", lambda recipe: Detector([[8], [8], [8]], 8))
        with pytest.raises(WeightsError, match="another shape"):
            begin_with(READER, "reader", tmp_path, 0)
    assert not (tmp_path / STATE).exists()
    begin_with(READER, "reader", tmp_path, 0)
    with pytest.raises(TrainingError, match="--resume"):
        begin_with(READER, "reader", tmp_path, 0)
