"""Ink set on a sheet, character by character: gaps, digits that touch or are joined, and where each is."""

from __future__ import annotations

import numpy as np

from shuzi.data.scenes.layout import Line
from shuzi.data.scenes.writing import Patch
from shuzi.shapes import Float32


def set_line(
    line: Line,
    patches: list[Patch | None],
    ink: Float32[np.ndarray, "h w"],
    x: float,
    y: float,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Put a line's ink on the sheet from (x, y), the left end of its middle; what doesn't fit is left out.

    The digits' boxes (value, left, top, right, bottom) are noted in the line. Returns where its ink ends and
    begins from the left.
    """
    edge: Patch | None = None  # what stands to the left, to measure the gap from
    edge_top = 0
    previous: tuple[int, int, Patch] | None = None
    zero = False  # whether that was a 0
    start, right, comb = x, x, 0
    for token, patch in zip(line.tokens, patches, strict=True):
        if patch is None or patch.size <= 1:
            x, edge, previous = x + token.gap, None, None
            continue
        height, width = patch.shape
        middle = y + line.slope * (x - start) + token.place
        top = round(middle - height / 2)
        if line.cell and token.value >= 0:
            left = round(start + comb * line.cell + (line.cell - width) / 2 + rng.normal(0, 0.05) * line.cell)
            comb += 1
        else:
            room = _contact(edge, edge_top, patch, top) if edge is not None else 0.0
            left = round(x + token.gap - room)
        if left < 0 or top < 0 or left + width > ink.shape[1] or top + height > ink.shape[0]:
            if left + width > ink.shape[1]:
                break
            x, edge, previous = x + width, None, None
            continue
        here = ink[top : top + height, left : left + width]
        np.maximum(here, patch, out=here)
        if token.value >= 0:
            line.boxes.append((token.value, left, top, left + width, top + height))
        right = max(right, left + width)
        x = left + width
        joins = max(line.joins, line.coils) if zero and token.value == 0 else line.joins
        if edge is not None and previous is not None and token.value >= 0 and rng.random() < joins:
            _join(ink, previous, (left, top, patch), line.pen, rng)
        elif token.value >= 0 and rng.random() < line.tails:
            _tail(ink, (left, top, patch), line.pen, rng)
        edge, edge_top, zero = patch, top, token.value == 0
        previous = (left, top, patch) if token.value >= 0 else None
    return float(right), start


def _join(
    ink: Float32[np.ndarray, "h w"],
    before: tuple[int, int, Patch],
    after: tuple[int, int, Patch],
    pen: float,
    rng: np.random.Generator,
) -> None:
    """Join two digits by a line, as a pen that isn't lifted leaves it: mostly from top to top."""
    ends = []
    level = float(rng.choice([0.1, 0.1, 0.5, 0.92]))
    for (left, top, patch), side in ((before, -1), (after, 1)):
        row = int(np.clip(level + rng.normal(0, 0.06), 0, 0.999) * len(patch))
        inked = np.flatnonzero(patch[row] > 0.3)
        if not len(inked):
            return
        ends.append((left + inked[0 if side > 0 else -1], top + row))
    (x0, y0), (x1, y1) = ends
    if abs(x1 - x0) <= 0.8 * max(before[2].shape):
        _line(ink, float(x0), float(y0), float(x1), float(y1), pen, rng)


def _tail(
    ink: Float32[np.ndarray, "h w"], digit: tuple[int, int, Patch], pen: float, rng: np.random.Generator
) -> None:
    """A stroke that leads to a digit, from below left or above, or on from it, as from a 0's top."""
    left, top, patch = digit
    height = len(patch)
    out = rng.random() < 0.6  # to the right
    level = float(rng.choice([0.05, 0.1, 0.3])) if out else float(rng.choice([0.1, 0.3, 0.5]))
    row = int(np.clip(level + rng.normal(0, 0.05), 0, 0.999) * height)
    inked = np.flatnonzero(patch[row] > 0.3)
    if not len(inked):
        return
    x, y = left + inked[-1 if out else 0], top + row
    far = height * rng.uniform(0.12, 0.45) * (1 if out else -1)
    rise = height * (rng.normal(-0.1, 0.1) if out else rng.normal(0.15, 0.2))
    _line(ink, float(x), float(y), float(x + far), float(y + rise), pen, rng)


def _line(
    ink: Float32[np.ndarray, "h w"],
    x0: float,
    y0: float,
    x1: float,
    y1: float,
    pen: float,
    rng: np.random.Generator,
) -> None:
    """A thin line that sags."""
    t = np.linspace(0, 1, 24)
    sag = rng.normal(0.1, 0.15) * abs(x1 - x0)
    x, y = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + sag * 4 * t * (1 - t)
    r = pen * rng.uniform(0.3, 0.55)
    left, top = int(max(0, min(x0, x1) - r - 2)), int(max(0, y.min() - r - 2))
    window = ink[top : int(y.max() + r + 3), left : int(max(x0, x1) + r + 3)]
    if not window.size:  # it leads off the sheet
        return
    rows, columns = (
        np.arange(window.shape[0])[:, None, None] + top,
        np.arange(window.shape[1])[:, None] + left,
    )
    near = np.sqrt((np.square(rows - y) + np.square(columns - x)).min(2))
    np.maximum(window, np.clip(r - near + 0.5, 0, 1), out=window)


def _contact(before: Patch, before_top: int, patch: Patch, top: int) -> float:
    """How much closer two patches can come, box edge to box edge, until their ink touches in some row."""
    first, last = max(before_top, top), min(before_top + len(before), top + len(patch))
    if last <= first:
        return 0.0
    left_part = before[first - before_top : last - before_top] > 0.3
    right_part = patch[first - top : last - top] > 0.3
    inked = left_part.any(1) & right_part.any(1)
    if not inked.any():
        return float(0.3 * min(before.shape[1], patch.shape[1]))
    free = left_part[:, ::-1].argmax(1) + right_part.argmax(1)
    return float(min(free[inked].min(), 0.45 * min(before.shape[1], patch.shape[1])))
