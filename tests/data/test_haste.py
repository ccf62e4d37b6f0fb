"""A hurried hand: it cuts corners, draws some parts out, and leaves strokes where they were."""

import numpy as np
import pytest

from shuzi.data.scenes.haste import hurried
from shuzi.data.scenes.sizes import draw_sizes


def cross(count):
    """Two strokes, each an angle, at equal steps; the same for all."""
    along = np.linspace(0, 1, 48, dtype=np.float32)
    angle = np.stack([along, np.abs(along - 0.5)], axis=1)
    points = np.concatenate([angle, angle + np.float32(1)])
    return np.tile(points, (count, 1, 1)), np.tile(np.repeat([0, 1], 48), (count, 1))


def hurry(haste, sway, count=200):
    points, stroke = cross(count)
    amounts = (np.full(count, haste, np.float32), np.full(count, sway, np.float32))
    return points, hurried(points, stroke, *amounts, np.random.default_rng(0))


def test_no_haste_leaves_every_point():
    points, same = hurry(0.0, 0.0)
    np.testing.assert_allclose(same, points, atol=1e-5)


def test_haste_rounds_the_corner_and_keeps_strokes_apart():
    points, rounded = hurry(0.04, 0.0)
    assert (rounded[:, 24, 1] > points[:, 24, 1] + 0.02).all()
    assert (rounded[:, 47, 1] < 0.5).all()
    assert (rounded[:, 48, 1] > 1.4).all()


@pytest.mark.parametrize("sway", [0.05, 0.18])
def test_sway_changes_each_differently_and_leaves_strokes_in_place(sway):
    points, swayed = hurry(0.0, sway)
    assert (swayed.std(axis=0)[[0, 24, 47]] > 0.01).any()
    for stroke in (slice(48), slice(48, 96)):
        off = swayed[:, stroke].mean(axis=1) - points[:, stroke].mean(axis=1)
        assert np.abs(off.mean(axis=0)).max() < 0.01
        assert off.std() == pytest.approx(0.08 * sway, rel=0.2)


def test_who_is_not_in_a_hurry_writes_all_digits_alike():
    rng = np.random.default_rng(0)
    for _ in range(50):
        calm = draw_sizes(rng, False)
        assert {calm.of(digit, first=first) for digit in "0123456789" for first in (True, False)} == {
            (1.0, 0.0)
        }
    zeros = [draw_sizes(rng, True).of("0", first=False)[0] for _ in range(200)]
    assert 0.5 <= min(zeros) < 0.7
    assert 0.5 < np.mean(np.array(zeros) == 1) < 0.9
