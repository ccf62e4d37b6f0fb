"""A data set of a few random pictures, and a server on this machine in the place of its mirrors."""

import gzip
import hashlib
import http.server
import random
import struct
import time
from collections import Counter

from shuzi.data.catalogue import DataFile, KnownSet

_PIXELS = random.Random(0)
RAW = {
    "train-images-idx3-ubyte": b"\0\0\x08\x03" + struct.pack(">3I", 50, 28, 28) + _PIXELS.randbytes(50 * 784),
    "train-labels-idx1-ubyte": b"\0\0\x08\x01" + struct.pack(">I", 50) + bytes(range(50)),
    "t10k-images-idx3-ubyte": b"\0\0\x08\x03" + struct.pack(">3I", 9, 28, 28) + _PIXELS.randbytes(9 * 784),
    "t10k-labels-idx1-ubyte": b"\0\0\x08\x01" + struct.pack(">I", 9) + bytes(9),
}
TINY = KnownSet(
    "tiny",
    *(DataFile(name, len(raw), hashlib.sha256(raw).hexdigest()) for name, raw in RAW.items()),
    mirrors=(),
)
IMAGES = TINY.train_images.name


class Server(http.server.ThreadingHTTPServer):
    """Serves NAME.gz of ``contents``; ``cut`` ends answers early, ``pause`` makes every 4 kB take as long."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.contents = {f"{name}.gz": gzip.compress(raw) for name, raw in RAW.items()}
        self.cut = 0
        self.pause = 0.0
        self.asked = Counter()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"

    def handle_error(self, request, client_address):
        """A client that was killed is what some tests are about."""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.lstrip("/")
        self.server.asked[name] += 1
        content = self.server.contents.get(name)
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        content = content[: len(content) - self.server.cut]
        for start in range(0, len(content), 4096):
            self.wfile.write(content[start : start + 4096])
            self.wfile.flush()
            time.sleep(self.server.pause)

    def log_message(self, *_):
        """Keep the tests' output clean."""


def stored(cache):
    """What the cache of the tiny set holds, except for the lock."""
    return {path.name: path.read_bytes() for path in (cache / "tiny").iterdir() if path.name != ".lock"}


def put(folder, gz=False, rename=lambda name: name, only=RAW):
    folder.mkdir(parents=True, exist_ok=True)
    for name in only:
        raw = RAW[name]
        path = folder / f"{rename(name)}{'.gz' if gz else ''}"
        path.write_bytes(gzip.compress(raw) if gz else raw)
    return folder


def contents(found):
    return {name: file.content for name, file in found.items()}
