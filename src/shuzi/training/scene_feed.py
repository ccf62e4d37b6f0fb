"""Scenes for training, drawn by a process of their own while the net learns from those before."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ProcessPoolExecutor

import numpy as np

from shuzi.data.scenes import Scenes, Stock, draw_scenes, load_stock
from shuzi.data.scenes.draw import NUMBER, PAGE

_AHEAD = 3  # rounds that are drawn before they are asked for
_stock: Stock | None = None


def rounds(seed: int, first: int, batches: int, batch: int, pages: float) -> Generator[list[Scenes]]:
    """Rounds of `batches` batches each, for ever, from round `first` on; each depends on seed and round only.

    A batch is `batch` scenes of one number each, or, for a share `pages` of the batches, as many parts of
    pages as have the same number of pixels.
    """
    # Read when the drawer loads its BLAS: a second thread there would only wait, and take time from training.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=_load, initargs=(seed,)) as drawer:
        waiting: deque[Future[list[Scenes]]] = deque()
        number = first
        try:
            while True:
                while len(waiting) <= _AHEAD:
                    waiting.append(drawer.submit(_round, seed, number, batches, batch, pages))
                    number += 1
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _load(seed: int) -> None:
    global _stock
    _stock = load_stock("fit", seed)


def _round(seed: int, number: int, batches: int, batch: int, pages: float) -> list[Scenes]:
    assert _stock is not None  # the initialiser ran
    rng = np.random.default_rng((seed, number))
    few = max(1, round(batch * NUMBER[0] * NUMBER[1] / (PAGE[0] * PAGE[1])))
    return [
        draw_scenes(_stock, few, rng, PAGE) if rng.random() < pages else draw_scenes(_stock, batch, rng)
        for _ in range(batches)
    ]
