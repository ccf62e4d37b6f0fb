"""The Open Inference Protocol, version 2: each of the weights is a model, and "reader" reads pictures."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from shuzi import __version__
from shuzi.errors import WeightsError
from shuzi.models import CHAMPION
from shuzi.serving.inference import LENGTH_HEADER
from shuzi.serving.pool import Pool
from shuzi.serving.problems import Problem, documented
from shuzi.serving.routes.pictures import run_job
from shuzi.serving.shelf import find_weights

router = APIRouter(prefix="/v2", tags=["Open Inference Protocol"])

READER = "reader"
_VERSION = "1"
_EXTENSIONS = ["binary_tensor_data", "classification"]
_INFER_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string"},
                        "parameters": {"type": "object"},
                        "inputs": {"type": "array", "items": {"type": "object"}, "minItems": 1},
                        "outputs": {"type": "array", "items": {"type": "object"}},
                    },
                    "required": ["inputs"],
                }
            },
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "The outputs.", "content": {"application/json": {}, "application/octet-stream": {}}}
}


Model = Annotated[str, Path(description="Weights that /v1/models names, or reader.", examples=[CHAMPION])]


@router.get("")
async def server() -> dict[str, Any]:
    """What this server is."""
    return {"name": "shuzi", "version": __version__, "extensions": _EXTENSIONS}


@router.get("/health/live")
async def live() -> dict[str, bool]:
    """Whether the server runs."""
    return {"live": True}


@router.get("/health/ready", responses=documented(503))
async def ready(request: Request) -> dict[str, bool]:
    """Whether the server can read: 503 while it starts or stops."""
    pool: Pool = request.app.state.pool
    if not pool.ready:
        raise Problem(503, "The server is starting or stopping.")
    return {"ready": True, "live": True}


@router.get("/models/{model}", responses=documented(404))
@router.get("/models/{model}/versions/{version}", responses=documented(404), include_in_schema=False)
async def metadata(request: Request, model: Model, version: str = _VERSION) -> dict[str, Any]:
    """A model's inputs and outputs."""
    _find(request, model, version)
    if model == READER:
        inputs = [_tensor("image_bytes", "BYTES", [-1])]
        outputs = [_tensor("text", "BYTES", [-1]), _tensor("confidence", "FP32", [-1])]
    else:
        inputs = [_tensor("image", "UINT8", [-1, 28, 28])]
        outputs = [_tensor("probabilities", "FP32", [-1, 10]), _tensor("digit", "INT64", [-1])]
    facts = {"name": model, "versions": [_VERSION], "platform": "onnx_onnxv1"}
    return facts | {"inputs": inputs, "outputs": outputs}


@router.get("/models/{model}/ready", responses=documented(404))
@router.get("/models/{model}/versions/{version}/ready", responses=documented(404), include_in_schema=False)
async def model_ready(request: Request, model: Model, version: str = _VERSION) -> dict[str, Any]:
    """Whether a model can be used."""
    _find(request, model, version)
    return {"name": model, "ready": True}


_REFUSALS = documented(404, 408, 413, 415, 422, 429, 503)


@router.post("/models/{model}/infer", responses=_ANSWER | _REFUSALS, openapi_extra=_INFER_BODY)
@router.post("/models/{model}/versions/{version}/infer", include_in_schema=False)
async def infer(request: Request, model: Model, version: str = _VERSION) -> Response:
    """Run a model on tensors, given as JSON or as bytes behind it."""
    weights = _find(request, model, version)
    options = {"model": model, "weights": weights, "header_length": request.headers.get(LENGTH_HEADER)}
    result = await run_job(request, "infer", options, await request.body())
    return Response(result.body, headers={"Content-Type": "application/json"} | result.headers)


def _find(request: Request, model: str, version: str) -> str:
    try:
        if version != _VERSION:
            raise WeightsError("")
        return find_weights(request, CHAMPION if model == READER else model)
    except WeightsError:
        raise Problem(404, "There is no model of that name and version: GET /v1/models lists them.") from None


def _tensor(name: str, datatype: str, shape: list[int]) -> dict[str, Any]:
    return {"name": name, "datatype": datatype, "shape": shape}
