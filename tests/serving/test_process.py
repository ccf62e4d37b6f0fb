"""`shuzi serve` as a process of its own: what it prints, when it refuses, and how it stops."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

PAD = (Path(__file__).parents[2] / "examples" / "pad.png").read_bytes()


def start(*arguments, folder):
    kept = {
        name: value for name, value in os.environ.items() if name not in ("SHUZI_CHECK_SHAPES", "SHUZI_TOKEN")
    }
    command = [sys.executable, "-W", "error", "-m", "shuzi", "serve", "--folder", str(folder), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=kept)


def refusal(*arguments, folder):
    process = start(*arguments, folder=folder)
    told, complaint = process.communicate(timeout=120)
    assert (process.returncode, told) == (1, "")
    assert complaint.startswith("shuzi: ")
    assert len(complaint.splitlines()) == 1
    return complaint


def test_it_refuses_to_start(tmp_path):
    assert "--token" in refusal("--host", "0.0.0.0", folder=tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "choose another --port" in refusal("--port", port, folder=tmp_path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_finishes_what_it_began(number, tmp_path):
    process = start("--port", "0", "--workers", "1", folder=tmp_path)
    url = process.stdout.readline().strip()
    assert url.startswith("http://127.0.0.1:")
    port = httpx.URL(url).port
    with socket.create_connection(("127.0.0.1", port), 60) as begun:
        head = f"POST /v1/read HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(PAD)}"
        begun.sendall(
            f"{head}\r\nX-Request-ID: last-one\r\nContent-Type: image/png\r\n\r\n".encode() + PAD[:1000]
        )
        assert httpx.get(f"{url}v2/health/ready", trust_env=False).status_code == 200
        process.send_signal(number)
        while True:  # until nobody else is let in
            try:
                socket.create_connection(("127.0.0.1", port)).close()
            except ConnectionRefusedError:
                break
        begun.sendall(PAD[1000:])
        answer = begun.recv(65536)
        while b'"error"' not in answer:
            answer += begun.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"text": "3"' in answer
    _, logged = process.communicate(timeout=60)
    assert process.returncode == 0, logged
    lines = [json.loads(line) for line in logged.splitlines()]
    (mine,) = [line for line in lines if line.get("id") == "last-one"]
    assert (mine["event"], mine["status"], mine["path"]) == ("request", 200, "/v1/read")
    assert all({"time", "level", "event"} <= line.keys() for line in lines)


def test_a_run_goes_on_when_the_server_is_killed(tmp_path):
    first = start("--port", "0", "--workers", "1", folder=tmp_path)
    url = first.stdout.readline().strip()
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        run = client.post("v1/runs", json={"recipe": "paddle-linear", "epochs": 900.0}).json()
        job = tmp_path / "runs" / run["id"] / "job.json"
        while json.loads(job.read_text())["stage"] != "training":
            pass
    first.kill()
    first.communicate(timeout=60)
    pid = json.loads(job.read_text())["pid"]
    os.kill(pid, 0)  # it lives
    second = start("--port", "0", "--workers", "1", folder=tmp_path)
    url = second.stdout.readline().strip()
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        assert client.get(f"v1/runs/{run['id']}").json()["status"] == "running"
        assert json.loads(job.read_text())["pid"] == pid
        assert client.post(f"v1/runs/{run['id']}/stop").json()["status"] == "interrupted"
        assert client.delete(f"v1/runs/{run['id']}").status_code == 204
        assert not job.parent.exists()
    second.terminate()
    second.communicate(timeout=60)


def test_it_needs_nothing_that_only_training_needs(tmp_path):
    absent = ("torch", "pooch", "matplotlib", "safetensors", "filelock", "onnxscript", "tensorboard")
    code = f"""
import sys
sys.modules.update(dict.fromkeys({absent}))
import shuzi.evaluation.own_pictures
import shuzi.serving.worker
from shuzi.serving.app import create_app
from shuzi.serving.settings import Settings
create_app(Settings())
"""
    kept = os.environ | {"SHUZI_HOME": str(tmp_path), "SHUZI_CHECK_SHAPES": ""}
    done = subprocess.run([sys.executable, "-c", code], env=kept, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
