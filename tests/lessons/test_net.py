"""Looking into nets: layers in order, and every value's sum as onnxruntime computed it."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import shuzi
from shuzi.errors import ReadingError, WeightsError
from shuzi.lessons.net import open_net
from shuzi.lessons.value import ConvValue, LinearValue, PoolValue, SoftmaxValue, explain_value
from shuzi.models import classify, shipped

IMAGES = shuzi.load_mnist("test")[0][:200]
KINDS = {
    "pytorch-cnn": "input scale conv pool relu conv pool relu flatten linear softmax",
    "mxnet-lenet": "input scale conv pool tanh conv pool tanh flatten linear tanh linear softmax",
    "mxnet-mlp": "input scale flatten linear relu linear relu linear softmax",
    "paddle-linear": "input scale flatten linear other softmax",
    "pytorch-mlp": "input scale flatten linear relu linear relu linear relu softmax",
}


def recomputed(inside, layer, place):
    """The value at a place, from what `explain_value` says about it; None for layers without arithmetic."""
    found = explain_value(inside, layer.index, place)
    if isinstance(found, ConvValue):
        return sum((term.window * term.kernel).sum() for term in found.terms) + found.bias
    if isinstance(found, PoolValue):
        assert found.window[found.at] == found.window.max()
        return found.window[found.at]
    if isinstance(found, LinearValue):
        return (found.weights.ravel() * found.inputs).sum() + found.bias
    if isinstance(found, SoftmaxValue):
        return found.powers[place] / found.powers.sum()
    if found.origin is not None:
        assert found.inputs[0] == inside.values[layer.sources[0]][found.origin]
    rules = {"relu": lambda x: max(x[0], 0), "tanh": lambda x: np.tanh(x[0]), "mean": np.mean}
    rules |= dict.fromkeys(("reshape", "flatten"), lambda x: x[0])
    rule = rules.get(layer.kind)
    if layer.key == "temperature":
        return found.inputs[0] / inside.temperature
    if layer.key == "distance":
        return -min((found.inputs[0] - (place[0] + 0.5)) ** 2, 0.25)  # the tutorial cuts decimals off
    return rule(found.inputs) if rule else None


@pytest.mark.parametrize("name", shipped())
def test_every_layer_of_every_shipped_net_adds_up(name):
    rng = np.random.default_rng(0)
    net = open_net(name)
    for image in IMAGES[:2]:
        inside = net.look(image)
        np.testing.assert_allclose(inside.probabilities, classify(image, weights=name)[0], atol=1e-6)
        powers = np.exp(inside.logits.astype(float) / inside.temperature)
        np.testing.assert_allclose(powers / powers.sum(), inside.probabilities, atol=1e-5)
        for layer in net.layers:
            assert inside.values[layer.index].shape == layer.shape
            corners = [tuple(0 for _ in layer.shape), tuple(side - 1 for side in layer.shape)]
            anywhere = [tuple(int(rng.integers(side)) for side in layer.shape) for _ in range(10)]
            for place in corners + anywhere:
                expected = recomputed(inside, layer, place)
                if expected is not None:
                    assert expected == pytest.approx(float(inside.values[layer.index][place]), abs=1e-4)


@pytest.mark.parametrize(("name", "kinds"), KINDS.items())
def test_layers_come_in_order(name, kinds):
    assert [layer.kind for layer in open_net(name).layers] == kinds.split()


def test_names_and_shapes_of_lenet():
    layers = [(layer.name, layer.shape) for layer in open_net("mxnet-lenet").layers]
    assert layers[:3] == [
        ("picture", (1, 28, 28)),
        ("scaling", (1, 28, 28)),
        ("convolution 1", (20, 24, 24)),
    ]
    assert layers[8:10] == [("row of numbers", (800,)), ("linear 1", (500,))]


def test_space_to_depth_says_where_each_value_stood():
    net = open_net("champion")
    inside = net.look(IMAGES[0])
    layer = next(one for one in net.layers if one.key == "space-to-depth")
    assert explain_value(inside, layer.index, (3, 5, 6)).origin == (0, 11, 13)


def test_weights_as_pictures():
    net = open_net("paddle-linear")
    linear = next(layer for layer in net.layers if layer.kind == "linear")
    assert net.sees_picture(linear)
    assert linear.key == "regression"
    net = open_net("keras-mlp-256")
    assert [net.sees_picture(layer) for layer in net.layers if layer.kind == "linear"] == [True, False, False]
    assert net.weights_of(net.layers[3])[0].shape == (256, 784)


def test_places_that_are_not_there():
    inside = open_net("mxnet-lenet").look(IMAGES[0])
    for index, place in ((13, (0,)), (-1, (0,)), (2, (20, 0, 0)), (2, (0,)), (9, (0, 0, 0)), (9, (500,))):
        with pytest.raises(ReadingError):
            explain_value(inside, index, place)


def save(path, nodes, constants):
    """A classifier of one's own, with layers that no shipped net has."""
    graph = helper.make_graph(
        nodes,
        "own",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["N", 28, 28])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", 10])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, path)
    return path


