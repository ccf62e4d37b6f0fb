"""Running the application: a socket, uvicorn with our limits, and a stop that finishes what was begun."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from shuzi.errors import ServingError
from shuzi.serving.app import create_app
from shuzi.serving.connection import connection_class
from shuzi.serving.settings import Settings

_LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "shuzi.serving.telemetry.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {
        "shuzi.serving": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}


def run(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM. Raises `ServingError` where the settings or the address won't do."""
    settings.check()
    listening = listen(settings)
    with listening:
        # uvicorn raises the signal that stopped it once more when it is done: then nothing is left to do.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        server = make_server(settings, lambda: print(address(settings, listening), flush=True))
        server.run(sockets=[listening])


def make_server(settings: Settings, started: Callable[[], Any]) -> uvicorn.Server:
    """uvicorn with our limits; `started` is called when it answers."""

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                started()

    config = uvicorn.Config(
        create_app(settings),
        http=connection_class(settings),
        ws="none",
        lifespan="on",
        log_config=_LOGGING,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whoever the client claims to be, nothing here depends on it
        timeout_keep_alive=int(settings.idle_seconds),
        timeout_graceful_shutdown=int(settings.stop_seconds),
    )
    return Server(config)


def listen(settings: Settings) -> socket.socket:
    """The listening socket."""
    host = settings.host.strip("[]")
    try:
        family = socket.getaddrinfo(host, settings.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, settings.port), family=family, backlog=512)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ServingError(
            f"{settings.host}:{settings.port} can't be listened on ({reason}): choose another --port."
        ) from None


def address(settings: Settings, listening: socket.socket) -> str:
    """Where a browser finds the page."""
    host = settings.host.strip("[]")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/"
