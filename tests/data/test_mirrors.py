"""Fetching from mirrors: good and bad ones, by two processes at once, and by one that is killed."""

import gzip
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from tiny_set import IMAGES, RAW, TINY, contents, stored

from shuzi.data.downloads import Mirror
from shuzi.data.sources import obtain
from shuzi.errors import DataError


def test_fetched_once_and_kept_raw(start, cache):
    server = start()
    for _ in range(2):
        found = obtain(TINY, TINY.files, cache=cache, sources=[Mirror(server.url)])
        assert contents(found) == RAW
        assert found[IMAGES].path == cache / "tiny" / IMAGES
    assert stored(cache) == RAW
    assert server.asked == Counter(dict.fromkeys(server.contents, 1))


def test_asking_for_one_file_fetches_all(start, cache):
    found = obtain(TINY, [TINY.test_labels], cache=cache, sources=[Mirror(start().url)])
    assert list(found) == [TINY.test_labels.name]
    assert stored(cache) == RAW


def test_server_that_unpacks_on_the_way(start, cache):
    server = start()
    server.contents = {f"{name}.gz": raw for name, raw in RAW.items()}
    assert contents(obtain(TINY, TINY.files, cache=cache, sources=[Mirror(server.url)])) == RAW


def break_mirror(server, how):
    """Break the answer for the train images; returns what the reason should say."""
    name = f"{IMAGES}.gz"
    packed = server.contents[name]
    if how == "wrong":
        server.contents[name] = gzip.compress(bytes(len(RAW[IMAGES])))
        return "the SHA-256 of its train-images-idx3-ubyte is wrong"
    if how == "short":
        server.contents[name] = packed[:-50]
        return "train-images-idx3-ubyte.gz is cut short"
    if how == "cut":
        server.cut = 50
        return "could not be fetched"
    if how == "page":
        server.contents[name] = b"<html>Sign in to this network</html>"
        return "the SHA-256 of its train-images-idx3-ubyte is wrong"
    if how == "bomb":
        server.contents[name] = gzip.compress(bytes(50_000_000))
        return "unpacks to more than"
    if how == "flood":
        server.contents[name] = bytes(5_000_000)
        return "the server sent more than"
    del server.contents[name]
    return "404"


@pytest.mark.parametrize("how", ["wrong", "short", "cut", "page", "bomb", "flood", "missing"])
def test_bad_mirror_stores_nothing_and_the_next_one_serves(start, cache, how):
    bad, good = start(), start()
    reason = break_mirror(bad, how)
    with pytest.raises(DataError, match=reason):
        obtain(TINY, TINY.files, cache=cache, sources=[Mirror(bad.url)])
    assert IMAGES not in stored(cache)
    assert contents(obtain(TINY, TINY.files, cache=cache, sources=[Mirror(bad.url), Mirror(good.url)])) == RAW
    assert stored(cache) == RAW


def test_next_mirror_brings_only_what_is_missing(start, cache):
    half, whole = start(), start()
    del half.contents[f"{TINY.test_images.name}.gz"]
    sources = [Mirror("http://127.0.0.1:9/"), Mirror(half.url), Mirror(whole.url)]
    assert contents(obtain(TINY, TINY.files, cache=cache, sources=sources)) == RAW
    assert set(whole.asked) == {f"{TINY.test_images.name}.gz", f"{TINY.test_labels.name}.gz"}


CHILD = """
import pathlib, sys
from shuzi.data.catalogue import DataFile, KnownSet
from shuzi.data.downloads import Mirror
from shuzi.data.sources import obtain

url, cache, *files = sys.argv[1:]
files = [DataFile(*file.split(",")[:1], int(file.split(",")[1]), file.split(",")[2]) for file in files]
known = KnownSet("tiny", *files, mirrors=())
found = obtain(known, known.files, cache=pathlib.Path(cache), sources=[Mirror(url)])
print(sum(len(file.content) for file in found.values()))
"""


def child(server, cache):
    """Another process that obtains the tiny set from ``server``."""
    files = [f"{file.name},{file.size},{file.sha256}" for file in TINY.files]
    environment = {name: value for name, value in os.environ.items() if name != "SHUZI_CHECK_SHAPES"}
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, server.url, str(cache), *files],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


def test_two_processes_at_once_fetch_each_file_once(start, cache):
    server = start()
    server.pause = 0.02
    processes = [child(server, cache) for _ in range(2)]
    for process in processes:
        assert process.communicate(timeout=60)[0] == f"{sum(map(len, RAW.values()))}\n"
        assert process.returncode == 0
    assert server.asked == Counter(dict.fromkeys(server.contents, 1))
    assert stored(cache) == RAW


@pytest.mark.parametrize("files_before", [0, 2])
def test_killed_in_the_middle_and_started_again(start, cache, files_before):
    server = start()
    server.pause = 0.05
    process = child(server, cache)
    deadline = time.monotonic() + 60
    while len(server.asked) <= files_before and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    left = stored(cache)
    assert len(left) <= files_before
    assert left.items() <= RAW.items()
    # As if it had been killed while it wrote.
    (cache / "tiny" / f"{IMAGES}.part").write_bytes(b"half")
    server.pause = 0
    if files_before:
        (cache / "tiny" / IMAGES).unlink()
    assert contents(obtain(TINY, TINY.files, cache=cache, sources=[Mirror(server.url)])) == RAW
    assert stored(cache) == RAW
