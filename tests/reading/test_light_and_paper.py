"""Shadows with an edge, sheets on tables and noise: writing is read as if they weren't there."""

import numpy as np
import pytest
from handwriting import write
from PIL import Image, ImageOps

import shuzi
from shuzi.reading.lighting import lit_evenly
from shuzi.reading.noise import noise, without_noise
from shuzi.reading.sheet import find_sheet

TABLE = (70, 50, 35)
TEXT = "25083"


@pytest.fixture
def slip():
    return write(TEXT, height=40, margin=24, gap=12)


def shadowed(picture, dark=0.45):
    """The right half in a shadow with a sharp, slanted edge."""
    levels = np.asarray(picture).astype(np.float32)
    y, x = np.mgrid[: levels.shape[0], : levels.shape[1]]
    return np.where((x + y / 2 > 0.55 * levels.shape[1])[..., None], levels * dark, levels).astype(np.uint8)


def noisy(picture, deviation):
    levels = np.asarray(picture).astype(np.float32)
    return np.clip(levels + np.random.default_rng(0).normal(0, deviation, levels.shape), 0, 255).astype(
        np.uint8
    )


def on_a_table(picture, turned=0.0):
    turned_slip = picture.rotate(turned, Image.Resampling.BICUBIC, expand=True, fillcolor=TABLE)
    return np.asarray(ImageOps.expand(turned_slip, 40, TABLE))


@pytest.mark.parametrize("turned", [0, 6])
def test_a_slip_on_a_table_is_read(slip, turned):
    seen = on_a_table(slip, turned)
    assert str(shuzi.read(seen)) == TEXT
    sheet = find_sheet(seen)
    assert sheet is not None
    alone = sheet.pixels
    assert alone.shape == seen.shape
    assert alone[:10].min() > 200  # where the table was
    middle = tuple(slice(side // 2 - 15, side // 2 + 15) for side in seen.shape[:2])
    assert np.array_equal(alone[middle], seen[middle])


def test_boxes_are_those_in_the_whole_picture(slip):
    left, top, width, height = shuzi.read(on_a_table(slip)).numbers[0].box
    assert max(abs(left - 64), abs(top - 64)) <= 3
    assert abs(left + width + 64 - on_a_table(slip).shape[1]) <= 4
    assert abs(height - 40) <= 4


def test_numbers_around_a_white_label_are_read_as_well(slip):
    form = Image.new("RGB", (slip.width + 80, 3 * slip.height), (170, 205, 235))
    number = write("417", height=40, margin=24, gap=12, paper=(170, 205, 235))
    form.paste(number, (60, 0))
    form.paste(slip, (40, 110))
    seen = np.asarray(form)
    assert find_sheet(seen) is not None
    assert str(shuzi.read(form)) == f"417\n{TEXT}"


def test_what_is_no_sheet_is_left_as_it_is(slip):
    digit = np.asarray(ImageOps.invert(write("8", height=150, ink=(0, 0, 0), paper=(255, 255, 255))))
    glare = np.asarray(slip).astype(np.float32) * 0.6
    y, x = np.mgrid[: glare.shape[0], : glare.shape[1]]
    glare += 100 * np.exp(-(((x - 150) / 60) ** 2) - ((y - 40) / 30) ** 2)[..., None]
    blank = on_a_table(Image.new("RGB", slip.size, (250, 250, 245)))
    for picture in (np.asarray(slip), digit, shadowed(slip), glare.clip(0, 255).astype(np.uint8), blank):
        assert find_sheet(picture) is None


@pytest.mark.parametrize(("text", "gap"), [("9107", 12), ("800", 30)])
@pytest.mark.parametrize("height", [40, 60])
def test_a_number_in_a_shadow_is_worth_more_than_its_parts_outside(text, gap, height):
    assert str(shuzi.read(shadowed(write(text, height=height, margin=24, gap=gap)))) == text


def test_a_shadows_edge_beside_a_digit_is_no_1():
    assert str(shuzi.read(shadowed(write("0", height=150, margin=60)))) == "0"


@pytest.mark.parametrize("inverted", [False, True])
def test_a_shadow_with_an_edge_makes_no_difference(slip, inverted):
    seen = shadowed(ImageOps.invert(slip) if inverted else slip)
    assert str(shuzi.read(seen)) == TEXT


def test_even_light_is_left_alone(slip):
    assert not list(lit_evenly(np.asarray(slip)))
    first = next(iter(lit_evenly(shadowed(slip))))
    paper = first[[3, 3], [3, -3]].astype(int)
    assert np.abs(paper[0] - paper[1]).max() < 20


@pytest.mark.parametrize("deviation", [15, 30])
def test_noise_does_not_hide_what_is_written(slip, deviation):
    seen = noisy(
        ImageOps.expand(slip.resize((slip.width // 2, slip.height // 2)), 4, (250, 250, 245)), deviation
    )
    assert str(shuzi.read(seen)) == TEXT


def test_noise_is_measured_beside_strokes_and_taken_out_where_there_is_much(slip):
    grey = np.asarray(slip.convert("L").convert("RGB")).clip(80, 170)
    assert noise(grey) < 1
    for deviation in (5, 20):
        same = noisy(grey[..., :1].repeat(3, 2)[..., 0], deviation)[..., None].repeat(3, 2)
        assert noise(same) == pytest.approx(deviation, rel=0.15)
        assert (without_noise(same) is same) == (deviation == 5)
    assert noise(grey[:2]) == 0.0


def test_blank_paper_has_no_number_in_any_light():
    paper = np.full((120, 300, 3), 240, np.uint8)
    for picture in (paper, noisy(paper, 20), on_a_table(Image.fromarray(paper))):
        assert shuzi.read(picture).numbers == []
    assert not any(number.accepted for number in shuzi.read(shadowed(paper)).numbers)
