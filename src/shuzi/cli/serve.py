"""`shuzi serve`: the page and the HTTP API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8321,
    token: Annotated[str | None, Parameter(env_var="SHUZI_TOKEN")] = None,
    allow_host: Annotated[list[str] | None, Parameter(negative=())] = None,
    folder: Path | None = None,
    training: bool = True,
    workers: int | None = None,
    max_bytes: int = 32 * 2**20,
    max_pixels: int = 64_000_000,
    max_pages: int = 100,
    max_files: int = 50,
    max_queue: int = 256,
    max_connections: int = 1000,
    seconds: float = 60.0,
    body_seconds: float = 30.0,
    stop_seconds: float = 30.0,
) -> None:
    """Serve the page and the API until Ctrl-C or SIGTERM, which let it finish what it has begun.

    The address goes to standard output, a line of JSON per request to standard error.

    Parameters
    ----------
    host
        The address to listen on; any but this machine's own needs a token.
    port
        The port to listen on; 0 takes a free one.
    token
        What every request must show, as Authorization: Bearer TOKEN.
    allow_host
        A name by which the server is reached, besides localhost and IP addresses; may be given several times.
    folder
        Where training runs and corrections are kept; by default the user's data folder.
    training
        Whether nets can be trained.
    workers
        How many processes read; by default one a core.
    max_bytes
        The most bytes of a request with pictures.
    max_pixels
        The most pixels of a picture.
    max_pages
        The most pages of a PDF or TIFF.
    max_files
        The most files in one request.
    max_queue
        How many readings may wait.
    max_connections
        How many connections may be open.
    seconds
        How long a reading may take, waiting included.
    body_seconds
        How long a request may take to arrive.
    stop_seconds
        How long what has begun may take after the server was told to stop.
    """
    try:
        from shuzi.serving.server import run
        from shuzi.serving.settings import Settings
    except ModuleNotFoundError as error:
        from shuzi.errors import MissingExtraError

        raise MissingExtraError("The server", "serve") from error

    chosen = {"folder": folder, "workers": workers}
    settings = Settings(
        host=host,
        port=port,
        token=token or None,
        allow_hosts=tuple(allow_host or ()),
        training=training,
        max_bytes=max_bytes,
        max_pixels=max_pixels,
        max_pages=max_pages,
        max_files=max_files,
        max_queue=max_queue,
        max_connections=max_connections,
        seconds=seconds,
        body_seconds=body_seconds,
        stop_seconds=stop_seconds,
        **{name: value for name, value in chosen.items() if value is not None},  # type: ignore[arg-type]
    )
    run(settings)
