"""Alignment finds what trying every choice finds."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzi.training.alignment import align


@st.composite
def readings(draw):
    count = draw(st.integers(1, 7))
    text = draw(st.text("0123456789", min_size=1, max_size=count))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return rng.random(count), rng.dirichlet(np.full(10, 0.3), count), text


@given(readings())
def test_it_is_the_likeliest_of_all_choices(reading):
    presence, values, text = reading
    odds = {}
    for chosen in combinations(range(len(presence)), len(text)):
        p = np.clip(presence, 0.001, 0.999)
        odds[chosen] = np.prod([1 - p[i] for i in range(len(p)) if i not in chosen])
        for i, character in zip(chosen, text, strict=True):
            odds[chosen] *= p[i] * (0.9 * values[i, int(character)] + 0.01)
    found = align(presence, values, text)
    best = max(odds.values())
    assert odds[tuple(found.chosen.tolist())] == pytest.approx(best)
    assert found.probability == pytest.approx(best / sum(odds.values()))


def test_what_is_no_digit_is_left_out():
    values = np.full((4, 10), 0.01)
    for index, value in enumerate((3, 8, 8, 5)):
        values[index, value] = 0.91
    found = align(np.array([0.9, 0.2, 0.95, 0.9]), values, "385")
    assert found.chosen.tolist() == [0, 2, 3]
    assert 0.9 < found.probability < 1


def test_too_few_candidates_fit_nothing():
    assert align(np.array([0.9]), np.full((1, 10), 0.1), "12") is None
