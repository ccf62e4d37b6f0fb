"""Walls between digits: a table's part numbers, a comb's don't, nor does what only looks like a wall."""

import numpy as np
import pytest
from handwriting import write
from PIL import Image, ImageDraw

import shuzi
from shuzi.reading.walls import are_walls, walls

PAPER, INK = 235, 40
TABLE = [10, 32, 75, 97]  # where digits begin, 18 wide: two numbers of two
COMB = [10, 53, 96, 139]


def row(lefts, lines=(), ink=INK, width=1, lean=0):
    """0s that are 30 pixels high, and lines upright at some places: the picture, and the digits' boxes."""
    image = Image.new("L", (200, 60), PAPER)
    draw = ImageDraw.Draw(image)
    for x in lines:
        draw.line((x + lean, 0, x - lean, 59), ink, width)
    boxes = [(left, 15, left + 18, 45) for left in lefts]
    for box in boxes:
        draw.ellipse(box, outline=INK, width=3)
    return np.asarray(image, np.float32), np.array(boxes, np.float32)


@pytest.mark.parametrize("ink", [40, 200], ids=["dark", "pale"])
@pytest.mark.parametrize(("width", "lean"), [(1, 0), (4, 0), (1, 2), (2, -3)])
def test_the_wall_of_a_table_parts_numbers(ink, width, lean):
    assert walls(*row(TABLE, [62], ink, width, lean)) == [1]
    assert walls(*row([10, 53, 75, 97], [40], ink, width, lean)) == [0]


def test_a_wall_that_a_digit_is_written_over_parts_numbers():
    assert walls(*row(TABLE, [77])) == [1]
    grey, boxes = row(TABLE, [62])
    boxes[2, 1] = 2  # it reaches beyond the row
    assert walls(grey[5:55], boxes - np.array([0, 5, 0, 5], np.float32)) == [1]


def test_a_digits_stroke_that_reaches_beyond_the_row_is_no_wall():
    image = Image.fromarray(row(TABLE, [62])[0].astype(np.uint8))
    ImageDraw.Draw(image).line((84, 9, 84, 51), INK, 2)
    assert walls(np.asarray(image, np.float32), row(TABLE)[1]) == [1]


def test_noise_hides_no_wall():
    grey, boxes = row(TABLE, [62])
    noisy = grey + np.random.default_rng(0).normal(0, 6, grey.shape).astype(np.float32)
    assert walls(noisy, boxes) == [1]
    empty = row(TABLE)[0] + (noisy - grey)
    assert walls(empty, boxes) == []


def test_the_walls_of_a_comb_part_nothing():
    assert walls(*row(COMB, [40, 83, 126])) == []
    assert walls(*row([10, 53], [40])) == []


def test_squared_paper_parts_nothing():
    assert walls(*row(TABLE, range(2, 200, 20), ink=190)) == []
    assert walls(*row(TABLE, [62, 130, 160], ink=190)) == []  # the others are hidden


def stroke(draw):
    draw.line((62, 12, 62, 48), INK, 2)


def slash(draw):
    draw.line((56, 55, 70, 5), INK, 2)


def stroke_and_ruling(draw):
    draw.line((0, 50, 199, 50), INK, 2)
    stroke(draw)


def blot(draw):
    draw.rectangle((58, 0, 68, 59), fill=INK)


@pytest.mark.parametrize("between", [stroke, slash, stroke_and_ruling, blot])
def test_what_is_no_wall_parts_nothing(between):
    image = Image.fromarray(row(TABLE)[0].astype(np.uint8))
    between(ImageDraw.Draw(image))
    assert walls(np.asarray(image, np.float32), row(TABLE)[1]) == []


@pytest.mark.parametrize(("ink", "lean"), [(40, 0), (190, 0), (40, 2)], ids=["dark", "pale", "leaning"])
def test_a_wall_taken_for_a_1_is_told_from_a_1(ink, lean):
    grey, boxes = row(COMB, [3, 40, 83, 126, 165], ink=ink, lean=lean)
    stroke = [(104, 14, 108, 46)]
    grey[14:46, 104:108] = INK  # a 1, in the place of the third digit
    grey[15:45, 96:104] = grey[15:45, 108:115] = PAPER
    wall = [(80, 10, 86, 50)]
    digits = np.array([*boxes[:2].tolist(), *wall, *stroke, boxes[3].tolist()], np.float32)
    ones = np.array([False, False, True, True, False])
    assert are_walls(grey, digits, ones).tolist() == [False, False, True, False, False]


def test_a_1_on_a_line_of_squared_paper_is_a_1():
    grey, boxes = row(COMB, [3, 40, 83, 126, 165], ink=190)
    grey[12:48, 82:86] = INK
    digits = np.concatenate([boxes[:2], np.array([(81, 12, 87, 48)], np.float32), boxes[2:]])
    assert not are_walls(grey, digits, np.array([False, False, True, False, False])).any()


def test_a_stroke_beside_no_walls_may_be_a_1():
    grey, boxes = row(COMB, [83])
    digits = np.concatenate([boxes[:2], np.array([(80, 10, 86, 50)], np.float32), boxes[2:]])
    assert not are_walls(grey, digits, np.array([False, False, True, False, False])).any()
    assert not are_walls(grey, digits, np.ones(5, np.bool_)).any()


@pytest.mark.parametrize("rows", [1, 2, 6])
def test_a_table_of_short_numbers_is_read_the_right_way_up(rows):
    """Upside down two cells can make a number of three digits, which counted more than all of them."""
    marks = [["84", "95", "96"], ["69", "78", "81"], ["92", "47", "100"]]
    page = Image.new("RGB", (460, 60 * rows + 40), (240, 240, 238))
    draw = ImageDraw.Draw(page)
    for x in range(20, 441, 140):
        draw.line((x, 20, x, 20 + 60 * rows), (60, 60, 60), 1)
    for y in range(rows + 1):
        draw.line((20, 20 + 60 * y, 440, 20 + 60 * y), (60, 60, 60), 1)
    for y in range(rows):
        for x, mark in enumerate(marks[y % 3]):
            number = write(mark, height=32, gap=6, margin=0, paper=(240, 240, 238))
            page.paste(number, (20 + 140 * (x + 1) - 8 - number.width, 34 + 60 * y))
    expected = [mark for y in range(rows) for mark in marks[y % 3]]
    assert str(shuzi.read(page)).split() == expected
