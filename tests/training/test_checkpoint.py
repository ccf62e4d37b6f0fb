"""Checkpoints hold tensors and facts, are checked when loaded, and never execute anything."""

import pickle
from pathlib import Path

import pytest
import torch
from torch import nn

from shuzi.errors import CheckpointError
from shuzi.training.checkpoint import check_fits, load_checkpoint, save_checkpoint


def test_what_is_saved_is_loaded(tmp_path):
    tensors = {"a": torch.arange(6).view(2, 3).T, "b": torch.ones(2, dtype=torch.bfloat16)}
    save_checkpoint(tmp_path / "x.safetensors", tensors, {"step": 3})
    loaded, facts = load_checkpoint(tmp_path / "x.safetensors")
    assert facts == {"step": 3}
    assert all(torch.equal(loaded[name], tensors[name]) for name in tensors)
    assert [path.name for path in tmp_path.iterdir()] == ["x.safetensors"]


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 100, b"PK\x03\x04", pickle.dumps({"a": 1}), b"\xff" * 8 + b"{}"]
)
def test_anything_else_is_refused(tmp_path, content):
    path = tmp_path / "x.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"is no checkpoint of shuzi's"):
        load_checkpoint(path)


def test_a_pickle_runs_nothing(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "boom",))

    path = tmp_path / "x.safetensors"
    path.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(CheckpointError):
        load_checkpoint(path)
    assert not (tmp_path / "boom").exists()


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(CheckpointError, match="shuzi train"):
        load_checkpoint(tmp_path / "none.safetensors")


def test_names_shapes_and_dtypes_must_fit():
    net = nn.Linear(3, 2)
    good = {"weight": torch.zeros(2, 3), "bias": torch.zeros(2)}
    check_fits(net, good, "file")
    for bad, said in (
        ({"weight": good["weight"]}, "bias"),
        (good | {"extra": torch.zeros(1)}, "extra"),
        (good | {"weight": torch.zeros(3, 2)}, r"\(3, 2\)"),
        (good | {"bias": torch.zeros(2, dtype=torch.float64)}, "float64"),
    ):
        with pytest.raises(CheckpointError, match=said):
            check_fits(net, bad, "file")
