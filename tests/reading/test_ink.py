import numpy as np
import pytest
from handwriting import a_clear_digit, write
from PIL import Image, ImageFilter

from shuzi.reading.ink import darkness_is_ink, dilate, find_ink
from shuzi.reading.tone import flatten, to_grey


def as_pixels(image):
    return np.asarray(image.convert("RGB"))


def agreement(first, second):
    """Intersection over union of two masks."""
    return (first & second).sum() / (first | second).sum()


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ((0, 0, 0), (255, 255, 255)),
        ((255, 255, 255), (0, 0, 0)),
        ((250, 230, 40), (255, 255, 255)),  # yellow on white
        ((200, 40, 40), (60, 136, 60)),  # red on a green of the same lightness
        ((40, 60, 160), (70, 70, 70)),
        ((120, 120, 120), (140, 140, 140)),  # faint
    ],
)
def test_ink_is_found_whatever_the_colours(ink, paper):
    expected = find_ink(as_pixels(write("25", ink=(0, 0, 0), paper=(255, 255, 255)))).level > 0.5
    found = find_ink(as_pixels(write("25", ink=ink, paper=paper)))
    assert agreement(found.level > 0.5, expected) > 0.9
    assert (found.level > 0.5)[~found.mask].sum() == 0


def test_swapping_light_and_dark_changes_nothing():
    pixels = as_pixels(write("4096"))
    assert agreement(find_ink(pixels).mask, find_ink(255 - pixels).mask) == 1


def test_uneven_light():
    page = as_pixels(write("31", ink=(60, 60, 60), paper=(220, 220, 220))).astype(float)
    height, width = page.shape[:2]
    light = np.add.outer(np.linspace(0.5, 1, height), np.linspace(-0.2, 0, width))[..., None]
    lit = (page * light).clip(0, 255).astype(np.uint8)
    assert agreement(find_ink(lit).mask, find_ink(page.astype(np.uint8)).mask) > 0.85


def test_blur_and_noise():
    page = write("86", ink=(40, 40, 40), paper=(210, 205, 200)).filter(ImageFilter.GaussianBlur(1.5))
    noise = np.random.default_rng(0).normal(0, 6, (page.height, page.width, 1))
    noisy = (np.asarray(page) + noise).clip(0, 255).astype(np.uint8)
    assert agreement(find_ink(noisy).mask, find_ink(np.asarray(page)).mask) > 0.8


@pytest.mark.parametrize("seed", range(3))
def test_blank_paper_and_pure_noise_hold_no_ink(seed):
    rng = np.random.default_rng(seed)
    slope = np.linspace(200, 240, 300)[None, :, None]
    paper = (slope + rng.normal(0, 2, (200, 300, 3))).clip(0, 255).astype(np.uint8)
    for pixels in (
        paper,
        np.full((200, 300, 3), 17, np.uint8),
        rng.integers(0, 256, (200, 300, 3), dtype=np.uint8),
        np.repeat(rng.integers(0, 256, (90, 90, 1), dtype=np.uint8), 3, axis=2),
    ):
        found = find_ink(pixels)
        assert not found.mask.any()
        assert not found.level.any()


def test_polarity_of_digits_that_fill_the_picture():
    for value in range(10):
        digit = a_clear_digit(value)
        rows, columns = (np.flatnonzero((digit > 128).any(axis=axis)) for axis in (1, 0))
        tight = digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] > 128
        assert darkness_is_ink(tight) > 0
        assert darkness_is_ink(~tight) < 0


def test_polarity_within_a_frame():
    dark = np.zeros((60, 80), np.bool_)
    dark[15:45, 30:34] = True
    for frame in (np.s_[:3], np.s_[-3:], np.s_[:, :3], np.s_[:, -3:]):
        dark[frame] = True
    assert darkness_is_ink(dark) > 0
    assert darkness_is_ink(~dark) < 0


def test_grey_pictures_stay_as_they_are():
    grey = np.random.default_rng(0).integers(0, 256, (30, 40), dtype=np.uint8)
    np.testing.assert_array_equal(to_grey(np.repeat(grey[..., None], 3, axis=2)), grey)


def test_projected_colours_stay_in_range():
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    pixels[:20] = (255, 0, 0)
    grey = to_grey(pixels)
    assert grey.min() >= -0.01
    assert grey.max() <= 255.01


def test_flatten_takes_out_a_quadratic_surface_and_leaves_ink():
    y, x = np.mgrid[-1:1:90j, -1:1:120j]
    light = 200 + 20 * x - 15 * y + 10 * x * y - 12 * x * x + 8 * y * y
    page = light.copy()
    page[30:60, 50:54] -= 120
    flat = flatten(page.astype(np.float32))
    paper = np.delete(flat, np.s_[50:54], axis=1)
    assert np.ptp(paper) < 1
    assert abs(float(np.median(paper) - flat[45, 51]) - 120) < 1


def test_flatten_leaves_small_pictures_alone():
    small = np.random.default_rng(0).random((16, 16), np.float32)
    np.testing.assert_array_equal(flatten(small), small)


def test_dilate():
    mask = np.zeros((5, 5), np.bool_)
    mask[1, 1] = True
    expected = np.zeros((5, 5), np.bool_)
    expected[:3, :3] = True
    np.testing.assert_array_equal(dilate(mask), expected)


def test_a_picture_one_pixel_high():
    assert find_ink(np.zeros((1, 30, 3), np.uint8)).mask.shape == (1, 30)
    stripe = np.asarray(Image.new("RGB", (30, 1), "white")).copy()
    stripe[0, 10:12] = 0
    assert find_ink(stripe).level.shape == (1, 30)
