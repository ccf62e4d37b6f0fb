import sys
from types import ModuleType

import pytest

from shuzi.errors import MissingExtraError, ReadingError
from shuzi.reading.knowledge import know


@pytest.fixture
def stdnum(monkeypatch):
    """A stand-in for python-stdnum, with one check: the digits' sum is even."""
    package, even = ModuleType("stdnum"), ModuleType("stdnum.even")
    package.__path__ = []
    even.is_valid = lambda text: sum(map(int, text)) % 2 == 0
    empty = ModuleType("stdnum.empty")
    for module in (package, even, empty):
        monkeypatch.setitem(sys.modules, module.__name__, module)


def test_nothing_known_allows_everything():
    assert know().anything
    assert know().allows("")
    assert know().allows("123")


def test_all_that_is_known_must_hold():
    known = know(digits="2-3", pattern=r"1\d*", check=lambda text: text.endswith("7"))
    assert not known.anything
    assert known.allows("17")
    assert known.allows("127")
    assert not known.allows("1237")
    assert not known.allows("27")
    assert not known.allows("12")


def test_a_pattern_matches_the_whole_number():
    assert not know(pattern=r"\d\d").allows("123")


def test_a_check_by_name(stdnum):
    known = know(check="even")
    assert known.allows("13")
    assert not known.allows("12")


@pytest.mark.parametrize("name", ["none", "empty", "../os", "os.system", "", "Even", "even; import os"])
def test_names_that_are_no_checks(stdnum, name):
    with pytest.raises(ReadingError):
        know(check=name)


def test_without_stdnum_the_cure_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "stdnum", None)
    with pytest.raises(MissingExtraError, match=r"shuzi\[check\]"):
        know(check="luhn")


def test_a_check_that_fails_says_so():
    with pytest.raises(ReadingError, match=r"'12'.*ZeroDivisionError.*mend it"):
        know(check=lambda text: 1 // 0).allows("12")


@pytest.mark.parametrize(
    ("digits", "pattern", "least"),
    [
        (None, None, 0),
        (5, None, 5),
        ("4-6", None, 4),
        (None, r"\d{6}", 6),
        (None, r"(19|20)\d\d", 4),
        (None, r"\d{3}|\d{5}", 3),
        (None, r"7?\d{2,}", 2),
        ("3-9", r"\d{6}", 6),
        (None, r"\d*", 0),
        (None, r"[a-z]+", 0),
        (None, r"(?=1)\d{4}", 0),  # not understood
    ],
)
def test_how_many_digits_there_are_at_least(digits, pattern, least):
    assert know(digits, pattern).least == least
