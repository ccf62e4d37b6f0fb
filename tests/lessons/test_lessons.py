"""What mattered, filters on a photograph, and the tour of a net as text, picture and page."""

import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

import shuzi
from shuzi.errors import PictureError, ReadingError
from shuzi.lessons.filters import KERNEL_LESSONS, KERNELS, convolve, filter_photo, max_pool, parse_kernel
from shuzi.lessons.functions import FUNCTIONS, SLOPES
from shuzi.lessons.functions_png import functions_png
from shuzi.lessons.mattered import what_mattered
from shuzi.lessons.texts import LAYERS
from shuzi.lessons.tour import describe_example, make_tour
from shuzi.lessons.tour_html import tour_html
from shuzi.lessons.tour_png import tour_png
from shuzi.lessons.tour_text import filter_text, tour_text
from shuzi.models import FOLDER, load_classifier, shipped

IMAGES = shuzi.load_mnist("test")[0][:100]
EDGE = np.tile(np.uint8([0, 255]).repeat(20), (30, 1))


def opened(png):
    with Image.open(io.BytesIO(png)) as image:
        image.load()
        return image


def test_what_mattered_is_what_covering_does():
    classifier = load_classifier("mxnet-lenet")
    image = IMAGES[3]
    found = what_mattered(classifier, image)
    before = classifier.probabilities(image[None])[0]
    assert found.digit == before.argmax() == 0
    y, x = np.unravel_index(found.values.argmax(), (28, 28))
    covered = image.copy()
    covered[y - 2 : y + 3, x - 2 : x + 3] = 0
    after = classifier.probabilities(covered[None])[0]
    assert found.values[y, x] == pytest.approx(before[0] - after[0], abs=1e-6)
    assert found.values[:2].max() == found.values[:, :2].max() == 0  # no ink there
    assert not what_mattered(classifier, np.zeros((28, 28), np.uint8)).values.any()


def test_convolution_and_pooling():
    grey = np.random.default_rng(0).uniform(0, 255, (7, 9)).astype(np.float32)
    kernel = np.arange(9.0).reshape(3, 3)
    found = convolve(grey, tuple(kernel.ravel().tolist()))
    assert found.shape == grey.shape
    assert found[3, 4] == pytest.approx((grey[2:5, 3:6] * kernel).sum(), rel=1e-5)
    pooled = max_pool(grey)
    assert pooled.shape == (4, 5)
    assert pooled[1, 2] == grey[2:4, 4:6].max()
    assert pooled[3, 4] == grey[6, 8]


def test_kernels_of_differences_find_edges_and_the_tutorials_finds_none():
    inner = np.s_[5:25, 5:35]
    for name in ("sobel-x", "laplacian", "edge"):
        values = filter_photo(EDGE, kernel=name).values[inner]
        assert set(np.flatnonzero(np.abs(values).max(axis=0)) + 5) == {19, 20}, name
    assert not filter_photo(EDGE, kernel="sobel-y").values.any()
    negative = filter_photo(EDGE, kernel="tutorial")
    assert sum(KERNELS["tutorial"]) == -16
    assert (negative.values[:, 30] == -16 * 255).all()  # as strong where there is no edge
    assert "neither Sobel nor Laplacian" in negative.lesson()
    assert set(KERNEL_LESSONS) == set(KERNELS)


def test_filtered_pictures():
    signed = filter_photo(EDGE, kernel="sobel-x")
    assert signed.difference
    shown = signed.picture()
    assert shown[15, 19, 0] > shown[15, 19, 2]  # orange, for it is above 0
    assert not shown[15, 5].any()
    falling = filter_photo(np.ascontiguousarray(EDGE[:, ::-1]), kernel="sobel-x").picture()
    assert falling[15, 19, 2] > falling[15, 19, 0]  # blue
    assert not filter_photo(EDGE, kernel="blur").difference
    relu = filter_photo(EDGE[:, ::-1], kernel="sobel-x", operation="relu")
    assert not relu.values.any()
    assert np.ptp(filter_photo(EDGE, kernel="sobel-x", operation="sigmoid").values) == pytest.approx(0.5)
    large = filter_photo(Image.new("L", (3000, 2000), 100), operation="max-pool")
    assert opened(large.to_png()).size == (320, 213)


@pytest.mark.parametrize("kernel", ["", "1,2,3", "1,2,3,4,5,6,7,8,nan", "1,2,3,4,5,6,7,8,1e9", "sobel"])
def test_kernels_that_are_none(kernel):
    with pytest.raises(ReadingError):
        parse_kernel(kernel)


def test_filters_refuse_what_is_no_picture():
    with pytest.raises(PictureError):
        filter_photo(b"no picture", kernel="blur")
    with pytest.raises(ReadingError):
        filter_photo(EDGE)


def test_one_window_of_a_photograph_worked_out():
    text = filter_text(filter_photo(EDGE, kernel="sobel-x"))
    assert "strongest answer is 1020.0, at row 0, column 19" in text
    products = re.findall(r"-?\d+\.\d", text.split("products")[1])
    assert sum(map(float, products)) == 1020


def test_slopes_are_the_functions_slopes():
    x = np.linspace(-3, 3, 60)
    for name, function in FUNCTIONS.items():
        measured = (function(x + 1e-6) - function(x - 1e-6)) / 2e-6
        np.testing.assert_allclose(SLOPES[name](x), measured, atol=1e-5)
    assert opened(functions_png()).width > 800


class Page(HTMLParser):
    """Counts what a page holds, and that each element is closed in its turn."""

    def __init__(self, text):
        super().__init__()
        self.open, self.count, self.sources = [], {}, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.count[tag] = self.count.get(tag, 0) + 1
        self.sources += [value for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", shipped())
def test_a_tour_in_all_forms(name):
    tour = make_tour(IMAGES[0], name)
    assert [section.layer for section in tour.sections] == list(tour.inside.net.layers)
    assert all(section.layer.key in LAYERS and section.layer.key != "other" for section in tour.sections)
    picture = opened(tour_png(tour))
    assert picture.width == 1180
    assert picture.height < 8000
    page = Page(tour_html(tour))
    assert page.open == []
    assert "script" not in page.count
    assert all(source.startswith("data:image/png") for source in page.sources)
    assert page.count["section"] == len(tour.sections) + 1
    text = tour_text(tour, plain=True)
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 100
    assert text.startswith(f"{name}: {tour.digit}, ")


def test_a_worked_value_in_words():
    tour = make_tour(IMAGES[0], "mxnet-lenet")
    section = next(one for one in tour.sections if one.layer.kind == "conv")
    first, window, total = describe_example(section)
    value = tour.inside.values[section.layer.index].max()
    assert f"{value:.3f}" in first
    assert f"{value:.3f}" in total
    summed, bias = (float(re.search(r"[+-]\d+\.\d+", sentence)[0]) for sentence in (window, total))
    assert summed + bias == pytest.approx(value, abs=2e-3)


def test_a_name_from_outside_never_becomes_html(tmp_path):
    path = tmp_path / "<b>&.onnx"
    path.write_bytes((FOLDER / "mxnet-mlp.onnx").read_bytes())
    page = tour_html(make_tour(IMAGES[0], path))
    assert "<b>&" not in page
    assert "&lt;b&gt;&amp;" in page
