"""Which way lines of writing run on a page full of it: across, or down it, since it lies on its side."""

from __future__ import annotations

import numpy as np

from shuzi.reading.components import find_components
from shuzi.reading.ink import find_ink
from shuzi.shapes import Int64, UInt8

_ASKED = 300  # letters at most, evenly chosen, whose neighbours are looked for
_MOST_PAIRS = 500_000  # of letters that are compared, so that a page of dots doesn't take much memory
_NARROW = 128  # pixels: a picture that is lower or narrower shows a line or two
_LEAST = 60  # letters that have a neighbour: with fewer, it is no page full of writing
_SMALLEST = 5  # pixels: what is smaller may be a point, or noise
_ALIKE = 2.5  # how many times as large or small as most a letter may be
_NEAR = 0.5  # sizes: letters of a word are nearer to each other than this, those of a column of digits aren't
_MOST = 0.75  # of the letters have to agree


def runs_down(pixels: UInt8[np.ndarray, "h w 3"]) -> bool | None:
    """Whether lines of writing run down the picture; None where there is too little writing to tell.

    As in O'Gorman's docstrum (1993): in a line, a letter's nearest neighbour stands beside it.
    """
    if min(pixels.shape[:2]) < _NARROW:
        return None
    boxes = _letters(find_components(find_ink(pixels).mask).boxes)
    if len(boxes) < _LEAST:
        return None
    asked = boxes[:: -(-len(boxes) // min(_ASKED, max(1, _MOST_PAIRS // len(boxes))))]
    beside, below = _nearest(asked, boxes), _nearest(_flipped(asked), _flipped(boxes))
    near = _NEAR * float(np.median((boxes[:, 2:] - boxes[:, :2]).max(axis=1)))
    across, down = (beside < below) & (beside < near), (below < beside) & (below < near)
    agreeing, others = sorted((int(across.sum()), int(down.sum())), reverse=True)
    if (agreeing + others) * len(boxes) < _LEAST * len(asked) or agreeing < _MOST * (agreeing + others):
        return None
    return bool(down.sum() > across.sum())


def _letters(boxes: Int64[np.ndarray, "n 4"]) -> Int64[np.ndarray, "k 4"]:
    """The boxes (left, top, right, bottom) of what is about as large as most of the ink is."""
    size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0)
    boxes, size = boxes[size >= _SMALLEST], size[size >= _SMALLEST]
    if not len(boxes):
        return boxes
    usual = float(np.median(size))
    return np.asarray(boxes[(size < _ALIKE * usual) & (size > usual / _ALIKE)])


def _nearest(asked: Int64[np.ndarray, "a 4"], boxes: Int64[np.ndarray, "n 4"]) -> Int64[np.ndarray, " a"]:
    """How far it is from each to the next one in its row, right or left; very far where there is none."""
    left, top, right, bottom = (boxes[None, :, edge] for edge in range(4))
    mine = [asked[:, None, edge] for edge in range(4)]
    common = np.minimum(bottom, mine[3]) - np.maximum(top, mine[1])
    lower = np.minimum(bottom - top, mine[3] - mine[1])
    gap = np.maximum(left - mine[2], mine[0] - right)
    gap = np.where((2 * common >= lower) & (gap >= 0), gap, np.iinfo(np.int32).max)
    return np.asarray(gap.min(axis=1))


def _flipped(boxes: Int64[np.ndarray, "n 4"]) -> Int64[np.ndarray, "n 4"]:
    """The same with rows for columns."""
    return np.asarray(boxes[:, [1, 0, 3, 2]])
