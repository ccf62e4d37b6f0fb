"""Real servers for the tests: uvicorn in a thread, with reading processes of their own."""

import threading
from contextlib import contextmanager

import httpx

from shuzi.serving.server import address, listen, make_server
from shuzi.serving.settings import Settings

TOKEN = "open-sesame"


class Served:
    """A running server: its settings, its address, and a client for it."""

    def __init__(self, settings, url, server):
        self.settings, self.url, self.server, self.app = settings, url, server, server.config.app
        self.port = httpx.URL(url).port
        self.client = httpx.Client(base_url=url, timeout=60, trust_env=False)


@contextmanager
def serving(**chosen):
    settings = Settings(port=0, **chosen)
    started = threading.Event()
    with listen(settings) as listening:
        server = make_server(settings, started.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        assert started.wait(120)
        served = Served(settings, address(settings, listening), server)
        try:
            yield served
        finally:
            served.client.close()
            server.should_exit = True
            thread.join(60)
            assert not thread.is_alive()
