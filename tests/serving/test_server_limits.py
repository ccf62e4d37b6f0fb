"""What is too much, too slow or too long is refused in time, and costs the next request nothing."""

import io
import socket
import threading
import time
from pathlib import Path

import pytest
from PIL import Image
from servers import TOKEN
from test_reading_api import example, pdf_of, read, refused

from shuzi.serving.settings import MIB

EXAMPLES = Path(__file__).parents[2] / "examples"


def raw(server, head, timeout=60):
    """A connection on which a request's head has been sent."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout)
    token = f"Authorization: Bearer {TOKEN}\r\n"
    connection.sendall(f"{head}\r\nHost: localhost\r\n{token}\r\n".encode())
    return connection


def answer(connection):
    """What the server says until it ends the connection."""
    told = b""
    while piece := connection.recv(65536):
        told += piece
    connection.close()
    return told


def pushed(connection, most):
    """Send a body in chunks until the server has had enough; how many bytes went out."""
    chunk = b"%x\r\n" % MIB + bytes(MIB) + b"\r\n"
    sent = 0
    try:
        while sent < most:
            connection.sendall(chunk)
            sent += MIB
    except OSError:
        pass
    return sent


@pytest.mark.parametrize("said", [True, False])
def test_a_gigabyte_is_refused_early(strict, said):
    if said:
        connection = raw(
            strict, f"POST /v1/read HTTP/1.1\r\nContent-Type: image/png\r\nContent-Length: {2**30}"
        )
        assert answer(connection).startswith(b"HTTP/1.1 413 ")
        return
    connection = raw(
        strict, "POST /v1/read HTTP/1.1\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked"
    )
    told = []
    listening = threading.Thread(target=lambda: told.append(connection.recv(4096)))
    listening.start()
    assert pushed(connection, 2**30) < 2**28
    listening.join()
    connection.close()
    assert told[0].startswith(b"HTTP/1.1 413 ")


def test_who_asks_before_sending_is_told_at_once(strict):
    head = f"POST /v1/read HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: {2**30}"
    told = answer(raw(strict, head))
    assert told.startswith(b"HTTP/1.1 413 ")
    assert b"100 Continue" not in told


def test_sizes(strict):
    buffer = io.BytesIO()
    Image.new("L", (2000, 2000), 255).save(
        buffer, "PNG"
    )  # a few kilobytes that unpack to four million pixels
    assert "pixels" in refused(read(strict, buffer.getvalue()), 413)
    assert "pages" in refused(read(strict, pdf_of("pad.png", "pad.png", "pad.png"), "application/pdf"), 413)
    many = [("file", (f"{k}.png", example("pad.png"), "image/png")) for k in range(4)]
    refused(strict.client.post("v1/read", files=many), 400)
    refused(strict.client.post("v1/corrections", json={"image": [[0] * 28] * 28, "x": "x" * 30_000}), 413)
    packed = strict.client.post("v1/read", content=b"x", headers={"Content-Encoding": "gzip"})
    refused(packed, 415)


def test_a_slow_body_and_slow_headers(strict):
    slow = raw(strict, "POST /v1/read HTTP/1.1\r\nContent-Type: image/png\r\nContent-Length: 1000")
    slow.sendall(b"x")
    assert answer(slow).startswith(b"HTTP/1.1 408 ")
    silent = socket.create_connection(("127.0.0.1", strict.port), 60)
    silent.sendall(b"GET / HTTP/1.1\r\nHost: local")
    try:
        assert answer(silent) == b""
    except ConnectionResetError:
        silent.close()  # cut off, as it should be


def test_answers_are_sent_at_once(strict):
    strict.client.get("v1/models")
    sockets = [each.transport.get_extra_info("socket") for each in strict.server.server_state.connections]
    assert sockets
    assert all(each.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for each in sockets)


def test_a_pattern_that_never_ends(strict):
    sentence = refused(read(strict, example("postcode.png"), pattern=r"((\d?){100}){50}x"), 503)
    assert "3 seconds" in sentence
    deadline = time.monotonic() + 60
    while read(strict, example("pad.png")).status_code != 200:  # the process is started anew
        assert time.monotonic() < deadline


def test_a_full_queue(strict):
    answers = []

    def ask():
        answers.append(read(strict, example("postcode.png")))

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = sorted(answer.status_code for answer in answers)
    assert set(told) == {200, 429}
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 429)


def test_clients_that_leave_cost_nothing(strict):
    body = example("postcode.png")
    head = f"POST /v1/read HTTP/1.1\r\nContent-Type: image/png\r\nContent-Length: {len(body)}"
    for _ in range(20):
        connection = raw(strict, head)
        connection.sendall(body)
        connection.close()
    deadline = time.monotonic() + 30
    while read(strict, body).status_code != 200:
        assert time.monotonic() < deadline
    assert strict.app.state.pool.waiting == 0


def test_corrections_have_a_limit(strict):
    sent = {"image": [[0] * 28] * 28, "label": 3}
    assert [strict.client.post("v1/corrections", json=sent).status_code for _ in range(3)] == [201, 201, 409]
