"""Digits found -> numbers: rows, reading order, gaps, doubtful digits; and looks joined into one."""

import numpy as np
import pytest

from shuzi.reading.clear import Line
from shuzi.reading.distinct import distinct
from shuzi.reading.finding import scales
from shuzi.reading.grouping import group
from shuzi.reading.hard import likely
from shuzi.reading.looks import Found, merged

PAPER = np.full((250, 400), 230, np.float32)


def found(*digits, presence=None):
    """Digits given as (x, y, width, height)."""
    boxes = np.array([[x, y, x + w, y + h] for x, y, w, h in digits], np.float32).reshape(-1, 4)
    sure = np.full(len(boxes), 0.9, np.float32) if presence is None else np.array(presence, np.float32)
    return Found(boxes, sure, np.full((len(boxes), 10), 0.1, np.float32))


def groups(*digits, presence=None):
    return [chain.tolist() for chain in group(found(*digits, presence=presence), PAPER)]


def test_a_row_is_one_number_in_order_whatever_the_order_of_finding():
    assert groups((60, 10, 20, 30), (10, 12, 20, 30), (34, 9, 20, 30)) == [[1, 2, 0]]


def test_rows_go_from_the_top_and_numbers_in_a_row_from_the_left():
    above, below = [(300, 10, 20, 30), (10, 14, 20, 30)], [(10, 80, 20, 30)]
    assert groups(*below, *above) == [[2], [1], [0]]


def test_grouped_thousands_are_one_number_and_distant_ones_two():
    assert groups((0, 0, 20, 30), (40, 0, 20, 30)) == [[0, 1]]
    assert groups((0, 0, 20, 30), (100, 0, 20, 30)) == [[0], [1]]


def test_a_line_that_climbs_is_one_number():
    assert groups(*[(25 * i, 100 - 8 * i, 20, 30) for i in range(6)]) == [[0, 1, 2, 3, 4, 5]]


def test_a_digit_far_larger_is_another_number():
    assert groups((0, 0, 20, 30), (25, -40, 60, 100)) == [[0], [1]]


def test_doubtful_digits_join_a_number_but_make_none():
    assert groups((0, 0, 20, 30), (22, 0, 20, 30), (44, 0, 20, 30), presence=[0.9, 0.1, 0.9]) == [[0, 1, 2]]
    assert groups((0, 0, 20, 30), presence=[0.2]) == []
    assert groups((0, 0, 20, 30), (22, 60, 20, 30), presence=[0.9, 0.1]) == [[0]]


def test_a_doubtful_digit_may_stand_two_heights_beyond_the_end():
    assert groups((0, 0, 20, 30), (58, 0, 20, 30), presence=[0.9, 0.1]) == [[0, 1]]
    assert groups((0, 0, 20, 30), (75, 0, 20, 30), presence=[0.9, 0.1]) == [[0]]


def test_numbers_of_the_same_ink_are_one():
    number = found((0, 0, 20, 30), (30, 0, 20, 30))
    same = found((31, 1, 20, 30), (52, 0, 4, 9), presence=[0.5, 0.2])
    other = found((200, 0, 20, 30), presence=[0.4])
    left = distinct([same, number, other])
    assert [len(one) for one in left] == [2, 1]
    assert left[0].presence.tolist() == pytest.approx([0.9, 0.9])
    assert distinct([]) == []


def test_a_doubtful_digit_takes_none_away_from_another_number():
    number = found((0, 0, 20, 50), (25, 0, 20, 50), (52, 30, 18, 20), presence=[0.9, 0.9, 0.3])
    zeros = found((51, 30, 19, 20), (75, 30, 19, 20), presence=[0.6, 0.6])
    assert [len(one) for one in distinct([number, zeros])] == [2, 2]


def test_what_two_looks_see_is_one_digit():
    one, other = found((10, 10, 20, 30), presence=[0.7]), found((12, 11, 20, 28), (60, 10, 20, 30))
    both = merged([one, other])
    assert both.presence.tolist() == pytest.approx([0.9, 0.9])
    assert both.boxes[0].tolist() == [12, 11, 32, 39]


def test_a_picture_is_looked_at_in_halves_of_a_size_that_fits():
    assert scales(64, 200) == [1.0]
    assert scales(28, 28) == [2.0]
    assert scales(100, 100) == [1.0, 0.5]
    large = scales(3000, 4000)
    assert 3000 * 4000 * large[0] ** 2 <= 2_000_001
    assert 32 < 3000 * large[-1] <= 64
    assert scales(1, 1) == [4.0]


def test_what_is_likely_no_number_is_left_out_unless_there_is_no_other():
    def line(*presence):
        values = np.full((len(presence), 10), 0.1, np.float32)
        framed = [np.zeros((28, 28), np.uint8).copy] * len(presence)
        return Line([(0, 0, 20, 30)] * len(presence), framed, np.array(presence, np.float32), values, 1.0)

    sure, flourish, word = line(0.9, 0.9), line(0.1, 0.2), line(0.6, 0.7, 0.7)
    assert likely([flourish, sure, word]) == [sure]
    assert likely([flourish, word]) == [flourish, word]
