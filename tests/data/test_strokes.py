"""Pen strokes are drawn where, as thick and as soft as they should be, and framed as MNIST frames digits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzi.data.clutter import add_clutter
from shuzi.data.ink import Ink
from shuzi.data.rasterise import rasterise
from shuzi.data.scribbles import scribble
from shuzi.data.strokes import Hand, draw
from shuzi.data.trajectories import Strokes, concatenate, pack
from shuzi.errors import DataError

CLEAN = Ink(hard=0.0, coarse=0.0, blurred=0.0, faint=0.0, grainy=0.0, lines=0.0, neighbours=0.0)
STEADY = Hand(
    slant=0.0,
    slant_sd=0.0,
    rotation_sd=0.0,
    aspect_sd=0.0,
    narrow=0.0,
    perspective_sd=0.0,
    bend_sd=0.0,
    tremor_sd=0.0,
    apart_sd=0.0,
    trim=0.0,
    broken=0.0,
    nib=0.0,
    pen_width_sd=0.0,
    ink=CLEAN,
)
SEVEN = [np.array([[0, 0], [60, 0], [25, 100]], np.float32), np.array([[20, 50], [60, 45]], np.float32)]


def sevens(count: int) -> Strokes:
    return pack([SEVEN] * count, ["7"] * count, ["own/hand"] * count)


@settings(max_examples=40, deadline=None)
@given(
    start=st.tuples(st.floats(4, 24), st.floats(4, 24)),
    end=st.tuples(st.floats(4, 24), st.floats(4, 24)),
    radius=st.floats(0.5, 4),
    softness=st.floats(0.5, 2),
)
def test_a_straight_line_is_as_far_as_the_exact_distance_says(
    start: tuple[float, float], end: tuple[float, float], radius: float, softness: float
) -> None:
    a, b = np.array(start), np.array(end)
    length = np.hypot(*(b - a))
    if length < 8:
        return
    points = a + (b - a) * (np.arange(96)[:, None] + 0.5) / 96
    shape = (1, 96)
    ink = rasterise(
        points[None].astype(np.float32),
        np.full(shape, radius, np.float32),
        np.ones(shape, np.float32),
        np.array([softness], np.float32),
        28,
        28,
    )[0]
    y, x = np.mgrid[:28, :28]
    along = ((np.stack([x, y], 2) - a) @ (b - a)) / length
    away = np.abs((x - a[0]) * (b - a)[1] - (y - a[1]) * (b - a)[0]) / length
    exact = np.clip((radius - away) / softness + 0.5, 0, 1)
    # Beside the line; its ends are rounder than a half circle, and shorter by a part of the radius.
    beside = (along > radius) & (along < length - radius)
    assert np.abs(ink - exact)[beside].max(initial=0) < 0.06
    far = (away > radius + softness) | (along < -radius - softness) | (along > length + radius + softness)
    assert ink[far].max(initial=0) < 0.02


def test_characters_are_framed_as_mnist_frames_them() -> None:
    images = draw(sevens(200), np.random.default_rng(0), STEADY)
    assert images.shape == (200, 28, 28)
    assert images.dtype == np.uint8
    assert images.max() == 255
    tall = [np.ptp(np.flatnonzero((image > 100).any(1))) + 1 for image in images]
    assert 18 <= min(tall) <= max(tall) <= 23
    places = np.arange(28)
    mass = images.sum((1, 2))
    for axis in (1, 2):
        centre = images.sum(axis) @ places / mass
        assert abs(centre.mean() - 14) < 0.1
        assert np.abs(centre - 14).max() < 0.9


@pytest.mark.parametrize("size", [20, 28, 64])
def test_pictures_may_have_any_size(size: int) -> None:
    images = draw(sevens(5), np.random.default_rng(0), STEADY, size)
    assert images.shape == (5, size, size)
    tall = np.ptp(np.flatnonzero((images[0] > 100).any(1))) + 1
    assert abs(tall - 20 / 28 * size) < 0.1 * size


@pytest.mark.parametrize("width", [1.0, 2.5, 4.0])
def test_the_pen_is_as_wide_as_asked(width: float) -> None:
    bar = pack([[np.array([[0, 0], [0, 100]], np.float32)]] * 50, ["1"] * 50, ["own/hand"] * 50)
    images = draw(bar, np.random.default_rng(0), Hand(**(STEADY.__dict__ | {"pen_width": width})))
    across = images[:, 12:16].sum(2).mean() / 255
    # Soft edges make a thin line somewhat wider.
    assert abs(across - width) < 0.5


def test_the_same_seed_gives_the_same_pictures_and_another_gives_others() -> None:
    first, again, other = (draw(sevens(20), np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert len(np.unique(first.reshape(20, -1), axis=0)) == 20


def test_every_picture_shows_something_whatever_the_hand() -> None:
    messy = Ink(hard=0.5, coarse=0.5, blurred=0.5, faint=0.5, grainy=0.5, lines=0.3, neighbours=0.3)
    images = draw(
        sevens(400), np.random.default_rng(3), Hand(broken=0.5, nib=1.0, pen_width_sd=1.0, ink=messy)
    )
    assert images.max((1, 2)).min() > 100
    assert (images > 60).sum((1, 2)).min() > 8


def test_dots_and_single_points_are_drawn() -> None:
    dot = [np.zeros((1, 2), np.float32)]
    colon = [np.zeros((2, 2), np.float32), np.array([[0, 50]], np.float32)]
    images = draw(pack([dot, colon], [".", ":"], ["own/hand"] * 2), np.random.default_rng(0), STEADY)
    assert (images > 100).any((1, 2)).all()
    rows = (images[1] > 100).any(1)
    assert np.count_nonzero(np.diff(rows.astype(int)) == 1) == 2


def test_nothing_gives_no_pictures() -> None:
    nothing = sevens(2).take(np.zeros(0, np.int64))
    assert draw(nothing, np.random.default_rng(0)).shape == (0, 28, 28)
    assert scribble(0, np.random.default_rng(0)).labels.shape == (0,)


def test_points_are_spread_evenly_and_keep_their_strokes() -> None:
    points, stroke = sevens(3).sample(90)
    assert points.shape == (3, 90, 2)
    assert np.array_equal(np.unique(stroke), [0, 1])
    step = np.hypot(*np.moveaxis(np.diff(points, axis=1), 2, 0))[np.diff(stroke, axis=1) == 0]
    assert step.max() < 1.7 * np.median(step)


def test_taking_and_joining_keep_each_character_whole() -> None:
    bar = [np.array([[0, 0], [0, 100]], np.float32)]
    mixed = pack([bar, SEVEN, bar], ["1", "7", "1"], ["b/x", "a/y", "a/y"])
    assert mixed.sources.tolist() == ["b", "a", "a"]
    some = mixed.take(np.array([1, 0, 1]))
    assert some.labels.tolist() == ["7", "1", "7"]
    assert some.strokes_per_character.tolist() == [2, 1, 2]
    assert np.array_equal(some.points[:5], some.points[7:])
    joined = concatenate([some, mixed.take(mixed.labels == "1")])
    assert joined.labels.tolist() == ["7", "1", "7", "1", "1"]
    assert [joined.writer_names[writer] for writer in joined.writers] == ["a/y", "b/x", "a/y", "b/x", "a/y"]
    with pytest.raises(DataError, match="don't fit together"):
        Strokes(mixed.points[1:], *(getattr(mixed, n) for n in list(mixed.__dataclass_fields__)[1:]))


def test_clutter_leaves_the_digit_and_adds_ink_beside_it() -> None:
    clean = draw(sevens(300), np.random.default_rng(0), STEADY).astype(np.float32) / 255
    assert np.array_equal(add_clutter(clean, np.random.default_rng(0), 0.0, 0.0), clean)
    for lines, neighbours in ((1.0, 0.0), (0.0, 1.0)):
        cluttered = add_clutter(clean, np.random.default_rng(0), lines, neighbours)
        sides = [np.ptp(np.argwhere(image > 0.12), axis=0).max() + 1 for image in cluttered]
        assert 17 <= min(sides) <= max(sides) <= 24
        # The digit had to make room, and stays upright: a 7's top is heavier than its foot.
        assert np.mean(np.abs(cluttered - clean).sum((1, 2)) > 10) > 0.95


def test_scribbles_are_no_blots() -> None:
    images = draw(scribble(200, np.random.default_rng(0)), np.random.default_rng(0))
    assert np.mean((images > 128).mean((1, 2)) < 0.6) > 0.95
