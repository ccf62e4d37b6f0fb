"""The mixture of extra digits is balanced, repeatable and kept, and says what is missing."""

from __future__ import annotations

import string
from pathlib import Path

import numpy as np
import pytest

from shuzi.data import extra
from shuzi.data.invented import invent
from shuzi.data.stroke_files import save_strokes
from shuzi.data.trajectories import Strokes, concatenate, pack
from shuzi.errors import DataError


def as_written_by(strokes: Strokes, sheet: str) -> Strokes:
    parts = [getattr(strokes, name) for name in list(Strokes.__dataclass_fields__)[:-1]]
    return Strokes(*parts, (sheet,))


@pytest.fixture
def unipen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for UNIPEN: invented digits and letters, of a large and a small contributor."""
    rng = np.random.default_rng(0)
    sheets = [f"ibm/{n}" for n in range(12)] + [f"aga/{n}" for n in range(8)]
    digits = [as_written_by(invent(50 if sheet < "b" else 200, rng), sheet) for sheet in sheets]
    stick = [np.array([[0, 0], [30, 100]], np.float32)]
    letters = [pack([stick] * 52, list(string.ascii_letters), [sheet] * 52) for sheet in sheets]
    save_strokes(concatenate(digits + letters), tmp_path / "unipen.npz")
    monkeypatch.setenv("SHUZI_DATA", str(tmp_path))
    return tmp_path


def test_digits_are_even_whatever_the_mixture(unipen: Path) -> None:
    sampler = extra.ExtraDigits({"unipen": 0.6, "invented": 0.4})
    images, labels = sampler.sample(3000, np.random.default_rng(0))
    assert images.shape == (3000, 28, 28)
    assert images.dtype == np.uint8
    assert labels.dtype == np.int64
    counts = np.bincount(labels, minlength=10)
    assert counts.min() > 220
    assert counts.max() < 380
    assert np.abs(np.diff(labels)).max() > 0


def test_what_is_no_digit_has_no_digit_for_a_label(unipen: Path) -> None:
    sampler = extra.ExtraDigits({"invented": 0.5, "nothing": 0.5})
    images, labels = sampler.sample(400, np.random.default_rng(0))
    assert images.shape == (400, 28, 28)
    assert 150 < np.sum(labels == extra.NO_DIGIT) < 250
    pool, again = (
        extra.build_pool(400, 3, {"nothing": 1.0}, unipen),
        extra.build_pool(400, 3, {"nothing": 1.0}, unipen),
    )
    assert set(pool[1]) == {extra.NO_DIGIT}
    assert np.array_equal(pool[1], again[1])  # also when it comes from the cache
    black = (pool[0].max(axis=(1, 2)) == 0).sum()
    assert 2 <= black <= 20  # some without ink, a third of them without grain too


def test_contributors_are_evened_out(unipen: Path) -> None:
    digits = extra.unipen.digits("fit")
    chances = extra.balanced(digits)
    assert abs(chances.sum() - 1) < 1e-9
    share = {source: chances[digits.sources == source].sum() for source in ("aga", "ibm")}
    number = {source: np.mean(digits.sources == source) for source in ("aga", "ibm")}
    assert number["aga"] < share["aga"] < 0.5
    for digit in string.digits:
        assert abs(chances[digits.labels == digit].sum() - 0.1) < 1e-9


def test_a_pool_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images, labels = extra.build_pool(300, 7, {"invented": 1.0}, tmp_path)
    (path,) = (tmp_path / "pools").iterdir()

    def broken(*arguments: object) -> None:
        raise AssertionError("drawn again")

    with monkeypatch.context() as patch:
        patch.setattr(extra, "ExtraDigits", broken)
        again = extra.build_pool(300, 7, {"invented": 1.0}, tmp_path)
        with pytest.raises(AssertionError, match="drawn again"):
            extra.build_pool(300, 8, {"invented": 1.0}, tmp_path)
    assert np.array_equal(images, again[0])
    assert np.array_equal(labels, again[1])
    path.write_bytes(path.read_bytes()[:1000])
    redrawn = extra.build_pool(300, 7, {"invented": 1.0}, tmp_path)
    assert np.array_equal(images, redrawn[0])
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_cache_that_cannot_be_written_only_warns(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "pools").write_text("a file is in the way")
    images, _ = extra.build_pool(10, 0, {"invented": 1.0}, tmp_path)
    assert len(images) == 10
    assert "not kept" in caplog.text


@pytest.mark.parametrize(
    "shares", [{}, {"invented": 0.0}, {"invented": -1.0}, {"mnist": 1.0}, {"fonts": float("nan")}]
)
def test_shares_must_make_sense(shares: dict[str, float]) -> None:
    with pytest.raises(DataError, match="shares"):
        extra.ExtraDigits(shares)


def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUZI_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError, match="UNIPEN has not been imported"):
        extra.ExtraDigits({"unipen": 1.0})
    with pytest.raises(DataError, match="npm, which is not installed"):
        extra.ExtraDigits({"fonts": 1.0})


def test_letters_of_fit_and_validation_are_by_other_writers(unipen: Path) -> None:
    fit, validation = extra.letters("fit"), extra.letters("validation")
    assert len(fit) + len(validation) == 20 * 38
    assert 0 < len(validation) < len(fit)
    assert fit.shape[1:] == (28, 28)


def test_scribbles_are_drawn_alike_for_a_seed() -> None:
    assert np.array_equal(extra.scribbles(50, 3), extra.scribbles(50, 3))
