"""Close-ups to learn from: every digit of the scenes, and some of what is none."""

import numpy as np

from shuzi.data.scenes import Scenes
from shuzi.data.scenes.closeups import NOTHING, SIDE, close_ups, draw_close_ups
from shuzi.data.scenes.stock import load_stock
from shuzi.reading.contrast import PAPER


def a_row(count):
    """One picture of so many digits beside each other, each a block of its own grey, and a word of ink."""
    image = np.full((1, 64, 40 + 30 * count), PAPER, np.uint8)
    digits = []
    for index in range(count):
        left = 10 + 30 * index
        image[0, 16:48, left : left + 20] = 120 + 10 * (index % 10)
        digits.append([0, index % 10, left, 16, left + 20, 48])
    others = np.array([[0, 0, 50, 30 * count, 62], [0, 3, 3, 5, 5]], np.float32)
    return Scenes(image, np.array(digits, np.float32), others)


def test_all_digits_come_first_with_their_values_and_in_the_middle():
    seen, values = close_ups(a_row(8), np.random.default_rng(0))
    assert values[:8].tolist() == list(range(8))
    assert seen.shape[1:] == (SIDE, SIDE)
    assert seen[:8, 32, 32].tolist() == [120 + 10 * index for index in range(8)]


def test_about_a_fifth_as_many_hold_no_digit():
    counts = []
    for seed in range(200):
        _, values = close_ups(a_row(20), np.random.default_rng(seed))
        assert (values[20:] == NOTHING).all()
        counts.append(len(values) - 20)
    assert 1.5 < np.mean(counts) < 4  # of letters there is only one word


def test_scenes_without_digits_give_none():
    empty = Scenes(np.full((1, 64, 64), PAPER, np.uint8), np.zeros((0, 6), np.float32), a_row(1).others)
    seen, values = close_ups(empty, np.random.default_rng(0))
    assert len(seen) == len(values) == 0


def test_as_many_as_asked_are_drawn_and_the_same_again(monkeypatch):
    stock = load_stock("validation", 0, with_unipen=False, with_fonts=False)
    monkeypatch.setattr(
        "shuzi.data.scenes.closeups.draw_scenes",
        lambda stock, count, rng, size: a_row(int(rng.integers(5, 30))),
    )
    one, other = (draw_close_ups(stock, np.random.default_rng(3), count=100) for _ in range(2))
    assert len(one[0]) == len(one[1]) == 100
    assert (one[0] == other[0]).all()
