"""Close-ups to learn from: every digit of the scenes, in the middle, with its value."""

import numpy as np
import pytest

from shuzi.data.scenes import Scenes
from shuzi.data.scenes.closeups import SIDE, draw_close_ups
from shuzi.data.scenes.stock import load_stock
from shuzi.reading.contrast import PAPER


def a_row(count):
    """One picture of so many digits beside each other, each a block of its own grey."""
    image = np.full((1, 64, 40 + 30 * count), PAPER, np.uint8)
    digits = []
    for index in range(count):
        left = 10 + 30 * index
        image[0, 16:48, left : left + 20] = 120 + 10 * (index % 10)
        digits.append([0, index % 10, left, 16, left + 20, 48])
    return Scenes(image, np.array(digits, np.float32).reshape(-1, 6))


@pytest.fixture(scope="module")
def stock():
    return load_stock("validation", 0, with_unipen=False, with_fonts=False)


def test_every_digit_is_in_the_middle_with_its_value(stock, monkeypatch):
    monkeypatch.setattr("shuzi.data.scenes.closeups.draw_scenes", lambda *arguments: a_row(10))
    seen, values = draw_close_ups(stock, np.random.default_rng(0), count=25, hurry=0.0)
    assert seen.shape == (25, SIDE, SIDE)
    assert values.tolist() == [index % 10 for index in range(25)]
    assert (seen[:, SIDE // 2, SIDE // 2] == 120 + 10 * values).all()


def test_scenes_without_digits_are_passed_over(stock, monkeypatch):
    monkeypatch.setattr(
        "shuzi.data.scenes.closeups.draw_scenes",
        lambda stock, count, rng, size, hurry: a_row(int(rng.integers(0, 3))),
    )
    assert len(draw_close_ups(stock, np.random.default_rng(0), count=9, hurry=0.0)[1]) == 9


def test_the_recipe_says_how_many_lines_are_hurried(stock, monkeypatch):
    asked = []

    def drawn(stock, count, rng, size, hurry):
        asked.append(hurry)
        return a_row(count)

    monkeypatch.setattr("shuzi.data.scenes.closeups.draw_scenes", drawn)
    one, same = (draw_close_ups(stock, np.random.default_rng(3), count=50, hurry=0.6) for _ in range(2))
    assert set(asked) == {0.6}
    assert (one[0] == same[0]).all()
