"""How the server and its reading processes talk through pipes: a JSON header and a body of bytes.

Nothing is pickled, so a reading process that an evil picture took over can't take over the server.
"""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any, BinaryIO

_SIZES = struct.Struct("<IQ")  # lengths of the header and of the body
_MOST = 2**31  # bytes of a frame; more can only be a fault


def pack(header: dict[str, Any], body: bytes = b"") -> bytes:
    """A frame, to be written at once: in parts it would wake the other process up once for each."""
    text = json.dumps(header).encode()
    return b"".join((_SIZES.pack(len(text), len(body)), text, body))


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame, or None where the stream has ended."""
    sizes = stream.read(_SIZES.size)
    if len(sizes) < _SIZES.size:
        return None
    header, body = _SIZES.unpack(sizes)
    return json.loads(stream.read(header)), stream.read(body)


async def receive_frame(stream: asyncio.StreamReader) -> tuple[dict[str, Any], bytes]:
    """The next frame; raises `asyncio.IncompleteReadError` where the stream ends."""
    header, body = _SIZES.unpack(await stream.readexactly(_SIZES.size))
    if header + body > _MOST:
        raise asyncio.IncompleteReadError(b"", None)
    facts = json.loads(await stream.readexactly(header))
    return facts, await stream.readexactly(body)
