"""The probabilities of a number's digits, and what is known of it -> the likeliest texts."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from itertools import islice

import numpy as np

from shuzi.reading.knowledge import Knowledge
from shuzi.shapes import Float

MOST_CANDIDATES = 1000  # strings tried; it also bounds how long an unlucky pattern can take
MOST_DIGITS = 64  # longer rows are not tried against a pattern or check, for the same reason
ALTERNATIVES = 5
# The chance that the digits were cut or seen so wrongly that none of the strings considered is right. It
# keeps a text that is unlikely by itself from being certain only because nothing else fits what is known.
_OFF_THE_LIST = 0.01


def decode(
    probabilities: Float[np.ndarray, "n 10"], known: Knowledge
) -> tuple[tuple[str, float], list[tuple[str, float]]]:
    """The likeliest text that what is known allows, and the next likeliest ones, each with probability.

    `probabilities`: of each class, for each digit in reading order. If no likely text is allowed, the
    likeliest of all is given with probability 0: what is known says that it is wrong.
    """
    ranked = best_strings(probabilities)
    if known.anything:
        texts = list(islice(ranked, 1 + ALTERNATIVES))
        return texts[0], texts[1:]
    n = len(probabilities)
    hopeless = n > MOST_DIGITS or (known.lengths is not None and n not in known.lengths)
    candidates = list(islice(ranked, 1 if hopeless else MOST_CANDIDATES))
    fitting = [] if hopeless else [(text, p) for text, p in candidates if known.allows(text)]
    if not fitting:
        return (candidates[0][0], 0.0), []
    # Bayes: what is allowed shares the probability of what isn't.
    mass = sum(p for _, p in fitting)
    evidence = mass + _OFF_THE_LIST * (1 - mass)
    texts = [(text, p / evidence) for text, p in fitting[: 1 + ALTERNATIVES]]
    return texts[0], texts[1:]


def best_strings(probabilities: Float[np.ndarray, "n 10"]) -> Iterator[tuple[str, float]]:
    """All strings of a class for each digit, the likeliest first, each with its product of probabilities."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    ranked = np.take_along_axis(probabilities, order, axis=1).tolist()
    classes = order.tolist()
    n = len(ranked)
    # A string is its digits' ranks. Its successors raise one rank at or behind the last raised one, so that
    # each string is reached once, and never before one that is likelier.
    best = (0,) * n
    queue = [(-math.prod(row[0] for row in ranked), best, 0)]
    while queue:
        cost, ranks, last = heapq.heappop(queue)
        yield "".join(str(classes[i][rank]) for i, rank in enumerate(ranks)), -cost
        for i in range(last, n):
            if ranks[i] < 9:
                raised = (*ranks[:i], ranks[i] + 1, *ranks[i + 1 :])
                p = math.prod(ranked[j][rank] for j, rank in enumerate(raised))
                heapq.heappush(queue, (-p, raised, i))
