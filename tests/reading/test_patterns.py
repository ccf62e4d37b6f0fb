import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzi.reading.patterns import automaton

TEXTS = ["".join(digits) for n in range(5) for digits in itertools.product("0157", repeat=n)]


def accepts(machine, text):
    state = 0
    for digit in text:
        state = machine.steps[state, machine.kinds[int(digit)]]
    return bool(machine.accepting[state])


def agrees(pattern):
    """Whether the automaton accepts exactly the texts that the pattern matches."""
    compiled = re.compile(pattern)
    machine = automaton(compiled)
    assert machine is not None
    return all(accepts(machine, text) == bool(compiled.fullmatch(text)) for text in TEXTS)


ATOMS = st.sampled_from(
    ["0", "5", r"\d", ".", "[0-5]", "[^15]", "[]7]", r"[^\d]", r"\D", "x", r"\.", r"\w", ""]
)
REPEATS = st.sampled_from(["?", "*", "+", "{2}", "{1,}", "{,2}", "{0,3}", "{2,3}?", "*?", "{0}"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join).map("(?:{})".format),
        st.tuples(inner.map("({})".format), REPEATS).map("".join),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(PATTERNS)
def test_it_accepts_what_the_pattern_matches(pattern):
    assert agrees(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"^\d{3}$", r"^1|5$", r"(?P<year>15|0\d)\d\d", r"\d{3}|\d{1}", r"1\$", r"(1(5(7|0)?)?)*", r"[157-]+"],
)
def test_what_people_write(pattern):
    assert agrees(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(\d)\1", r"(?=1)\d", r"(?i)1", r"1\b", r"(?>1*)5", r"1*+", r"\x31", r"1$|^5", r"(?#a)1",
        r"((\d?){100}){50}x", r"((){1000}){1000}", r"(\d*){0,4000000000}", r".*1.{20}",
    ],
)  # fmt: skip
def test_the_rest_is_left_to_the_pattern(pattern):
    assert automaton(re.compile(pattern)) is None


def test_deeply_nested_groups_do_no_harm():
    for depth in (10, 80, 240):
        machine = automaton(re.compile("(" * depth + "1" + ")" * depth))
        assert machine is None or (accepts(machine, "1") and not accepts(machine, "11"))


def test_flags_are_left_to_the_pattern():
    assert automaton(re.compile(r"1 5", re.VERBOSE)) is None
