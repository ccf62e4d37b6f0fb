"""Printed characters for scenes, and Chinese ones in them: as words, and beside digits."""

import string
from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from shuzi.data.scenes import layout
from shuzi.data.scenes.layout import plan_line
from shuzi.data.scenes.printed import UNITS, chinese_characters, latin_letters
from shuzi.data.scenes.text import number
from shuzi.errors import DataError

FONT = (Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf").read_bytes()


def test_letters_stand_on_one_baseline():
    letters = latin_letters({})[0]
    assert len(letters) == 52
    assert {picture.shape[0] for picture in letters.values()} == {96}
    assert all(picture[:72].any() for picture in letters.values())
    assert not letters["x"][72 + 2 :].any()
    assert letters["g"][72 + 2 :].any()


def test_each_font_is_asked_for_a_fourth_of_the_common_characters():
    pieces = [("啊阿埃挨哎唉", FONT), ("年月", FONT), ("丂", b"is not opened")]
    first, second = chinese_characters({"one": pieces, "two": pieces})
    assert set(first) == {"啊", "哎", "年", "月"}
    assert set(second) == {"阿", "唉", "年", "月"}
    assert {picture.shape for picture in first.values()} == {(96, 67)}
    with pytest.raises(DataError, match="can't be opened"):
        chinese_characters({"one": [("年", b"no font")]})


def test_quantities_have_their_units_beside_them(stock):
    texts = [number(np.random.default_rng(seed)) for seed in range(400)]
    with_units = [text for text in texts if any(token in UNITS for token in text)]
    assert 20 < len(with_units) < 60
    assert any({"年", "月", "日"} <= set(text) for text in with_units)


def test_a_unit_is_printed_where_there_is_a_chinese_font(stock, monkeypatch):
    monkeypatch.setattr(layout, "number", lambda rng: ["5", "年"])
    monkeypatch.setattr(layout, "label", lambda rng: [])
    year = plan_line(stock, np.random.default_rng(1), 30.0, 1.0).tokens[1]
    assert (year.value, year.index) == (-1, -1)
    assert 15 < year.printed.shape[0] < 40
    without = plan_line(replace(stock, chinese=[]), np.random.default_rng(1), 30.0, 1.0).tokens[1]
    assert without.printed is None


def test_words_are_chinese_now_and_then(stock, monkeypatch):
    monkeypatch.setattr(layout, "words", lambda rng: ["print"])
    fonts = replace(
        stock, printed=[{letter: np.full((96, 9), 100, np.uint8) for letter in string.ascii_letters}]
    )
    rng = np.random.default_rng(0)
    inks = [plan_line(fonts, rng, 30.0, 0.0).tokens[0].printed.max() for _ in range(60)]
    assert 10 < sum(ink > 0.5 for ink in inks) < 40
