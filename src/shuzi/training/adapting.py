"""Teaching the reader's nets the hands, pens and paper of labelled pictures, without boxes."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from shuzi.data.labelled import Labelled
from shuzi.errors import PictureError, TrainingError
from shuzi.models import READER, Detector, load_detector
from shuzi.training.adapting_closer import adapt_close_up
from shuzi.training.cuttings import Cutting, batch, cut
from shuzi.training.fine_tuning import pull, rate
from shuzi.training.import_reader import import_close_up, import_reader, with_close_up, with_net
from shuzi.training.precision import keep_freed_memory, prefer_channels_last
from shuzi.training.reader import learn

_BATCH = 16
_LEAST_STEPS = 25  # in a round, however few the pictures are
_LEARNING_RATE = 1e-3
_PULL = 0.03  # towards the weights that it began with, in each step at full learning rate
_BACK = 0.4  # of its way, at the end: between two sets of weights lies one that reads either's pictures well


@dataclass(frozen=True)
class Adapted:
    """An adapted detector's file, which holds a close-up, too; how many pictures were used, of how many."""

    graph: bytes
    used: int
    pictures: int


def adapt(
    pictures: list[Labelled],
    base: str | os.PathLike[str] = READER,
    *,
    rounds: int = 4,
    seed: int = 0,
    threads: int = 2,
    tell: Callable[[str], object] = lambda line: None,
) -> Adapted:
    """Go on training the detector `base`, and a close-up, on pictures whose text is known.

    In each round the detector as it is finds the digits of every picture, which are matched with its text:
    so each gets a box, and a detector that has become better can use more pictures. Pictures that can't be
    matched for sure are left out of the round. The close-up learns from those of the last round. `tell` is
    given a line a round, and one for every picture that can't be opened. Raises `TrainingError` where no
    picture can be matched.
    """
    keep_freed_memory()
    torch.set_num_threads(threads)
    net, graph = import_reader(base)
    prefer_channels_last(net)
    shipped = [parameter.detach().clone() for parameter in net.parameters()]
    optimiser = torch.optim.AdamW(net.parameters(), _LEARNING_RATE, betas=(0.9, 0.99), weight_decay=0)
    detector, cuttings, used = load_detector(base, threads=threads), list[Cutting](), 0
    for number in range(rounds):
        cuttings, used = _cut_all(detector, pictures, tell if number == 0 else lambda line: None)
        loss, done = 0.0, 0
        batches = list(_batches(cuttings, np.random.default_rng((seed, number, 0))))
        for done, chosen in enumerate(batches, 1):
            place = (number + (done - 1) / len(batches)) / rounds
            share = rate(number * len(batches) + done, place)
            for group in optimiser.param_groups:
                group["lr"] = _LEARNING_RATE * share
            rng = np.random.default_rng((seed, number, done))
            middles, values, boxes = learn(net, optimiser, batch(chosen, rng), rng)
            loss += middles + values + 0.5 * boxes
            pull(net, shipped, _PULL * share)
        if number == rounds - 1:
            pull(net, shipped, _BACK)
        if not math.isfinite(loss):
            raise TrainingError("Adapting went astray, its loss is no number: try another --seed.")
        tell(f"round {number + 1}/{rounds}: {used} of {len(pictures)} pictures, loss {loss / done:.3f}")
        graph = with_net(graph, net)
        detector = load_graph(graph, threads)
    closer, closer_graph = import_close_up(graph)
    adapt_close_up(closer, cuttings, seed)
    graph = with_close_up(graph, with_net(closer_graph, closer))
    return Adapted(graph, used, len(pictures))


def load_graph(graph: bytes, threads: int) -> Detector:
    """The detector in a file's bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "adapted.onnx"
        path.write_bytes(graph)
        return load_detector(path, threads=threads)


def _cut_all(
    detector: Detector, pictures: list[Labelled], tell: Callable[[str], object]
) -> tuple[list[Cutting], int]:
    """The cuttings of all pictures that can be matched with their label, and how many pictures these are."""
    cuttings: list[Cutting] = []
    used = 0
    for picture in pictures:
        try:
            found = cut(detector, picture)
        except PictureError as error:
            tell(f"left out: {error}")
            continue
        if found is not None:
            cuttings += found
            used += 1
    if not cuttings:
        raise TrainingError(
            f"In none of the {len(pictures)} pictures could the digits be matched with the label: check that"
            " labels hold all digits of their pictures, in reading order."
        )
    return cuttings, used


def _batches(cuttings: list[Cutting], rng: np.random.Generator) -> Iterator[list[Cutting]]:
    """Every cutting once, or as often as `_LEAST_STEPS` asks for; those of a batch are about equally wide."""
    copies = max(1, math.ceil(_LEAST_STEPS * _BATCH / len(cuttings)))
    order = np.concatenate([rng.permutation(len(cuttings)) for _ in range(copies)])
    aspects = [cuttings[index].grey.shape[1] / cuttings[index].height for index in order]
    order = order[np.argsort(np.round(np.log2(aspects)), kind="stable")]
    parts = np.array_split(order, math.ceil(len(order) / _BATCH))
    for place in rng.permutation(len(parts)):
        yield [cuttings[index] for index in parts[place]]
