"""Calibration error, refusal and AUROC against figures worked out by hand, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from shuzi.errors import DataError
from shuzi.evaluation.calibration import Bin, auroc, calibration_error, kept_accuracy, reliability

CONFIDENCE = np.array([0.9, 0.5, 0.7, 0.6, 1.0, 0.8])
RIGHT = np.array([True, False, True, False, True, False])

some_answers = st.integers(1, 60).flatmap(
    lambda n: st.tuples(
        # Few values, so that many are equal.
        arrays(np.float64, n, elements=st.sampled_from([0.3, 0.5, 0.9, 1.0])),
        arrays(np.bool_, n),
        st.permutations(range(n)),
    )
)


def test_bins_of_equal_mass():
    bins = reliability(CONFIDENCE, RIGHT, bins=3)
    assert [b.n for b in bins] == [2, 2, 2]
    assert [b.confidence for b in bins] == pytest.approx([0.55, 0.75, 0.95])
    assert [b.accuracy for b in bins] == pytest.approx([0, 0.5, 1])
    assert calibration_error(bins) == pytest.approx((0.55 + 0.25 + 0.05) / 3)


def test_bins_are_weighted_by_their_pictures():
    assert calibration_error([Bin(3, 0.9, 0.8), Bin(1, 0.5, 0.9)]) == pytest.approx((3 * 0.1 + 0.4) / 4)


def test_fewer_pictures_than_bins():
    assert [b.n for b in reliability(CONFIDENCE, RIGHT)] == [1] * 6


def test_true_confidence_has_no_error():
    confidence = np.full(100, 0.8)
    assert calibration_error(reliability(confidence, np.arange(100) < 80)) == pytest.approx(0, abs=1e-12)


@given(some_answers)
def test_the_order_of_the_data_changes_nothing(answers):
    confidence, right, order = answers
    order = np.array(order)
    one, other = reliability(confidence, right), reliability(confidence[order], right[order])
    assert [b.accuracy for b in one] == pytest.approx([b.accuracy for b in other])
    assert kept_accuracy(confidence, right, 0.3) == pytest.approx(
        kept_accuracy(confidence[order], right[order], 0.3)
    )


@given(some_answers)
def test_bins_keep_all_pictures_and_all_right_answers(answers):
    confidence, right, _ = answers
    bins = reliability(confidence, right)
    assert sum(b.n for b in bins) == len(right)
    assert sum(b.n * b.accuracy for b in bins) == pytest.approx(right.sum())
    assert 0 <= calibration_error(bins) <= 1


def test_refusing_the_least_sure():
    assert kept_accuracy(CONFIDENCE, RIGHT, refused=0.5) == (pytest.approx(2 / 3), 0.8)
    assert kept_accuracy(CONFIDENCE, RIGHT, refused=0.34) == (0.75, 0.7)
    assert kept_accuracy(CONFIDENCE, RIGHT) == (0.5, 0.5), "1 % of six pictures is none"


def test_one_percent_of_ten_thousand_is_a_hundred():
    confidence = np.linspace(0.5, 1, 10_000)
    right = np.arange(10_000) >= 99
    assert kept_accuracy(confidence, right)[0] == 1.0


def test_auroc_by_hand():
    assert auroc(np.array([0.9, 0.8]), np.array([0.1, 0.2])) == 1.0
    assert auroc(np.array([0.1, 0.2]), np.array([0.9, 0.8])) == 0.0
    # Of the six pairs, four are in order, one is a tie and one is out of order.
    assert auroc(np.array([0.9, 0.5]), np.array([0.1, 0.5, 0.6])) == pytest.approx(4.5 / 6)


values = arrays(np.float64, st.integers(1, 20), elements=st.sampled_from([0.1, 0.4, 0.4001, 0.9, 1.0]))


@given(values, values)
def test_auroc_is_the_share_of_pairs_in_order(higher, lower):
    difference = higher[:, None] - lower
    pairs = ((difference > 0) + 0.5 * (difference == 0)).mean()
    assert auroc(higher, lower) == pytest.approx(pairs)
    assert auroc(lower, higher) == pytest.approx(1 - pairs)


def test_auroc_of_nothing():
    with pytest.raises(DataError, match="both kinds"):
        auroc(np.array([0.5]), np.empty(0))
