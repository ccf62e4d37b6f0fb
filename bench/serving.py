"""Load on `shuzi serve`: throughput and waiting times, memory over many requests, and nothing lost.

    python bench/serving.py                 # all of it, about three minutes
    python bench/serving.py --requests 2000 # the long mix shorter

The server runs in processes of its own on this machine, the clients in this one: all share its cores. A
request is what the page sends after a stroke (`inkPng` in page/write/ink.js), with details asked for: a grey
PNG of the sheet, 533x400, or, where the ink is less than half as wide as that, of the part around the ink,
twice as wide as it, and 24 pixels taller at the top and at the bottom. Measured are a digit of ordinary size,
3, and a number over all of the sheet's width, 273, with which the whole sheet goes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

EXAMPLES = Path(__file__).parents[1] / "examples"
SHEET = (533, 400)
PEN, MARGIN = 18, 24  # pixels
# Pen strokes: points x,y in hundredths of a square's side.
STROKES = {
    "2": "26,28 33,15 50,9 66,16 70,30 62,46 46,64 27,86 50,85 76,86",
    "3": "29,17 45,9 62,14 67,28 58,41 43,46 60,50 71,64 66,81 49,90 29,83",
    "7": "24,15 50,14 77,13 66,35 54,60 44,90",
}
CLIENTS = (1, 8, 64)
PER_LEVEL = 1500

Request = tuple[bytes, int, str | None]  # what is sent, the status that is right, and the text read


def written(text: str) -> bytes:
    """Digits written in the middle of the page's sheet, as the page sends them."""
    side = min(0.8 * SHEET[1], 0.94 * SHEET[0] / len(text))
    left, top = (SHEET[0] - side * len(text)) / 2, (SHEET[1] - side) / 2
    fine = 4  # drawn larger, for soft edges
    sheet = Image.new("L", (fine * SHEET[0], fine * SHEET[1]), "white")
    draw, r = ImageDraw.Draw(sheet), fine * PEN / 2
    for place, digit in enumerate(text):
        pairs = [[int(part) / 100 for part in pair.split(",")] for pair in STROKES[digit].split()]
        points = [(fine * (left + side * (place + x)), fine * (top + side * y)) for x, y in pairs]
        draw.line(points, "black", round(2 * r))
        for x, y in points:
            draw.ellipse((x - r, y - r, x + r, y + r), "black")
    return png(np.asarray(sent(sheet.reduce(fine))))


