"""Augmented digits stay digits of the same place, size and range; each change does what it says."""

import pytest
import torch

import shuzi
from shuzi.data.augment import LOOKS, MOVES, disguise, move


@pytest.fixture(scope="module")
def digits():
    images, _ = shuzi.load_mnist("fit")
    return torch.from_numpy(images[:200].copy()).unsqueeze(1).float() / 255


def seeded():
    return torch.Generator().manual_seed(1)


def test_without_settings_nothing_changes(digits):
    assert torch.allclose(move(digits, generator=seeded()), digits, atol=1e-5)
    assert torch.equal(disguise(digits.clone(), generator=seeded()), digits)


@pytest.mark.parametrize("setting", MOVES)
def test_each_move_changes_all_pictures_within_their_range(digits, setting):
    amount = {"rotate": 12.0, "shift": 2.0}.get(setting, 0.5)
    moved = move(digits, **{setting: amount}, generator=seeded())
    check_range(moved, digits)
    assert touched(moved, digits) > 0.9
    assert torch.equal(moved, move(digits, **{setting: amount}, generator=seeded()))


@pytest.mark.parametrize("setting", LOOKS)
def test_each_look_changes_a_share_of_the_pictures_within_their_range(digits, setting):
    changed = disguise(digits.clone(), **{setting: 0.5}, generator=seeded())
    check_range(changed, digits)
    assert touched(changed, digits) == pytest.approx(0.5, abs=0.12)
    assert torch.equal(changed, disguise(digits.clone(), **{setting: 0.5}, generator=seeded()))


@pytest.mark.parametrize("setting", LOOKS)
def test_a_batch_of_which_no_picture_is_chosen_stays_as_it_is(digits, setting):
    assert torch.equal(disguise(digits[:3].clone(), **{setting: 1e-9}, generator=seeded()), digits[:3])


def check_range(changed, digits):
    assert changed.shape == digits.shape
    assert changed.min() >= 0
    assert changed.max() <= 1 + 1e-5


def touched(changed, digits):
    return ((changed - digits).abs().amax((1, 2, 3)) > 1e-3).float().mean()


def test_lines_only_add_ink_and_leave_most_of_the_picture(digits):
    crossed = disguise(digits.clone(), lines=1.0, generator=seeded())
    assert (crossed >= digits).all()
    assert 0.01 < (crossed > digits).float().mean() < 0.25


def test_shift_moves_at_most_as_far_as_said(digits):
    places = torch.arange(28.0)
    moved = move(digits, shift=2.0, generator=seeded())

    def middle(pictures):
        return (pictures.sum((1, 2)) * places).sum(1) / pictures.sum((1, 2, 3))

    away = (middle(moved) - middle(digits)).abs()
    assert away.max() <= 2.1
    assert away.mean() == pytest.approx(1.0, abs=0.2)


def test_ink_still_stands_out_from_uneven_paper(digits):
    lit = disguise(digits.clone(), light=1.0, generator=seeded())
    ink, paper = digits > 0.9, digits == 0
    contrast = [(one[i].mean() - one[p].mean()) for one, i, p in zip(lit, ink, paper, strict=True)]
    assert min(contrast) > 0.02
    assert torch.stack(contrast).mean() > 0.2
