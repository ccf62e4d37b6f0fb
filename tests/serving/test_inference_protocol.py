"""The Open Inference Protocol, driven by Triton's own client and, where that can't, by hand."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

import shuzi
from shuzi.models import shipped

EXAMPLES = Path(__file__).parents[2] / "examples"
IMAGES, LABELS = (part[:5] for part in shuzi.load_mnist("test"))


@pytest.fixture(scope="module")
def client(served):
    client = triton.InferenceServerClient(f"127.0.0.1:{served.port}")
    yield client
    client.close()


def images_input(*, binary):
    sent = triton.InferInput("image", list(IMAGES.shape), "UINT8")
    sent.set_data_from_numpy(IMAGES, binary_data=binary)
    return sent


def test_health_and_metadata(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    server = client.get_server_metadata()
    assert (server["name"], server["extensions"]) == ("shuzi", ["binary_tensor_data", "classification"])
    for name in [*shipped(), "reader"]:
        assert client.is_model_ready(name)
        model = client.get_model_metadata(name)
        assert (model["name"], model["platform"], model["versions"]) == (name, "onnx_onnxv1", ["1"])
    assert not client.is_model_ready("none")
    assert not client.is_model_ready("champion", "2")
    with pytest.raises(InferenceServerException, match="no model of that name"):
        client.get_model_metadata("..%2Fchampion")


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("binary_answer", [True, False])
def test_digits(client, binary, binary_answer):
    outputs = [triton.InferRequestedOutput(name, binary_answer) for name in ("digit", "probabilities")]
    answer = client.infer("champion", [images_input(binary=binary)], outputs=outputs, request_id="a7")
    assert answer.get_response()["id"] == "a7"
    assert answer.as_numpy("digit").tolist() == LABELS.tolist()
    assert answer.as_numpy("digit").dtype == np.int64
    assert np.allclose(answer.as_numpy("probabilities"), shuzi.classify(IMAGES), atol=1e-6)


def test_all_outputs_where_none_is_named(client):
    answer = client.infer("mxnet-lenet", [images_input(binary=True)], model_version="1")
    assert answer.as_numpy("probabilities").shape == (5, 10)
    assert answer.as_numpy("digit").tolist() == LABELS.tolist()


def test_the_classification_extension(client):
    outputs = [triton.InferRequestedOutput("probabilities", class_count=3)]
    answer = client.infer("champion", [images_input(binary=True)], outputs=outputs)
    ranked = answer.as_numpy("probabilities")
    assert ranked.shape == (5, 3)
    value, index, label = ranked[0, 0].decode().split(":")
    assert (index, label) == (str(LABELS[0]), str(LABELS[0]))
    assert float(value) > float(ranked[0, 1].decode().split(":")[0])


@pytest.mark.parametrize("binary", [True, False])
def test_the_reader(client, binary):
    files = [(EXAMPLES / name).read_bytes() for name in ("postcode.png", "pad.png")]
    sent = triton.InferInput("image_bytes", [2], "BYTES")
    if not binary:
        files = [base64.b64encode(file) for file in files]
    sent.set_data_from_numpy(np.array(files, dtype=object), binary_data=binary)
    answer = client.infer("reader", [sent], parameters={"threshold": 0.5})
    assert answer.as_numpy("text").tolist() == [b"518057", b"3"]
    assert (answer.as_numpy("confidence") > 0.9).all()
    short = client.infer("reader", [sent], parameters={"digits": "5-6"})
    assert short.as_numpy("confidence")[1] == 0


def by_hand(served, sent, model="champion", **headers):
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return served.client.post(f"v2/models/{model}/infer", content=body, headers=names)


def test_flat_data_are_taken_too(served):
    tensor = {"name": "image", "shape": [5, 28, 28], "datatype": "UINT8", "data": IMAGES.ravel().tolist()}
    answer = by_hand(served, {"inputs": [tensor]}).json()
    assert [output["name"] for output in answer["outputs"]] == ["probabilities", "digit"]
    assert answer["outputs"][1]["data"] == LABELS.tolist()


ONE = {"name": "image", "shape": [1, 28, 28], "datatype": "UINT8", "data": IMAGES[0].tolist()}


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{",
        b"[]",
        b'{"inputs": 7}',
        {"inputs": []},
        {"inputs": [ONE | {"datatype": "FP32"}]},
        {"inputs": [ONE | {"shape": [2, 28, 28]}]},
        {"inputs": [ONE | {"shape": [1, 28, -28]}]},
        {"inputs": [ONE | {"shape": [10**9, 28, 28]}]},
        {"inputs": [ONE | {"data": [[300] * 28] * 28}]},
        {"inputs": [ONE | {"data": "x"}]},
        {"inputs": [ONE | {"parameters": {"binary_data_size": 784}}]},
        {"inputs": [ONE, ONE]},
        {"inputs": [ONE], "id": 7},
        {"inputs": [ONE], "outputs": [{"name": "none"}]},
        {"inputs": [ONE], "outputs": [{"name": "digit", "parameters": {"classification": 2}}]},
        {"inputs": [ONE], "outputs": [{"name": "probabilities", "parameters": {"classification": 0}}]},
        {"inputs": [ONE], "outputs": 3},
    ],
)
def test_faults_are_told_as_the_protocol_wants(served, sent):
    answer = by_hand(served, sent)
    assert answer.status_code == 422
    assert answer.json()["error"] == answer.json()["detail"]


def test_binary_data_of_the_wrong_length(served):
    head = json.dumps({"inputs": [ONE | {"data": None, "parameters": {"binary_data_size": 784}}]}).encode()
    length = str(len(head))
    good = by_hand(served, head + IMAGES[0].tobytes(), Inference_Header_Content_Length=length)
    assert good.json()["outputs"][1]["data"] == [int(LABELS[0])]
    for body, said in ((head + b"x", length), (head, length), (head, "99999"), (head, "-1"), (head, "²")):
        answer = by_hand(served, body, Inference_Header_Content_Length=said.encode())
        assert answer.status_code == 422
    assert by_hand(served, {"inputs": [ONE]}, "none").status_code == 404
    cut = {"name": "image_bytes", "shape": [1], "datatype": "BYTES", "parameters": {"binary_data_size": 6}}
    head = json.dumps({"inputs": [cut]}).encode()
    answer = by_hand(
        served, head + b"\xff\xff\xff\xffxx", "reader", Inference_Header_Content_Length=str(len(head))
    )
    assert answer.status_code == 422
