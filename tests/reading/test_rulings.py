import numpy as np
import pytest

from shuzi.reading.components import find_components
from shuzi.reading.rulings import find_rulings

SHAPE = (60, 90)


def drawn(*strokes):
    """The components of a mask with these (rows, columns) set, and which of them are rulings."""
    mask = np.zeros(SHAPE, np.bool_)
    for rows, columns in strokes:
        mask[rows, columns] = True
    components = find_components(mask)
    return components, find_rulings(components, np.ones(len(components), np.bool_), SHAPE)


DIGIT = (slice(15, 45), slice(40, 45))
LINE = (slice(52, 54), slice(0, 90))


def test_a_line_under_the_digits_and_one_over_them():
    components, rulings = drawn(DIGIT, LINE, (slice(2, 3), slice(5, 88)))
    widths = components.boxes[:, 2] - components.boxes[:, 0]
    np.testing.assert_array_equal(rulings, widths > 50)


def test_a_frame_and_a_corner_of_one():
    sides = [(slice(3, 5), slice(4, 86)), (slice(3, 57), slice(4, 6)), (slice(55, 57), slice(4, 86))]
    for strokes in ([*sides, (slice(3, 57), slice(84, 86))], sides[:2], sides):
        components, rulings = drawn(DIGIT, *strokes)
        assert len(components) == 2
        widths = components.boxes[:, 2] - components.boxes[:, 0]
        np.testing.assert_array_equal(rulings, widths > 50)


@pytest.mark.parametrize(
    "strokes",
    [
        [LINE],  # alone: a picture of a dash
        [DIGIT, (slice(8, 10), slice(40, 70))],  # the bar of a 5
        [DIGIT, (slice(5, 55), slice(2, 5))],  # a 1 on the left
        [DIGIT, (slice(5, 7), slice(60, 85)), (slice(5, 55), slice(83, 85))],  # an upright 7 on the right
    ],
)
def test_strokes_are_no_rulings(strokes):
    assert not drawn(*strokes)[1].any()


def test_a_frame_that_stands_askew():
    mask = np.zeros((100, 600), np.bool_)
    x = np.arange(600)
    for top in (4, 80):
        for thickness in range(3):
            mask[top + thickness + x // 75, x] = True
    mask[4:82, :3] = mask[11:90, -3:] = mask[40:70, 200:205] = True
    components = find_components(mask)
    rulings = find_rulings(components, np.ones(len(components), np.bool_), mask.shape)
    np.testing.assert_array_equal(rulings, components.boxes[:, 2] - components.boxes[:, 0] == 600)


def test_a_frame_that_a_digit_touches_is_not_thrown_away_with_it():
    sides = [(rows, slice(4, 86)) for rows in (slice(3, 5), slice(55, 57))]
    sides += [(slice(3, 57), columns) for columns in (slice(4, 6), slice(84, 86))]
    assert drawn(DIGIT, *sides)[1].any()
    assert not drawn(DIGIT, *sides, (slice(20, 56), slice(60, 63)))[1].any()


def test_an_oval_around_a_stroke_is_no_frame():
    y, x = np.mgrid[-1 : 1 : SHAPE[0] * 1j, -1 : 1 : SHAPE[1] * 1j]
    mask = np.abs(np.hypot(x, y) - 0.9) < 0.08
    mask[15:45, 44:46] = True
    components = find_components(mask)
    assert len(components) == 2
    assert not find_rulings(components, np.ones(2, np.bool_), SHAPE).any()


def test_small_pictures_are_left_alone():
    mask = np.zeros((16, 16), np.bool_)
    mask[2, :] = mask[5:12, 8] = True
    components = find_components(mask)
    assert not find_rulings(components, np.ones(2, np.bool_), mask.shape).any()
