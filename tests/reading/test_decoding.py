import itertools
import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzi.errors import ReadingError
from shuzi.reading.decoding import ALTERNATIVES, MOST_CANDIDATES, decode
from shuzi.reading.knowledge import know

NOTHING_FITS = 0.01  # see decoding._OFF_THE_LIST


def rows(*digits):
    """Probabilities from {class: probability}; what is missing is shared by the other classes."""
    probabilities = np.empty((len(digits), 10), np.float32)
    for row, known in zip(probabilities, digits, strict=True):
        row[:] = (1 - sum(known.values())) / (10 - len(known))
        for value, p in known.items():
            row[value] = p
    return probabilities


def sure(values):
    return np.ones(len(values), np.float32)


def luhn(text):
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(text))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


SURE = rows({1: 0.99}, {9: 0.99}, {8: 0.99}, {4: 0.99})
SEVEN_OR_ONE = rows({7: 0.6, 1: 0.39}, {9: 0.99}, {8: 0.99}, {4: 0.99})


def brute_force(presence, values):
    """Every text's probability and the likeliest way to read it, from all 11^m choices."""
    totals, ways = Counter(), {}
    for choice in itertools.product([*range(10), None], repeat=len(presence)):
        p = 1.0
        for i, value in enumerate(choice):
            p *= 1 - presence[i] if value is None else presence[i] * values[i, value]
        text = "".join(str(value) for value in choice if value is not None)
        totals[text] += p
        chosen = [i for i, value in enumerate(choice) if value is not None]
        ways.setdefault(text, []).append((p, chosen))
    return totals, ways


candidates = st.tuples(st.integers(1, 4), st.integers(0, 2**32 - 1), st.sampled_from([0.1, 0.5, 2.0]))


def random_row(m, seed, spread):
    """Few values, shared between the candidates, so that a text can be read in several ways."""
    generator = np.random.default_rng(seed)
    values = np.zeros((m, 10))
    values[:, generator.choice(10, 3, replace=False)] = generator.dirichlet(np.full(3, spread), m)
    presence = generator.choice([0.0, 1.0, 0.5, *generator.uniform(0, 1, 4)], m)
    return presence, values


@settings(max_examples=40, deadline=None)
@given(candidates)
def test_without_knowledge_texts_have_the_sum_of_all_their_ways(drawn):
    presence, values = random_row(*drawn)
    totals, ways = brute_force(presence, values)
    found = decode(presence, values, know())
    texts = [(found.text, found.confidence), *found.others]
    empty = totals.pop("")
    assert (found.text == "") == (empty > 0.5)
    if not found.text:
        assert texts.pop(0)[1] == pytest.approx(empty)
    expected = sorted((p for p in totals.values() if p > 0), reverse=True)[: len(texts)]
    assert [p for _, p in texts] == pytest.approx(expected, abs=1e-7)
    assert [p for _, p in texts] == pytest.approx([totals[text] for text, _ in texts], abs=1e-9)
    assert len(found.others) == min(ALTERNATIVES, sum(p > 0 for p in totals.values()) - bool(found.text))
    assert len(dict(texts)) == len(texts)
    best = max(p for p, _ in ways[found.text])
    assert any(chosen == found.chosen.tolist() for p, chosen in ways[found.text] if p > best - 1e-12)


@settings(max_examples=60, deadline=None)
@given(
    candidates,
    st.sampled_from([None, 1, 3, "1-2", "2-4", 7]),
    st.sampled_from([None, r"\d{2}", r"[0-4]*", r"(\d)\d?|[5-9]{3,}", r"(?=[1-9])\d+", "x"]),
    st.sampled_from([None, luhn]),
)
def test_knowledge_shares_the_probability_of_what_it_excludes(drawn, digits, pattern, check):
    known = know(digits, pattern, check)
    presence, values = random_row(*drawn)
    totals, _ = brute_force(presence, values)
    found = decode(presence, values, known)
    if known.anything:
        return
    allowed = {text: p for text, p in totals.items() if text and p > 0 and known.allows(text)}
    mass, nothing = sum(allowed.values()), totals[""]
    if not allowed:
        assert (found.confidence, found.others) == (0.0, [])
        assert found.text == decode(presence, values, know()).text
        return
    if mass < 1e-12:  # as good as not allowed: it may be left untried
        assert found.confidence < 1e-9
        return
    evidence = mass + nothing + NOTHING_FITS * (1 - mass - nothing)
    texts = [(found.text, found.confidence), *found.others]
    ranked = sorted(allowed.values(), reverse=True)
    for (text, p), best in zip(texts, ranked, strict=False):
        assert allowed[text] == pytest.approx(best, abs=1e-7)
        assert p == pytest.approx(best / evidence, rel=0.02, abs=1e-9)  # a little mass may stay untried
    assert len(dict(texts)) == len(texts)


def test_without_knowledge_the_likeliest_wins():
    found = decode(sure(SEVEN_OR_ONE), SEVEN_OR_ONE, know())
    assert found.text == "7984"
    assert found.confidence == pytest.approx(0.6 * 0.99**3, rel=1e-5)
    assert found.chosen.tolist() == [0, 1, 2, 3]
    assert found.others[0] == ("1984", pytest.approx(0.39 * 0.99**3, rel=1e-5))
    assert len(found.others) == ALTERNATIVES


def test_no_candidates_say_nothing():
    found = decode(np.empty(0, np.float32), np.empty((0, 10), np.float32), know(digits=3))
    assert (found.text, found.confidence, found.chosen.tolist(), found.others) == ("", 0.0, [], [])


