"""Pictures taken askew, on their side or upside down: numbers are read, and boxes are where they stand."""

import numpy as np
import pytest
from handwriting import write
from PIL import Image

import shuzi
from shuzi.picture import open_picture
from shuzi.reading.askew import tilt
from shuzi.reading.quadrilateral import corners_of
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


@pytest.mark.parametrize("degrees", [20, -20])
@pytest.mark.parametrize("text", ["25083", "404"])
def test_digits_far_apart_that_rise_or_fall_are_one_number(text, degrees):
    assert str(shuzi.read(turned(write(text, height=40, margin=24, gap=40), degrees))) == text


def test_numbers_that_stand_below_each_other_stay_apart():
    sheet = Image.new("RGB", (330, 220), PAPER)
    sheet.paste(write("84", height=40, margin=24, gap=12), (0, 0))
    sheet.paste(write("25", height=40, margin=24, gap=12), (150, 60))
    sheet.paste(write("63", height=40, margin=24, gap=12), (0, 120))
    assert str(shuzi.read(sheet)).split() == ["84", "25", "63"]


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


def on_a_table(slip, corners):
    """A slip whose corners lie there on a dark table, from the upper left one clockwise."""
    width, height = slip.size
    rows = []
    for (x, y), (u, v) in zip(corners, [(0, 0), (width, 0), (width, height), (0, height)], strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    back = np.linalg.solve(np.array(rows), np.array([0, 0, width, 0, width, height, 0, height]))
    kind = Image.Transform.PERSPECTIVE
    return slip.transform((420, 300), kind, back.tolist(), Image.Resampling.BICUBIC, fillcolor=(70, 50, 35))


@pytest.mark.parametrize(
    "corners",
    [
        [(90, 60), (350, 90), (370, 160), (60, 200)],  # from the left, and from below
        [(60, 150), (330, 60), (370, 140), (80, 240)],
        [(350, 20), (345, 285), (205, 260), (225, 45)],  # lying on its side
    ],
)
def test_a_slip_seen_from_the_side_is_laid_flat(slip, corners):
    seen = on_a_table(slip, corners)
    (number,) = shuzi.read(seen).numbers
    assert number.text == TEXT
    x, y = np.array(corners).T
    left, top, width, height = number.box
    assert x.min() <= left < left + width <= x.max()
    assert y.min() <= top < top + height <= y.max()
    assert width * height > 0.3 * np.ptp(x) * np.ptp(y)


def test_corners_are_those_of_a_sheet_and_of_nothing_else():
    y, x = np.mgrid[:90, :120]
    lozenge = np.abs(x - 60) / 50 + np.abs(y - 45) / 40 <= 1
    corners = corners_of(lozenge)
    assert corners is not None
    assert np.abs(corners - [[10, 45], [60, 5], [110, 45], [60, 85]]).max() <= 3
    assert corners_of(((x - 60) / 50) ** 2 + ((y - 45) / 40) ** 2 <= 1) is None
    assert corners_of(lozenge & ~((np.abs(x - 60) < 10) & (y < 50))) is None
    assert corners_of((x > 20) & (y > 20) & (x + y < 100)) is None  # three corners
