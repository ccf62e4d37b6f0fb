import numpy as np

from shuzi.reading.components import find_components
from shuzi.reading.lines import find_lines
from shuzi.reading.segments import find_segments, join_strokes, main_segment


def drawn(*boxes, shape=(120, 300)):
    """Components that fill these boxes (left, top, right, bottom)."""
    mask = np.zeros(shape, np.bool_)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = True
    return find_components(mask)


def segment_boxes(*boxes):
    components = drawn(*boxes)
    return sorted(segment.box for segment in find_segments(components, np.ones(len(components), np.bool_)))


ONE, TWO, THREE = (20, 30, 28, 90), (60, 30, 90, 90), (120, 34, 150, 88)


def test_digits_that_stand_apart():
    assert segment_boxes(ONE, TWO, THREE) == [ONE, TWO, THREE]
    assert segment_boxes() == []


def test_the_bar_of_a_five_joins_it():
    bar = (70, 18, 105, 24)
    assert segment_boxes(ONE, TWO, bar) == [ONE, (60, 18, 105, 90)]


def test_halves_join():
    assert segment_boxes((60, 30, 90, 58), (62, 60, 92, 90)) == [(60, 30, 92, 90)]


def test_a_stroke_inside_joins():
    assert len(segment_boxes((60, 30, 63, 90), (63, 30, 100, 33), (75, 40, 80, 75))) == 1


def test_specks_commas_and_dashes_are_left_out():
    speck, comma, dash = (200, 10, 203, 13), (98, 80, 106, 94), (95, 58, 112, 63)
    assert segment_boxes(ONE, TWO, speck) == [ONE, TWO]
    assert segment_boxes(ONE, TWO, THREE, comma) == [ONE, TWO, THREE]
    assert segment_boxes(ONE, TWO, THREE, dash) == [ONE, TWO, THREE]


def test_many_specks_do_not_change_what_a_digit_is():
    specks = [(x, y, x + 2, y + 2) for x in range(160, 290, 6) for y in range(2, 110, 6)]
    assert segment_boxes(ONE, TWO, *specks) == [ONE, TWO]


def test_thousands_of_pieces_are_cut_off():
    mask = np.zeros((1000, 1000), np.bool_)
    mask[::4, ::4] = mask[1::4, ::4] = True
    components = find_components(mask)
    assert len(components) == 62_500
    assert len(find_segments(components, np.ones(len(components), np.bool_))) <= 1000


def test_lines_from_the_top_and_digits_from_the_left():
    components = drawn((150, 70, 170, 110), (20, 68, 40, 108), (90, 5, 110, 45), (200, 8, 220, 48))
    lines = find_lines(find_segments(components, np.ones(len(components), np.bool_)))
    assert [[segment.box[0] for segment in line] for line in lines] == [[90, 200], [20, 150]]
    assert find_lines([]) == []


def test_a_slanting_row_is_one_line():
    boxes = [(20 + 40 * i, 10 + 8 * i, 40 + 40 * i, 60 + 8 * i) for i in range(6)]
    components = drawn(*boxes)
    lines = find_lines(find_segments(components, np.ones(6, np.bool_)))
    assert [segment.box for segment in lines[0]] == boxes


def test_join_strokes_only_where_they_may_be_one_digit():
    def joined(*boxes, alone=True):
        components = drawn(*boxes)
        return join_strokes(find_segments(components, np.ones(len(components), np.bool_)), alone=alone)

    assert joined((60, 30, 64, 60), (70, 30, 74, 90)).box == (60, 30, 74, 90)
    assert joined((60, 30, 64, 60), (70, 30, 74, 90), alone=False) is None  # in a row they must overlap
    assert joined(ONE, THREE) is None
    assert joined(ONE) is None
    assert joined(*[(20 + 12 * i, 30, 28 + 12 * i, 90) for i in range(4)]) is None


def test_the_main_digit_is_large_and_central():
    wide = drawn((0, 20, 25, 100), (140, 30, 165, 90), (170, 40, 176, 60), (280, 0, 290, 30))
    main = main_segment(wide, np.ones(4, np.bool_), (120, 300))
    assert main.box == (140, 30, 176, 90)  # with the stroke beside it, without the neighbours
    assert main_segment(wide, np.zeros(4, np.bool_), (120, 300)) is None
