"""Layer tables: the tutorials' parameter counts, torch's own count of operations, the net left as it was."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from shuzi.nets import build
from shuzi.nets.summary import count_parameters, describe, summarise
from shuzi.training.recipe import load_recipe, recipe_names

PARAMETERS = {
    "paddle-linear": 785,
    "pytorch-mlp": 235_146,
    "mxnet-mlp": 109_386,
    "mxnet-lenet": 431_080,
    "keras-mlp-512": 669_706,
    "keras-mlp-256": 218_058,
    "pytorch-cnn": 28_938,
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_tutorials_parameters(name):
    assert summarise(build(load_recipe(name).net)).parameters == PARAMETERS[name]


@pytest.mark.parametrize("name", recipe_names())
def test_sums(name):
    net = build(load_recipe(name).net)
    summary = summarise(net)
    assert sum(layer.parameters for layer in summary.layers) == summary.parameters
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        net.eval()(torch.zeros(1, 1, 28, 28))
    assert summary.flops == counter.get_total_flops()
    assert summary.layers[-1].shape == (1 if name == "paddle-linear" else 10,)


def test_layers_of_the_cnn():
    layers = summarise(build({"kind": "cnn"})).layers
    assert [(layer.name, layer.kind, layer.shape, layer.parameters) for layer in layers] == [
        ("conv1", "conv 5x5, pad 2", (16, 28, 28), 416),
        ("pool", "max pool 2x2", (16, 14, 14), 0),
        ("relu", "ReLU", (16, 14, 14), 0),
        ("conv2", "conv 5x5, pad 2", (32, 14, 14), 12_832),
        ("pool", "max pool 2x2", (32, 7, 7), 0),
        ("relu", "ReLU", (32, 7, 7), 0),
        ("flatten", "flatten", (1568,), 0),
        ("out", "linear", (10,), 15_690),
    ]
    assert layers[0].multiply_adds == 16 * 28 * 28 * 25


def test_a_layer_called_twice_has_its_parameters_once():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(784, 784)

        def forward(self, pictures):
            return self.fc(self.fc(pictures.flatten(1)))

    summary = summarise(Twice())
    assert [layer.parameters for layer in summary.layers] == [784 * 785, 0]
    assert summary.parameters == 784 * 785
    assert summary.multiply_adds == 2 * 784 * 784


def test_frozen_parameters_are_not_counted():
    net = build({"kind": "linear"})
    net.fc.bias.requires_grad_(False)
    assert count_parameters(net) == 7840


@pytest.mark.parametrize("training", [True, False])
def test_the_net_is_left_as_it_was(training):
    net = build({"kind": "mlp", "dropout": 0.2}).train(training)
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    summarise(net)
    assert net.training is training
    assert all(not layer._forward_hooks for layer in net.modules())
    assert all((tensor == before[name]).all() for name, tensor in net.state_dict().items())


def test_hooks_go_when_the_net_fails():
    net = nn.Sequential(nn.Flatten(), nn.Linear(5, 5))
    with pytest.raises(RuntimeError):
        summarise(net)
    assert all(not layer._forward_hooks for layer in net.modules())


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (nn.Conv2d(4, 8, (3, 5), stride=2, padding=1, groups=4), "conv 3x5, stride 2x2, pad 1, 4 groups"),
        (nn.Conv2d(1, 8, 3, padding="same"), "conv 3x3, pad same"),
        (nn.AvgPool2d(2), "mean pool 2x2"),
        (nn.BatchNorm2d(3), "batch norm"),
        (nn.GELU(), "GELU"),
        (nn.Dropout(0.25), "dropout 0.25"),
    ],
)
def test_layers_in_words(layer, words):
    assert describe(layer) == words
