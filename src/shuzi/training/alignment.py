"""Which of the digits that a reader found are those of a text that is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuzi.shapes import Float, Int64

_UNSURE = 0.1  # of a value: the reader is never taken to be surer than that, since it may not know this hand
_LEAST, _MOST = 1e-3, 0.999  # of presence, likewise


@dataclass(frozen=True, eq=False)
class Alignment:
    """The candidate for each character of the text, by index, and the probability that no other choice of
    candidates is meant, if the text is right."""

    chosen: Int64[np.ndarray, " n"]
    probability: float


def align(
    presence: Float[np.ndarray, " m"], values: Float[np.ndarray, "m 10"], text: str
) -> Alignment | None:
    """The likeliest choice, in order, of one candidate for each digit of the text; the others are no digits.

    `presence`: the probability that a candidate is a digit; `values`: of each value if so. Candidates are in
    reading order. None if there are fewer than the text has digits. Exact, by dynamic programming.
    """
    count, length = len(presence), len(text)
    if count < length:
        return None
    p = np.clip(np.asarray(presence, np.float64), _LEAST, _MOST)
    v = (1 - _UNSURE) * np.asarray(values, np.float64) + _UNSURE / 10
    # taken[i, j]: candidate i is digit j of the text.
    taken = np.log(p)[:, None] + np.log(v[:, [int(character) for character in text]])
    left = np.log1p(-p)
    # best and total: of all ways to write the first j digits with the candidates so far, the likeliest one's
    # logarithm, and that of the sum over all.
    best = np.full(length + 1, -np.inf)
    best[0] = 0.0
    total = best.copy()
    from_taking = np.zeros((count, length + 1), np.bool_)
    for i in range(count):
        skipped, took = best + left[i], np.concatenate([[-np.inf], best[:-1] + taken[i]])
        from_taking[i] = took > skipped
        best = np.maximum(skipped, took)
        total = np.logaddexp(total + left[i], np.concatenate([[-np.inf], total[:-1] + taken[i]]))
    chosen, j = [], length
    for i in range(count - 1, -1, -1):
        if from_taking[i, j]:
            chosen.append(i)
            j -= 1
    return Alignment(np.array(chosen[::-1], np.int64), float(np.exp(best[-1] - total[-1])))
