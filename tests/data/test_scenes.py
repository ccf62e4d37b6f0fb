"""Drawn scenes: the same seed gives the same, digits are where their boxes say, gaps and marks are none."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from shuzi.data.scenes import draw_scenes
from shuzi.data.scenes.draw import NUMBER, PAGE
from shuzi.data.scenes.marks import MARKS, draw_marks
from shuzi.data.scenes.paper import security_print
from shuzi.data.scenes.printed import UNITS
from shuzi.data.scenes.text import LETTERS, number, quantity, words
from shuzi.reading.contrast import PAPER, UNIT, contrast


def test_numbers_are_made_of_digits_and_known_marks():
    rng = np.random.default_rng(0)
    others = {*MARKS, *UNITS, *LETTERS, "unit", "units", "letter", "symbol", "print", " "}
    for _ in range(500):
        text = number(rng)
        assert any(token.isdigit() for token in text)
        assert all(token.isdigit() or token in others for token in text)
        assert not any(token.isdigit() for token in words(rng))


def test_sums_begin_as_benford_says():
    rng = np.random.default_rng(0)
    first = np.bincount([int(quantity(rng, 1 + i % 6)[0]) for i in range(3000)], minlength=10) / 3000
    assert first[0] == 0
    assert first[1:] == pytest.approx(np.log10(1 + 1 / np.arange(1, 10)), abs=0.03)
    assert {len(quantity(rng, 4)) for _ in range(50)} == {4}


def test_marks_are_drawn_each_in_another_way():
    strokes, names = draw_marks(5, np.random.default_rng(0))
    assert set(names) == set(MARKS)
    assert len(strokes) == 5 * len(MARKS)
    assert len({strokes.take(np.array([i])).points.tobytes() for i in range(5)}) == 5


@pytest.mark.parametrize(
    ("paper", "ink"),
    [(200.0, 40.0), (30.0, 90.0), (128.0, 255.0)],
    ids=["dark ink", "light ink", "white ink"],
)
def test_contrast_makes_paper_and_ink_the_same_whatever_they_were(paper, ink):
    grey = np.full((40, 60), paper, np.float32)
    grey[10:30, 20:24] = ink
    shown = contrast(grey)
    assert set(shown[10:30, 20:24].ravel()) == {PAPER + UNIT}
    assert shown[0, 0] == PAPER


def test_contrast_leaves_blank_paper_blank():
    assert np.ptp(contrast(np.random.default_rng(0).normal(200, 1, (50, 50)).astype(np.float32))) < 60
    assert (contrast(np.full((1, 1), 7, np.float32)) == PAPER).all()


@pytest.mark.parametrize("seed", range(8))
def test_security_print_is_fine_lines_all_over_the_paper(seed):
    printed = security_print(64, 224, np.random.default_rng(seed))
    assert printed.min() >= 0
    assert printed.max() <= 1
    smooth = np.asarray(Image.fromarray((255 * printed).astype(np.uint8)).filter(ImageFilter.GaussianBlur(6)))
    assert smooth.std() / 255 < 0.4 * printed.std()
    parts = printed.reshape(2, 32, 4, 56)
    assert (parts.std(axis=(1, 3)) > 0.04).all()


@pytest.mark.parametrize("size", [NUMBER, PAGE], ids=["number", "page"])
def test_scenes_are_drawn_with_their_digits(stock, size):
    scenes = draw_scenes(stock, 60, np.random.default_rng(2), size)
    again = draw_scenes(stock, 60, np.random.default_rng(2), size)
    assert np.array_equal(scenes.images, again.images)
    assert np.array_equal(scenes.digits, again.digits)
    assert scenes.images.shape == (60, *size)
    assert len(scenes.digits) > 60
    index, value, left, top, right, bottom = scenes.digits.T
    assert set(value) <= set(range(10))
    assert (left >= 0).all()
    assert (top >= 0).all()
    assert (right <= size[1]).all()
    assert (bottom <= size[0]).all()
    assert (right > left).all()
    assert (bottom - top >= 7).all()
    # Where a digit is, there is ink: more of it than in the picture around.
    contrasts = [
        np.abs(scenes.images[int(i), int(t) : int(b), int(x) : int(r)].astype(int) - PAPER).max()
        for i, _, x, t, r, b in scenes.digits
    ]
    assert np.mean(np.array(contrasts) > 30) > 0.95
    assert len(set(index)) > 30
