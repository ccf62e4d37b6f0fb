"""What the shipped champion promises beyond its accuracy: robustness, honest confidence, doubt."""

import numpy as np
import pytest

import shuzi
from shuzi.data.extra import scribbles
from shuzi.evaluation.calibration import auroc
from shuzi.evaluation.corruptions import mean_corruption_error
from shuzi.evaluation.metrics import score

IMAGES, LABELS = shuzi.load_mnist("test")


def test_at_most_four_percent_of_corrupted_digits_are_wrong():
    assert mean_corruption_error(shuzi.classify) < 0.04


def test_its_confidence_is_what_is_right():
    assert score(shuzi.classify(IMAGES), LABELS).calibration_error < 0.0015


@pytest.mark.parametrize("value", [0, 128, 255])
def test_paper_without_ink_is_no_digit(value):
    assert shuzi.classify(np.full((28, 28), value, np.uint8)).max() < 0.5


def test_noise_and_scribbles_get_less_confidence_than_digits():
    digits = shuzi.classify(IMAGES).max(axis=1)
    noise = np.random.default_rng(0).integers(0, 256, (500, 28, 28), np.uint8)
    assert auroc(digits, shuzi.classify(noise).max(axis=1)) > 0.99
    assert auroc(digits, shuzi.classify(scribbles(500)).max(axis=1)) > 0.99
