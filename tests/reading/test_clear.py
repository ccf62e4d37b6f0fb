"""Which pictures the quick way may read by itself: one digit, not as wide as two, on clean paper."""

import numpy as np
import pytest
from handwriting import write
from PIL import Image, ImageDraw

from shuzi.models import load_classifier
from shuzi.reading.clear import Line, cut_ink, is_clear, may_be_clear
from shuzi.reading.ink import find_ink

PICTURE = (60, 200)


def line(*widths, clean=True, value=3):
    """Pieces of ink, 40 high, each surely of that value."""
    left = np.cumsum([10, *(width + 10 for width in widths)])
    boxes = [(int(x), 10, int(x) + width, 50) for x, width in zip(left, widths, strict=False)]
    count = len(widths)
    values = np.eye(10, dtype=np.float32)[[value] * count]
    images = [np.zeros((28, 28), np.uint8).copy] * count
    return Line(boxes, images, np.ones(count, np.float32), values, 1.0, clean)


def test_one_digit_is_clear():
    assert is_clear([line(30)], PICTURE)
    assert not is_clear([line(10)], (400, 400))  # a speck on a page


def test_what_goes_from_top_to_bottom_is_clear_only_as_a_ring():
    assert not is_clear([line(30)], (40, 200))  # it may be the edge of a shadow
    assert is_clear([line(30, value=0)], (40, 200))


def test_a_wide_piece_may_be_two_digits_and_a_piece_beside_others_too():
    assert not is_clear([line(48)], PICTURE)
    assert not is_clear([line(25, 30)], PICTURE)


def test_what_lies_beside_the_digit_makes_it_unclear():
    assert not is_clear([line(25, clean=False)], PICTURE)


@pytest.mark.parametrize(("inside", "clean"), [("4", False), ("", True)])
def test_a_digit_in_a_ring_is_not_clear(inside, clean):
    page = write("4", height=50, margin=60) if inside else Image.new("RGB", (160, 160), (250, 250, 245))
    ring = ImageDraw.Draw(page)
    ring.ellipse((page.width / 2 - 55, 25, page.width / 2 + 55, 145), outline=(20, 30, 90), width=4)
    pixels = np.asarray(page)
    cut = cut_ink(find_ink(pixels)).mended(load_classifier())
    lines = cut.read(cut.classified(load_classifier()))
    assert is_clear(lines, pixels.shape[:2]) == clean
    assert may_be_clear(cut, pixels.shape[:2]) == clean


@pytest.mark.parametrize(("specks", "clean"), [(5, True), (60, False)])
def test_a_pattern_of_specks_is_not_clean(specks, clean):
    page = np.asarray(write("352", margin=40, gap=30)).copy()
    rng = np.random.default_rng(0)
    for x in np.linspace(4, page.shape[1] - 6, specks).astype(int):
        y = int(rng.integers(2, 34))  # above the digits
        page[y : y + 2, x : x + 2] = 60
    cut = cut_ink(find_ink(page)).mended(load_classifier())
    assert [one.clean for one in cut.read(cut.classified(load_classifier()))] == [clean]
