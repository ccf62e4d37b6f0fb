"""Numbers of a known length: parts of one taken for several are joined, what is far too short is left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shuzi.reading.clear import Line
from shuzi.reading.ranks import median
from shuzi.shapes import Float32

_WIDEST_GAP = 2.2  # heights of the digits: as in `grouping`
_BESIDE = 0.5  # of the lower part's height: how much of it has to stand beside the other part


def of_length(lines: list[Line], least: int) -> list[Line]:
    """The lines where at least so many digits are known to be, in reading order.

    Parts of one number become one. Beside a line that is long enough, one of less than half as many digits
    is left out: it is another number, or a flourish.
    """
    boxes = [np.array(line.boxes, np.float32).reshape(-1, 4) for line in lines]
    whole = [_joined([lines[index] for index in parts]) for parts in together(boxes, least)]
    if all(len(line.boxes) < least for line in whole):
        return whole
    return [line for line in whole if 2 * len(line.boxes) >= least]


def together(numbers: Sequence[Float32[np.ndarray, "_ 4"]], least: int) -> list[list[int]]:
    """Which are parts of one number, by index: neighbours in a row that are too short, but not together.

    Their digits differ in size, or stand far apart. `numbers`: the boxes of the digits of each, in reading
    order.
    """
    result: list[list[int]] = []
    parts: list[int] = []
    for index, boxes in enumerate(numbers):
        if parts and not (len(boxes) < least and _beside(numbers[parts[-1]], boxes)):
            result += [[part] for part in parts]
            parts = []
        parts.append(index)
        if sum(len(numbers[part]) for part in parts) >= least:
            result.append(parts)
            parts = []
    return result + [[part] for part in parts]


def _beside(left: Float32[np.ndarray, "n 4"], right: Float32[np.ndarray, "m 4"]) -> bool:
    """Whether two numbers stand in one row, the second not far to the right of the first."""
    if not len(left) or not len(right):
        return False
    top, above = left[:, 1].min(), right[:, 1].min()
    bottom, below = left[:, 3].max(), right[:, 3].max()
    common = min(bottom, below) - max(top, above)
    height = max(median(boxes[:, 3] - boxes[:, 1]) for boxes in (left, right))
    gap = right[:, 0].min() - left[:, 2].max()
    return bool(common >= _BESIDE * min(bottom - top, below - above) and gap <= _WIDEST_GAP * height)


def _joined(parts: list[Line]) -> Line:
    if len(parts) == 1:
        return parts[0]
    return Line(
        [box for part in parts for box in part.boxes],
        [framed for part in parts for framed in part.framed],
        np.concatenate([part.presence for part in parts]),
        np.concatenate([part.values for part in parts]),
        float(np.prod([part.trust for part in parts])),
    )