def test_a_file_of_ones_own(tmp_path):
    """Strides, padding, groups, normalisation, a branch, two poolings, and a shape computed at run time."""
    rng = np.random.default_rng(1)

    def numbers(*shape):
        return rng.normal(size=shape).astype(np.float32)

    make = helper.make_node
    nodes = [
        make("Cast", ["image"], ["float"], to=TensorProto.FLOAT),
        make("Unsqueeze", ["float", "axis"], ["map"]),
        make("Mul", ["map", "scale"], ["scaled"]),
        make("Conv", ["scaled", "k1"], ["c1"], strides=[2, 2], pads=[1, 1, 1, 1]),
        make("BatchNormalization", ["c1", "g", "g", "g", "g"], ["bn"]),
        make("Softsign", ["bn"], ["o"]),
        make("Sigmoid", ["o"], ["s"]),
        make("Conv", ["s", "k2", "b2"], ["c2"], group=2, pads=[1, 1, 1, 1]),
        make("Add", ["s", "c2"], ["sum"]),
        make("MaxPool", ["sum"], ["p1"], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
        make("AveragePool", ["p1"], ["p2"], kernel_shape=[7, 7]),
        make("Shape", ["p2"], ["shape"]),
        make("Gather", ["shape", "zero"], ["n"]),
        make("Concat", ["n", "minus"], ["flat_shape"], axis=0),
        make("Reshape", ["p2", "flat_shape"], ["flat"]),
        make("MatMul", ["flat", "w"], ["logits"]),
        make("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    constants = {
        "axis": np.int64([1]), "scale": np.float32(1 / 255), "k1": numbers(4, 1, 3, 3),
        "g": np.abs(numbers(4)),
        "k2": numbers(4, 2, 3, 3), "b2": numbers(4), "zero": np.int64([0]), "minus": np.int64([-1]),
        "w": numbers(4, 10),
    }  # fmt: skip
    path = save(tmp_path / "own.onnx", nodes, constants)
    net = open_net(path)
    assert [layer.key for layer in net.layers] == [
        "input", "scale", "conv", "norm", "other", "sigmoid", "conv", "add", "max-pool", "average-pool",
        "flatten", "linear", "softmax",
    ]  # fmt: skip
    assert net.layers[4].name == "Softsign"  # no sentence of ours explains it
    inside = net.look(IMAGES[0])
    for index, places in {
        2: [(3, 0, 0), (1, 7, 9)],
        6: [(0, 0, 0), (3, 6, 13)],
        8: [(2, 0, 0), (1, 6, 6)],
        11: [(4,)],
    }.items():
        for place in places:
            expected = recomputed(inside, net.layers[index], place)
            assert expected == pytest.approx(float(inside.values[index][place]), abs=1e-4)
    added = explain_value(inside, 7, (1, 2, 3))
    assert added.inputs.sum() == pytest.approx(added.value, abs=1e-5)
    mean = explain_value(inside, 9, (1, 0, 0))
    assert mean.at is None
    assert mean.window.mean() == pytest.approx(mean.value, abs=1e-5)


def test_weights_that_cannot_be_looked_into(tmp_path):
    with pytest.raises(WeightsError):
        open_net("no-such-net")
    pickled = tmp_path / "own.onnx"
    pickled.write_bytes(b"\x80\x04K\x01.")
    with pytest.raises(WeightsError):
        open_net(pickled)
    nodes = [
        helper.make_node("Cast", ["image"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["float"], ["flat"]),
        helper.make_node("Log", ["flat"], ["log"]),  # of zeros: infinite
        helper.make_node("Exp", ["log"], ["back"]),
        helper.make_node("MatMul", ["back", "w"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    path = save(tmp_path / "infinite.onnx", nodes, {"w": np.ones((784, 10), np.float32)})
    with pytest.raises(WeightsError, match="infinite"):
        open_net(path).look(IMAGES[0])