def sent(sheet: Image.Image) -> Image.Image:
    """The part of a sheet with ink on it that the page sends."""
    rows, columns = (np.flatnonzero((np.asarray(sheet) < 255).any(axis=axis)) for axis in (1, 0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    width = max(2 * (right - left) + 2, right - left + 2 * MARGIN)
    if width >= sheet.width:
        return sheet
    start = max(0, min(sheet.width - width, (left + right - width) // 2))
    above, below = max(0, int(rows[0]) - MARGIN), min(sheet.height, int(rows[-1]) + 1 + MARGIN)
    return sheet.crop((start, above, start + width, below))


def png(grey: np.ndarray) -> bytes:
    """Grey pixels (h, w) as a PNG file, as the page packs them (page/core/png.js)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", *grey.shape[::-1], 8, 0, 0, 0, 0)
    packed = zlib.compress(np.insert(grey, 0, 0, axis=1).tobytes())
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


DIGIT, NUMBER = written("3"), written("273")


def post(path: str, body: bytes, kind: str = "image/png") -> bytes:
    """A request's bytes."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, bytes, bool]:
    """Send a request; its answer's status, body, and whether the connection ends with it."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:] if line)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return int(lines[0].split(" ")[1]), body, headers.get("connection") == "close"


async def client(port: int, requests: list[Request], seconds: list[float], wrong: list[str]) -> None:
    """One after the other, over one connection for as long as the server keeps it."""
    connection = None
    for request, status, text in requests:
        connection = connection or await asyncio.open_connection("127.0.0.1", port)
        started = time.perf_counter()
        got, body, closes = await ask(*connection, request)
        seconds.append(time.perf_counter() - started)
        if got != status:
            wrong.append(f"{got} instead of {status}: {body[:200]!r}")
        elif text is not None and json.loads(body)["pages"][0]["numbers"][0]["text"] != text:
            wrong.append(f"not read as {text}: {body[:200]!r}")
        if closes:
            connection[1].close()
            connection = None
    if connection:
        connection[1].close()


async def load(port: int, clients: int, requests: list[Request]) -> tuple[float, list[float], list[str]]:
    """Share requests among clients; the whole time, each answer's time, and what was wrong."""
    seconds: list[float] = []
    wrong: list[str] = []
    started = time.perf_counter()
    await asyncio.gather(*(client(port, requests[k::clients], seconds, wrong) for k in range(clients)))
    return time.perf_counter() - started, seconds, wrong


def mixed(count: int) -> list[Request]:
    """Good and bad input in turn."""
    images = np.zeros((1, 28, 28), int).tolist()
    kinds: list[Request] = [
        (post("/v1/read?detail=true", DIGIT), 200, "3"),
        (post("/v1/read", (EXAMPLES / "postcode.png").read_bytes()), 200, "518057"),
        (post("/v1/classify", DIGIT), 200, None),
        (post("/v1/classify", json.dumps({"images": images}).encode(), "application/json"), 200, None),
        (post("/v1/read", DIGIT[: len(DIGIT) // 2]), 422, None),
        (post("/v1/read", b"\x80\x04N."), 415, None),
        (post("/v1/read?weights=../../x", DIGIT), 422, None),
        (post("/v1/classify", b"{", "application/json"), 422, None),
        (post("/v1/nothing", DIGIT), 404, None),
        (post("/v1/read", DIGIT, "text/plain"), 415, None),
    ]
    return [kinds[k % len(kinds)] for k in range(count)]


def processes(pid: int) -> list[int]:
    """A process and all below it."""
    tree = [pid]
    for one in tree:
        tree += [int(child) for child in Path(f"/proc/{one}/task/{one}/children").read_text().split()]
    return tree


def memory(pid: int) -> float:
    """Resident MiB of a process and all below it."""
    pages = sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in processes(pid))
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def processor_seconds(pid: int) -> float:
    """Processor time that a process, all below it, and this one have used."""
    stats = [Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split() for one in processes(pid)]
    ticks = sum(int(fields[11]) + int(fields[12]) for fields in stats)
    return ticks / os.sysconf("SC_CLK_TCK") + time.process_time()


def main() -> None:
    """Start a server, load it, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000, help="of the long mix")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "shuzi", "serve", "--port", "0", "--folder", folder]
        command += ["--workers", str(asked.workers)]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline().rsplit(":", 1)[1].strip("/\n"))
            measure(port, server.pid, asked.requests)
        finally:
            server.terminate()
            print(f"stopped with {server.wait(60)}")


def measure_level(port: int, pid: int, pad: Request, picture: bytes) -> None:
    """Throughput and waiting times of one request, for each number of clients."""
    width, height = struct.unpack(">II", picture[16:24])
    asyncio.run(load(port, 4, [pad] * 100))  # warm
    print(f"{pad[2]} written on the sheet: {width} x {height} pixels, {len(picture):,} bytes")
    print("clients   readings/s   p50 ms   p99 ms   processor ms a reading, clients included")
    for clients in CLIENTS:
        before = processor_seconds(pid)
        whole, seconds, wrong = asyncio.run(load(port, clients, [pad] * PER_LEVEL))
        used = (processor_seconds(pid) - before) / PER_LEVEL
        assert not wrong, wrong[0]
        p50, p99 = statistics.median(seconds), np.percentile(seconds, 99)
        row = (PER_LEVEL / whole, 1000 * p50, 1000 * p99, 1000 * used)
        print(f"{clients:7}   {row[0]:10.0f}   {row[1]:6.1f}   {row[2]:6.1f}   {row[3]:6.2f}", flush=True)


def measure(port: int, pid: int, count: int) -> None:
    """All figures of a running server."""
    for text, picture in (("3", DIGIT), ("273", NUMBER)):
        measure_level(port, pid, (post("/v1/read?detail=true", picture), 200, text), picture)
    print("mixed good and bad input, 16 clients: requests, MiB in all processes")
    print(f"{0:8,}   {memory(pid):.0f}", flush=True)
    lost = 0
    for start in range(0, count, max(1, count // 5)):
        part = mixed(min(count // 5, count - start))
        _, seconds, wrong = asyncio.run(load(port, 16, part))
        lost += len(part) - len(seconds)
        assert not wrong, wrong[0]
        print(f"{start + len(part):8,}   {memory(pid):.0f}", flush=True)
    print(f"lost or wrong: {lost}")


if __name__ == "__main__":
    main()
