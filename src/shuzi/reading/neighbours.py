"""How likely a candidate is a digit, given what stands beside it.

The detector sees each place by itself. What lies within the width of a surer digit is rarely another one;
what fills a gap in a number mostly is one, however odd it looks; and what ends a number may be the dash or
flourish that people close an amount with.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shuzi.reading.looks import Found
from shuzi.shapes import Bool, Float32

_SURE = 0.5  # the presence from which a candidate counts as a neighbour
SUREST = 0.8  # that one of them has to have: a row of doubtful candidates may be a word
# What the logit of presence is multiplied by, and what is added: for the share of a candidate's width that
# lies within a neighbour's, for the first and the last of a number, and for all. What bench/neighbours.py
# fits to cheques, nearly, but with less trust in what begins or ends a number, a $ or a bracket, and in parts
# of digits.
_WEIGHTS = np.array([1.45, -5.8, -1.45, -1.6, 1.7], np.float32)
_LEAST = 1e-4  # no presence is nearer to 0 or 1, so that its logit is finite


def among_neighbours(found: Found) -> Found:
    """The candidates of one number, from the left, with their presence as their neighbours make it."""
    if not len(found):
        return found
    # No matrix product: for so small ones some BLAS warns, now and then, of invalid values that aren't there.
    presence = 1 / (1 + np.exp(-(circumstances(found) * _WEIGHTS).sum(axis=1)))
    return replace(found, presence=np.asarray(presence, np.float32))


def circumstances(found: Found) -> Float32[np.ndarray, "k 5"]:
    """Of each candidate of one number: the logit of its presence, the share of its width that lies within a
    neighbour's, 1 if it is the first, 1 if it is the last, and 1."""
    left, right = found.boxes[:, 0], found.boxes[:, 2]
    sure = (found.presence > _SURE) & (found.presence.max() > SUREST)
    common = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    common = np.where(sure & ~np.eye(len(found), dtype=np.bool_), common, 0)
    within = np.clip(common.max(axis=1) / np.maximum(right - left, 1), 0, 1)
    middle = left + right
    first = ~(sure & (middle[:, None] > middle)).any(axis=1)
    last = ~(sure & (middle[:, None] < middle)).any(axis=1)
    terms = [logits(found.presence), within, first, last, np.ones(len(found))]
    return np.stack(terms, 1).astype(np.float32)


def logits(presence: Float32[np.ndarray, " k"]) -> Float32[np.ndarray, " k"]:
    """The logits of presence, which is taken to be no surer than `_LEAST` allows."""
    p = np.clip(presence, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(p / (1 - p)))


def less_likely(found: Found, which: Bool[np.ndarray, " k"], less: float) -> Found:
    """The same candidates, with the logit of presence of some of them so much less."""
    if not which.any():
        return found
    presence = np.where(which, 1 / (1 + np.exp(less - logits(found.presence))), found.presence)
    return replace(found, presence=presence.astype(np.float32))
