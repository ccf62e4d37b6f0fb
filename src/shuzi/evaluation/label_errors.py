"""MNIST's test digits whose official label people judged wrong."""

from __future__ import annotations

from types import MappingProxyType

LABEL_ERRORS = MappingProxyType(
    {
        947: (8, 9),
        1621: (0, 6),
        1901: (9, 4),
        2130: (4, 9),
        2462: (2, 0),
        2597: (5, 3),
        2654: (6, 1),
        3520: (6, 4),
        3558: (5, 0),
        5937: (5, 3),
        6651: (0, 6),
        6783: (1, 6),
        8527: (4, 9),
        9679: (6, 3),
        9729: (5, 6),
    }
)
"""Index in the test split -> (official label, what people saw); Northcutt, Athalye and Mueller 2021,
"Pervasive label errors in test sets destabilize machine learning benchmarks", labelerrors.com."""
