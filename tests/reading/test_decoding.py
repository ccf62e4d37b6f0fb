import itertools
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzi.errors import ReadingError
from shuzi.reading.decoding import ALTERNATIVES, MOST_CANDIDATES, best_strings, decode
from shuzi.reading.knowledge import know


def rows(*digits):
    """Probabilities from {class: probability}; what is missing is shared by the other classes."""
    probabilities = np.empty((len(digits), 10), np.float32)
    for row, known in zip(probabilities, digits, strict=True):
        row[:] = (1 - sum(known.values())) / (10 - len(known))
        for value, p in known.items():
            row[value] = p
    return probabilities


SURE = rows({1: 0.99}, {9: 0.99}, {8: 0.99}, {4: 0.99})
SEVEN_OR_ONE = rows({7: 0.6, 1: 0.39}, {9: 0.99}, {8: 0.99}, {4: 0.99})


@settings(max_examples=30)
@given(st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_strings_come_in_order_of_probability(n, seed):
    probabilities = np.random.default_rng(seed).dirichlet(np.full(10, 0.3), n)
    expected = {
        "".join(map(str, classes)): math.prod(probabilities[i, c] for i, c in enumerate(classes))
        for classes in itertools.product(range(10), repeat=n)
    }
    found = list(best_strings(probabilities))
    assert len(found) == 10**n
    assert {text for text, _ in found} == set(expected)
    assert all(abs(p - expected[text]) < 1e-12 for text, p in found)
    assert all(first[1] >= second[1] - 1e-15 for first, second in itertools.pairwise(found))


def test_without_knowledge_the_likeliest_wins():
    (text, p), others = decode(SEVEN_OR_ONE, know())
    assert text == "7984"
    assert p == pytest.approx(0.6 * 0.99**3, rel=1e-5)
    assert others[0] == ("1984", pytest.approx(0.39 * 0.99**3, rel=1e-5))
    assert len(others) == ALTERNATIVES


def test_a_pattern_chooses_the_likeliest_that_it_allows():
    (text, p), others = decode(SEVEN_OR_ONE, know(pattern=r"(19|20)\d\d"))
    assert text == "1984"
    assert 0.9 < p < 1
    assert all(other.startswith("19") for other, _ in others)


def test_what_is_unlikely_is_refused_not_forced():
    (text, p), _ = decode(SURE, know(pattern=r"7\d\d7"))
    assert text == "7987"
    assert p < 0.01


def test_the_wrong_length_gets_no_confidence():
    for known in (know(digits=6), know(pattern=r"\d{7}"), know(digits="1-3")):
        assert decode(SURE, known) == (("1984", 0.0), [])
    assert decode(SURE, know(digits="3-5"))[0][0] == "1984"


def test_a_check_function():
    def digits_sum_to_23(text):
        return sum(map(int, text)) == 23

    (text, p), _ = decode(
        rows({1: 0.99}, {9: 0.99}, {8: 0.55, 9: 0.44}, {4: 0.99}), know(check=digits_sum_to_23)
    )
    assert text == "1994"
    assert p > 0.9


def test_confidence_stays_a_probability_whatever_is_known():
    for known in (know(), know(digits=4), know(pattern="1.*"), know(check=lambda text: True)):
        (_, p), others = decode(SEVEN_OR_ONE, known)
        assert 0 <= p <= 1
        assert p + sum(q for _, q in others) <= 1 + 1e-6
        assert all(q <= p for _, q in others)


def test_a_pattern_is_tried_on_a_thousand_strings_at_most():
    tried = []
    decode(np.full((8, 10), 0.1, np.float32), know(check=lambda text: tried.append(text) is not None))
    assert len(tried) == MOST_CANDIDATES


def test_long_rows_are_not_matched_against_a_pattern():
    start = time.perf_counter()
    (text, p), _ = decode(np.full((90, 10), 0.1, np.float32), know(pattern=r"(\d+)*x"))
    assert len(text) == 90
    assert p == 0
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("digits", [0, -1, "", "x", "5-4", "4-", "-4", "1000", "4-5-6", True])
def test_lengths_that_make_no_sense(digits):
    with pytest.raises(ReadingError, match="length"):
        know(digits=digits)


@pytest.mark.parametrize("pattern", ["(", "[", "*", "x" * 1000, "a{99999999999}"])
def test_patterns_that_make_no_sense(pattern):
    with pytest.raises(ReadingError):
        know(pattern=pattern)


def test_lengths():
    assert know(digits=6).lengths == range(6, 7)
    assert know(digits=" 4 - 6 ").lengths == range(4, 7)
