"""The page, the API's documentation and the metrics; all that a browser loads comes from this server."""

from __future__ import annotations

import importlib.util
import mimetypes
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from shuzi.errors import MissingExtraError
from shuzi.serving.telemetry import CSP, Metrics

router = APIRouter(include_in_schema=False)

PAGE = Path(__file__).parents[1] / "page"
# Swagger UI sets style attributes; its code still comes from here only.
_DOCS_CSP = CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
_DOCS = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>shuzi: API</title>
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
<div id="api"></div>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""
_START = 'SwaggerUIBundle({url: "openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null});\n'
# Systems differ in what they call these, and browsers run a module under its right name only.
for _suffix, _type in ((".js", "text/javascript"), (".css", "text/css")):
    mimetypes.add_type(_type, _suffix)


class _Static(StaticFiles):
    """Files that browsers keep, and ask whether they have changed."""

    def file_response(self, *arguments: object, **options: object) -> Response:
        response = super().file_response(*arguments, **options)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-cache"
        return response


@router.api_route("/", methods=["GET", "HEAD"])
def page() -> Response:
    """The page."""
    return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})


@router.get("/docs")
def docs() -> Response:
    """The API's documentation, to read and to try."""
    return HTMLResponse(_DOCS, headers={"Content-Security-Policy": _DOCS_CSP})


@router.get("/docs/start.js")
def docs_start() -> Response:
    """Starts Swagger UI: the policy allows no script within the page."""
    return Response(_START, media_type="text/javascript")


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """For Prometheus."""
    found: Metrics = request.app.state.metrics
    return Response(found.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def add_files(app: FastAPI) -> None:
    """Serve the page's files, and those of Swagger UI from the package that brings them."""
    app.mount("/page", _Static(directory=PAGE))
    found = importlib.util.find_spec("fastapi_offline")
    if found is None or not found.submodule_search_locations:
        raise MissingExtraError("The server", "serve")
    app.mount("/docs/assets", _Static(directory=Path(found.submodule_search_locations[0]) / "static"))
