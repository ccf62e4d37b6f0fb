"""One server as it is by default, and one with limits that are soon reached."""

import pytest
from servers import TOKEN, serving


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """A server as it is by default, but for training, which is off."""
    with serving(folder=tmp_path_factory.mktemp("home"), training=False, workers=2) as server:
        yield server


@pytest.fixture(scope="session")
def strict(tmp_path_factory):
    """A server with a token and limits that are soon reached."""
    with serving(
        folder=tmp_path_factory.mktemp("strict"),
        token=TOKEN,
        workers=1,
        max_bytes=300_000,
        max_small_bytes=20_000,
        max_pixels=1_000_000,
        max_pages=2,
        max_files=3,
        max_queue=2,
        max_corrections=2,
        seconds=3.0,
        body_seconds=1.0,
        header_seconds=1.0,
        idle_seconds=1.0,
        training=False,
    ) as server:
        server.client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield server
