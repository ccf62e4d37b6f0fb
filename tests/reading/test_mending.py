"""Strokes that don't touch become one digit again only where that is likelier than several."""

import numpy as np

from shuzi.reading.mending import mend
from shuzi.reading.segments import Segment


def segment(*box):
    return Segment(np.array([True]), box)


def net(confidences):
    """Stands in for a net: a segment is as sure as its box says, and is taken for a 6."""

    def classify(segments):
        rows = np.zeros((len(segments), 10), np.float32)
        rows[:, 6] = [confidences[one.box] for one in segments]
        return rows

    return classify


LEFT, STEM, FOOT, SIX = (0, 0, 30, 60), (50, 0, 70, 50), (55, 35, 95, 60), (50, 0, 95, 60)


def boxes(lines):
    return [[one.box for one in line] for line in lines]


def test_a_short_stroke_joins_the_digit_that_its_box_overlaps():
    line = [segment(*LEFT), segment(*STEM), segment(*FOOT)]
    confidences = {LEFT: 0.99, STEM: 0.99, FOOT: 0.98, SIX: 0.995}
    assert boxes(mend([line], net(confidences))) == [[LEFT, SIX]]
    assert boxes(mend([line], net(confidences | {SIX: 0.9}))) == [[LEFT, STEM, FOOT]]


def test_tall_neighbours_join_only_when_doubtful():
    tall = (55, 0, 95, 60)
    line = [segment(*LEFT), segment(*STEM), segment(*tall)]
    sure = {LEFT: 0.99, STEM: 0.99, tall: 0.98, SIX: 0.999}
    assert boxes(mend([line], net(sure))) == [[LEFT, STEM, tall]]
    assert boxes(mend([line], net(sure | {tall: 0.6}))) == [[LEFT, SIX]]


def test_lines_that_are_strokes_of_the_only_digit_become_one():
    above, below, both = (0, 0, 40, 20), (0, 24, 40, 60), (0, 0, 40, 60)
    confidences = {above: 0.5, below: 0.7, both: 0.99}
    assert boxes(mend([[segment(*above)], [segment(*below)]], net(confidences))) == [[both]]
