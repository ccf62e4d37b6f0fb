"""Lines that are printed, not written: rulings, and the frames of boxes."""

from __future__ import annotations

import numpy as np

from shuzi.reading.components import Components
from shuzi.reading.segments import enclosing_box
from shuzi.shapes import Bool

_SMALLEST_SIDE = 24  # pixels: in a smaller picture a line can't be told from a stroke
_LONG = 0.5  # of the picture's side
_THIN = 0.12  # height of a line over its length
_SIDE = 0.12  # how far in from its box a frame's sides may lie, relative to the shorter one: it may be askew
_DIGIT = 0.15  # of the picture's shorter side: what is smaller isn't framed or ruled but dirt


def find_rulings(
    components: Components, wanted: Bool[np.ndarray, " n"], shape: tuple[int, int]
) -> Bool[np.ndarray, " n"]:
    """Which of the wanted components are horizontal rulings, or frames (or corners of them).

    The bar of a 7 and the foot of a 2 look like a ruling, and an upright 1 like the side of a frame. So only
    what is both straight and reaches over all of the writing, to both sides, is taken for printed.
    `shape` is (height, width) of the picture.
    """
    rulings = np.zeros(len(components), np.bool_)
    if min(shape) < _SMALLEST_SIDE or np.count_nonzero(wanted) < 2:  # of one alone nothing can be said
        return rulings
    boxes = components.boxes
    widths, heights = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    long = wanted & (widths >= _LONG * shape[1])
    lines = long & (heights <= _THIN * widths) & (heights <= _DIGIT * shape[0])
    frames = long & ~lines & (heights >= _LONG * shape[0])
    for i in np.flatnonzero(frames):
        frames[i] = _has_corners(components, int(i))
    writing = wanted & ~lines & ~frames & (np.maximum(widths, heights) >= _DIGIT * min(shape))
    if not writing.any():
        return rulings
    left, top, right, bottom = enclosing_box(boxes[writing])
    over = (boxes[:, 0] <= left) & (boxes[:, 2] >= right)
    around = over & (boxes[:, 1] <= top) & (boxes[:, 3] >= bottom)
    for i in np.flatnonzero(frames & around):
        around[i] = not _reaches_between(components, int(i), top, bottom)
    return np.asarray((lines & over) | (frames & around))


def _has_corners(components: Components, i: int) -> bool:
    """Whether a component has ink in three corners of its box, as a frame and its corner have, and no 0."""
    mask, k = _alone(components, i)
    return sum(bool(mask[y, x].any()) for y in np.s_[:k, -k:] for x in np.s_[:k, -k:]) >= 3


def _reaches_between(components: Components, i: int, top: int, bottom: int) -> bool:
    """Whether a frame has ink on the writing's rows, besides its sides: then a digit touches it."""
    mask, k = _alone(components, i)
    above = int(components.boxes[i, 1])
    return bool(mask[top - above : bottom - above, k:-k].any())


def _alone(components: Components, i: int) -> tuple[Bool[np.ndarray, "h w"], int]:
    """A component within its box, and how far in from the box's sides a frame's own lines may reach."""
    left, top, right, bottom = (int(edge) for edge in components.boxes[i])
    mask = components.mask(np.arange(len(components)) == i, (left, top, right, bottom))
    return mask, max(2, round(_SIDE * min(mask.shape)))
