"""Limits on what clients send: how much, and how slowly. Checked while it arrives, not afterwards."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shuzi.serving.problems import Problem, problem_response
from shuzi.serving.settings import MIB, Settings

_PICTURES = ("/v1/read", "/v1/classify", "/v1/inside/filter", "/v2/models/")
_DRAIN_BYTES = 16 * MIB
_DRAIN_SECONDS = 1.0


class Bodies:
    """ASGI middleware: 413 for a body too large, 408 for one too slow, 429 for too much of all together."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(self, self._settings, scope, receive, send)
        refusal = body.refusal()
        try:
            if refusal is None:
                await self._app(scope, body.receive, body.send)
            else:
                response = problem_response(scope["path"], refusal.status_code, str(refusal.detail))
                await response(scope, body.receive, body.send)
        finally:
            self._held -= body.held

    def hold(self, size: int) -> None:
        """Count bytes that are held for a request until it is answered."""
        self._held += size
        if self._held > self._settings.max_buffered:
            raise Problem(
                429, "Too much is being sent at the same time: try again shortly.", {"Retry-After": "1"}
            )


class _Body:
    """One request's body."""

    def __init__(self, all: Bodies, settings: Settings, scope: Scope, receive: Receive, send: Send) -> None:
        self._all, self._settings, self._receive, self._send = all, settings, receive, send
        self._headers = Headers(scope=scope)
        small = not scope["path"].startswith(_PICTURES)
        self._most = settings.max_small_bytes if small else settings.max_bytes
        length = self._headers.get("content-length", "0")
        # None where it isn't said; the server below has refused what is no number.
        self._length = None if "transfer-encoding" in self._headers else int(length)
        self._ended = self._length == 0
        self._deadline: float | None = None
        self._received = self.held = 0

    def refusal(self) -> Problem | None:
        """What can be refused before the body is read."""
        if self._length is not None and self._length > self._most:
            return self._too_large()
        if self._headers.get("content-encoding", "identity").lower() != "identity":
            return Problem(415, "Compressed bodies are not read: send it as it is, without Content-Encoding.")
        return None

    async def receive(self) -> Message:
        """The ASGI callable that the application gets."""
        if self._ended:
            return await self._receive()
        now = asyncio.get_running_loop().time()
        self._deadline = self._deadline or now + self._settings.body_seconds
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            seconds = self._settings.body_seconds
            raise Problem(
                408, f"The request didn't arrive within {seconds:g} seconds: send it faster."
            ) from None
        size = len(message.get("body", b""))
        self._received += size
        self._ended = not message.get("more_body", False)
        if self._received > self._most:
            raise self._too_large()
        self.held += size
        self._all.hold(size)
        return message

    async def send(self, message: Message) -> None:
        """The ASGI callable that the application gets."""
        if self._ended:
            await self._send(message)
        elif message["type"] == "http.response.start":
            # What is still to come of the body isn't wanted, and would be taken for the next request.
            headers = [*message["headers"], (b"connection", b"close")]
            await self._send({**message, "headers": headers})
        elif message.get("more_body", False):
            await self._send(message)
        else:
            await self._send({**message, "more_body": True})
            await self._drain()
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _drain(self) -> None:
        """Read on for a moment: a client that is still sending would else lose the answer."""
        if "expect" in self._headers and self._received == 0:
            return  # it waits for leave to send
        left = _DRAIN_BYTES
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                while left > 0:
                    message = await self._receive()
                    left -= len(message.get("body", b""))
                    if not message.get("more_body", False):
                        return
        except TimeoutError:
            return

    def _too_large(self) -> Problem:
        return Problem(413, f"The request is over {self._most:,} bytes: send less at a time.")
