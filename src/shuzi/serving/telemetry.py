"""Every request gets an id, a line in the log, a place in the metrics, and headers that protect browsers."""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shuzi.serving.pool import Pool
from shuzi.serving.problems import problem_response

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; media-src 'self' blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)

log = logging.getLogger("shuzi.serving")


class Metrics:
    """What /metrics tells, of one server."""

    def __init__(self, pool: Pool) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.requests = Counter(
            "shuzi_requests", "Requests answered.", ("route", "method", "status"), registry=self._registry
        )
        self.seconds = Histogram(
            "shuzi_request_seconds",
            "From request to answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._read = {
            kind: Counter(f"shuzi_{kind}", help, registry=self._registry)
            for kind, help in {
                "pages": "Pages read.",
                "numbers": "Numbers read.",
                "accepted": "Numbers whose confidence reached the threshold.",
                "digits": "Digits classified.",
            }.items()
        }
        waiting = Gauge("shuzi_waiting", "Readings that wait for a worker.", registry=self._registry)
        waiting.set_function(lambda: pool.waiting)
        restarts = Gauge("shuzi_worker_restarts", "Workers that hung or crashed.", registry=self._registry)
        restarts.set_function(lambda: pool.restarts)

    def count(self, facts: dict[str, Any]) -> None:
        """Count what a reading process says it read."""
        for kind, amount in facts.items():
            self._read[kind].inc(amount)

    def text(self) -> bytes:
        """All metrics in Prometheus's text format."""
        return generate_latest(self._registry)


class Telemetry:
    """The outermost ASGI middleware; it also answers what went wrong unforeseen, with 500."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        started, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            log.exception("a request failed", extra={"facts": {"id": id, "path": scope["path"]}})
            if status:
                raise  # the server below ends the connection
            sentence = f"Something went wrong here; the server's log has it under {id}."
            await problem_response(scope["path"], 500, sentence)(scope, receive, sending)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.requests.labels(route, _method(scope), str(status)).inc()
            self._metrics.seconds.labels(route).observe(seconds)
            facts = {"id": id, "method": scope["method"], "path": scope["path"], "status": status}
            facts |= {"seconds": round(seconds, 4), "client": (scope.get("client") or ("",))[0]}
            log.info("request", extra={"facts": facts})


class JsonFormatter(logging.Formatter):
    """Log lines as JSON objects: time, level, event, and the facts that a call gives as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        facts = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            facts["trace"] = self.formatException(record.exc_info)
        return json.dumps(facts)


def _method(scope: Scope) -> str:
    """Methods that clients make up must not make metrics grow."""
    method: str = scope["method"]
    return method if method in ("GET", "POST", "DELETE", "HEAD", "PUT", "PATCH", "OPTIONS") else "other"
