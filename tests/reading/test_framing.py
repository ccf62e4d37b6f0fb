import numpy as np
import pytest
from handwriting import a_clear_digit, write
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

import shuzi
from shuzi.errors import PictureError
from shuzi.reading.framing import BOX, SIDE


def centre_of_mass(framed):
    total = framed.sum(dtype=float)
    places = np.arange(SIDE)
    return (framed.sum(axis=0) @ places / total, framed.sum(axis=1) @ places / total)


def test_mnist_digits_come_out_as_they_went_in():
    images = shuzi.load_mnist("validation")[0][:300]
    framed = np.stack([shuzi.frame(image) for image in images])
    assert framed.dtype == np.uint8
    difference = np.abs(framed.astype(int) - images)
    assert np.median(difference.mean(axis=(1, 2))) < 0.5
    assert difference.mean() < 2


def test_framing_costs_no_accuracy_on_mnist():
    images, labels = (array[::8] for array in shuzi.load_mnist("validation"))
    plain = (shuzi.classify(images).argmax(axis=1) == labels).mean()
    framed = (
        shuzi.classify(np.stack([shuzi.frame(image) for image in images])).argmax(axis=1) == labels
    ).mean()
    assert framed >= plain - 0.002


@pytest.mark.parametrize("value", range(10))
@pytest.mark.parametrize("height", [18, 60, 700])
def test_a_digit_of_any_size_is_read_and_placed_as_mnist_places_it(value, height):
    framed = shuzi.frame(write(str(value), height=height, margin=height // 2))
    assert shuzi.classify(framed).argmax() == value
    rows, columns = (np.flatnonzero((framed > 25).any(axis=axis)) for axis in (1, 0))
    assert BOX - 2 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= BOX
    # MNIST's own: the middle of the picture is between the pixels 13 and 14, its digits are centred on 14.
    assert max(abs(centre - 14) for centre in centre_of_mass(framed)) <= 0.55
    assert framed.max() == 255
    assert framed[0].max() == framed[:, 0].max() == 0


def test_colours_and_polarity_do_not_matter():
    framed = shuzi.frame(write("5", ink=(0, 0, 0), paper=(255, 255, 255))).astype(int)
    for ink, paper in [
        ((255, 255, 255), (0, 0, 0)),
        ((250, 220, 0), (255, 255, 255)),
        ((90, 20, 60), (60, 90, 20)),
    ]:
        assert np.abs(shuzi.frame(write("5", ink=ink, paper=paper)) - framed).mean() < 4


def test_neighbours_rulings_and_specks_are_left_out():
    page = np.asarray(write("3", height=60, margin=40)).copy()
    alone = shuzi.frame(page).astype(int)
    page[:, :4] = 20  # the edge of something dark
    page[-6:-4, :] = 20  # a ruling
    page[3:5, 60:62] = 20  # a speck
    assert np.abs(shuzi.frame(page) - alone).mean() < 2


def test_broken_strokes_are_kept():
    digit = a_clear_digit(0).copy()
    digit[13:15] = 0
    assert np.abs(shuzi.frame(digit).astype(int) - digit).mean() < 8


@pytest.mark.parametrize("picture", [np.zeros((40, 40), np.uint8), np.full((28, 28), 200, np.uint8)])
def test_blank_pictures_give_nothing(picture):
    framed = shuzi.frame(picture)
    assert framed.shape == (28, 28)
    assert not framed.any()


def test_framing_again_changes_little():
    once = shuzi.frame(write("8", height=90))
    assert np.abs(shuzi.frame(once).astype(int) - once).mean() < 3


def test_a_transparent_drawing():
    ink = np.asarray(write("6", ink=(0, 0, 0), paper=(255, 255, 255)).convert("L"))
    rgba = np.zeros((*ink.shape, 4), np.uint8)
    rgba[..., 3] = 255 - ink
    assert shuzi.classify(shuzi.frame(Image.fromarray(rgba))).argmax() == 6


@settings(deadline=None, max_examples=150)
@given(
    arrays.arrays(
        st.sampled_from([np.uint8, np.bool_, np.float32, np.uint16]),
        st.one_of(
            arrays.array_shapes(min_dims=2, max_dims=2, max_side=40),
            arrays.array_shapes(min_dims=2, max_dims=2, max_side=20).map(lambda shape: (*shape, 3)),
            arrays.array_shapes(min_dims=2, max_dims=2, max_side=20).map(lambda shape: (*shape, 4)),
        ),
    )
)
def test_any_array_is_framed_or_refused(array):
    try:
        framed = shuzi.frame(array)
    except PictureError:
        return
    assert framed.shape == (28, 28)
    assert framed.dtype == np.uint8
