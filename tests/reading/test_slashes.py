"""Slashes that were taken for a 1: how likely they still are, and that scores are read without them."""

import numpy as np
import pytest
from handwriting import write
from PIL import Image, ImageDraw

import shuzi
from shuzi.reading.looks import NOTHING, Found
from shuzi.reading.slashes import without_slashes

BESIDE = (20, 30, 50, 70), (90, 30, 120, 70)


def presence(*strokes):
    """Of strokes (x1, y1, x2, y2) between two 5s, 40 pixels high."""
    sheet = Image.new("L", (160, 100), 220)
    draw = ImageDraw.Draw(sheet)
    boxes = [BESIDE[0], *((min(x, u), y, max(x, u), v) for x, y, u, v in strokes), BESIDE[1]]
    for stroke in strokes:
        draw.line(stroke, fill=30, width=4)
    for box in BESIDE:
        draw.rectangle(box, outline=30, width=4)
    values = np.full((len(boxes), 10), 0.01)
    values[np.arange(len(boxes)), [5, *(1 for _ in strokes), 5]] = 0.91
    found = Found(np.array(boxes, np.float32), np.full(len(boxes), 0.98, np.float32), np.float32(values))
    return without_slashes(np.asarray(sheet, np.float32), found).presence


def test_a_straight_stroke_that_leans_and_reaches_beyond_its_neighbours_is_a_slash():
    assert presence((80, 24, 58, 76))[1] < 0.1
    assert presence((80, 30, 58, 84))[1] < 0.3  # below only


@pytest.mark.parametrize(
    "stroke",
    [
        pytest.param((76, 32, 64, 68), id="no higher than they are"),
        pytest.param((70, 24, 69, 76), id="upright"),
        pytest.param((60, 24, 80, 76), id="leaning to the left"),
    ],
)
def test_other_strokes_are_as_likely_a_1_as_before(stroke):
    assert presence(stroke)[1] == pytest.approx(0.98)


def test_a_crooked_stroke_is_no_slash():
    sheet = Image.new("L", (160, 100), 220)
    draw = ImageDraw.Draw(sheet)
    draw.line((60, 40, 80, 24, 68, 76, 58, 60), fill=30, width=4)
    boxes = np.array([BESIDE[0], (58, 24, 80, 76), BESIDE[1]], np.float32)
    values = np.full((3, 10), 0.01, np.float32)
    values[[0, 1, 2], [5, 1, 5]] = 0.91
    found = Found(boxes, np.full(3, 0.98, np.float32), values)
    assert without_slashes(np.asarray(sheet, np.float32), found).presence[1] == pytest.approx(0.98)


def test_a_writer_whose_first_1_reaches_as_far_writes_all_1s_so():
    sheet = Image.new("L", (160, 100), 220)
    draw = ImageDraw.Draw(sheet)
    strokes = (22, 22, 6, 78), (106, 22, 90, 78)
    for stroke in strokes:
        draw.line(stroke, fill=30, width=4)
    boxes = [(6, 22, 22, 78), (30, 30, 55, 70), (60, 30, 85, 70), (90, 22, 106, 78), (115, 30, 140, 70)]
    values = np.full((5, 10), 0.01, np.float32)
    values[np.arange(5), [1, 3, 8, 1, 4]] = 0.91
    found = Found(np.array(boxes, np.float32), np.full(5, 0.98, np.float32), values)
    grey = np.asarray(sheet, np.float32)
    assert without_slashes(grey, found).presence[3] > 0.9
    assert without_slashes(grey, found.take(np.arange(1, 5))).presence[2] < 0.1


def test_what_begins_or_ends_a_number_is_no_slash():
    found = Found(
        np.array([(58, 24, 80, 76), BESIDE[1]], np.float32),
        np.full(2, 0.98, np.float32),
        np.eye(10, dtype=np.float32)[[1, 5]],
    )
    assert without_slashes(np.full((100, 160), 220, np.float32), found) is found
    assert without_slashes(np.full((100, 160), 220, np.float32), NOTHING) is NOTHING


@pytest.mark.parametrize(("first", "second"), [("85", "100"), ("3", "7"), ("24", "60")])
def test_a_score_is_read_without_its_slash(first, second):
    left, right = write(first, height=50, gap=8), write(second, height=50, gap=8)
    page = Image.new("RGB", (left.width + right.width, left.height), (250, 250, 245))
    page.paste(left, (0, 0))
    page.paste(right, (left.width, 0))
    x = left.width
    ImageDraw.Draw(page).line((x + 12, 24, x - 12, 86), fill=(20, 30, 90), width=5)
    assert str(shuzi.read(page)) == first + second
