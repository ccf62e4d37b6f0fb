"""A connection that doesn't wait for ever, for headers to come or for an answer to be taken."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shuzi.serving.settings import Settings


def connection_class(settings: Settings) -> type[HttpToolsProtocol]:
    """uvicorn's connection with the limits of the settings."""

    class Connection(HttpToolsProtocol):
        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if len(self.connections) > settings.max_connections:
                transport.abort()
                return
            _tune(transport.get_extra_info("socket"), settings.send_seconds)
            self._expect(settings.header_seconds)

        def connection_lost(self, exc: Exception | None) -> None:
            self._expect(None)
            super().connection_lost(exc)

        def on_message_begin(self) -> None:
            self._expect(settings.header_seconds)
            super().on_message_begin()

        def on_headers_complete(self) -> None:
            self._expect(None)
            super().on_headers_complete()

        def pause_writing(self) -> None:
            self._expect(settings.send_seconds)
            super().pause_writing()

        def resume_writing(self) -> None:
            self._expect(None)
            super().resume_writing()

        def _expect(self, seconds: float | None) -> None:
            """Cut the connection after so long, unless called again before; None: don't."""
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None if seconds is None else self.loop.call_later(seconds, self.transport.abort)

    return Connection


def _tune(connection: Any, seconds: float) -> None:
    """Send at once; and have the system end a connection whose other side doesn't confirm what is sent."""
    # asyncio asks for this only on sockets that say their protocol, which those of a given listener don't:
    # an answer's second half would wait 40 ms for the first to be confirmed.
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * seconds))
