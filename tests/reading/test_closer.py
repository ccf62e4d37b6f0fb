"""The closer look at every digit: what it says of digits, and of what is none."""

import dataclasses

import numpy as np
import pytest
from handwriting import write
from PIL import Image, ImageDraw

from shuzi.models import load_close_up
from shuzi.reading.closer import look_closer
from shuzi.reading.looks import NOTHING, Found
from shuzi.reading.tone import to_grey


def doubtful(boxes, presence=0.5):
    """Digits of which nothing is known."""
    return Found(
        np.array(boxes, np.float32),
        np.full(len(boxes), presence, np.float32),
        np.full((len(boxes), 10), 0.1, np.float32),
    )


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
    seen = look_closer(load_close_up(), large, doubtful(np.array(boxes) * scale))
    assert "".join(map(str, seen.values.argmax(1))) == "31415926"
    assert (seen.presence > 0.5).all()
    np.testing.assert_allclose(seen.values.sum(1), 1, atol=1e-5)


def test_what_is_between_digits_and_a_scribble_are_less_likely_digits():
    grey, boxes = digits_of("42")
    scribble = Image.fromarray(grey)
    draw = ImageDraw.Draw(scribble)
    right = boxes[1][2]
    draw.line([(right + 4 + 3 * i, 40 if i % 2 else 80) for i in range(8)], fill=20, width=4)
    between = [(boxes[0][0] + boxes[0][2]) / 2, 30, (boxes[1][0] + boxes[1][2]) / 2, 90]
    seen = look_closer(
        load_close_up(),
        np.asarray(scribble, np.float32),
        doubtful([*boxes, between, [right + 2, 36, right + 28, 84]]),
    )
    assert seen.presence[:2].min() > seen.presence[2:].max()


def test_nothing_stays_nothing_and_boxes_stay_where_they_are():
    grey, boxes = digits_of("7")
    assert look_closer(load_close_up(), grey, NOTHING) is NOTHING
    before = doubtful(boxes)
    after = look_closer(load_close_up(), grey, before)
    assert (after.boxes == before.boxes).all()
    for field in dataclasses.fields(after):
        assert getattr(after, field.name).dtype == np.float32


def test_a_box_at_the_rim_or_of_no_size_is_looked_at_too():
    grey = np.full((20, 30), 250, np.float32)
    seen = look_closer(load_close_up(), grey, doubtful([[0, 0, 30, 20], [29, 19, 30, 20], [5, 5, 5, 5]]))
    assert np.isfinite(seen.values).all()
    assert np.isfinite(seen.presence).all()
