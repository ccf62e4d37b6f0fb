"""Room between the digits of a row: where it parts two numbers."""

import numpy as np
import pytest
from handwriting import write
from PIL import Image, ImageDraw

import shuzi
from shuzi.reading.spacing import wide_gaps

HEIGHT, WIDTH = 40, 24


def gaps(rooms, *strokes):
    """The wide ones of a row of digits, boxes here, with so much room between them, in heights; the strokes
    are drawn, too."""
    left = 10 + np.concatenate([[0], np.cumsum([WIDTH + room * HEIGHT for room in rooms])])
    boxes = np.stack([left, np.full(len(left), 30), left + WIDTH, np.full(len(left), 30 + HEIGHT)], axis=1)
    sheet = Image.new("L", (int(left[-1]) + WIDTH + 10, 100), 220)
    draw = ImageDraw.Draw(sheet)
    for box in boxes.tolist():
        draw.rectangle(box, outline=30, width=4)
    for stroke in strokes:
        draw.line(stroke, fill=30, width=4)
    return wide_gaps(np.asarray(sheet, np.float32), boxes.astype(np.float32))


def test_much_room_parts_numbers():
    assert gaps([0.2, 1.7, 0.1, 0.3]) == [1]
    assert gaps([1.7, 0.2, 2.0, 0.2]) == [0, 2]


@pytest.mark.parametrize(
    "rooms",
    [
        pytest.param([0.2, 1.2, 0.2, 0.2], id="of thousands"),
        pytest.param([1.7, 1.6, 1.8, 1.5], id="of boxes"),
        pytest.param([1.7, 0.9, 1.6, 1.2], id="of uneven boxes"),
        pytest.param([1.7], id="nothing to compare it with"),
        pytest.param([], id="one digit"),
    ],
)
def test_other_room_does_not(rooms):
    assert gaps(rooms) == []


def test_a_point_in_the_middle_of_it_is_of_one_number():
    middle = 10 + 2 * WIDTH + 0.2 * HEIGHT + 0.85 * HEIGHT
    assert gaps([0.2, 1.7, 0.1], (middle, 66, middle, 70)) == []


def test_a_ruling_through_it_is_nothing():
    assert gaps([0.2, 1.7, 0.1], (0, 68, 400, 68)) == [1]


def test_columns_without_lines_are_numbers_of_their_own():
    marks = [write(mark, height=50, gap=8) for mark in ("84", "95", "77")]
    page = Image.new("RGB", (sum(mark.width for mark in marks) + 140, marks[0].height), (250, 250, 245))
    x = 0
    for mark in marks:
        page.paste(mark, (x, 0))
        x += mark.width + 70
    assert [number.text for number in shuzi.read(page).numbers] == ["84", "95", "77"]
