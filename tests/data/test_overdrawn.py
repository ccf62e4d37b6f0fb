"""What is drawn over and around numbers: struck digits are none any more, rings and boxes leave them be."""

from collections.abc import Callable

import numpy as np
import pytest

from shuzi.data.scenes.frames import draw_boxes, draw_table
from shuzi.data.scenes.layout import Line
from shuzi.data.scenes.overdrawn import cancel, encircle

SIZE = (64, 224)


def a_line(count: int) -> Line:
    line = Line([], 30.0, 0.0, 0.0, 0.0, 3.0, 1.0, 0.0, 0.0, 0.0)
    line.boxes = [(k, 60 + 28 * k, 17, 80 + 28 * k, 47) for k in range(count)]
    return line


def drawn(draw: Callable[..., None], count: int, seed: int) -> tuple[np.ndarray, Line]:
    ink, line = np.zeros(SIZE, np.float32), a_line(count)
    draw(ink, line, np.random.default_rng(seed))
    assert ink.min() >= 0
    assert ink.max() <= 1
    return ink, line


@pytest.mark.parametrize("count", [1, 2, 5])
def test_struck_digits_are_none_and_have_ink_on_them(count):
    whole = 0
    for seed in range(60):
        ink, line = drawn(cancel, count, seed)
        gone = [box for box in a_line(count).boxes if box not in line.boxes]
        values = [value for value, *_ in gone]
        assert values == list(range(values[0], values[0] + len(values)))  # side by side
        assert 0 in values or count - 1 in values
        covered = [ink[top:bottom, left:right].max() for _, left, top, right, bottom in gone]
        assert np.mean(covered) > 0.5
        whole += len(gone) == count
    assert whole >= 25


def test_rings_go_around_few_digits_and_through_none():
    rings = 0
    for seed in range(60):
        ink, line = drawn(encircle, 1 + seed % 3, seed)
        assert line.boxes == a_line(1 + seed % 3).boxes
        if not ink.any():
            continue
        rings += 1
        rows, columns = (np.flatnonzero(ink.max(axis=axis) > 0.5) for axis in (1, 0))
        assert columns[0] < line.boxes[0][1] + 3
        assert columns[-1] > line.boxes[-1][3] - 4
        assert rows[0] < 17
        assert rows[-1] > 46
        middle = (line.boxes[0][1] + line.boxes[-1][3]) // 2
        assert not ink[22:42, middle - 5 : middle + 5].any()
    assert rings >= 20
    assert not drawn(encircle, 4, 0)[0].any()


def test_boxes_and_tables_stand_around_digits():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        boxes = draw_boxes(*SIZE, rng, (60.0, 17.0, 47.0), 34.0, 3, 30.0)
        assert (boxes > 0.3).mean() > 0.02
        for k in range(3):  # the middle of each cell is free
            assert not boxes[28:36, 60 + 34 * k + 12 : 60 + 34 * k + 22].any()
        table = draw_table(*SIZE, rng, [(a_line(2).boxes, 30.0)])
        assert table[30].max() > 0.3
        assert not table[20:44, 60:108].any()
