"""Scenes for training, drawn by a process of their own while the net learns from those before."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

import numpy as np

from shuzi.data.scenes import Scenes, Stock, draw_scenes, load_stock
from shuzi.data.scenes.draw import NUMBER, PAGE

_AHEAD = 3  # rounds that are drawn before they are asked for
_T = TypeVar("_T")
_stock: Stock | None = None


def rounds(draw: Callable[[Stock, np.random.Generator], _T], seed: int, first: int) -> Generator[_T]:
    """What `draw` draws, for ever, from round `first` on; a round depends on the seed and its number only."""
    # Read when the drawer loads its BLAS: a second thread there would only wait, and take time from training.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=_load, initargs=(seed,)) as drawer:
        waiting: deque[Future[_T]] = deque()
        number = first
        try:
            while True:
                while len(waiting) <= _AHEAD:
                    waiting.append(drawer.submit(_round, draw, seed, number))
                    number += 1
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def draw_batches(
    stock: Stock, rng: np.random.Generator, *, batches: int, batch: int, pages: float, hurry: float
) -> list[Scenes]:
    """Batches of `batch` scenes of one number each, or, for a share `pages` of them, of parts of pages, which
    have as many pixels together. `hurry`: the share of lines that are written in a hurry."""
    few = max(1, round(batch * NUMBER[0] * NUMBER[1] / (PAGE[0] * PAGE[1])))
    return [
        draw_scenes(stock, few, rng, PAGE, hurry)
        if rng.random() < pages
        else draw_scenes(stock, batch, rng, NUMBER, hurry)
        for _ in range(batches)
    ]


def end_with_parent() -> None:
    """Let this process end as soon as the one that started it is gone, even if that was killed: both hold
    both ends of the pipes between them, so that neither sees them close."""
    parent = multiprocessing.parent_process()
    assert parent is not None  # it was started by another

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _load(seed: int) -> None:
    global _stock
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the training, which then ends the drawer
    _stock = load_stock("fit", seed)


def _round(draw: Callable[[Stock, np.random.Generator], _T], seed: int, number: int) -> _T:
    assert _stock is not None  # the initialiser ran
    return draw(_stock, np.random.default_rng((seed, number)))
