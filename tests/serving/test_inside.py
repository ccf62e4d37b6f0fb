"""/v1/inside: the lessons over HTTP, in a real ASGI app with the server's own error handlers."""

import asyncio
import base64
import io

import httpx
import numpy as np
import pytest
from PIL import Image

import shuzi
from shuzi.models import FOLDER
from shuzi.serving.app import create_app
from shuzi.serving.runfolder import WEIGHTS
from shuzi.serving.settings import Settings

DIGIT = shuzi.load_mnist("test")[0][0]
BODY = {"image": DIGIT.tolist()}
RUN = "run:20260101-120000-012345"


class Client:
    """Requests to the whole server, started and stopped as uvicorn does it, without a socket."""

    def __init__(self, app, runner):
        self.app, self.runner = app, runner

    def request(self, method, address, **options):
        async def ask():
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, address, **options)

        return self.runner.run(ask())

    def get(self, address):
        return self.request("GET", address)

    def post(self, address, **options):
        return self.request("POST", address, **options)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    run = folder / "runs" / RUN.removeprefix("run:")
    run.mkdir(parents=True)
    (run / WEIGHTS).write_bytes((FOLDER / "mxnet-mlp.onnx").read_bytes())
    app = create_app(Settings(folder=folder, workers=1, training=False))
    with asyncio.Runner() as runner:
        running = app.router.lifespan_context(app)
        runner.run(running.__aenter__())
        yield Client(app, runner)
        runner.run(running.__aexit__(None, None, None))


def test_layers_of_the_champion(client):
    found = client.post("/v1/inside", json=BODY).json()
    assert found["weights"] == "champion"
    for layer in found["layers"]:
        maps = np.frombuffer(base64.b64decode(layer["maps"]), "<f4").reshape(layer["shape"])
        assert (float(maps.min()), float(maps.max())) == (layer["min"], layer["max"])
    assert found["layers"][0]["shape"] == [1, 28, 28]
    powers = np.exp(np.array(found["logits"]) / found["temperature"])
    np.testing.assert_allclose(powers / powers.sum(), found["probabilities"], atol=1e-5)
    assert int(np.argmax(found["probabilities"])) == 7


def test_a_value_adds_up(client):
    body = BODY | {"layer": 2, "channel": 3, "y": 10, "x": 12}
    found = client.post("/v1/inside/value?weights=mxnet-lenet", json=body).json()
    total = sum(np.multiply(term["window"], term["kernel"]).sum() for term in found["terms"])
    assert (found["kind"], found["text_key"]) == ("conv", "conv")
    assert total + found["bias"] == pytest.approx(found["value"], abs=1e-4)
    found = client.post(f"/v1/inside/value?weights={RUN}", json=BODY | {"layer": 3, "unit": 5}).json()
    assert np.shape(found["weights"]) == (28, 28)
    products = np.ravel(found["weights"]) * found["inputs"]
    assert products.sum() + found["bias"] == pytest.approx(found["value"], abs=1e-4)


def test_mattered_and_weights(client):
    zero = {"image": shuzi.load_mnist("test")[0][3].tolist()}
    found = client.post("/v1/inside/mattered?weights=mxnet-lenet", json=zero).json()
    assert found["digit"] == 0
    assert np.shape(found["values"]) == (28, 28)
    assert max(map(max, found["values"])) > 0.5
    kernels = client.get("/v1/inside/weights?weights=mxnet-lenet&layer=2").json()
    assert (kernels["kind"], np.shape(kernels["kernels"])) == ("conv", (20, 1, 5, 5))
    pictures = client.get("/v1/inside/weights?weights=paddle-linear&layer=3").json()
    assert (pictures["kind"], np.shape(pictures["kernels"])) == ("linear", (1, 28, 28))


def test_a_photograph_filtered(client):
    buffer = io.BytesIO()
    Image.fromarray(np.tile(np.uint8([0, 255]).repeat(20), (30, 1))).save(buffer, "PNG")
    done = client.post("/v1/inside/filter?kernel=sobel-x", content=buffer.getvalue())
    assert done.headers["content-type"] == "image/png"
    assert done.headers["shuzi-lesson"].startswith("Right%20minus%20left")
    shown = np.asarray(Image.open(io.BytesIO(done.content)))
    assert shown.shape == (30, 40, 3)
    assert set(np.flatnonzero(shown[15].any(axis=1))) == {19, 20}  # the edge, and nothing else
    pooled = client.post("/v1/inside/filter?op=max-pool", content=buffer.getvalue())
    assert Image.open(io.BytesIO(pooled.content)).size == (20, 15)


BAD = [
    ("/v1/inside?weights=nothing", BODY),
    ("/v1/inside?weights=/etc/passwd", BODY),
    (f"/v1/inside?weights={FOLDER}/champion.onnx", BODY),
    ("/v1/inside?weights=run:8", BODY),
    ("/v1/inside", {"image": [[0] * 28] * 27}),
    ("/v1/inside", {"image": [[0] * 28] * 27 + [[256] * 28]}),
    ("/v1/inside", {"image": "x"}),
    ("/v1/inside", {}),
    ("/v1/inside/value", BODY | {"layer": 99, "unit": 1}),
    ("/v1/inside/value", BODY | {"layer": 3, "unit": 1}),
    ("/v1/inside/value", BODY | {"layer": 3, "channel": 1}),
    ("/v1/inside/value", BODY | {"layer": 3, "channel": 64, "y": 0, "x": 0}),
    ("/v1/inside/value", BODY | {"layer": -1, "unit": 1}),
    ("/v1/inside/filter?kernel=1,2,3", None),
    ("/v1/inside/filter?op=melt", None),
    ("/v1/inside/filter", None),
]


@pytest.mark.parametrize(("address", "body"), BAD)
def test_what_makes_no_sense_is_refused_in_a_sentence(client, address, body):
    done = client.post(address, json=body) if body is not None else client.post(address, content=b"x")
    assert done.status_code in (415, 422)
    assert done.headers["content-type"] == "application/problem+json"
    assert "\n" not in done.json()["detail"]


def test_layers_without_pictures_have_no_weights_to_show(client):
    layers = client.post("/v1/inside", json=BODY).json()["layers"]
    bare = [index for index, layer in enumerate(layers) if layer["kind"] not in ("conv", "linear")]
    assert bare[0] == 0
    for layer in (*bare, len(layers)):
        assert client.get(f"/v1/inside/weights?layer={layer}").status_code == 422
