"""What `shuzi serve` can be told: where it listens, whom it lets in, and its limits."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path

from shuzi.data.corrections import user_folder
from shuzi.errors import ServingError
from shuzi.picture import MAX_BYTES, MAX_PIXELS

MIB = 2**20
_LEAST_TOKEN = 8


@dataclass(frozen=True)
class Settings:
    """All settings of a server; `check` says whether they make sense together. Sizes are in bytes."""

    host: str = "127.0.0.1"
    port: int = 8321
    token: str | None = None
    """What every request to the API must show; None lets everyone in who reaches the server."""
    allow_hosts: tuple[str, ...] = ()
    """Names by which the server is reached besides localhost and IP addresses, for example behind a proxy."""
    folder: Path = field(default_factory=user_folder)
    """Where training runs and corrections are kept."""
    training: bool = True
    """Whether runs can be started."""
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    """Processes that read pictures."""
    max_bytes: int = 32 * MIB
    """Of one request with pictures."""
    max_small_bytes: int = MIB
    """Of any other request."""
    max_pixels: int = MAX_PIXELS
    max_pages: int = 100
    """Of one PDF or TIFF."""
    max_files: int = 50
    """Of one multipart request."""
    max_queue: int = 256
    """Readings that may wait for a worker."""
    max_buffered: int = 256 * MIB
    """Of all requests together that are held at the same time."""
    max_connections: int = 1000
    max_runs_waiting: int = 8
    max_corrections: int = 20_000
    worker_memory: int = 4096 * MIB
    """Address space of a worker, where the system can limit it."""
    seconds: float = 60.0
    """For one reading, waiting included."""
    body_seconds: float = 30.0
    """In which a request's body must arrive."""
    header_seconds: float = 10.0
    """In which a request's headers must arrive."""
    idle_seconds: float = 15.0
    """After which a connection without requests is closed."""
    send_seconds: float = 30.0
    """A client that takes none of its answer for so long is cut off."""
    stop_seconds: float = 30.0
    """What was begun may take this long after the server is told to stop."""

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    def check(self) -> None:
        """Raise `ServingError` where the settings would leave the server open, or make no sense."""
        if self.token is not None and len(self.token) < _LEAST_TOKEN:
            raise ServingError(
                f"The token is too short to keep anyone out: give at least {_LEAST_TOKEN} characters."
            )
        if self.token is not None and not (self.token.isascii() and self.token.isprintable()):
            raise ServingError("The token can't be sent in a header: use printable ASCII characters only.")
        if not self.loopback and self.token is None:
            raise ServingError(
                f"Others could use a server on {self.host}: guard it with --token (or SHUZI_TOKEN), "
                "or leave --host at 127.0.0.1."
            )
        if not 0 <= self.port <= 65535:
            raise ServingError(f"{self.port} is no port: choose one from 1 to 65535, or 0 for a free one.")
        if not 1 <= self.max_bytes <= MAX_BYTES or not 1 <= self.max_pixels <= MAX_PIXELS:
            raise ServingError(
                f"At most {MAX_BYTES // MIB} MiB and {MAX_PIXELS:,} pixels of a picture can be read: "
                "choose lower limits."
            )
        if min(self.workers, self.max_pages, self.max_files, self.max_queue, self.max_connections) < 1:
            raise ServingError("A limit below 1 would let nothing through: choose higher limits.")
        if min(self.seconds, self.body_seconds, self.header_seconds, self.send_seconds) <= 0:
            raise ServingError("A time limit of 0 would let nothing through: choose longer times.")


def is_loopback(host: str) -> bool:
    """Whether a host's name or address means this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
