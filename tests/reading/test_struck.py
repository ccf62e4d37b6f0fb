"""Lines through digits: where they strike these out."""

import numpy as np
import pytest
from handwriting import write
from PIL import Image, ImageDraw

import shuzi
from shuzi.reading.looks import NOTHING, Found
from shuzi.reading.struck import without_struck

LEFT = (20, 60, 100, 140, 260, 300)  # of six digits, the last two apart
TOP, BOTTOM, WIDTH = 60, 100, 28


def struck(*strokes, shape="ellipse"):
    """Which of six digits, each sure, are none any more, after these strokes (x1, y1, x2, y2)."""
    sheet = Image.new("L", (380, 160), 220)
    draw = ImageDraw.Draw(sheet)
    boxes = [(left, TOP, left + WIDTH, BOTTOM) for left in LEFT]
    for box in boxes:
        getattr(draw, shape)(box, outline=30, width=4)
    for stroke in strokes:
        draw.line(stroke, fill=30, width=3)
    values = np.full((len(boxes), 10), 0.1, np.float32)
    found = Found(np.array(boxes, np.float32), np.full(len(boxes), 0.99, np.float32), values)
    presence = without_struck(np.asarray(sheet, np.float32), found).presence
    return np.flatnonzero(presence < 0.5).tolist()


@pytest.mark.parametrize(
    "stroke",
    [
        pytest.param((14, 80, 174, 80), id="level"),
        pytest.param((14, 88, 174, 72), id="rising"),
        pytest.param((10, 74, 180, 84), id="falling"),
    ],
)
def test_what_a_line_goes_through_is_struck_out(stroke):
    assert struck(stroke) == [0, 1, 2, 3]


def test_so_is_what_two_lines_go_through():
    assert struck((14, 76, 174, 76), (14, 85, 174, 85)) == [0, 1, 2, 3]


def test_two_digits_are_struck_out_by_a_line_that_goes_beyond_them():
    assert struck((54, 80, 134, 80)) == [1, 2]
    assert struck((66, 80, 122, 80)) == []  # it joins them


@pytest.mark.parametrize(
    "stroke",
    [
        pytest.param((0, 80, 380, 80), id="a ruling"),
        pytest.param((14, 98, 174, 98), id="below the digits"),
        pytest.param((14, 63, 174, 63), id="above"),
        pytest.param((14, 80, 54, 80), id="one digit only"),
        pytest.param((88, 80, 100, 80), id="a dash"),
        pytest.param((20, 110, 170, 50), id="across"),
    ],
)
def test_other_lines_strike_nothing_out(stroke):
    assert struck(stroke) == []


def test_where_there_is_no_line_the_number_is_the_same():
    assert struck() == struck(shape="rectangle") == []
    sheet = np.full((100, 160), 220, np.float32)
    assert without_struck(sheet, NOTHING) is NOTHING


@pytest.mark.parametrize(("wrong", "right"), [("863", "2480"), ("2075", "361")])
def test_the_number_beside_one_that_is_struck_out_is_read(wrong, right):
    first, second = write(wrong, height=50, gap=8), write(right, height=50, gap=8)
    page = Image.new("RGB", (first.width + second.width + 40, first.height), first.getpixel((0, 0)))
    page.paste(first, (0, 0))
    page.paste(second, (first.width + 40, 0))
    y = first.height / 2
    ImageDraw.Draw(page).line((4, y + 2, first.width + 4, y - 3), fill=(20, 30, 90), width=4)
    assert str(shuzi.read(page)) == right
