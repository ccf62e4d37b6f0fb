import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shuzi
from shuzi.data.parts import make_part
from shuzi.errors import DataError

PIXELS = np.arange(2 * 784).reshape(2, 28, 28) % 256
LABELS = np.array([3, 9])


@pytest.mark.parametrize(
    "pixels",
    [
        PIXELS.astype(np.uint8),
        PIXELS.astype(np.int64),
        PIXELS.astype(">u2"),
        PIXELS.astype(np.float32),
        PIXELS.astype(np.float32) / 255,
        PIXELS.astype(np.float64) / 255,
        PIXELS.astype(np.float16) / 256,
        PIXELS.astype(np.float32) / 256,
        PIXELS.reshape(2, 784).astype(np.float32) / 256,
    ],
    ids=lambda pixels: f"{pixels.dtype} to {pixels.max():g}, {pixels.ndim} dimensions",
)
def test_every_way_to_write_pixels_gives_the_same(pixels):
    part = make_part(pixels, LABELS.astype(np.uint8), "mine")
    assert np.array_equal(part.images, PIXELS)
    assert part.images.dtype == np.uint8
    assert part.labels.dtype == np.int64
    assert part.labels.tolist() == [3, 9]


def test_yes_and_no_become_white_and_black():
    assert np.array_equal(make_part(PIXELS > 99, LABELS, "mine").images, np.where(PIXELS > 99, 255, 0))
    assert np.array_equal(
        make_part((PIXELS > 99).astype(np.float32), None, "mine").images, np.where(PIXELS > 99, 255, 0)
    )


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=20))
def test_floats_from_0_to_1_are_off_by_half_a_grey_at_most(values):
    pixels = np.zeros((1, 28, 28), np.float32)
    pixels.flat[: len(values)] = values
    pixels.flat[-1] = 1  # not divided by 256
    assert np.abs(make_part(pixels, None, "mine").images - pixels * 255).max() <= 0.5001


@pytest.mark.parametrize(
    ("pixels", "labels", "message"),
    [
        (PIXELS, LABELS[:1], "2 pictures but labels of shape"),
        (PIXELS, LABELS[:, None], "2 pictures but labels of shape"),
        (PIXELS, np.array([3, 10]), "the label 10 at position 1"),
        (PIXELS, np.array([-1, 1]), "the label -1 at position 0"),
        (PIXELS, np.array([3.0, 9.0]), "labels of type float64"),
        (PIXELS, np.array(["3", "9"]), "labels of type"),
        (PIXELS - 1, LABELS, "pixels from -1 to 254"),
        (PIXELS + 1, LABELS, "pixels from 1 to 256"),
        (PIXELS / 2, LABELS, "neither 0.0 to 1.0 nor whole"),
        (np.full((2, 28, 28), np.nan), LABELS, "pixels from nan"),
        (np.where(PIXELS, PIXELS, np.inf), LABELS, "to inf"),
        (PIXELS.astype(complex), LABELS, "pixels of type complex128"),
        (PIXELS[0], LABELS, r"shape \(28, 28\)"),
        (PIXELS[:0], LABELS[:0], r"shape \(0, 28, 28\)"),
        (PIXELS[:, :, :0], LABELS, r"shape \(2, 28, 0\)"),
        (np.zeros((2, 28, 28, 3), np.uint8), LABELS, "shape"),
    ],
)
def test_what_is_no_labelled_digit_is_refused(pixels, labels, message):
    with pytest.raises(DataError, match=message):
        make_part(pixels, labels, "mine")


def test_other_sizes_are_framed():
    picture = np.full((40, 30), 255, np.uint8)
    picture[8:30, 14:17] = 0
    part = make_part(np.stack([picture, picture]), LABELS, "mine")
    assert part.images.shape == (2, 28, 28)
    assert np.array_equal(part.images[1], shuzi.frame(picture))
    assert part.images[0].max() > 128
