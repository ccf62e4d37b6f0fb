"""Invented digits are even over the classes, all different, and each shape is what its label says."""

from __future__ import annotations

import numpy as np
import pytest

from shuzi.data.invented import all_shapes, invent, read_shape


def test_each_class_comes_equally_often_in_random_order() -> None:
    digits = invent(1000, np.random.default_rng(0))
    assert np.unique(digits.labels, return_counts=True)[1].tolist() == [100] * 10
    assert digits.labels[:20].tolist() != sorted(digits.labels[:20])
    again = invent(1000, np.random.default_rng(0))
    assert np.array_equal(digits.points, again.points)
    assert len(invent(0, np.random.default_rng(0))) == 0


def test_every_class_has_several_shapes() -> None:
    counts = np.bincount([shape.digit for shape in all_shapes()])
    assert len(counts) == 10
    assert counts.min() >= 4
    assert {shape.digit for shape in all_shapes() if shape.weight <= 0} == set()


def test_lines_pass_through_their_control_points_and_corners_stay_sharp() -> None:
    shape = read_shape("7 1.5 0,0 40~60,0! 20,100; 10,50 50,40~60")
    assert (shape.digit, shape.weight) == (7, 1.5)
    assert shape.low.tolist() == [[0, 0], [40, 0], [20, 100], [10, 50], [50, 40]]
    assert shape.high.tolist() == [[0, 0], [60, 0], [20, 100], [10, 50], [50, 60]]
    assert sum(shape.stroke_lengths) == len(shape.spline)
    line = shape.spline @ shape.low
    for control in shape.low:
        assert np.abs(line - control).sum(1).min() < 1e-4
    # Before the corner the line stays on the bar.
    assert np.all(line[:7, 1] == 0)


@pytest.mark.parametrize(
    "line", ["1 1", "1 1 0,0", "1 1 a,b 3,4", "one 1 0,0 1,1", "1 1 0,0 1,1,1", "1 1 0,0 1,1; 5,5"]
)
def test_a_shape_that_is_not_in_the_notation_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_shape(line)


def flag_rise(points: np.ndarray) -> float:
    """How steeply the first stroke begins: 0 is level, 1 is 45 degrees upwards."""
    apex = int(points[:, 1].argmin())
    run = points[apex] - points[0]
    return float(-run[1] / max(abs(run[0]), 1e-6))


def test_a_flagged_1_rises_and_a_plain_7_does_not() -> None:
    digits = invent(4000, np.random.default_rng(1))
    ends = np.cumsum(digits.stroke_lengths)
    first = np.cumsum(digits.strokes_per_character) - digits.strokes_per_character
    rises: dict[str, list[float]] = {"1": [], "7": []}
    for label, stroke in zip(digits.labels, first, strict=True):
        if label in rises:
            points = digits.points[ends[stroke] - digits.stroke_lengths[stroke] : ends[stroke]]
            width = np.ptp(points[:, 0]) / max(np.ptp(points[:, 1]), 1)
            if 0.25 < width < 0.9 and points[:, 1].argmin() > 3:
                rises[str(label)].append(flag_rise(points))
    assert len(rises["1"]) > 50
    assert np.quantile(rises["1"], 0.02) > 0.4
    assert np.median(rises["7"]) < 0.3
