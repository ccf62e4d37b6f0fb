import threading

import pytest
from tiny_set import Server


@pytest.fixture
def start():
    """Starts servers, and stops them after the test."""
    running = []

    def start_one():
        server = Server()
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        running.append((server, thread))
        return server

    yield start_one
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Where an empty cache of data sets would be; nor has the user a folder of their own."""
    monkeypatch.delenv("SHUZI_DATA", raising=False)
    return tmp_path / "cache"
