"""What another pen has written beside a number: how likely it still is a digit of it."""

import numpy as np
import pytest
from handwriting import write
from PIL import Image, ImageDraw, ImageFilter

import shuzi
from shuzi.reading.looks import Found
from shuzi.reading.pens import with_one_pen

BLACK, BLUE, RED, PAPER = (30, 30, 35), (25, 40, 130), (200, 30, 40), (243, 240, 232)
BOXES = [(10 + 40 * place, 20, 34 + 40 * place, 60) for place in range(4)]


def presence(colours, *, ruling=None, before=0.9):
    """Of candidates of these colours beside each other, as a blurred picture shows them."""
    sheet = Image.new("RGB", (180, 80), PAPER)
    draw = ImageDraw.Draw(sheet)
    for box, colour in zip(BOXES, colours, strict=False):
        draw.ellipse(box, outline=colour, width=3)
    if ruling is not None:
        draw.line((0, 40, 180, 40), fill=ruling, width=2)
    boxes = np.array(BOXES, np.float32)[: len(colours)]
    likely = np.full(len(colours), before, np.float32)
    found = Found(boxes, likely, np.full((len(colours), 10), 0.1, np.float32))
    return with_one_pen(np.asarray(sheet.filter(ImageFilter.GaussianBlur(1))), found).presence


@pytest.mark.parametrize(("pen", "other"), [(BLACK, RED), (BLUE, RED), (RED, BLUE)])
def test_what_another_pen_has_written_is_hardly_a_digit(pen, other):
    np.testing.assert_allclose(presence([pen, pen, pen, other])[:3], 0.9)
    assert presence([pen, other, pen, pen])[1] < 0.1


@pytest.mark.parametrize(
    "colours",
    [
        pytest.param([BLACK, BLACK, BLUE], id="too alike"),
        pytest.param([BLACK, RED], id="either may be right"),
        pytest.param([BLACK, RED, BLACK, RED], id="half and half"),
        pytest.param([RED, RED, RED], id="one pen"),
        pytest.param([BLACK], id="one digit"),
        pytest.param([], id="none"),
    ],
)
def test_elsewhere_nothing_is_said(colours):
    np.testing.assert_allclose(presence(colours), 0.9)


def test_a_ruling_through_digits_is_no_other_pen():
    np.testing.assert_allclose(presence([BLACK, BLACK, BLACK], ruling=RED), 0.9)


def test_what_is_unlikely_has_no_say_in_what_the_pen_is():
    np.testing.assert_allclose(presence([BLACK, RED, RED], before=0.4), 0.4)


def test_a_mark_is_surely_read_without_the_tick_beside_it():
    mark = write("372", height=50, gap=8)
    page = Image.new("RGB", (mark.width + 70, mark.height), mark.getpixel((0, 0)))
    page.paste(mark, (0, 0))
    x = mark.width
    ImageDraw.Draw(page).line((x + 5, 50, x + 18, 72, x + 52, 22), fill=RED, width=6)
    (number,) = shuzi.read(page).numbers
    assert (number.text, number.accepted) == ("372", True)
