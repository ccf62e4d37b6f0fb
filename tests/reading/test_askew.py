"""Pictures taken askew, on their side or upside down: numbers are read, and boxes are where they stand."""

import numpy as np
import pytest
from handwriting import write
from PIL import Image

import shuzi
from shuzi.picture import open_picture
from shuzi.reading.askew import tilt
from shuzi.reading.view import view

TEXT = "25083"
PAPER = (250, 250, 245)


@pytest.fixture
def slip():
    return write(TEXT, height=40, margin=24, gap=12)


def turned(picture, degrees):
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=PAPER)


@pytest.mark.parametrize("degrees", [20, -20, 90, -90, 180, 100])
def test_a_turned_picture_is_read(slip, degrees):
    assert str(shuzi.read(turned(slip, degrees))) == TEXT


@pytest.mark.parametrize("degrees", [15, 90, -90, 180])
def test_boxes_are_those_in_the_picture_as_it_is(slip, degrees):
    seen = turned(slip, degrees)
    ink = np.asarray(seen).min(axis=2) < 120
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    (number,) = shuzi.read(seen).numbers
    left, top, width, height = number.box
    edges = np.array([left, top, left + width, top + height])
    assert np.abs(edges - [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]).max() <= 8
    middles = [(x + w / 2, y + h / 2) for x, y, w, h in (digit.box for digit in number.digits)]
    along = np.diff(np.array(middles) @ [np.cos(np.radians(degrees)), -np.sin(np.radians(degrees))])
    assert (along > 0).all()  # in reading order, the way the writing goes


def test_a_view_that_is_turned_keeps_what_it_shows():
    pixels = np.full((60, 100, 3), 250, np.uint8)
    pixels[20:30, 70:76] = 0
    picture = open_picture(pixels)
    askew = view(picture, picture.pixels).turned(np.radians(30))
    ink = askew.pixels.min(axis=2) < 120
    assert 50 <= ink.sum() <= 70
    assert askew.pixels[~ink].min() > 100
    rows, columns = np.nonzero(ink)
    left, top, width, height = askew.box(
        (int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
    )
    assert left <= 70 <= 76 <= left + width
    assert top <= 20 <= 30 <= top + height
    assert width * height < 20 * 25
    assert askew.turned(np.radians(-30)).box((0, 0, 1000, 1000)) == (0, 0, 100, 60)


def test_the_tilt_is_that_of_the_line(slip):
    def falls(degrees):
        numbers = shuzi.read(turned(slip, -degrees)).numbers
        return np.degrees(tilt(numbers))

    assert abs(falls(0)) < 3
    assert abs(falls(12) - 12) < 3
    assert abs(falls(-12) + 12) < 3
    assert tilt([]) == 0
    assert tilt(shuzi.read(write("7", height=40, margin=24)).numbers) == 0


def test_digits_that_read_either_way_stay_as_they_are():
    for text in ("8", "61", "1698", "906"):
        assert str(shuzi.read(write(text, height=40, margin=24, gap=12))) == text
