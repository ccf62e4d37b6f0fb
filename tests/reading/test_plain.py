"""Paper with a pattern is made plain, and what is written on it stays."""

import numpy as np
import pytest
from handwriting import write

import shuzi
from shuzi.data.scenes.paper import pattern
from shuzi.reading.plain import plain
from shuzi.reading.tone import to_grey

TEXT = "20716"


def on_a_cheque(strength, seed=1, text=TEXT):
    """A number on paper with fine lines all over, RGB."""
    slip = np.asarray(write(text, height=36, margin=22, gap=10)).astype(np.float32)
    lines = pattern(*slip.shape[:2], np.random.default_rng(seed))
    return (slip * (1 - strength * lines[..., None] * (slip > 200))).astype(np.uint8)


def test_lines_all_over_the_paper_go_and_ink_stays():
    grey = to_grey(on_a_cheque(0.3))
    made = plain(grey)
    assert made is not None
    assert made.shape == grey.shape
    assert made.dtype == np.float32
    ink = to_grey(np.asarray(write(TEXT, height=36, margin=22, gap=10))) < 60
    paper = made[: 22 - 3]  # above the digits
    assert paper.std() < 0.5 * grey[: 22 - 3].std()
    assert np.median(paper) == made.max()
    assert made[ink].mean() < 60


def test_light_ink_becomes_dark():
    made = plain(255 - to_grey(on_a_cheque(0.3)))
    assert made is not None
    assert np.median(made) == made.max()
    assert made.min() < 60


@pytest.mark.parametrize("strength", [0.0, 0.03])
def test_plain_paper_is_left_as_it_is(strength):
    assert plain(to_grey(on_a_cheque(strength))) is None


def test_a_picture_that_is_mostly_something_else_is_left_as_it_is():
    grey = to_grey(on_a_cheque(0.3))
    table = np.full((2 * len(grey), 2 * grey.shape[1]), 45, np.float32)
    table[: len(grey), : grey.shape[1]] = grey
    assert plain(table) is None
    assert plain(np.random.default_rng(0).uniform(0, 255, (60, 200)).astype(np.float32)) is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 2)])
def test_next_to_no_picture_is_left_as_it_is(shape):
    assert plain(np.full(shape, 200, np.float32)) is None


@pytest.mark.parametrize("seed", [3, 7])
def test_a_number_that_the_pattern_hides_is_read(seed):
    assert str(shuzi.read(on_a_cheque(0.75, seed))) == TEXT
