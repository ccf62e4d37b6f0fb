"""Errors as RFC 9457 problem documents, with the `error` that the Open Inference Protocol wants under /v2."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import Response
from starlette.routing import Match, Route

from shuzi.errors import ShuziError
from shuzi.serving.jobs import status_of

PROBLEM = "application/problem+json"
_SENTENCES = {
    400: "The body can't be understood: it is damaged, or not of the type that its header says.",
    404: "There is nothing at this address: /docs lists what there is.",
    405: "This address doesn't know that method: the header Allow lists those it knows.",
}


class Problem(HTTPException):
    """A refusal: its status and one clear sentence. `headers` go along, for example Retry-After."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, sentence, dict(headers or {}))


class ProblemDocument(BaseModel):
    """What every refusal looks like (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    error: str | None = None


def problem_body(status: int, detail: str, *, inference: bool = False) -> bytes:
    """A problem document; `inference` adds the same sentence as `error`."""
    facts: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if inference:
        facts["error"] = detail
    return json.dumps(facts).encode()


def problem_response(
    path: str, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The response that refuses a request for a path."""
    body = problem_body(status, detail, inference=path.startswith("/v2"))
    return Response(body, status, dict(headers or {}), PROBLEM)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of an address, for the OpenAPI document."""
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def add_handlers(app: FastAPI) -> None:
    """Answer every exception with a problem document."""

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, StarletteHTTPException)
        status, headers = error.status_code, dict(error.headers or {})
        if status == 405:
            headers["Allow"] = ", ".join(sorted(_methods(request)))
        sentence = str(error.detail) if isinstance(error, Problem) else _SENTENCES.get(status, error.detail)
        return problem_response(request.url.path, status, f"{sentence.rstrip('.')}.", headers)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem_response(request.url.path, 422, describe_invalid(error.errors()))

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, ShuziError)
        return problem_response(request.url.path, status_of(error), str(error))

    app.add_exception_handler(StarletteHTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(ShuziError, refused)


def _methods(request: Request) -> set[str]:
    """All methods of an address; Starlette names those of one function only."""
    routes = [route for route in getattr(request.app.state, "routes", ()) if isinstance(route, Route)]
    fitting = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return {method for route in fitting for method in route.methods or ()}


def describe_invalid(errors: Any) -> str:
    """The first of pydantic's complaints as a sentence; what was sent isn't repeated."""
    first = errors[0]
    place = ".".join(str(part) for part in first["loc"] if part not in ("query", "body", "path"))
    message = first["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{place}: {message}."[:500] if place else f"{message}."[:500]
