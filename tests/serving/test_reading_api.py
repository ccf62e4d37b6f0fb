"""/v1/read, /v1/classify and /v1/models on a real server."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import shuzi
from shuzi.models import shipped

EXAMPLES = Path(__file__).parents[2] / "examples"


def example(name):
    return (EXAMPLES / name).read_bytes()


def pdf_of(*names):
    pages = [Image.open(EXAMPLES / name).convert("RGB") for name in names]
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:])
    return buffer.getvalue()


def read(served, body, kind="image/png", **query):
    return served.client.post("v1/read", params=query, content=body, headers={"Content-Type": kind})


def refused(response, status):
    """The sentence of a problem document (RFC 9457)."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["type"]) == (status, "about:blank")
    assert problem["detail"].endswith(".")
    return problem["detail"]


def test_the_answer_is_the_command_lines(served):
    answer = read(served, example("postcode.png"), pattern=r"5\d{5}")
    assert answer.status_code == 200
    expected = shuzi.read(EXAMPLES / "postcode.png", pattern=r"5\d{5}").to_dict() | {"source": None}
    assert answer.json() == {"pages": [expected]}


def test_details(served):
    page = read(served, example("pad.png"), detail=True).json()["pages"][0]
    (digit,) = page["numbers"][0]["digits"]
    assert digit["value"] == int(np.argmax(digit["probabilities"])) == 3
    again = shuzi.classify(np.array(digit["image"], np.uint8))
    assert np.allclose(again, digit["probabilities"], atol=1e-5)


def test_every_page_of_a_pdf(served):
    pages = read(served, pdf_of("digit.png", "postcode.png"), "application/pdf").json()["pages"]
    assert [(page["page"], page["numbers"][0]["text"]) for page in pages] == [(1, "7"), (2, "518057")]


def test_several_files_and_names_that_are_no_paths(served):
    parts = [
        ("a", ("../../etc/digit.png", example("digit.png"), "image/png")),
        ("b", ("C:\\secret\\<b>.txt", b"no picture", "image/png")),
        ("c", ("two.pdf", pdf_of("digit.png", "pad.png"), "application/pdf")),
    ]
    answer = served.client.post("v1/read", files=parts)
    assert answer.status_code == 200
    told = [(page["source"], page["page"], bool(page["error"])) for page in answer.json()["pages"]]
    assert told == [
        ("digit.png", 1, False),
        ("<b>.txt", 1, True),
        ("two.pdf", 1, False),
        ("two.pdf", 2, False),
    ]
    assert refused(served.client.post("v1/read", files=parts[1:2]), 415)
    assert refused(served.client.post("v1/read", data={"no": "file"}, files={}), 415)


@pytest.mark.parametrize("query", [{"digits": "0"}, {"digits": "x"}, {"pattern": "("}, {"check": "none"},
                                   {"threshold": 2}, {"weights": "../../x"}, {"weights": "run:../x"},
                                   {"weights": "run:20260101-000000-123456"}])  # fmt: skip
def test_options_that_make_no_sense(served, query):
    assert refused(read(served, example("digit.png"), **query), 422)


def test_what_is_no_picture(served):
    assert refused(read(served, b"\x80\x04\x95N."), 415)
    assert refused(read(served, b"<svg onload=alert(1)>"), 415)
    assert refused(read(served, example("digit.png"), "text/html"), 415)
    assert refused(read(served, b""), 422)
    assert refused(read(served, example("digit.png")[:2000]), 422)


def test_classify_a_picture(served):
    answer = served.client.post(
        "v1/classify", content=example("digit.png"), headers={"Content-Type": "image/png"}
    )
    (prediction,) = answer.json()["predictions"]
    assert prediction["digit"] == 7
    assert np.array_equal(prediction["image"], shuzi.frame(EXAMPLES / "digit.png"))


def test_each_net_sees_what_its_tutorial_shows_it(served):
    own_picture = {
        model["name"]: model["own_picture"] for model in served.client.get("v1/models").json()["models"]
    }
    for name, way in own_picture.items():
        seen = {}
        for picture in ("pad.png", "digit.png"):
            answer = served.client.post(
                "v1/classify",
                params={"weights": name, "framing": "tutorial"},
                content=example(picture),
                headers={"Content-Type": "image/png"},
            )
            assert answer.status_code == 200, answer.text
            assert answer.json()["weights"] == name
            seen[picture] = np.array(answer.json()["predictions"][0]["image"])
        framed = shuzi.frame(EXAMPLES / "digit.png")
        assert np.array_equal(seen["digit.png"], framed) == (way == "frame")
        if way == "alpha":
            transparency = np.asarray(Image.open(EXAMPLES / "pad.png"))[..., 3]
            assert abs(seen["pad.png"].mean() - transparency.mean()) < 12


def test_classify_framed_digits(served):
    images, labels = shuzi.load_mnist("test")
    sent = {"images": images[:20].tolist()}
    answer = served.client.post("v1/classify", params={"weights": "mxnet-lenet"}, json=sent).json()
    assert [one["digit"] for one in answer["predictions"]] == labels[:20].tolist()


@pytest.mark.parametrize("sent", [b"", b"{", b"[" * 100_000, b'{"images": []}', b'{"images": [[1, 2], [3]]}',
                                  json.dumps({"images": [[[256] * 28] * 28]}).encode(),
                                  json.dumps({"images": [[[0.5] * 28] * 28]}).encode()])  # fmt: skip
def test_json_that_is_no_digits(served, sent):
    headers = {"Content-Type": "application/json"}
    assert refused(served.client.post("v1/classify", content=sent, headers=headers), 422)


def test_models(served):
    models = served.client.get("v1/models").json()["models"]
    assert sorted(model["name"] for model in models) == shipped()
    assert [model["name"] for model in models if model["default"]] == ["champion"] == [models[0]["name"]]
    assert all(model["shipped"] and 0 < model["accuracy"] <= 1 for model in models)


def test_a_pickle_called_onnx_is_refused_and_not_opened(served):
    folder = served.settings.folder / "runs" / "20260101-000000-654321"
    folder.mkdir(parents=True)
    bomb = b"cos\nsystem\n(S'touch " + str(folder / "opened").encode() + b"'\ntR."
    (folder / "weights.onnx").write_bytes(bomb)
    sentence = refused(read(served, example("digit.png"), weights="run:20260101-000000-654321"), 422)
    assert "ONNX" in sentence
    assert not (folder / "opened").exists()
    (folder / "weights.onnx").unlink()
