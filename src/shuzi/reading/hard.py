"""The thorough way to read: the detector finds digits wherever they stand, touching, on any background."""

from __future__ import annotations

from functools import partial

import numpy as np

from shuzi.models import Detector
from shuzi.reading.brackets import without_brackets
from shuzi.reading.clear import Line
from shuzi.reading.closer import look_closer
from shuzi.reading.cutout import cut_out
from shuzi.reading.distinct import distinct
from shuzi.reading.grouping import group
from shuzi.reading.looks import Found
from shuzi.reading.neighbours import SUREST, among_neighbours
from shuzi.reading.output import Framed
from shuzi.reading.pens import with_one_pen
from shuzi.reading.second_look import second_look
from shuzi.reading.slashes import without_slashes
from shuzi.reading.struck import without_struck
from shuzi.reading.wholes import together
from shuzi.shapes import Float32, UInt8

_SEEN, _SEVERAL, _GUESS = 0.5, 3, 0.05  # presence of a digit; how many; the probability of all together
_NOTHING = 0.5  # the probability that none of its digits is one, above which a line is no number


def read_hard(
    pixels: UInt8[np.ndarray, "h w 3"],
    grey: Float32[np.ndarray, "h w"],
    detector: Detector,
    found: Found,
    least: int = 0,
    *,
    glance: bool = False,
) -> list[Line]:
    """Tell the digits of every number in a picture, doubtful ones too.

    `grey`: the picture as `to_grey` makes it; `found`: its digits. `least`: how many each number is known to
    have; where fewer are found, one may have been missed. `glance`: only numbers that look promising at once.
    """
    chains = group(found, grey)
    if glance:
        chains = [chain for chain in chains if _promising(found.take(chain))]
    alone = [
        parts[0] for parts in together([found.boxes[chain] for chain in chains], least) if len(parts) == 1
    ]
    numbers = [
        second_look(detector, grey, found, chain, doubt=len(chain) < least and index in alone)
        for index, chain in enumerate(chains)
    ]
    numbers = distinct(numbers)
    looks = [look_closer(detector.close_up, grey, number) for number in numbers if detector.close_up]
    numbers = [_cleared(pixels, grey, number) for number in numbers]
    if looks:
        numbers = [closer(number) for closer, number in zip(looks, numbers, strict=True)]
    return likely([_line(pixels, number) for number in numbers])


def _cleared(pixels: UInt8[np.ndarray, "h w 3"], grey: Float32[np.ndarray, "h w"], number: Found) -> Found:
    """The candidates of one number, with less presence for what other ink or lines say is no digit of it."""
    number = without_struck(grey, with_one_pen(pixels, number))
    return without_brackets(grey, without_slashes(grey, among_neighbours(number)))


def _promising(number: Found) -> bool:
    """Whether it has several digits that are probable at the first look, and what they are isn't a guess."""
    seen = number.presence >= _SEEN
    sure = number.presence * number.values.max(axis=1, initial=0)
    return int(seen.sum()) >= _SEVERAL and float(sure[seen].prod()) > _GUESS


def likely(lines: list[Line]) -> list[Line]:
    """Those that likely are numbers, with a digit that is one rather surely; all, where there is none.

    Beside numbers, a row of doubtful digits is rather a word or a flourish; and what is known of numbers,
    such as how many digits they have, would make one of it.
    """
    numbers = [
        line
        for line in lines
        if np.prod(1 - line.presence) <= _NOTHING and line.presence.max(initial=0) >= SUREST
    ]
    return numbers or lines


def _line(pixels: UInt8[np.ndarray, "h w 3"], found: Found) -> Line:
    boxes = [_whole(box, pixels.shape[:2]) for box in found.boxes.tolist()]
    framed: list[Framed] = [partial(cut_out, pixels, box) for box in boxes]
    return Line(boxes, framed, found.presence, found.values, 1.0)


def _whole(box: list[float], shape: tuple[int, int]) -> tuple[int, int, int, int]:
    """A box in whole pixels within the picture, at least one wide and high."""
    height, width = shape
    left, top = min(width - 1, max(0, round(box[0]))), min(height - 1, max(0, round(box[1])))
    right, bottom = min(width, max(left + 1, round(box[2]))), min(height, max(top + 1, round(box[3])))
    return left, top, right, bottom
