"""A real server in a process of its own, and Debian's chromium looking at it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import Visit, missing

_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `shuzi serve`, with a folder of its own."""
    folder = tmp_path_factory.mktemp("served")
    command = [sys.executable, "-m", "shuzi", "serve", "--port=0", "--workers=1", f"--folder={folder}"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), (folder / "log").read_text()
        yield address.rstrip("/")
    finally:
        process.terminate()
        process.wait(timeout=60)
        process.stdout.close()


@pytest.fixture(scope="module")  # its event loop would be in the way of other tests' loops
def chromium() -> Iterator[Any]:
    path = shutil.which("chromium")
    if path is None:
        missing("There is no chromium here: apt-get install chromium.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, server: str) -> Iterator[Visit]:
    """Opens the page, in a browser of its own: `visit("photo", locale="zh-CN", ...)`.

    At the end of the test no page may have an error in its console or have asked another server for anything.
    """
    troubles: list[str] = []
    contexts = []

    def open_room(room: str = "write", **options: Any) -> Any:
        usual = {"locale": "en", "viewport": {"width": 1280, "height": 900}}
        context = chromium.new_context(**(usual | options))
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: _ours(request.url, server) or troubles.append(request.url))
        page.goto(f"{server}/#{room}")
        page.locator("#net option").first.wait_for(state="attached")
        return page

    yield open_room
    for context in contexts:
        context.close()
    assert troubles == []


def _ours(url: str, server: str) -> bool:
    return url.startswith((f"{server}/", f"blob:{server}/", "data:"))


@pytest.fixture(scope="session")
def examples() -> Path:
    return Path(__file__).parents[3] / "examples"
