"""The door for weights: shipped ones, one's own, and files that are refused."""

import json

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import shuzi
from shuzi.errors import WeightsError
from shuzi.models import FOLDER, classify, load_classifier, load_close_up, shipped
from shuzi.onnx_files import MAX_BYTES


def tiny_model(
    *, input="image", output="probabilities", rows="N", classes=10, dtype=TensorProto.UINT8, weights=None
):
    """A linear softmax classifier in the agreed interface, or not quite."""
    values = np.zeros((784, classes), np.float32) if weights is None else weights
    nodes = [
        helper.make_node("Cast", [input], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["float"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["logits"]),
        helper.make_node("Softmax", ["logits"], [output], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(input, dtype, [rows, 28, 28])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, [rows, classes])],
        [numpy_helper.from_array(values, "w")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


@pytest.fixture
def save(tmp_path):
    def save_model(model, name="own.onnx"):
        path = tmp_path / name
        path.write_bytes(model if isinstance(model, bytes) else model.SerializeToString())
        return path

    return save_model


def refusal(path):
    with pytest.raises(WeightsError) as caught:
        load_classifier(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_shipped_net_gives_probabilities():
    assert "champion" in shipped()
    images = shuzi.load_mnist("test")[0][:50]
    for name in shipped():
        probabilities = classify(images, weights=name)
        assert probabilities.dtype == np.float32
        assert probabilities.shape == (50, 10)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_the_champion_reads_mnist():
    images, labels = shuzi.load_mnist("test")
    assert (classify(images[:2000]).argmax(axis=1) == labels[:2000]).mean() > 0.99


def test_shipped_weights_stay_loaded_and_have_a_card():
    first = load_classifier("champion")
    assert load_classifier("champion") is first
    assert first.name == "champion"
    assert first.card == json.loads((FOLDER / "champion.json").read_text())


def test_one_digit_and_none_and_many():
    assert classify(np.zeros((28, 28), np.uint8)).shape == (1, 10)
    assert classify(np.zeros((0, 28, 28), np.uint8)).shape == (0, 10)
    images = shuzi.load_mnist("test")[0][:2100]
    whole = classify(images)
    np.testing.assert_allclose(whole[-3:], classify(images[-3:]), atol=1e-5)
    np.testing.assert_array_equal(
        classify(images[::-1][:5]), classify(np.ascontiguousarray(images[::-1][:5]))
    )


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((28, 28), np.float32),
        np.zeros((2, 28, 28, 1), np.uint8),
        np.zeros((2, 20, 20), np.uint8),
        np.zeros(784, np.uint8),
    ],
)
def test_classify_says_what_it_takes(images):
    with pytest.raises(ValueError, match=r"uint8 of shape \(N, 28, 28\)"):
        classify(images)


def test_own_weights_with_and_without_a_card(save):
    path = save(tiny_model())
    classifier = load_classifier(path)
    assert classifier.card == {}
    np.testing.assert_allclose(classifier.probabilities(np.zeros((3, 28, 28), np.uint8)), 0.1)
    path.with_suffix(".json").write_text('{"name": "own"}')
    assert load_classifier(str(path)).card == {"name": "own"}
    for broken in ("[1]", "{", "[" * 100_000):
        path.with_suffix(".json").write_text(broken)
        assert "model card" in refusal(path)


def test_own_weights_are_read_again_when_they_change(save):
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 0, 0] = 255
    assert classify(image, weights=save(tiny_model()))[0, 3] == pytest.approx(0.1)
    weights = np.zeros((784, 10), np.float32)
    weights[0, 3] = 1
    assert classify(image, weights=save(tiny_model(weights=weights)))[0, 3] == pytest.approx(1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"input": "x"}, "no digit classifier"),
        ({"output": "y"}, "no digit classifier"),
        ({"classes": 26}, "no digit classifier"),
        ({"dtype": TensorProto.FLOAT}, "no digit classifier"),
        ({"rows": 1}, "only 1 digits at a time"),
    ],
)
def test_another_interface_is_refused(save, changes, words):
    assert words in refusal(save(tiny_model(**changes)))


def test_weights_that_give_no_probabilities_are_refused(save):
    classifier = load_classifier(save(tiny_model(weights=np.full((784, 10), np.nan, np.float32))))
    with pytest.raises(WeightsError, match="no probabilities"):
        classifier.probabilities(np.ones((1, 28, 28), np.uint8))


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "empty"), (b"no weights at all", "not an ONNX file"), (b"\x08\x09:\x00", "")]
)
def test_other_files_are_refused(save, content, words):
    assert words in refusal(save(content))


@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_cut_off_weights_are_refused(save, part):
    graph = (FOLDER / "champion.onnx").read_bytes()
    assert "not an ONNX file" in refusal(save(graph[: int(len(graph) * part)]))


def test_data_in_other_files_is_refused(save, tmp_path):
    (tmp_path / "secret").write_bytes(bytes(784 * 10 * 4))
    model = tiny_model()
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "secret"
    path = save(model)
    assert "other files" in refusal(path)
    # Protobuf reads the length 8 of the key also when it is written in two bytes.
    longer = path.read_bytes().replace(b"\x08location", b"\x88\x00location")
    assert "other files" in refusal(save(longer))


def test_a_name_with_location_in_it_is_no_external_data(save):
    model = tiny_model()
    model.graph.doc_string = "allocation of weights"
    assert load_classifier(save(model)).name.endswith("own.onnx")


def test_unknown_names_list_the_known_ones(tmp_path):
    assert "champion" in refusal("champoin")
    assert "can't be opened" in refusal(tmp_path / "none.onnx")
    assert "can't be opened" in refusal("x" * 5000 + ".onnx")
    assert "can't be opened" in refusal("nul\0.onnx")
    assert "champion" in refusal("x" * 5000)
    (tmp_path / "folder.onnx").mkdir()
    assert "can't be opened" in refusal(tmp_path / "folder.onnx")


def test_a_file_that_is_too_large_is_not_read_on(tmp_path):
    path = tmp_path / "endless.onnx"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "over 64 MiB" in refusal(path)


def test_the_shipped_files_are_valid_onnx_of_ours():
    for name in shipped():
        model = onnx.load(FOLDER / f"{name}.onnx", load_external_data=False)
        onnx.checker.check_model(model)
        assert (FOLDER / f"{name}.json").is_file()


def test_another_net_is_no_close_up():
    with pytest.raises(WeightsError, match="is no close-up"):
        load_close_up(FOLDER / "champion.onnx")


def test_all_shipped_weights_together_stay_under_4_mib():
    files = [path for path in FOLDER.rglob("*") if path.suffix in (".onnx", ".json")]
    assert len(files) > 10
    assert sum(path.stat().st_size for path in files) < 4 * 2**20
