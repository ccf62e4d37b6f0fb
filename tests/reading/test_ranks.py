"""Values by rank are numpy's."""

import numpy as np
import pytest

from shuzi.reading.ranks import median, quantile, row_medians


@pytest.mark.parametrize("count", [1, 2, 3, 8, 64, 101, 102])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16, np.uint8])
def test_the_median_is_the_one_in_the_middle_or_the_mean_of_both(count, dtype):
    values = (255 * np.random.default_rng(count).random(count)).astype(dtype)
    assert median(values) == np.median(values)


def test_where_most_values_are_equal_that_is_the_median():
    values = np.array([3.0, 9.0, 3.0, 1.0, 3.0])
    assert median(values) == np.median(values) == 3
    assert median(values[:2]) == 6


@pytest.mark.parametrize("share", [0.0, 0.05, 0.3, 0.9, 1.0])
@pytest.mark.parametrize(
    "values",
    [
        np.arange(40.0)[::-1],
        np.repeat([1, 5], [30, 11]),
        np.array([7]),
        np.arange(100, 250, dtype=np.uint8)[::-1],
        np.arange(800.0)[::-1],
    ],
)
def test_a_quantile_is_one_of_the_values(values, share):
    assert quantile(values, share) == np.sort(values)[round(share * (len(values) - 1))]


@pytest.mark.parametrize("width", [1, 2, 7, 8])
def test_the_medians_of_rows_are_numpys(width):
    rows = np.random.default_rng(width).random((5, width)).astype(np.float32)
    assert np.array_equal(row_medians(rows), np.median(rows, axis=1, keepdims=True))
