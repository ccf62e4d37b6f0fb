import threading
from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from tiny_set import Server

from shuzi.data import unipen
from shuzi.data.invented import invent_hands
from shuzi.data.scenes import load_stock
from shuzi.data.scenes import stock as scenes_stock
from shuzi.data.scenes.printed import UNITS


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


@pytest.fixture(scope="session")
def stock():
    """What scenes are written with, as far as everybody has it: invented hands stand for UNIPEN's writers,
    their digits for letters, and a font of matplotlib's for handwriting and Chinese ones."""
    made = invent_hands(6, 3, np.random.default_rng(0))
    letters = replace(made, labels=np.array(list("abcdefghkm" * 18)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unipen, "digits", lambda split: made)
        patch.setattr(unipen, "load_unipen", lambda split, wanted: letters)
        patch.setattr(scenes_stock, "font_files", lambda: {"printed": printed_font()})
        patch.setattr(scenes_stock, "chinese_font_files", lambda: {"boxes": [(UNITS, printed_font())]})
        return load_stock("validation")


def printed_font():
    return (Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf").read_bytes()
