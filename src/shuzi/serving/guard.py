"""Who may talk to the server: no page of another site, no name that isn't ours, nobody without the token."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import socket

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from shuzi.serving.problems import problem_response
from shuzi.serving.settings import Settings, is_loopback

_OPEN = ("/", "/page/", "/favicon.ico")  # the page's own code, which is no secret and asks for the token


class Guard:
    """ASGI middleware that refuses with 401 or 403.

    A page of another site can make a visitor's browser send requests here. It is refused by `Origin`, by
    `Sec-Fetch-Site` where a browser sends no origin, and, where its name was made to point here (DNS
    rebinding), by `Host`.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._token = settings.token
        names = {"localhost", settings.host, *settings.allow_hosts}
        self._names = {name.lower() for name in names}
        self._loopback = settings.loopback
        if not self._loopback:
            self._names.add(socket.gethostname().lower())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"]
        refusal = self._foreign(scope["method"], headers)
        if refusal is not None:
            await problem_response(path, 403, refusal)(scope, receive, send)
        elif not self._known(path, headers):
            sentence = "This server wants its token: send the header Authorization: Bearer TOKEN."
            # A browser that opens /docs asks its user for a name and a password, which is the token.
            person = headers.get("sec-fetch-mode") == "navigate"
            challenge = 'Basic realm="shuzi", charset="UTF-8"' if person else 'Bearer realm="shuzi"'
            await problem_response(path, 401, sentence, {"WWW-Authenticate": challenge})(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _foreign(self, method: str, headers: Headers) -> str | None:
        """The sentence with which a request from elsewhere is refused."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._ours(hosts[0]):
            return (
                "This server isn't known by that name: open it by its address, or start it with --allow-host."
            )
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2].lower() != hosts[0].lower():
            return "Pages of other sites may not use this server."
        site = headers.get("sec-fetch-site", "none")
        opened = method in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"
        opened = opened and headers.get("sec-fetch-dest") == "document"
        if site not in ("none", "same-origin") and not opened:
            return "Pages of other sites may not use this server."
        return None

    def _ours(self, host: str) -> bool:
        name = host.lower()
        name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
        if name in self._names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        # An address can't be made to point here; but nobody calls a server for this machine only by another.
        return not self._loopback or is_loopback(name)

    def _known(self, path: str, headers: Headers) -> bool:
        if self._token is None or path in _OPEN or path.startswith("/page/"):
            return True
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                given = base64.b64decode(given, validate=True).decode().partition(":")[2]
            except (binascii.Error, ValueError):
                return False
        elif scheme.lower() != "bearer":
            return False
        return hmac.compare_digest(given.strip().encode(), self._token.encode())
