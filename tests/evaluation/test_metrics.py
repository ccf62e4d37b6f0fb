"""Accuracy, intervals, log-loss, confusion and mistakes against figures worked out by hand."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzi.data.mnist import load_mnist
from shuzi.errors import DataError
from shuzi.evaluation.label_errors import LABEL_ERRORS
from shuzi.evaluation.metrics import confusion_matrix, log_loss, measure, most_wrong, score, wilson_interval


def told(*rows):
    """Probabilities from rows of {digit: probability}; what is left goes to no digit at all."""
    table = np.zeros((len(rows), 10), np.float32)
    for index, row in enumerate(rows):
        for digit, share in row.items():
            table[index, digit] = share
    return table


LABELS = np.array([3, 3, 5, 7])
PROBABILITIES = told({3: 0.9, 5: 0.1}, {5: 0.75, 3: 0.25}, {5: 1.0}, {1: 0.99, 7: 0.01})


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        # Worked out by hand from Wilson's formula; 8 of 10 is Newcombe's (1998) kind of example.
        (8, 10, 0.490163, 0.943318),
        (0, 10, 0.0, 0.277533),
        (10, 10, 0.722467, 1.0),
        (9969, 10_000, 0.995603, 0.997815),
        (0, 1, 0.0, 0.793451),
    ],
)
def test_wilson_interval(right, n, low, high):
    assert wilson_interval(right, n) == pytest.approx((low, high), abs=1e-6)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_share_and_mirrors(counts):
    right, n = counts
    low, high = wilson_interval(right, n)
    assert 0 <= low <= right / n <= high <= 1
    assert wilson_interval(n - right, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_log_loss():
    expected = -(math.log(0.9) + math.log(0.25) + math.log(1) + math.log(0.01)) / 4
    assert log_loss(PROBABILITIES, LABELS) == pytest.approx(expected, rel=1e-6)


def test_log_loss_of_an_impossible_label_is_large_but_finite():
    assert log_loss(told({1: 1.0}), np.array([2])) == pytest.approx(23 * math.log(2))


def test_confusion_matrix_counts_labels_by_row():
    matrix = confusion_matrix(np.array([3, 5, 5, 1]), LABELS)
    assert matrix[3, 3] == matrix[3, 5] == matrix[5, 5] == matrix[7, 1] == 1
    assert matrix.sum() == 4


def test_most_wrong_is_ordered_by_what_the_label_got():
    first, second = most_wrong(PROBABILITIES, LABELS)
    assert (first.index, first.label, first.answer) == (3, 7, 1)
    assert (second.index, second.label, second.answer) == (1, 3, 5)
    assert first.confidence == pytest.approx(0.99)
    assert second.probabilities == pytest.approx(PROBABILITIES[1].tolist())
    assert most_wrong(PROBABILITIES, LABELS, count=1) == (first,)


def test_score_puts_it_together():
    found = score(PROBABILITIES, LABELS, weights="net", data="four digits")
    assert (found.weights, found.data, found.n, found.accuracy) == ("net", "four digits", 4, 0.5)
    assert found.interval == pytest.approx((0.150, 0.850), abs=1e-3)
    assert found.per_class[[3, 5, 7]].tolist() == [0.5, 1, 0]
    assert np.isnan(found.per_class[[0, 1, 2, 4, 6, 8, 9]]).all()
    assert found.without_label_errors is None
    # Four bins of one picture each: 0.75 and 0.99 are wrong, 0.9 and 1 right.
    assert found.calibration_error == pytest.approx((0.75 + 0.1 + 0.99 + 0) / 4, abs=1e-6)


def test_score_says_the_essence():
    found = score(PROBABILITIES, LABELS, weights="net", data="four digits")
    assert repr(found) == "<Score of net on four digits: 50.00% of 4, 95 % interval 15.00% to 85.00%>"


def test_score_is_json():
    facts = json.loads(json.dumps(score(PROBABILITIES, LABELS).to_dict(), allow_nan=False))
    assert facts["per_class"][:4] == [None, None, None, 0.5]
    assert facts["confusion"][7][1] == 1
    assert facts["most_wrong"][0]["index"] == 3
    assert facts["without_label_errors"] is None


def test_nothing_to_score():
    with pytest.raises(DataError, match="no pictures"):
        measure(np.empty((0, 10), np.float32), np.empty(0, np.int64))


def test_known_label_errors_are_those_of_the_test_split():
    labels = load_mnist("test")[1]
    assert len(LABEL_ERRORS) == 15
    assert all(labels[index] == label != seen for index, (label, seen) in LABEL_ERRORS.items())


def test_a_net_that_agrees_with_people_gains_by_leaving_label_errors_out():
    labels = load_mnist("test")[1]
    seen = labels.copy()
    seen[list(LABEL_ERRORS)] = [people for _, people in LABEL_ERRORS.values()]
    found = score(np.eye(10, dtype=np.float32)[seen], labels, label_errors=True)
    assert found.accuracy == pytest.approx(0.9985)
    assert found.without_label_errors is not None
    assert (found.without_label_errors.n, found.without_label_errors.accuracy) == (9985, 1.0)
    assert json.loads(json.dumps(found.to_dict()))["without_label_errors"]["accuracy"] == 1.0
