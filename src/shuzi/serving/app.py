"""The ASGI application of `shuzi serve`.

>>> app = create_app(Settings(token="..."))  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import FastAPI
from pydantic import TypeAdapter
from starlette.middleware import Middleware

from shuzi import __version__
from shuzi.serving import inside
from shuzi.serving.bodies import Bodies
from shuzi.serving.guard import Guard
from shuzi.serving.pool import Pool
from shuzi.serving.problems import ProblemDocument, add_handlers
from shuzi.serving.routes import corrections, inference, pictures, site, training
from shuzi.serving.runs import Runs
from shuzi.serving.schemas import Digit28
from shuzi.serving.settings import Settings
from shuzi.serving.shelf import Shelf
from shuzi.serving.telemetry import Metrics, Telemetry

_THREADS = 8  # for what runs in the server's own process: lessons, corrections, files
_TEXT = "Reads handwritten digits and numbers. Every refusal is a problem document (RFC 9457)."


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; its lifespan starts the reading processes and goes on with training runs.

    Raises `ServingError` where the settings make no sense.
    """
    settings = settings or Settings()
    settings.check()
    options = {
        "limits": {"pixels": settings.max_pixels, "pages": settings.max_pages},
        "memory": settings.worker_memory,
    }
    pool = Pool(settings.workers, options, seconds=settings.seconds, max_queue=settings.max_queue)
    runs = Runs(settings.folder / "runs", max_waiting=settings.max_runs_waiting)
    metrics = Metrics(pool)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        await pool.start()
        runs.start()
        try:
            yield
        finally:
            await runs.stop()
            await pool.stop()

    app = FastAPI(
        title="shuzi",
        version=__version__,
        description=_TEXT,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=[
            Middleware(Telemetry, metrics=metrics),
            Middleware(Bodies, settings=settings),
            Middleware(Guard, settings=settings),
        ],
    )
    app.state.settings, app.state.pool, app.state.runs, app.state.metrics = settings, pool, runs, metrics
    app.state.shelf = Shelf(runs.folder)
    add_handlers(app)
    routers = [room.router for room in (pictures, inference, training, corrections, inside, site)]
    for router in routers:
        app.include_router(router)
    app.state.routes = [route for router in routers for route in router.routes]
    site.add_files(app)
    _describe(app, settings)
    return app


def _describe(app: FastAPI, settings: Settings) -> None:
    """Add to the OpenAPI document what FastAPI doesn't know: shared schemas and the token."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        document = generate()
        schemas = document["components"]["schemas"]
        schemas["ProblemDocument"] = ProblemDocument.model_json_schema()
        schemas["Digit28"] = TypeAdapter(Digit28).json_schema()
        if settings.token is not None:
            document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            document["security"] = [{"token": []}]
        return document

    app.openapi = openapi  # type: ignore[method-assign]
