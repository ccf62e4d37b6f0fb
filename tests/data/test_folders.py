import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw

import shuzi
from shuzi.data.folders import holds_classes, read_folder
from shuzi.errors import DataError

SMALL = np.arange(784, dtype=np.uint8).reshape(28, 28)


def photo():
    """A dark stroke on light paper, larger than a net's input."""
    picture = Image.new("RGB", (90, 120), (240, 235, 220))
    ImageDraw.Draw(picture).line([(50, 20), (45, 100)], (20, 20, 90), 9)
    return picture


def put(folder, *names, picture=None):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (picture or Image.fromarray(SMALL)).save(path)
    return folder


def test_pictures_of_28x28_are_taken_as_they_are(tmp_path):
    put(tmp_path, "7/a.png", "7/b.bmp", "0/z.tif", "3/one.gif", "9/x.webp", "9/x.PNG")
    Image.open(tmp_path / "9/x.PNG").save(tmp_path / "9/x.webp", lossless=True)
    part = read_folder(tmp_path)["all"]
    assert part.labels.tolist() == [0, 3, 7, 7, 9, 9]
    assert all(np.array_equal(image, SMALL) for image in part.images)


def test_others_are_framed(tmp_path):
    put(tmp_path, "1/photo.jpg", picture=photo())
    assert np.array_equal(read_folder(tmp_path)["all"].images[0], shuzi.frame(tmp_path / "1/photo.jpg"))


def test_train_and_test(tmp_path):
    put(tmp_path, "train/1/a.png", "train/2/a.png", "test/2/a.png", "notes/readme.png")
    assert holds_classes(tmp_path)
    parts = read_folder(tmp_path)
    assert parts["train"].labels.tolist() == [1, 2]
    assert parts["test"].labels.tolist() == [2]


def test_litter_of_file_managers_is_passed_over(tmp_path):
    put(tmp_path, "1/a.png")
    for name in (".DS_Store", "Thumbs.db", "1/.DS_Store", "1/desktop.ini", ".git"):
        (tmp_path / name).write_bytes(b"litter")
    assert read_folder(tmp_path)["all"].labels.tolist() == [1]


@pytest.mark.parametrize("name", ["10/a.png", "eight/a.png", "8"])
def test_other_classes_are_refused(tmp_path, name):
    put(tmp_path, "1/a.png")
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    with pytest.raises(DataError, match="is not a class"):
        read_folder(tmp_path)


def test_no_pictures(tmp_path):
    (tmp_path / "1").mkdir()
    with pytest.raises(DataError, match="holds no pictures"):
        read_folder(tmp_path)


@pytest.mark.parametrize("content", [b"", b"text", "cut", "folder"])
def test_files_that_are_no_pictures_are_named(tmp_path, content):
    put(tmp_path, "1/a.png", "1/photo.png", picture=photo())
    bad = tmp_path / "1/b.png"
    if content == "folder":
        bad.mkdir()
    else:
        whole = (tmp_path / "1/photo.png").read_bytes()
        bad.write_bytes(whole[: len(whole) // 2] if content == "cut" else content)
    with pytest.raises(DataError, match=r"1/b\.png can't be used"):
        read_folder(tmp_path)


def test_decompression_bomb(tmp_path):
    header = b"IHDR" + struct.pack(">2I5B", 29_000, 29_000, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    (tmp_path / "1").mkdir()
    (tmp_path / "1/bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk)
    with pytest.raises(DataError, match=r"bomb\.png can't be used"):
        read_folder(tmp_path)
