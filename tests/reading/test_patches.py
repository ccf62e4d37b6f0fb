"""Cutting digits out with what is around them: in the middle, at one height, on paper."""

import numpy as np
import pytest

from shuzi.reading.contrast import PAPER
from shuzi.reading.patches import HEIGHT, patches


def bar(height, width=8, side=100):
    """A picture of paper with a bar of ink, and the bar's box."""
    image = np.full((side, side), PAPER, np.uint8)
    top, left = (side - height) // 2, 20
    image[top : top + height, left : left + width] = 196
    return image, np.array([[left, top, left + width, top + height]], np.float32)


def cut(image, box, side=48):
    return patches(image[None], np.zeros(len(box), np.int64), box, side)[0]


@pytest.mark.parametrize("height", [16, 32, 64])
def test_a_digit_of_any_size_is_in_the_middle_and_as_high_as_every_other(height):
    ink = cut(*bar(height)) > 150
    rows = np.flatnonzero(ink.any(1))
    assert abs(len(rows) - HEIGHT) <= 2
    assert abs(rows.mean() - 23.5) <= 1
    assert abs(np.flatnonzero(ink.any(0)).mean() - 23.5) <= 1


def test_what_is_flat_is_shown_as_wide_as_a_wide_digit():
    ink = cut(*bar(6, width=60)) > 150
    assert abs(ink.any(0).sum() - 1.5 * HEIGHT) <= 2


def test_at_its_own_size_a_picture_is_copied():
    image = np.random.default_rng(0).integers(0, 256, (60, 60), np.uint8)
    assert (cut(image, np.array([[20, 14, 40, 46]], np.float32)) == image[6:54, 6:54]).all()


def test_beyond_the_picture_there_is_paper():
    image = np.full((10, 10), 196, np.uint8)
    seen = cut(image, np.array([[-100, -100, -90, -68]], np.float32))
    assert (seen == PAPER).all()
    corner = cut(image, np.array([[-5, -16, 5, 16]], np.float32))
    assert (corner[:22] == PAPER).all()
    assert (corner[25:33, 25:33] == 196).all()


def test_each_box_is_cut_out_of_its_own_picture():
    images = np.stack([np.full((40, 40), level, np.uint8) for level in (50, 200)])
    boxes = np.array([[15, 4, 25, 36]] * 3, np.float32)
    seen = patches(images, np.array([1, 0, 1]), boxes, 16)
    assert seen[:, 8, 8].tolist() == [200, 50, 200]
    assert patches(images, np.zeros(0, np.int64), boxes[:0], 16).shape == (0, 16, 16)
