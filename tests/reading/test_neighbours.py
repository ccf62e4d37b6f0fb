"""What neighbours say about a candidate: gaps are filled, parts of a digit are none."""

import numpy as np
import pytest

from shuzi.reading.looks import NOTHING, Found
from shuzi.reading.neighbours import among_neighbours


def presence(boxes, before):
    values = np.full((len(boxes), 10), 0.1, np.float32)
    found = Found(np.array(boxes, np.float32), np.array(before, np.float32), values)
    return among_neighbours(found).presence


def test_what_fills_a_gap_is_likelier_than_what_lies_within_a_digit():
    free = presence([(0, 0, 20, 30), (25, 0, 45, 30), (50, 0, 70, 30)], [0.99, 0.3, 0.99])
    inside = presence([(0, 0, 20, 30), (52, 0, 66, 30), (50, 0, 70, 30)], [0.99, 0.3, 0.99])
    assert free[1] > 0.5 > 0.05 > inside[1]


def test_slanted_ones_whose_boxes_overlap_by_half_stay():
    found = presence([(0, 0, 20, 30), (10, 0, 30, 30), (20, 0, 40, 30)], [0.95, 0.95, 0.95])
    assert found.min() > 0.8


def test_the_last_one_is_doubted_more_than_one_in_between():
    found = presence(
        [(0, 0, 20, 30), (25, 0, 45, 30), (50, 0, 70, 30), (75, 0, 95, 30)], [0.99, 0.4, 0.99, 0.4]
    )
    assert found[3] < found[1]


@pytest.mark.parametrize(("before", "after"), [(0.05, 0.0), (0.5, 0.2), (0.98, 1.0)])
def test_a_doubtful_digit_by_itself_is_doubted_more(before, after):
    assert presence([(0, 0, 20, 30)], [before])[0] == pytest.approx(after, abs=0.03)


def test_nothing_stays_nothing():
    assert among_neighbours(NOTHING) is NOTHING
