"""Corruptions: the same for the same seed, each what it says, and a digit stays in the picture."""

import numpy as np
import pytest

from shuzi.data.mnist import load_mnist
from shuzi.evaluation import corruptions
from shuzi.evaluation.corruptions import CORRUPTIONS, corrupt, corruption_errors, mean_corruption_error
from shuzi.evaluation.stacks import blur, warp


@pytest.fixture(scope="module")
def digits():
    images, labels = load_mnist("test")
    return images[:600], labels[:600]


def test_the_fifteen():
    assert list(CORRUPTIONS) == [
        *(
            "shot_noise",
            "impulse_noise",
            "glass_blur",
            "motion_blur",
            "shear",
            "scale",
            "rotate",
            "brightness",
        ),
        *("translate", "stripe", "fog", "spatter", "dotted_line", "zigzag", "canny_edges"),
    ]


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_corruption_is_repeatable_and_changes_every_picture(digits, name):
    images = digits[0]
    found = corrupt(images, name)
    assert found.dtype == np.uint8
    assert found.shape == images.shape
    assert (found != images).any(axis=(1, 2)).all()
    assert (corrupt(images, name) == found).all()
    if name not in ("scale", "brightness", "stripe", "canny_edges"):
        assert (corrupt(images, name, seed=1) != found).any()


MOVING = ("shear", "scale", "rotate", "translate")


@pytest.mark.parametrize("name", [name for name in CORRUPTIONS if name not in MOVING])
def test_the_digit_is_still_there(digits, name):
    # Of 200 originals, the one that a corrupted picture most resembles is often its own: chance is 0.5 %.
    images = digits[0][:200].astype(np.float32)
    found = corrupt(digits[0][:200], name).astype(np.float32)
    rows = [(blur(stack, 1.0) - blur(stack, 4.0)).reshape(len(stack), -1) for stack in (found, images)]
    one, other = (row / np.linalg.norm(row, axis=1, keepdims=True) for row in rows)
    best = np.abs(one @ other.T).argmax(axis=1)
    assert (best == np.arange(len(images))).mean() > 0.3


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("shear", [np.array([[1, way * 0.4], [0, 1]]) for way in (-1, 1)]),
        ("rotate", [np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) for a in (-0.4, 0.4)]),
    ],
)
def test_slanting_or_turning_back_restores_the_digit(digits, name, ways):
    images = digits[0].astype(np.float32) / 255
    found = corrupt(digits[0], name).astype(np.float32) / 255
    left = [np.abs(warp(found, way) - images).sum(axis=(1, 2)) / images.sum(axis=(1, 2)) for way in ways]
    # One of the two ways is the way back, and each is it for half of the digits. Resampling twice blurs.
    assert np.median(np.min(left, axis=0)) < 0.35 < np.median(np.max(left, axis=0))
    assert 0.4 < (left[0] < left[1]).mean() < 0.6


def test_exact_ones(digits):
    images = digits[0]
    assert np.abs(corrupt(images, "brightness") - np.minimum(images + 127.5, 255)).max() <= 0.5
    striped = corrupt(images, "stripe")
    assert (striped[:, :, 7:21] == images[:, :, 7:21]).all()
    assert (striped[:, :, :7] == 255 - images[:, :, :7]).all()
    assert (striped[:, :, 21:] == 255 - images[:, :, 21:]).all()


def test_translate_moves_by_three_pixels_each_way(digits):
    images = digits[0]
    moved = corrupt(images, "translate")
    inner = images[:, 3:-3, 3:-3]
    ways = [
        (moved[:, 3 + down : 25 + down, 3 + right : 25 + right] == inner).all(axis=(1, 2))
        for down in (-3, 3)
        for right in (-3, 3)
    ]
    assert (np.sum(ways, axis=0) == 1).all()
    assert min(way.mean() for way in ways) > 0.15


def test_impulse_noise_hits_seventeen_percent(digits):
    images = digits[0]
    found = corrupt(images, "impulse_noise")
    paper = images == 0
    assert (found[paper] == 255).mean() == pytest.approx(0.085, abs=0.005)
    assert (found[paper] == 0).mean() == pytest.approx(0.915, abs=0.005)


def test_scale_shrinks_to_seven_tenths(digits):
    def extent(stack):
        return (stack.max(axis=2) > 127).sum(axis=1).mean()

    images = digits[0]
    assert extent(corrupt(images, "scale")) / extent(images) == pytest.approx(0.7, abs=0.05)


def test_canny_edges_are_black_and_white(digits):
    assert np.unique(corrupt(digits[0], "canny_edges")).tolist() == [0, 255]


def test_pictures_given_are_left_alone(digits):
    images = digits[0][:50].copy()
    for name in CORRUPTIONS:
        corrupt(images, name)
    assert (images == digits[0][:50]).all()


def test_errors_of_a_net_that_always_answers_one(digits, monkeypatch):
    images, labels = digits

    def always_one(pictures):
        return np.tile(np.eye(10, dtype=np.float32)[1], (len(pictures), 1))

    expected = (labels != 1).mean()
    assert dict(corruption_errors(always_one, images, labels)) == dict.fromkeys(CORRUPTIONS, expected)
    monkeypatch.setattr(corruptions, "load_mnist", lambda split: digits)
    assert mean_corruption_error(always_one) == pytest.approx(expected)


def test_no_pictures():
    assert corrupt(np.empty((0, 28, 28), np.uint8), "fog").shape == (0, 28, 28)
