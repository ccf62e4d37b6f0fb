"""Brackets that were taken for a 1: how likely they still are, and that a number is read without them."""

import numpy as np
import pytest
from handwriting import candidates, write
from PIL import Image, ImageDraw

import shuzi
from shuzi.reading.brackets import without_brackets
from shuzi.reading.looks import NOTHING

DIGITS = [(50, 30, 76, 70), (84, 30, 110, 70)]
OPENING, CLOSING = (28, 24, 41, 76), (119, 24, 132, 76)


def arc(draw, box, opening, bend=12):
    """A bracket that fills a box, bent by so many pixels."""
    left, top, right, bottom = box
    at = np.linspace(-1, 1, 20)
    off = bend * (1 - at**2)
    x = right - off if opening else left + off
    points = np.stack([x, (top + bottom) / 2 + at * (bottom - top) / 2], axis=1)
    draw.line([tuple(point) for point in points.tolist()], fill=30, width=4)


def presence(boxes, values, strokes):
    """Of candidates, each 98 % before; `strokes`: box, whether it opens, and how far it is bent."""
    sheet = Image.new("L", (160, 100), 220)
    draw = ImageDraw.Draw(sheet)
    for stroke in strokes:
        arc(draw, *stroke)
    for box in DIGITS:
        draw.rectangle(box, outline=30, width=4)
    return without_brackets(np.asarray(sheet, np.float32), candidates(boxes, values)).presence


def test_bent_strokes_around_a_number_that_are_taller_than_its_digits_are_brackets():
    strokes = [(OPENING, True), (CLOSING, False)]
    assert presence([OPENING, *DIGITS, CLOSING], [1, 5, 3, 1], strokes)[[0, 3]].max() < 0.2
    assert presence([OPENING, *DIGITS], [1, 5, 3], strokes[:1])[0] < 0.2


@pytest.mark.parametrize(
    ("box", "opening", "bend"),
    [
        pytest.param(OPENING, True, 1, id="straight"),
        pytest.param(OPENING, False, 12, id="bent inwards"),
        pytest.param((28, 31, 41, 69), True, 12, id="no taller than the digits"),
        pytest.param((28, 40, 41, 92), True, 12, id="lower than the digits"),
    ],
)
def test_other_strokes_are_as_likely_a_1_as_before(box, opening, bend):
    assert presence([box, *DIGITS], [1, 5, 3], [(box, opening, bend)])[0] == pytest.approx(0.98)


def test_nothing_in_brackets_is_no_error():
    assert without_brackets(np.full((100, 160), 220, np.float32), NOTHING) is NOTHING


def test_a_number_is_read_without_its_brackets():
    page = Image.new("RGB", (420, 140), (250, 250, 245))
    page.paste(write("364", height=60, margin=0, gap=10), (120, 40))
    for left, opening in ((80, True), (300, False)):
        arc(ImageDraw.Draw(page), (left, 28, left + 14, 112), opening)
    assert str(shuzi.read(page)) == "364"