def test_a_text_is_empty_only_where_there_is_likely_no_digit():
    values = rows({3: 0.9}, {5: 0.9})
    empty = decode(np.array([0.2, 0.3], np.float32), values, know())
    assert (empty.text, empty.confidence) == ("", pytest.approx(0.56))
    assert empty.chosen.tolist() == []
    assert [text for text, _ in empty.others[:3]] == ["5", "3", "35"]
    doubtful = decode(np.array([0.6], np.float32), rows({3: 0.5}), know())
    assert (doubtful.text, doubtful.confidence) == ("3", pytest.approx(0.3))
    assert all(text for text, _ in doubtful.others)


def test_how_many_digits_there_are_decides_on_a_doubtful_one():
    presence = np.array([0.99, 0.99, 0.4, 0.99], np.float32)
    three = decode(presence, SURE, know(digits=3))
    assert (three.text, three.chosen.tolist()) == ("194", [0, 1, 3])
    four = decode(presence, SURE, know(digits=4))
    assert (four.text, four.chosen.tolist()) == ("1984", [0, 1, 2, 3])
    assert min(three.confidence, four.confidence) > 0.9
    assert decode(presence, SURE, know(pattern=r"\d{4}")).confidence == pytest.approx(four.confidence)


def test_a_digit_found_twice_is_one_text():
    presence = np.array([0.99, 0.5, 0.5, 0.99], np.float32)
    values = rows({1: 0.99}, {9: 0.99}, {9: 0.99}, {4: 0.99})
    found = decode(presence, values, know(digits=3))
    assert found.text == "194"
    assert found.confidence > 0.9
    texts = [text for text, _ in found.others]
    assert len(set(texts)) == len(texts)
    assert "194" not in texts


def test_a_pattern_chooses_the_likeliest_that_it_allows():
    found = decode(sure(SEVEN_OR_ONE), SEVEN_OR_ONE, know(pattern=r"(19|20)\d\d"))
    assert found.text == "1984"
    assert 0.9 < found.confidence < 1
    assert all(other.startswith("19") for other, _ in found.others)


def test_what_is_unlikely_is_refused_not_forced():
    found = decode(sure(SURE), SURE, know(pattern=r"7\d\d7"))
    assert found.text == "7987"
    assert found.confidence < 0.01


def test_ink_that_may_be_no_digit_is_not_made_one_by_what_is_known():
    values = rows({3: 0.99})
    for known in (know(digits=1), know(pattern="3"), know(check=lambda text: True)):
        assert decode(np.array([0.3], np.float32), values, known).confidence < 0.31


def test_the_wrong_length_gets_no_confidence():
    for known in (know(digits=6), know(pattern=r"\d{7}"), know(digits="1-3")):
        found = decode(sure(SURE), SURE, known)
        assert (found.text, found.confidence, found.others) == ("1984", 0.0, [])
    assert decode(sure(SURE), SURE, know(digits="3-5")).text == "1984"


def test_a_check_function():
    def digits_sum_to_23(text):
        return sum(map(int, text)) == 23

    values = rows({1: 0.99}, {9: 0.99}, {8: 0.55, 9: 0.44}, {4: 0.99})
    found = decode(sure(values), values, know(check=digits_sum_to_23))
    assert found.text == "1994"
    assert found.confidence > 0.9


def test_a_check_digit_repairs_one_doubtful_digit_of_many():
    text = "4539578763621486"
    assert luhn(text)
    values = rows(*({int(digit): 0.999} for digit in text))
    values[6] = rows({int(text[6]): 0.3, (int(text[6]) + 1) % 10: 0.65})[0]
    presence = np.full(len(text), 0.999, np.float32)
    assert decode(presence, values, know()).text != text
    found = decode(presence, values, know(digits=16, check=luhn))
    assert found.text == text
    assert found.confidence > 0.8


def test_confidence_stays_a_probability_whatever_is_known():
    for known in (know(), know(digits=4), know(pattern="1.*"), know(check=lambda text: True)):
        found = decode(sure(SEVEN_OR_ONE), SEVEN_OR_ONE, known)
        assert 0 <= found.confidence <= 1
        assert found.confidence + sum(q for _, q in found.others) <= 1 + 1e-6
        assert all(q <= found.confidence for _, q in found.others)


def test_a_pattern_is_tried_on_a_thousand_strings_at_most():
    tried = []
    known = know(check=lambda text: tried.append(text) is not None)
    decode(np.ones(8, np.float32), np.full((8, 10), 0.1, np.float32), known)
    assert len(tried) == MOST_CANDIDATES


def test_long_rows_are_not_matched_against_a_pattern():
    start = time.perf_counter()
    found = decode(np.ones(90, np.float32), np.full((90, 10), 0.1, np.float32), know(pattern=r"(\d+)*x"))
    assert len(found.text) == 90
    assert found.confidence == 0
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("presence", [0.1, 0.5, 0.9, 1.0])
def test_noise_is_given_up_with_little_confidence(presence):
    values = np.full((60, 10), 0.1, np.float32)
    for known in (know(), know(digits=20), know(pattern=r"\d{3}|\d{10}"), know(check=luhn)):
        found = decode(np.full(60, presence, np.float32), values, known)
        assert found.confidence < 0.05
        assert len(found.chosen) == len(found.text)


def test_very_long_rows_are_read_digit_by_digit():
    values = rows(*({i % 10: 0.9999} for i in range(300)))
    found = decode(sure(values), values, know())
    assert found.text == "0123456789" * 30
    assert found.confidence == pytest.approx(0.9999**300, rel=1e-3)
    assert found.chosen.tolist() == list(range(300))
    assert decode(sure(values), values, know(digits=90)).confidence == 0


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
