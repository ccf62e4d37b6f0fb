"""Numbers of a known length: parts are put together, what is far too short is left out."""

import numpy as np
import pytest
from handwriting import write
from PIL import Image

import shuzi
from shuzi.models import Detector, load_detector
from shuzi.reading.clear import Line
from shuzi.reading.finding import find_digits
from shuzi.reading.hard import read_hard
from shuzi.reading.tone import to_grey
from shuzi.reading.wholes import of_length, together


def row(count, *, x=0, y=0, height=30):
    """The boxes of so many digits beside each other."""
    left = x + 25 * np.arange(count)
    edges = [left, np.full(count, y), left + 20, np.full(count, y + height)]
    return np.stack(edges, axis=1).astype(np.float32)


def line(boxes):
    framed = [np.zeros((28, 28), np.uint8).copy] * len(boxes)
    values = np.full((len(boxes), 10), 0.1, np.float32)
    whole = [tuple(int(edge) for edge in box) for box in boxes]
    return Line(whole, framed, np.full(len(boxes), 0.9, np.float32), values, 1.0)


@pytest.mark.parametrize(
    ("least", "expected"),
    [(0, [[0], [1]]), (2, [[0], [1]]), (3, [[0], [1]]), (4, [[0, 1]]), (5, [[0, 1]]), (6, [[0], [1]])],
)
def test_parts_are_together_where_only_both_are_long_enough(least, expected):
    assert together([row(3), row(2, x=100, y=14, height=14)], least) == expected


def test_three_parts_can_be_one_number_and_the_next_begins_behind_them():
    parts = [row(1), row(1, x=60), row(2, x=120), row(2, x=200)]
    assert together(parts, 4) == [[0, 1, 2], [3]]


@pytest.mark.parametrize("other", [row(2, x=300), row(2, y=40), np.empty((0, 4), np.float32)])
def test_what_stands_far_away_or_in_another_row_is_another_number(other):
    assert together([row(2), other], 4) == [[0], [1]]


def test_lines_put_together_keep_their_digits_in_order():
    left, right = line(row(3)), line(row(2, x=100))
    (whole,) = of_length([left, right], 5)
    assert whole.boxes == left.boxes + right.boxes
    assert whole.values.shape == (5, 10)


def test_what_is_far_too_short_is_left_out_only_beside_a_number_that_is_not():
    number, flourish, misread = line(row(5)), line(row(2, y=90)), line(row(3, y=180))
    assert of_length([flourish, number, misread], 5) == [number, misread]
    assert of_length([flourish, misread], 5) == [flourish, misread]
    assert of_length([], 5) == []


@pytest.mark.parametrize("known", [{"digits": 6}, {"pattern": r"\d{6}"}, {"pattern": r"1\d{5,7}"}])
def test_small_zeros_belong_to_the_number_that_is_known_to_be_longer(known):
    large, small = write("145", height=60, margin=30, gap=10), write("000", height=22, margin=8, gap=8)
    page = Image.new("RGB", (large.width + small.width, large.height), (250, 250, 245))
    page.paste(large, (0, 0))
    page.paste(small, (large.width - 22, 62))
    (number,) = shuzi.read(page, **known).numbers
    assert number.text == "145000"


def test_where_a_digit_may_have_been_missed_there_is_another_look(monkeypatch):
    look, looks = Detector.maps, []

    def counted(detector, shown):
        looks.append(shown.shape)
        return look(detector, shown)

    pixels, detector, counts = np.asarray(write("2516")), load_detector(), []
    grey = to_grey(pixels)
    found = find_digits(detector, grey)
    monkeypatch.setattr(Detector, "maps", counted)
    for digits in (4, 5):
        looks.clear()
        read_hard(pixels, grey, detector, found, digits)
        counts.append(len(looks))
    assert counts[1] == counts[0] + 1
