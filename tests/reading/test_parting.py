"""What stands between digits: characters part a row into numbers, whatever joins digits doesn't."""

from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from shuzi.reading.grouping import SURE, group
from shuzi.reading.looks import Found
from shuzi.reading.parting import fences, part

FONT = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
LEFT, RIGHT = (20, 20, 40, 50), (90, 20, 110, 50)  # two digits 30 pixels high, 50 apart


def sheet(draw_between=None, paper=230, ink=40, size=30):
    """Two 0s, and what is drawn or printed between them."""
    image = Image.new("L", (400, 80), paper)
    draw = ImageDraw.Draw(image)
    for box in (LEFT, RIGHT):
        draw.ellipse(box, outline=ink, width=3)
    if isinstance(draw_between, str):
        draw.text((65, 35), draw_between, ink, ImageFont.truetype(FONT, size), anchor="mm")
    elif draw_between:
        draw_between(draw, ink)
    return np.asarray(image, np.float32)


def digits(*boxes, presence=None):
    sure = [0.99] * len(boxes) if presence is None else presence
    return Found(
        np.array(boxes, np.float32),
        np.array(sure, np.float32),
        np.full((len(boxes), 10), 0.1, np.float32),
    )


def parted(grey):
    return [chain.tolist() for chain in part(grey, digits(LEFT, RIGHT), np.arange(2))]


@pytest.mark.parametrize("between", ["E", "B", "W", "€", "No", "kg", "m²", "+", "×", "="])
def test_characters_part_numbers(between):
    assert parted(sheet(between)) == [[0], [1]]
    assert parted(sheet(between, paper=30, ink=220)) == [[0], [1]]


@pytest.mark.parametrize("between", ["", ".", ",", "-", "–", ":", "/", "'", "~", "1"])
def test_what_joins_digits_does_not_part_them(between):
    assert parted(sheet(between)) == [[0, 1]]


@pytest.mark.parametrize(
    "lines",
    [
        [(65, 5, 65, 70)],
        [(55, 5, 55, 70), (75, 5, 75, 70)],
        [(0, 15, 399, 15), (0, 55, 399, 55), (65, 15, 65, 55)],
        [(0, 35, 399, 35)],
        [(50, 60, 80, 10)],
    ],
    ids=["wall", "two walls", "comb", "ruling", "slash"],
)
def test_rulings_walls_and_slashes_do_not(lines):
    def draw(sheet, ink):
        for line in lines:
            sheet.line(line, ink, 2)

    assert parted(sheet(draw)) == [[0, 1]]


@pytest.mark.parametrize("lean", [0, -6, 6])
def test_the_walls_of_two_boxes_do_not_however_they_lean(lean):
    def boxes(draw: ImageDraw.ImageDraw, ink: int) -> None:
        for left, right in ((5, 52), (78, 125)):
            draw.polygon([(left + lean, 8), (right + lean, 8), (right, 68), (left, 68)], outline=ink, width=3)

    soft = Image.fromarray(sheet(boxes).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))
    assert parted(np.asarray(soft, np.float32)) == [[0, 1]]


def test_patterned_paper_does_not():
    rows, columns = np.mgrid[:80, :400]
    pattern = 25 * np.sin(rows / 2 + 3 * np.sin(columns / 9))
    assert parted(np.clip(sheet() - np.abs(pattern), 0, 255).astype(np.float32)) == [[0, 1]]


def test_a_small_or_faint_character_does_not():
    assert parted(sheet("E", size=12)) == [[0, 1]]
    faint = np.where(sheet("E") < sheet(), 200, sheet()).astype(np.float32)
    assert parted(faint) == [[0, 1]]


def test_a_number_ends_where_a_character_stands_before_the_next():
    both = digits(LEFT, RIGHT)
    one, other = np.array([0]), np.array([1])
    assert fences(sheet("E"), both, one, SURE) == (0, 90)
    assert fences(sheet("E"), both, other, SURE) == (40, 400)
    assert fences(sheet("-"), both, one, SURE) == (0, 400)
    doubtful = digits(LEFT, (55, 20, 75, 50), RIGHT, presence=[0.99, 0.1, 0.99])
    assert fences(sheet("E"), doubtful, np.array([0, 1]), SURE) == (0, 90)
    below = digits(LEFT, (90, 80, 110, 110))
    assert fences(sheet("E"), below, one, SURE) == (0, 400)


def test_boxes_of_less_than_a_pixel_are_no_error():
    tiny = digits((20.1, 20.1, 20.6, 20.6), (21.2, 20.1, 21.7, 20.6))
    assert [chain.tolist() for chain in part(sheet("E"), tiny, np.arange(2))] == [[0, 1]]


def test_the_parts_of_a_row_are_numbers_of_their_own():
    assert [chain.tolist() for chain in group(digits(LEFT, RIGHT), sheet("E"))] == [[0], [1]]
    assert [chain.tolist() for chain in group(digits(LEFT, RIGHT), sheet("."))] == [[0, 1]]
