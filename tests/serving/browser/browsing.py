"""What the browser's tests share."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any, NoReturn

import pytest

Visit = Callable[..., Any]
"""Opens a room in a browser of its own: `visit("photo", locale="zh-CN")` gives playwright's page."""


def missing(what: str) -> NoReturn:
    """Skip, or fail where the machine is meant to have everything (SHUZI_BROWSER=required)."""
    if os.environ.get("SHUZI_BROWSER") == "required":
        pytest.fail(what)
    pytest.skip(what)


def until(page: Any, script: str, wanted: Callable[[Any], bool] = bool, *, seconds: float = 15) -> Any:
    """Wait until what a script gives is as wanted, and give it.

    Playwright's own wait_for_function makes code from text within the page, which the page's policy forbids.
    """
    end = time.monotonic() + seconds
    while not wanted(found := page.evaluate(script)):
        assert time.monotonic() < end, f"{script} still gives {found!r}"
        page.wait_for_timeout(50)
    return found
