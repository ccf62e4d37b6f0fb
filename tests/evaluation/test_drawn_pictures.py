"""Drawn codes and pages: the same for the same seed, ordinary to look at, and what they say is on them."""

import string

import numpy as np
import pytest

import shuzi
from shuzi.data import unipen
from shuzi.data.invented import invent_hands
from shuzi.data.trajectories import pack
from shuzi.errors import DataError
from shuzi.evaluation.drawn_pictures import a4_pages, five_digit_codes, score_pages


@pytest.fixture(scope="module")
def codes():
    return five_digit_codes(24, 3, with_unipen=False)


@pytest.fixture(scope="module")
def pages():
    return a4_pages(2, 3, with_unipen=False)


def grey(picture):
    return picture if picture.ndim == 2 else picture.mean(axis=2)


def test_the_same_seed_gives_the_same_pictures_and_fewer_are_the_first_of_more(codes, pages):
    pictures, texts = codes
    again, said = five_digit_codes(5, 3, with_unipen=False)
    assert said == texts[:5]
    assert all(np.array_equal(one, other) for one, other in zip(again, pictures[:5], strict=True))
    assert five_digit_codes(5, 4, with_unipen=False)[1] != said
    page, numbers = a4_pages(1, 3, with_unipen=False)
    assert np.array_equal(page[0], pages[0][0])
    assert numbers[0] == pages[1][0]


def test_codes_are_as_large_as_ordinary_ones(codes):
    pictures, texts = codes
    assert all(len(text) == 5 and text.isdigit() for text in texts)
    assert {picture.ndim for picture in pictures} == {2, 3}, "grey and coloured"
    for picture in pictures:
        assert picture.dtype == np.uint8
        assert 60 <= picture.shape[0] <= 110
        assert 200 <= picture.shape[1] <= 400
        assert np.median(grey(picture)) > 120, "light paper"
        assert 0.01 < (grey(picture) < np.median(grey(picture)) - 40).mean() < 0.3, "dark ink"


def test_codes_say_what_they_are_labelled(codes):
    # A simple reader is enough: by chance it would read none.
    reader = shuzi.Reader()
    read = [str(reader.read(picture)) for picture in codes[0]]
    assert sum(one == text for one, text in zip(read, codes[1], strict=True)) >= 8


def test_pages_have_thirty_numbers_whose_boxes_hold_their_ink(pages):
    for picture, numbers in zip(*pages, strict=True):
        assert picture.shape[:2] == (1400, 1000)
        assert len(numbers) == 30
        seen = grey(picture)
        for text, (x, y, width, height) in numbers:
            assert 1 <= len(text) <= 8
            assert text.isdigit()
            assert 15 <= height <= 60
            inside = seen[y : y + height, x : x + width]
            around = seen[y - 4 : y + height + 4, x - 4 : x + width + 4]
            # Ink reaches all four edges, or nearly so: the page is turned after it was written.
            ink = inside < np.median(around) - 0.4 * (np.median(around) - inside.min())
            rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
            assert rows[0] <= 5
            assert columns[0] <= 5
            assert rows[-1] >= height - 6
            assert columns[-1] >= width - 6


def test_numbers_of_one_row_stand_apart(pages):
    for _, numbers in zip(*pages, strict=True):
        boxes = [box for _, box in numbers]
        for x, y, width, height in boxes:
            for other_x, other_y, _, other_height in boxes:
                beside = min(y + height, other_y + other_height) - max(y, other_y) > 0.5 * height
                if beside and other_x > x:
                    assert other_x - x - width >= 2.4 * min(height, other_height)


def test_numbers_read_on_pages_are_counted_where_text_and_place_agree():
    there = [[("12", (100, 100, 40, 30)), ("7", (500, 100, 15, 30))], [("12", (100, 100, 40, 30))]]
    assert score_pages(there, there) == (1.0, 1.0)
    assert score_pages([[], []], there) == (0.0, 1.0)
    near, inside, beside = (105, 95, 40, 32), (110, 105, 20, 20), (140, 100, 40, 30)
    assert score_pages([[("12", near)], [("12", inside)]], there) == (2 / 3, 1.0)
    assert score_pages([[("12", beside), ("21", near)], []], there) == (0.0, 0.0)
    # Each is found once, and a number of one page is none of another's.
    assert score_pages([[("12", near), ("12", near)], [("7", (500, 100, 15, 30))]], there) == (1 / 3, 1 / 3)


def test_without_unipen_its_writers_are_asked_for(tmp_path, monkeypatch):
    monkeypatch.delenv("SHUZI_DATA", raising=False)
    monkeypatch.setattr(unipen, "cache_folder", lambda: tmp_path)
    with pytest.raises(DataError, match="UNIPEN has not been imported"):
        five_digit_codes(1)


def test_unipens_writers_write_words_too(monkeypatch):
    rng = np.random.default_rng(0)
    hands = invent_hands(2, 3, rng)
    strokes = [[100 * rng.random((4, 2), np.float32)] for _ in range(104)]
    letters = pack(strokes, list(string.ascii_letters) * 2, ["aga/one"] * 104)
    monkeypatch.setattr(unipen, "digits", lambda split: hands)
    monkeypatch.setattr(
        unipen, "load_unipen", lambda split, wanted: letters if "a" in wanted else letters.take(np.arange(2))
    )
    pictures, texts = five_digit_codes(2, 1)
    assert len(pictures) == len(texts) == 2
    _, numbers = a4_pages(1, 1)
    assert len(numbers[0]) == 30
