"""The thorough way to read: the detector finds digits wherever they stand, touching, on any background."""

from __future__ import annotations

from functools import partial

import numpy as np

from shuzi.models import Detector
from shuzi.reading.clear import Line
from shuzi.reading.components import find_components
from shuzi.reading.distinct import distinct
from shuzi.reading.finding import find_digits
from shuzi.reading.framing import frame_segment, written
from shuzi.reading.grouping import group
from shuzi.reading.ink import find_ink
from shuzi.reading.looks import Found
from shuzi.reading.neighbours import among_neighbours
from shuzi.reading.output import Framed
from shuzi.reading.second_look import second_look
from shuzi.reading.segments import main_segment
from shuzi.reading.tone import to_grey
from shuzi.shapes import UInt8

_MARGIN = 0.12  # of its height: how much around a digit is cut out with it
_SIDE = 28


def read_hard(pixels: UInt8[np.ndarray, "h w 3"], detector: Detector) -> list[Line]:
    """Find the digits of every number in a picture, doubtful ones too."""
    grey = to_grey(pixels)
    found = find_digits(detector, grey)
    numbers = [second_look(detector, grey, found, chain) for chain in group(found)]
    return [_line(pixels, among_neighbours(number)) for number in distinct(numbers)]


def _line(pixels: UInt8[np.ndarray, "h w 3"], found: Found) -> Line:
    boxes = [_whole(box, pixels.shape[:2]) for box in found.boxes.tolist()]
    framed: list[Framed] = [partial(_framed, pixels, box) for box in boxes]
    return Line(boxes, framed, found.presence, found.values, 1.0)


def _framed(pixels: UInt8[np.ndarray, "h w 3"], box: tuple[int, int, int, int]) -> UInt8[np.ndarray, "28 28"]:
    """The digit in a box as MNIST frames it; what touches it from beside is left in."""
    left, top, right, bottom = box
    margin = 1 + round(_MARGIN * (bottom - top))
    part = pixels[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    ink = find_ink(np.ascontiguousarray(part))
    components = find_components(ink.mask)
    digit = main_segment(components, written(components, ink), ink.mask.shape)
    return np.zeros((_SIDE, _SIDE), np.uint8) if digit is None else frame_segment(ink, components, digit)


def _whole(box: list[float], shape: tuple[int, int]) -> tuple[int, int, int, int]:
    """A box in whole pixels within the picture, at least one wide and high."""
    height, width = shape
    left, top = min(width - 1, max(0, round(box[0]))), min(height - 1, max(0, round(box[1])))
    right, bottom = min(width, max(left + 1, round(box[2]))), min(height, max(top + 1, round(box[3])))
    return left, top, right, bottom
