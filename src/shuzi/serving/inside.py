"""The lessons over HTTP: what a net does to a digit, value by value, and filters on a photograph."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from shuzi.errors import ReadingError
from shuzi.lessons.mattered import what_mattered
from shuzi.lessons.net import open_net
from shuzi.lessons.output import inside_dict, mattered_dict, value_dict, weights_dict
from shuzi.lessons.value import explain_value
from shuzi.models import CHAMPION, load_classifier
from shuzi.serving.inside_answers import InsideAnswer, MatteredAnswer, ValueAnswer, WeightsAnswer
from shuzi.serving.problems import documented
from shuzi.serving.routes.pictures import run_job
from shuzi.serving.schemas import Digit28
from shuzi.serving.shelf import find_weights

Index = Annotated[int, Field(ge=0, le=100_000)]

_FILE = {"schema": {"type": "string", "format": "binary"}}
_KINDS = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp")
_PICTURE = {"requestBody": {"required": True, "content": dict.fromkeys(_KINDS, _FILE)}}
_PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}, "description": "The picture."}}

router = APIRouter(prefix="/v1/inside", tags=["inside"])


class DigitBody(BaseModel):
    """One digit: 28 rows of 28 pixels, white ink on black."""

    model_config = ConfigDict(strict=True, extra="forbid")

    image: Digit28

    def pixels(self) -> np.ndarray:
        """(28, 28) uint8."""
        return np.array(self.image, np.uint8)


class ValueBody(DigitBody):
    """A digit, a layer, and a value in it: channel, y and x; or unit, where the layer is a row of numbers."""

    layer: Index
    channel: Index | None = None
    y: Index | None = None
    x: Index | None = None
    unit: Index | None = None

    def place(self) -> tuple[int, ...]:
        """(channel, y, x) or (unit,); `ReadingError` for anything else."""
        if self.unit is not None and (self.channel, self.y, self.x) == (None, None, None):
            return (self.unit,)
        if self.unit is None and self.channel is not None and self.y is not None and self.x is not None:
            return self.channel, self.y, self.x
        raise ReadingError("Say which value: channel, y and x together, or unit alone.")


def _file(
    request: Request,
    weights: Annotated[str, Query(max_length=200, description="A name that /v1/models gives.")] = CHAMPION,
) -> tuple[str, str]:
    """The name that was asked for, and what opens it."""
    return weights, find_weights(request, weights)


Chosen = Annotated[tuple[str, str], Depends(_file)]


@router.post("", responses=documented(400, 403, 408, 413, 415, 422), response_model=InsideAnswer)
def inside(body: DigitBody, chosen: Chosen) -> Response:
    """Every layer of a net with its maps for one digit, its logits and probabilities."""
    name, file = chosen
    return _json(inside_dict(open_net(file).look(body.pixels())) | {"weights": name})


@router.post("/value", responses=documented(400, 403, 408, 413, 415, 422), response_model=ValueAnswer)
def value(body: ValueBody, chosen: Chosen) -> Response:
    """How one value of a layer came about: window, kernel and sum; the largest of a window; weights."""
    found = open_net(chosen[1]).look(body.pixels())
    return _json(value_dict(explain_value(found, body.layer, body.place())))


@router.post("/mattered", responses=documented(400, 403, 408, 413, 415, 422), response_model=MatteredAnswer)
def mattered(body: DigitBody, chosen: Chosen) -> Response:
    """How far the probability of the answer falls when a patch around each pixel is covered."""
    return _json(mattered_dict(what_mattered(load_classifier(chosen[1]), body.pixels())))


@router.get("/weights", responses=documented(400, 403, 408, 413, 415, 422), response_model=WeightsAnswer)
def weights(layer: Annotated[int, Query(ge=0, le=100_000)], chosen: Chosen) -> Response:
    """A convolution's kernels, or the weights of a linear layer that looks at the picture, as pictures."""
    net = open_net(chosen[1])
    if layer >= len(net.layers):
        raise ReadingError(f"There is no layer {layer}: this net has the layers 0 to {len(net.layers) - 1}.")
    found = net.layers[layer]
    if found.kind != "conv" and not net.sees_picture(found):
        raise ReadingError(
            f"{found.name} has no weights that are pictures: choose a convolution, or a linear layer that"
            " looks at the picture itself."
        )
    return _json(weights_dict(net, found))


@router.post(
    "/filter",
    responses=_PNG | documented(400, 403, 408, 413, 415, 422, 429, 503),
    response_class=Response,
    openapi_extra=_PICTURE,
)
async def filter(
    request: Request,
    kernel: Annotated[
        str | None,
        Query(max_length=300, description="A name such as sobel-x, or nine numbers between commas."),
    ] = None,
    op: Literal["max-pool", "relu", "sigmoid", "tanh"] | None = None,
) -> Response:
    """A photograph convolved with a 3x3 kernel, pooled, or put through a function; the kernel comes first.

    The header Shuzi-Lesson says what was done, percent-encoded.
    """
    result = await run_job(request, "filter", {"kernel": kernel, "operation": op}, await request.body())
    return Response(result.body, media_type="image/png", headers=result.headers)


def _json(found: dict[str, Any]) -> Response:
    # Not checked against the model again: that takes longer than all the rest for a large net's maps.
    return Response(json.dumps(found, allow_nan=False), media_type="application/json")
