"""Components -> segments: the pieces of ink that make one digit.

A digit is mostly one component, but pens skip, and the bar of a 5 often stands apart. Sizes and distances
are relative to the height of the writing, so that they hold at any resolution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuzi.reading.components import Components, join
from shuzi.shapes import Bool, Int64

_BODY = 0.4  # a component at least this tall, in heights of the writing, is a digit or the most of one
_SPECK = 0.08  # smaller pieces are dirt
_STACKED_GAP = 0.1  # halves of a digit stand closer than this; two lines don't
_BAR_GAP = 0.35  # how far off its digit the bar of a 5 may stand
_STROKE = 0.3  # a piece this long near a digit is a stroke of it; a shorter one may be a comma
_NEAR = 0.5  # in the picture of one digit: how far its pieces stand from the main one, in sizes of it
_LEAST_AREA = 0.02  # of the main piece's: smaller ones are dirt
_STROKES_GAP = 0.2  # strokes of the only digit stand closer than this, in heights of it
_WIDEST = 1.3  # one digit is at most this wide, in heights
_MOST_PIECES = 1000  # more than any row of digits has; what noise makes is cut off here


@dataclass(frozen=True, eq=False)
class Segment:
    """The components (`members`, true for each) taken for one digit, and the box that they fill.

    `box` is (left, top, right, bottom) in pixels, right and bottom not included.
    """

    members: Bool[np.ndarray, " n"]
    box: tuple[int, int, int, int]


def find_segments(components: Components, wanted: Bool[np.ndarray, " n"]) -> list[Segment]:
    """Join the wanted components into digits; leave out specks, dots, commas and dashes."""
    if np.count_nonzero(wanted) < 2:  # the most frequent case, and there is nothing to join
        return [Segment(wanted, enclosing_box(components.boxes[wanted]))] if wanted.any() else []
    boxes, areas = components.boxes, components.areas
    heights, widths = boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0]
    height = _writing_height(heights[wanted], areas[wanted])
    bodies = _largest(np.flatnonzero(wanted & (heights >= _BODY * height)), areas)
    sizes = np.maximum(heights, widths)
    parts = wanted & (heights < _BODY * height) & (sizes >= _SPECK * height)
    pieces = np.concatenate([bodies, _largest(np.flatnonzero(parts), areas)])
    first, second = np.nonzero(_belong(boxes[pieces], len(bodies), height))
    group = join(len(pieces), first, second)
    segments = []
    # join names a group by its first piece, and bodies come first: a group of parts alone has none.
    for root in np.unique(group[: len(bodies)]):
        members = np.zeros(len(components), np.bool_)
        members[pieces[group == root]] = True
        segments.append(Segment(members, enclosing_box(boxes[members])))
    return segments


def enclosing_box(boxes: Int64[np.ndarray, "n 4"]) -> tuple[int, int, int, int]:
    """The smallest box (left, top, right, bottom) around one or more boxes."""
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    return int(left), int(top), int(right), int(bottom)


def overlap(start: Int64[np.ndarray, " n"], end: Int64[np.ndarray, " n"]) -> Int64[np.ndarray, "n n"]:
    """How far each pair of stretches start..end overlaps; negative: the gap between them."""
    return np.asarray(np.minimum(end[:, None], end[None]) - np.maximum(start[:, None], start[None]))


def _writing_height(heights: Int64[np.ndarray, " n"], areas: Int64[np.ndarray, " n"]) -> float:
    """The height that half of the ink stands in: specks, however many, don't change it."""
    order = np.argsort(heights)
    middle = np.searchsorted(areas[order].cumsum(), areas.sum() / 2)
    return float(heights[order][middle])


def _largest(which: Int64[np.ndarray, " m"], areas: Int64[np.ndarray, " n"]) -> Int64[np.ndarray, " k"]:
    return which[np.argsort(-areas[which], kind="stable")][:_MOST_PIECES]


