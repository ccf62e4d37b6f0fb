"""The closer look at every digit: what it says of it, and of odd boxes."""

import numpy as np
import pytest
from handwriting import write
from PIL import Image

from shuzi.models import load_detector
from shuzi.reading.closer import look_closer
from shuzi.reading.looks import NOTHING, Found
from shuzi.reading.tone import to_grey

CLOSE_UP = load_detector().close_up


def doubtful(boxes, presence=0.5):
    """Digits of which nothing is known."""
    return Found(
        np.array(boxes, np.float32),
        np.full(len(boxes), presence, np.float32),
        np.full((len(boxes), 10), 0.1, np.float32),
    )


def looked_at(grey, number):
    return look_closer(CLOSE_UP, grey, number)(number)


def digits_of(text, height=60):
    """A picture of a number, and the boxes of its digits."""
    picture = write(text, height=height, margin=30, gap=18)
    grey = to_grey(np.asarray(picture))
    ink = np.flatnonzero(np.diff(np.pad((grey[30 : 30 + height] < 200).any(0), 1).astype(int)))
    boxes = [[left, 30, right, 30 + height] for left, right in ink.reshape(-1, 2)]
    assert len(boxes) == len(text)
    return grey, boxes


@pytest.mark.parametrize("height", [24, 60, 150])
def test_digits_of_any_size_are_told_apart_by_the_close_up_alone(height):
    grey, boxes = digits_of("31415926")
    scale = height / 60
    size = round(grey.shape[1] * scale), round(grey.shape[0] * scale)
    large = np.asarray(Image.fromarray(grey).resize(size), np.float32)
    seen = looked_at(large, doubtful(np.array(boxes) * scale))
    assert "".join(map(str, seen.values.argmax(1))) == "31415926"
    np.testing.assert_allclose(seen.values.sum(1), 1, atol=1e-5)


def test_a_look_that_was_sure_and_wrong_is_outvoted_or_doubted():
    grey, boxes = digits_of("3")
    sure = doubtful(boxes)
    sure.values[:] = 0.01
    sure.values[0, 8] = 0.91
    seen = looked_at(grey, sure)
    assert seen.values[0, 3] > 0.1
    assert seen.values[0].argmax() in (3, 8)


def test_nothing_stays_nothing_and_boxes_stay_where_they_are():
    grey, boxes = digits_of("7")
    assert looked_at(grey, NOTHING) is NOTHING
    before = doubtful(boxes)
    after = looked_at(grey, before)
    assert (after.boxes == before.boxes).all()
    assert (after.presence == before.presence).all()
    assert after.values.dtype == np.float32


def test_presence_may_change_while_the_close_up_looks():
    grey, boxes = digits_of("7")
    after = look_closer(CLOSE_UP, grey, doubtful(boxes))(doubtful(boxes, presence=0.25))
    assert after.presence == [0.25]
    assert after.values.argmax() == 7


def test_a_box_at_the_rim_or_of_no_size_is_looked_at_too():
    grey = np.full((20, 30), 250, np.float32)
    seen = looked_at(grey, doubtful([[0, 0, 30, 20], [29, 19, 30, 20], [5, 5, 5, 5]]))
    assert np.isfinite(seen.values).all()
