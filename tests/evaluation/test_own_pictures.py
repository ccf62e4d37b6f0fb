"""Own pictures: drawn alike for the same seed, treated as each tutorial does, and read only when framed."""

import numpy as np
import pytest
from PIL import Image

from shuzi.data.mnist import load_mnist
from shuzi.evaluation.own_pictures import own_picture_accuracy, own_pictures, treat
from shuzi.models import load_classifier


def test_pictures_are_repeatable():
    one, other = (list(own_pictures(6, seed=3)) for _ in range(2))
    assert all(a.tobytes() == b.tobytes() and x == y for (a, x), (b, y) in zip(one, other, strict=True))
    different = next(iter(own_pictures(1, seed=4)))[0]
    assert different.tobytes() != one[0][0].tobytes()


def test_paper_and_pads():
    found = [picture for picture, _ in own_pictures(40)]
    paper = [picture for picture in found if picture.mode == "RGB"]
    pads = [picture for picture in found if picture.mode == "RGBA"]
    assert len(paper) == len(pads) == 20
    for picture in paper:
        assert 200 <= picture.width <= 600
        assert 160 <= picture.height <= 400
        grey = np.asarray(picture.convert("L"))
        assert np.median(grey) > 180, "light paper"
        assert 0.001 < (grey < 110).mean() < 0.4, "dark ink"
    for picture in pads:
        assert np.asarray(picture)[..., :3].max() == 0, "black ink"
        assert 0.001 < (np.asarray(picture)[..., 3] > 127).mean() < 0.5


def test_labels_are_those_of_the_digits_drawn():
    labels = [label for _, label in own_pictures(300)]
    assert set(labels) == set(range(10))
    assert [picture.mode for picture, _ in own_pictures(5, pads=1.0)] == ["RGBA"] * 5


def test_more_pictures_than_digits_can_be_asked_for(monkeypatch):
    images, labels = load_mnist("test")
    monkeypatch.setattr("shuzi.evaluation.own_pictures.load_mnist", lambda _: (images[:3], labels[:3]))
    assert len(list(own_pictures(5))) == 5


def test_squeezing_is_the_tutorials_formula():
    grey = Image.new("RGB", (300, 200), (200, 200, 200))
    assert (treat(grey, "squeeze") == 55).all()
    assert (treat(grey, "squeeze-uninverted") == 200).all()
    # The net's input, x / 127.5 - 1 of what is returned, is the tutorial's 1 - grey / 127.5.
    assert treat(grey, "squeeze")[0, 0] / 127.5 - 1 == pytest.approx(1 - 200 / 127.5)


def test_alpha_samples_single_pixels_as_opencv_does():
    alpha = np.zeros((280, 280), np.uint8)
    alpha[4:6, 4:6] = 255  # around the middle of the first of 28x28 squares
    alpha[10:14, 10:14] = 255  # inside the second one, but not in its middle
    pad = Image.new("RGBA", (280, 280))
    pad.putalpha(Image.fromarray(alpha))
    found = treat(pad, "alpha")
    assert found[0, 0] == 255
    assert np.count_nonzero(found) == 1
    assert (treat(Image.new("RGBA", (56, 56), (0, 0, 0, 77)), "alpha") == 77).all()


def test_unknown_way():
    with pytest.raises(Exception, match="way"):
        treat(Image.new("RGB", (30, 30)), "upside-down")


def test_only_framing_makes_ones_own_picture_readable():
    lenet = load_classifier("mxnet-lenet").probabilities
    accuracy = {way: own_picture_accuracy(lenet, way, n=100) for way in ("frame", "squeeze", "alpha")}
    assert accuracy["frame"] >= 0.97
    assert accuracy["squeeze"] < 0.6
    assert accuracy["alpha"] < accuracy["frame"]