def _belong(boxes: Int64[np.ndarray, "p 4"], bodies: int, height: float) -> Bool[np.ndarray, "p p"]:
    """Which pairs of pieces are of one digit; the first `bodies` pieces are bodies, the others parts."""
    left, top, right, bottom = boxes.T
    widths, heights = right - left, bottom - top
    across, down = overlap(left, right), overlap(top, bottom)
    narrower = np.minimum(widths[:, None], widths[None])
    shorter = np.minimum(heights[:, None], heights[None])
    smaller = np.minimum((widths * heights)[:, None], (widths * heights)[None])
    inside = across.clip(min=0) * down.clip(min=0) >= 0.8 * smaller
    stacked = (across >= 0.6 * narrower) & (down >= -_STACKED_GAP * height) & (down <= 0.3 * shorter)
    same = inside | stacked
    # Rows are bodies, columns parts: a part joins a body, and never one body to another.
    part_widths, sizes = widths[None, bodies:], np.maximum(widths, heights)[None, bodies:]
    gap_x, gap_y = -across[:bodies, bodies:], -down[:bodies, bodies:]
    bar = (-gap_x >= 0.5 * part_widths) & (gap_y <= _BAR_GAP * height)
    stroke = (np.maximum(gap_x, gap_y) <= _STACKED_GAP * height) & (sizes >= _STROKE * height)
    fits = bar | stroke | inside[:bodies, bodies:]
    nearest = np.zeros_like(same)
    distance = np.where(fits, gap_x.clip(min=0) + gap_y.clip(min=0), np.inf)
    chosen = distance.argmin(axis=0) if bodies else np.empty(0, np.int64)
    found = np.isfinite(distance[chosen, np.arange(distance.shape[1])])
    nearest[chosen[found], bodies + np.flatnonzero(found)] = True
    same[:, bodies:] = same[bodies:, :] = False
    return np.asarray(same | nearest)


def join_strokes(segments: list[Segment], *, alone: bool) -> Segment | None:
    """Two or three segments as one, where they may be the strokes of one digit; else None.

    ``alone``: there is nothing else in the picture, so they may stand a little apart; within a row only the
    boxes of strokes that belong together overlap.
    """
    if len(segments) not in (2, 3):
        return None
    lefts, tops, rights, bottoms = zip(*(segment.box for segment in segments), strict=True)
    box = min(lefts), min(tops), max(rights), max(bottoms)
    height = box[3] - box[1]
    if box[2] - box[0] > _WIDEST * height:  # as nearly all are
        return None
    left, top, right, bottom = (np.array(edges, np.int64) for edges in (lefts, tops, rights, bottoms))
    gaps = -np.minimum(overlap(left, right), overlap(top, bottom))
    nearest = np.where(np.eye(len(segments), dtype=np.bool_), np.iinfo(np.int64).max, gaps).min(axis=1)
    if (nearest > (_STROKES_GAP * height if alone else 0)).any():
        return None
    return Segment(np.logical_or.reduce([segment.members for segment in segments]), box)


def main_segment(
    components: Components, wanted: Bool[np.ndarray, " n"], shape: tuple[int, int]
) -> Segment | None:
    """The one digit of a picture (`shape`: height, width): the largest piece near the middle, and its parts.

    None where nothing is wanted. Other than `find_segments` it expects no neighbours, so that strokes far
    apart are kept.
    """
    if not wanted.any():
        return None
    boxes, areas = components.boxes, components.areas
    middles = (boxes[:, :2] + boxes[:, 2:]) / (2 * np.array([shape[1], shape[0]])) - 0.5
    central = 1 - np.hypot(middles[:, 0], middles[:, 1])
    main = int(np.argmax(np.where(wanted, areas * central, -1)))
    left, top, right, bottom = boxes[main]
    size = max(right - left, bottom - top)
    gap_x = np.maximum(boxes[:, 0] - right, left - boxes[:, 2])
    gap_y = np.maximum(boxes[:, 1] - bottom, top - boxes[:, 3])
    near = np.maximum(gap_x, gap_y) <= _NEAR * size
    members = wanted & near & (areas >= _LEAST_AREA * areas[main])
    members[main] = True
    return Segment(members, enclosing_box(boxes[members]))
