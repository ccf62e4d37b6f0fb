"""Filters on stacks of pictures, against what is known of blur, warps, lines and edges."""

import numpy as np
import pytest

from shuzi.evaluation.stacks import blur, edges, polyline, warp


@pytest.fixture
def stack():
    return np.random.default_rng(0).random((3, 28, 28)).astype(np.float32)


def test_blur_of_a_point_is_a_gaussian():
    point = np.zeros((1, 28, 28), np.float32)
    point[0, 14, 14] = 1
    blurred = blur(point, 1.0)[0]
    assert blurred.sum() == pytest.approx(1)
    assert blurred[14, 15] / blurred[14, 14] == pytest.approx(np.exp(-0.5))
    assert blurred[12, 16] / blurred[14, 14] == pytest.approx(np.exp(-4))


def test_blur_leaves_even_grey_alone():
    assert blur(np.full((1, 28, 28), 0.3, np.float32), 2.0) == pytest.approx(0.3)


def test_warp_by_nothing(stack):
    assert warp(stack, np.eye(2)) == pytest.approx(stack)


def test_warp_by_a_quarter_turn(stack):
    assert warp(stack, np.array([[0.0, 1.0], [-1.0, 0.0]])) == pytest.approx(np.rot90(stack, -1, (1, 2)))


def test_warp_to_half_the_size_leaves_paper_around():
    small = warp(np.ones((1, 28, 28), np.float32), 2 * np.eye(2))[0]
    assert small[7:21, 7:21] == pytest.approx(1)
    assert small[:6].sum() == small[:, :6].sum() == small[22:].sum() == 0


def test_polyline_runs_through_its_points():
    lines = polyline(np.array([[[2.0, 3.0], [20.0, 3.0], [20.0, 25.0]]]), 1.5)
    assert (lines[0, 3, 2:21] == 1).all()
    assert (lines[0, 3:26, 20] == 1).all()
    assert lines[0, 4, 10] == pytest.approx(1 - (1 / 1.5) ** 2)
    assert lines[0, 8:, :18].sum() == 0


def test_edges_of_a_square_are_its_outline():
    square = np.zeros((1, 28, 28), np.float32)
    square[0, 8:20, 8:20] = 1
    found = edges(square)[0]
    assert found[10:18, 14].sum() == 0
    assert found[14].sum() == found[:, 14].sum() == 2
    assert not found[:6].any()
    assert not found[22:].any()


def test_faint_edges_stay_only_where_they_join_strong_ones():
    faint = np.zeros((2, 28, 28), np.float32)
    faint[:, 5:23, 5:14] = 0.06
    faint[1, 5:23, 5:8] = 1
    assert not edges(faint)[0].any()
    assert edges(faint)[1].any()
