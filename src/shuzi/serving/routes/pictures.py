"""/v1/read, /v1/classify and /v1/models."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from shuzi.models import CHAMPION
from shuzi.reading.confidence import THRESHOLD
from shuzi.serving.jobs import Result
from shuzi.serving.pool import Pool
from shuzi.serving.problems import Problem, documented
from shuzi.serving.reading import failed_page
from shuzi.serving.schemas import ClassifyResult, ModelList, ReadResult
from shuzi.serving.shelf import Shelf, find_weights
from shuzi.serving.telemetry import Metrics

router = APIRouter(prefix="/v1", tags=["reading"])

_FILE = {"schema": {"type": "string", "format": "binary"}}
_KINDS = ("png", "jpeg", "webp", "avif", "tiff", "gif", "bmp", "heic")
_IMAGES = {f"image/{kind}": _FILE for kind in _KINDS}
_DIGITS = {"type": "array", "items": {"$ref": "#/components/schemas/Digit28"}, "minItems": 1}
_FORM = {"type": "object", "properties": {"file": {"type": "array", "items": _FILE["schema"]}}}
_READ_BODY = {
    "requestBody": {
        "required": True,
        "description": "A picture or PDF as it is, or several files as multipart/form-data.",
        "content": _IMAGES
        | {"application/pdf": _FILE, "multipart/form-data": {"schema": _FORM | {"required": ["file"]}}},
    }
}
_CLASSIFY_BODY = {
    "requestBody": {
        "required": True,
        "description": "A picture of one digit, or digits that are framed already.",
        "content": _IMAGES
        | {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"images": _DIGITS},
                    "required": ["images"],
                }
            }
        },
    }
}
_WORK = documented(400, 403, 408, 413, 415, 422, 429, 503)


async def _weights(
    request: Request,
    weights: Annotated[
        str, Query(max_length=200, description="A name that /v1/models gives.", examples=[CHAMPION])
    ] = CHAMPION,
) -> tuple[str, str]:
    return weights, find_weights(request, weights)


Chosen = Annotated[tuple[str, str], Depends(_weights)]


@router.get("/models", response_model=ModelList, responses=documented(403))
def models(request: Request) -> Any:
    """All weights that can be named, the default first."""
    shelf: Shelf = request.app.state.shelf
    return {"models": shelf.models()}


@router.post("/read", response_model=ReadResult, responses=_WORK, openapi_extra=_READ_BODY)
async def read(
    request: Request,
    chosen: Chosen,
    digits: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,3}(-[0-9]{1,3})?$", description="How many, such as 6 or 4-6.")
    ] = None,
    pattern: Annotated[
        str | None, Query(max_length=500, description="A regular expression that each number matches.")
    ] = None,
    check: Annotated[
        str | None, Query(max_length=100, description="A module of python-stdnum, such as luhn.")
    ] = None,
    threshold: Annotated[
        float, Query(ge=0, le=1, description="The confidence from which a number is accepted.")
    ] = THRESHOLD,
    detail: Annotated[bool, Query(description="Also each digit's probabilities and 28x28 picture.")] = False,
) -> Response:
    """Read the numbers in a picture, in every page of a PDF or TIFF, or in several files.

    One file that can't be read is refused; of several, each tells its error, as the command line does.
    """
    options: dict[str, Any] = {"weights": chosen[1], "digits": digits, "pattern": pattern, "check": check}
    options |= {"threshold": threshold, "detail": detail, "source": None}
    kind = _kind(request)
    if kind != "multipart/form-data":
        if not kind.startswith("image/") and kind not in ("application/pdf", "application/octet-stream"):
            raise Problem(415, "Send a picture (image/*), a PDF, or files as multipart/form-data.")
        result = await run_job(request, "read", options, await request.body())
        return Response(result.body, media_type="application/json")
    files = await _files(request)
    if len(files) == 1:
        name, data = files[0]
        result = await run_job(request, "read", options | {"source": name}, data)
        return Response(result.body, media_type="application/json")
    read = await asyncio.gather(*(_pages_of(request, options, name, data) for name, data in files))
    pages = [page for pages in read for page in pages]
    return Response(json.dumps({"pages": pages}), media_type="application/json")


@router.post("/classify", response_model=ClassifyResult, responses=_WORK, openapi_extra=_CLASSIFY_BODY)
async def classify(
    request: Request,
    chosen: Chosen,
    framing: Annotated[
        Literal["frame", "tutorial"],
        Query(description="tutorial: squeeze the picture into 28x28 as that net's tutorial does."),
    ] = "frame",
) -> Response:
    """Which digit it is, with the probability of each."""
    kind = _kind(request)
    if not kind.startswith("image/") and kind not in ("application/json", "application/octet-stream"):
        raise Problem(415, "Send a picture (image/*), or JSON with images of 28x28.")
    options: dict[str, Any] = {"weights": chosen[1], "label": chosen[0], "framing": framing}
    options |= {"json": kind == "application/json"}
    result = await run_job(request, "classify", options, await request.body())
    return Response(result.body, media_type="application/json")


async def run_job(request: Request, job: str, options: dict[str, Any], body: bytes) -> Result:
    """Have a reading process do a job for a request, and count what it read."""
    pool: Pool = request.app.state.pool
    result = await pool.run({"job": job, "options": options}, body, request.is_disconnected)
    metrics: Metrics = request.app.state.metrics
    metrics.count(result.facts)
    return result


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _files(request: Request) -> list[tuple[str | None, bytes]]:
    """The files of a form: the last part of each one's name, and its bytes."""
    most: int = request.app.state.settings.max_files
    async with request.form(max_files=most, max_fields=most) as form:
        sent = [part for _, part in form.multi_items() if isinstance(part, UploadFile)]
        if not sent:
            raise Problem(422, "The form holds no file: send pictures in its parts.")
        return [(_name(part.filename), await part.read()) for part in sent]


def _name(given: str | None) -> str | None:
    """A file's name is only ever shown, and without folders: it never becomes a path here."""
    shown = re.split(r"[/\\]", given or "")[-1]
    return "".join(character for character in shown if character.isprintable())[:255] or None


async def _pages_of(
    request: Request, options: dict[str, Any], name: str | None, data: bytes
) -> list[dict[str, Any]]:
    try:
        result = await run_job(request, "read", options | {"source": name}, data)
    except Problem as problem:
        if problem.status_code >= 429:  # the server's trouble, not the file's: nothing may look read
            raise
        return [failed_page(name, 1, str(problem.detail))]
    pages: list[dict[str, Any]] = json.loads(result.body)["pages"]
    return pages
