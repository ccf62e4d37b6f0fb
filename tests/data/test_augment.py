"""Augmented digits stay digits of the same place, size and range; each change does what it says."""

import pytest
import torch

import shuzi
from shuzi.data.augment import augment


@pytest.fixture(scope="module")
def digits():
    images, _ = shuzi.load_mnist("fit")
    return torch.from_numpy(images[:200].copy()).unsqueeze(1).float() / 255


def seeded():
    return torch.Generator().manual_seed(1)


def test_without_settings_nothing_changes(digits):
    assert torch.allclose(augment(digits, generator=seeded()), digits, atol=1e-5)


@pytest.mark.parametrize(
    "setting", ["rotate", "shift", "zoom", "shear", "elastic", "texture", "light", "noise"]
)
def test_each_setting_changes_pictures_within_their_range(digits, setting):
    amount = {"rotate": 12.0, "shift": 2.0}.get(setting, 0.5)
    changed = augment(digits, **{setting: amount}, generator=seeded())
    assert changed.shape == digits.shape
    assert changed.min() >= 0
    assert changed.max() <= 1 + 1e-5
    touched = ((changed - digits).abs().amax((1, 2, 3)) > 1e-3).float().mean()
    assert touched == pytest.approx(0.5, abs=0.12) if amount == 0.5 and setting in LOOKS else touched > 0.9
    assert torch.equal(changed, augment(digits, **{setting: amount}, generator=seeded()))


LOOKS = ("texture", "light", "noise")


def test_shift_moves_at_most_as_far_as_said(digits):
    places = torch.arange(28.0)
    moved = augment(digits, shift=2.0, generator=seeded())

    def middle(pictures):
        return (pictures.sum((1, 2)) * places).sum(1) / pictures.sum((1, 2, 3))

    away = (middle(moved) - middle(digits)).abs()
    assert away.max() <= 2.1
    assert away.mean() == pytest.approx(1.0, abs=0.2)


def test_ink_still_stands_out_from_uneven_paper(digits):
    lit = augment(digits, light=1.0, generator=seeded())
    ink, paper = digits > 0.9, digits == 0
    contrast = [(one[i].mean() - one[p].mean()) for one, i, p in zip(lit, ink, paper, strict=True)]
    assert min(contrast) > 0.02
    assert torch.stack(contrast).mean() > 0.2
