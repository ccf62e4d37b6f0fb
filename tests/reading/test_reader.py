"""Reading whole pictures: boxes, lines, what is left out, and that nothing a user hands in makes it crash."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest
from handwriting import write
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw, ImageFont

import shuzi
from shuzi.errors import PictureError, WeightsError


def boxes(page):
    return [digit.box for number in page.numbers for digit in number.digits]


@pytest.mark.parametrize("text", ["0", "1", "17", "31415", "0123456789"])
@pytest.mark.parametrize("which", [0, 1])
def test_numbers_of_any_length(text, which):
    page = shuzi.read(write(text, which=which))
    assert [number.text for number in page.numbers] == [text]


def test_boxes_are_where_the_digits_are():
    page = shuzi.read(write("253", height=60, margin=30, gap=18))
    (number,) = page.numbers
    left = 30
    for x, y, width, height in boxes(page):
        assert abs(x - left) <= 3
        assert abs(y - 30) <= 3
        assert abs(height - 60) <= 4
        left = x + width + 18
    x, y, width, height = number.box
    assert (x, y) == (min(box[0] for box in boxes(page)), min(box[1] for box in boxes(page)))
    assert x + width == max(box[0] + box[2] for box in boxes(page))
    assert y + height == max(box[1] + box[3] for box in boxes(page))


def test_boxes_are_in_pixels_of_the_picture_as_displayed():
    small = write("253", height=60)
    large = small.resize((small.width * 20, small.height * 20))  # more than is worked on
    turned = large.transpose(Image.Transpose.ROTATE_90)
    turned.getexif()[0x0112] = 6
    for picture in (large, turned):
        page = shuzi.read(picture)
        assert (page.width, page.height) == large.size
        for box, expected in zip(boxes(page), boxes(shuzi.read(small)), strict=True):
            assert np.abs(np.array(box) - 20 * np.array(expected)).max() <= 40


def test_two_lines_are_two_numbers():
    above, below = write("204"), write("9537", gap=30)
    page = Image.new("RGB", (max(above.width, below.width), above.height + below.height), (250, 250, 245))
    page.paste(above, (0, 0))
    page.paste(below, (0, above.height))
    assert str(shuzi.read(page)) == "204\n9537"


def test_specks_separators_and_printed_lines_are_left_out():
    page = np.asarray(write("1250", margin=40, gap=30)).copy()
    clean = boxes(shuzi.read(page))
    first, second = clean[1], clean[2]
    between = (first[0] + first[2] + second[0]) // 2
    page[95:102, between - 2 : between + 2] = 20  # a decimal point
    page[10:12, 20:22] = 20  # a speck
    page[-12:-10, :] = 20  # a ruling
    page[3:-3, 3:6] = page[3:-3, -6:-3] = page[3:6, 3:-3] = page[-6:-3, 3:-3] = 20  # a box
    found = shuzi.read(page)
    assert str(found) == "1250"
    assert boxes(found) == clean


def test_touching_digits_are_read_or_not_accepted():
    texts = ["2684", "90571", "33", "718204", "46", "5069", "8121", "97430"]
    pages = {text: shuzi.read(write(text, gap=-8)) for text in texts}
    right = [text for text, page in pages.items() if str(page) == text]
    assert len(right) >= 7, {text: str(page) for text, page in pages.items()}
    for text, page in pages.items():
        assert text in right or not all(number.accepted for number in page.numbers)


def patterned(picture, period=6.0, depth=60):
    """The picture on paper with fine printed waves, as banks use it."""
    pixels = np.asarray(picture).astype(float)
    y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    lines = np.cos(2 * np.pi * (y + 3 * np.sin(x / 17)) / period) > 0.3
    return np.clip(pixels - depth * lines[..., None], 0, 255).astype(np.uint8)


def test_numbers_on_patterned_paper_are_read():
    texts = ["2684", "90571", "338", "718204", "462", "5069"]
    read = {text: str(shuzi.read(patterned(write(text, height=40)))) for text in texts}
    assert sum(text == found for text, found in read.items()) >= 5, read


def test_numbers_far_apart_in_a_row_are_two():
    left, right = write("204"), write("9537")
    page = Image.new("RGB", (left.width + right.width + 250, left.height), (250, 250, 245))
    page.paste(left, (0, 0))
    page.paste(right, (left.width + 250, 0))
    assert str(shuzi.read(page)) == "204\n9537"


@pytest.mark.parametrize("between", ["kg", "E", "Nr"])
def test_numbers_with_a_character_between_them_are_two(between):
    one, other = write("12", height=60), write("345", height=60)
    page = Image.new("RGB", (one.width + other.width + 20, one.height), (250, 250, 245))
    page.paste(one, (0, 0))
    page.paste(other, (one.width + 20, 0))
    font = ImageFont.load_default(size=50)
    ImageDraw.Draw(page).text((one.width + 10, 60), between, (60, 60, 60), font, anchor="mm")
    assert [number.text for number in shuzi.read(page).numbers] == ["12", "345"]
    assert str(shuzi.read(page, digits=5)) == "12345"


def test_words_are_no_numbers():
    page = Image.new("L", (900, 260), 245)
    font = ImageFont.load_default(size=48)
    ImageDraw.Draw(page).text((30, 30), "Please write clearly", fill=30, font=font)
    ImageDraw.Draw(page).text((30, 120), "with a black pen", fill=30, font=font)
    assert not any(number.accepted for number in shuzi.read(page).numbers)


def test_noise_and_blank_paper_hold_no_numbers():
    rng = np.random.default_rng(0)
    for picture in (
        np.zeros((300, 400), np.uint8),
        rng.integers(0, 256, (300, 400, 3), dtype=np.uint8),
        (220 + rng.normal(0, 3, (300, 400))).astype(np.uint8),
    ):
        assert shuzi.read(picture).numbers == []


def test_a_page_of_dirt_is_read_in_bounded_time():
    page = np.full((1400, 1400), 255, np.uint8)
    page[::5, ::5] = page[1::5, ::5] = page[::5, 1::5] = 0
    start = time.perf_counter()
    assert not any(number.accepted for number in shuzi.read(page).numbers)
    assert time.perf_counter() - start < 20


@settings(deadline=None, max_examples=100)
@given(
    arrays.arrays(
        st.sampled_from([np.uint8, np.bool_, np.float32]),
        st.one_of(
            arrays.array_shapes(min_dims=2, max_dims=2, max_side=40),
            arrays.array_shapes(min_dims=2, max_dims=2, max_side=20).map(lambda shape: (*shape, 4)),
        ),
    )
)
def test_any_array_is_read_or_refused(array):
    try:
        page = shuzi.read(array)
    except PictureError:
        return
    for number in page.numbers:
        assert 0 <= number.confidence <= 1
        assert len(number.text) == len(number.digits)
        x, y, width, height = number.box
        assert 0 <= x < x + width <= page.width
        assert 0 <= y < y + height <= page.height


def test_readers_use_the_weights_that_they_are_given(tmp_path):
    assert str(shuzi.Reader("champion", threads=2).read(write("86"))) == "86"
    with pytest.raises(WeightsError, match="champion"):
        shuzi.Reader("no-such-net")


def test_reading_imports_neither_torch_nor_the_command_line():
    program = (
        "import sys, numpy, shuzi\nshuzi.read(numpy.zeros((30, 30), 'uint8'))\n"
        "assert not {'torch', 'matplotlib', 'scipy', 'cyclopts', 'pooch'} & set(sys.modules), sys.modules"
    )
    kept = {name: value for name, value in os.environ.items() if name != "SHUZI_CHECK_SHAPES"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=kept)
    assert (done.returncode, done.stderr) == (0, "")
