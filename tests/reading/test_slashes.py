"""Slashes that were taken for a 1: how likely they still are, and that scores are read without them."""

import numpy as np
import pytest
from handwriting import candidates, write
from PIL import Image, ImageDraw

import shuzi
from shuzi.reading.looks import NOTHING, Found
from shuzi.reading.slashes import without_slashes

BESIDE = (20, 30, 50, 70), (90, 30, 120, 70)


def between(stroke):
    """The presence of a stroke (x1, y1, x2, y2) between two 5s, 40 pixels high."""
    left, top, right, bottom = min(stroke[::2]), stroke[1], max(stroke[::2]), stroke[-1]
    return presence([BESIDE[0], (left, top, right, bottom), BESIDE[1]], [5, 1, 5], [stroke])[1]


def presence(boxes, values, strokes):
    """Of candidates, each 98 % before, on a sheet with these strokes."""
    sheet = Image.new("L", (200, 100), 220)
    draw = ImageDraw.Draw(sheet)
    for stroke in strokes:
        draw.line(stroke, fill=30, width=4)
    for box, value in zip(boxes, values, strict=True):
        if value != 1:
            draw.rectangle(box, outline=30, width=4)
    return without_slashes(np.asarray(sheet, np.float32), candidates(boxes, values)).presence


def test_a_straight_stroke_that_leans_and_reaches_beyond_its_neighbours_is_a_slash():
    assert between((80, 24, 58, 76)) < 0.1
    assert between((80, 30, 58, 84)) < 0.3  # below only


@pytest.mark.parametrize(
    "stroke",
    [
        pytest.param((76, 32, 64, 68), id="no higher than they are"),
        pytest.param((70, 24, 69, 76), id="upright"),
        pytest.param((60, 24, 80, 76), id="leaning to the left"),
    ],
)
def test_other_strokes_are_as_likely_a_1_as_before(stroke):
    assert between(stroke) == pytest.approx(0.98)


def test_a_crooked_stroke_is_no_slash():
    boxes = [BESIDE[0], (58, 24, 80, 76), BESIDE[1]]
    assert presence(boxes, [5, 1, 5], [(60, 40, 80, 24, 68, 76, 58, 60)])[1] == pytest.approx(0.98)


def test_a_writer_whose_first_1_reaches_as_far_writes_all_1s_so():
    boxes = [(6, 22, 22, 78), (30, 30, 55, 70), (60, 30, 85, 70), (90, 22, 106, 78), (115, 30, 140, 70)]
    strokes = [(22, 22, 6, 78), (106, 22, 90, 78)]
    assert presence(boxes, [1, 3, 8, 1, 4], strokes)[3] > 0.9
    assert presence(boxes[1:], [3, 8, 1, 4], strokes)[2] < 0.1


BOXES = [(64, 30, 94, 70), (100, 30, 130, 70)]
BEFORE, BEHIND = (58, 22, 36, 78), (158, 22, 136, 78)


def test_a_stroke_behind_a_number_is_a_slash():
    boxes = [*BOXES, (136, 22, 158, 78)]
    assert presence(boxes, [5, 3, 1], [BEHIND])[2] < 0.1
    assert presence([*BOXES, (140, 32, 154, 68)], [5, 3, 1], [(154, 32, 140, 68)])[2] == pytest.approx(0.98)


def test_strokes_that_close_a_number_are_all_slashes_or_none():
    low = [(136, 25, 152, 73), (160, 25, 176, 73)]  # reaching less far beyond
    alone = presence([*BOXES, low[0]], [5, 3, 1], [(152, 25, 136, 73)])[2]
    both = presence([*BOXES, *low], [5, 3, 1, 1], [(152, 25, 136, 73), (176, 25, 160, 73)])[2:]
    assert 0.1 < alone < 0.9
    assert both.max() < alone / 2


def test_a_stroke_before_a_number_is_a_slash_only_if_there_is_one_behind_it():
    boxes = [(36, 22, 58, 78), *BOXES]
    assert presence(boxes, [1, 5, 3], [BEFORE])[0] == pytest.approx(0.98)
    assert presence([*boxes, (136, 22, 158, 78)], [1, 5, 3, 1], [BEFORE, BEHIND])[[0, 3]].max() < 0.1


def test_two_strokes_before_a_number_are_slashes():
    boxes = [(6, 22, 28, 78), (30, 22, 52, 78), *BOXES]
    assert presence(boxes, [1, 1, 5, 3], [(28, 22, 6, 78), (52, 22, 30, 78)])[:2].max() < 0.1
    upright = [(14, 30, 20, 70), (40, 30, 46, 70)]
    assert presence([*upright, *BOXES], [1, 1, 5, 3], [(17, 30, 17, 70), (43, 30, 43, 70)])[:2].min() > 0.9


def test_among_1s_alone_nothing_tells_slashes():
    found = Found(
        np.array([(58, 24, 80, 76), BESIDE[1]], np.float32),
        np.full(2, 0.98, np.float32),
        np.eye(10, dtype=np.float32)[[1, 1]],
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


@pytest.mark.parametrize("number", ["500", "2480", "361"])
def test_an_amount_is_read_without_what_closes_it(number):
    amount = write(number, height=50, gap=8)
    page = Image.new("RGB", (amount.width + 90, amount.height), (250, 250, 245))
    page.paste(amount, (0, 0))
    draw, x = ImageDraw.Draw(page), amount.width
    draw.line((x + 24, 24, x, 86), fill=(20, 30, 90), width=5)
    draw.line((x + 36, 56, x + 66, 55), fill=(20, 30, 90), width=5)
    assert str(shuzi.read(page)) == number
