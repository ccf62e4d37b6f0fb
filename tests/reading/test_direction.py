"""Pages full of writing: which way it runs, and that they are read the right way up."""

import numpy as np
import pytest
from handwriting import write
from PIL import Image, ImageDraw, ImageFont

import shuzi
from shuzi.reading.best_view import Seen, best_view
from shuzi.reading.direction import runs_down
from shuzi.reading.output import Digit, Number
from shuzi.reading.view import View

PAPER, INK = (250, 250, 245), (20, 20, 30)
LINES = (
    "Please fill in this form and send it",
    "to the office where your account is",
    "held. Whoever signs it agrees that all",
    "of what is stated here is true and",
    "was not changed by anybody else. The",
    "number of your policy belongs below.",
)


def words(size=24):
    page = Image.new("RGB", (36 * size // 2 + 80, 2 * size * len(LINES) + 160), PAPER)
    draw = ImageDraw.Draw(page)
    for row, line in enumerate(LINES):
        draw.text((40, 40 + 2 * size * row), line, fill=INK, font=ImageFont.load_default(size=size))
    return page


def turned(picture, degrees):
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=PAPER)


@pytest.fixture
def form():
    page = words()
    page.paste(write("71425", height=44, margin=4, gap=10), (60, page.height - 90))
    return page


@pytest.mark.parametrize("size", [20, 24, 48])
@pytest.mark.parametrize("degrees", [0, 10, -20, 180])
def test_lines_run_across_or_down(size, degrees):
    page = words(size)
    assert runs_down(np.asarray(turned(page, degrees))) is False
    assert runs_down(np.asarray(turned(page, degrees + 90))) is True


def test_where_there_is_little_writing_there_is_no_telling():
    column = Image.new("RGB", (200, 5000), PAPER)
    for row in range(80):  # one digit below the other, as in a column of marks
        column.paste(write(str(row % 10), height=36, margin=0), (80, 10 + 60 * row))
    for picture in (column, write("25083", height=200), Image.new("RGB", (400, 400), PAPER)):
        assert runs_down(np.asarray(picture)) is None


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_form_is_read_whichever_way_it_lies(form, degrees):
    page = shuzi.read(turned(form, degrees))
    assert str(page) == "71425"
    left, top, width, height = page.numbers[0].box
    inked = turned(form, degrees).crop((left, top, left + width, top + height))
    assert (np.asarray(inked).min(axis=2) < 120).mean() > 0.05


@pytest.mark.parametrize("size", [24, 60])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_words_stay_words_whichever_way_they_lie(size, degrees):
    assert not any(number.accepted for number in shuzi.read(turned(words(size), degrees)).numbers)


def number(text, confidence):
    row = tuple(np.full(10, 0.1).tolist())
    digits = [
        Digit(int(value), 0.9, (20 * place, 5, 15, 20), row, np.zeros((28, 28), np.uint8).copy)
        for place, value in enumerate(text)
    ]
    return Number(text, confidence, confidence >= 0.9, (0, 5, 20 * len(text), 20), digits, [])


def test_a_long_number_that_is_doubtful_does_not_fall_apart_upside_down():
    upright = View(np.zeros((30, 400, 3), np.uint8), np.eye(3), 400, 30)

    def read(shown: View) -> Seen:
        right_way_up = np.allclose(shown.matrix, np.eye(3))
        texts = {"795233162763": 0.4} if right_way_up else {"841": 0.9, "94091": 0.9, "2564": 0.9}
        return Seen(shown, [number(text, p) for text, p in texts.items()], False)

    assert [number.text for number in best_view(upright, read, read).numbers] == ["795233162763"]
