"""What a page says of itself: as text, as dict, in a notebook, as a picture; and how sure it is."""

import base64
import io
import json
import re

import numpy as np
import pytest
from handwriting import write
from PIL import Image

import shuzi
from shuzi.reading.annotate import ACCEPTED, DOUBTFUL, annotate
from shuzi.reading.components import find_components
from shuzi.reading.confidence import soundness
from shuzi.reading.output import describe, percent
from shuzi.reading.segments import find_segments


@pytest.fixture(scope="module")
def page():
    return shuzi.read(write("4071"))


def soundness_of(*boxes, shape=(100, 300)):
    mask = np.zeros(shape, np.bool_)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = True
    components = find_components(mask)
    wanted = np.ones(len(components), np.bool_)
    return soundness(find_segments(components, wanted), components, wanted)


def test_a_page_as_text_and_dict(page):
    assert str(page) == "4071"
    facts = json.loads(json.dumps(page.to_dict()))
    assert facts["source"] is None
    assert (facts["page"], facts["error"]) == (1, None)
    (number,) = facts["numbers"]
    assert number["text"] == "".join(str(digit["value"]) for digit in number["digits"])
    assert number["accepted"] is True
    assert 0.9 < number["confidence"] <= 1
    assert all(re.fullmatch(r"\d{4}", other["text"]) for other in number["alternatives"])
    assert "4071" not in {other["text"] for other in number["alternatives"]}


def test_digits_carry_the_probability_of_every_class(page):
    for digit in page.numbers[0].digits:
        assert len(digit.probabilities) == 10
        assert sum(digit.probabilities) == pytest.approx(1, abs=1e-5)
        assert digit.probabilities[digit.value] == max(digit.probabilities)
        assert digit.confidence == pytest.approx(digit.probabilities[digit.value], abs=0.001)


def test_a_page_shows_itself_in_a_notebook(page):
    html = page._repr_html_()
    encoded = re.search(r'src="data:image/png;base64,([^"]+)"', html)[1]
    assert base64.b64decode(encoded) == page._repr_png_()
    assert "4071" in html
    assert "no number" in shuzi.read(np.zeros((30, 30), np.uint8))._repr_html_()


def test_doubt_is_said(page):
    assert describe(page.numbers[0]).startswith("4071   9")
    assert "please check" not in describe(page.numbers[0])
    doubtful = shuzi.read(write("4071"), digits=5).numbers[0]
    assert describe(doubtful) == "4071   0.0 %   please check"


def test_only_certainty_is_a_hundred_percent():
    assert percent(1.0) == "100.0 %"
    assert percent(0.99999) == "99.9 %"
    assert percent(0.9994) == "99.9 %"
    assert percent(0.123) == "12.3 %"


@pytest.mark.parametrize("height", [16, 60, 400])
@pytest.mark.parametrize("digits", [None, 9])
def test_annotated_pictures_at_any_size(height, digits):
    page = shuzi.read(write("2518", height=height, margin=height // 2, gap=height // 3), digits=digits)
    drawn = annotate(page)
    assert drawn.mode == "RGB"
    assert max(drawn.size) >= 480
    colours = {colour for _, colour in drawn.getcolors(maxcolors=2**24)}
    assert ACCEPTED in colours  # each digit is sure, even where the number contradicts what is known
    assert (DOUBTFUL in colours) == (digits is not None)
    with Image.open(io.BytesIO(page.to_png())) as image:
        assert image.size == drawn.size


@pytest.mark.parametrize("turned", [0, 90])
def test_what_a_digit_was_taken_for_stands_on_no_other_digit(turned):
    picture = write("71425", height=60).rotate(turned, expand=True)
    page = shuzi.read(picture)
    assert str(page) == "71425"
    drawn = annotate(page)
    zoom = -(-480 // max(picture.size))
    side, top = (drawn.width - zoom * picture.width) // 2, (drawn.height - zoom * picture.height) // 2
    for digit in page.numbers[0].digits:
        x, y, width, height = (zoom * length for length in digit.box)
        inside = drawn.crop((side + x + 1, top + y + 1, side + x + width - 2, top + y + height - 2))
        colours = {colour for _, colour in inside.getcolors(maxcolors=2**24)}
        assert not colours & {ACCEPTED, DOUBTFUL}


def test_a_page_without_numbers_can_be_drawn():
    assert annotate(shuzi.read(np.zeros((1, 30), np.uint8))).width > 30


def test_soundness_falls_for_wide_pieces_and_for_ink_left_out():
    apart = soundness_of((20, 20, 50, 80), (70, 20, 100, 80))
    assert apart > 0.99
    assert soundness_of((20, 20, 50, 80), (70, 20, 220, 80)) < 0.05
    with_a_comma = soundness_of((20, 20, 50, 80), (62, 70, 68, 79), (80, 20, 110, 80))
    assert 0.9 < with_a_comma < apart


def test_the_threshold_decides_what_is_accepted():
    for threshold, accepted in ((0.0, True), (0.5, True), (1.0, False)):
        assert shuzi.read(write("4071"), threshold=threshold).numbers[0].accepted is accepted
