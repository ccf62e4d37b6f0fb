"""Straight printed lines."""

from __future__ import annotations

import numpy as np

from shuzi.shapes import Float, Float32


def draw_line(
    sheet: Float32[np.ndarray, "h w"],
    start: Float[np.ndarray, " 2"],
    end: Float[np.ndarray, " 2"],
    thick: float,
) -> None:
    """Draw a line from (x, y) to (x, y), anti-aliased, where it is darker than what is there (0 to 1)."""
    if abs(end[1] - start[1]) > abs(end[0] - start[0]):
        sheet, start, end = sheet.T, start[::-1], end[::-1]
    if end[0] < start[0]:
        start, end = end, start
    first, last = max(0, round(float(start[0]))), min(sheet.shape[1], round(float(end[0])))
    if last <= first:
        return
    slope = (end[1] - start[1]) / (end[0] - start[0])
    middle = start[1] + slope * (np.arange(first, last) - start[0])
    top, bottom = int(max(0, middle.min() - thick)), int(min(sheet.shape[0], middle.max() + thick + 2))
    if bottom <= top:
        return
    near = np.abs(np.arange(top, bottom)[:, None] - middle)
    part = sheet[top:bottom, first:last]
    np.maximum(part, np.clip(thick / 2 - near + 0.5, 0, 1), out=part)
