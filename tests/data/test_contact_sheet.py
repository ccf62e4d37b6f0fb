import numpy as np
import pytest
from PIL import Image

from shuzi.data.contact_sheet import contact_sheet, save_png
from shuzi.data.parts import Part
from shuzi.errors import DataError

DARK = Part(np.full((25, 28, 28), 7, np.uint8), np.arange(25) % 10)


def tiles(sheet):
    """How many tiles of the grey 7, 56 pixels square, the sheet has."""
    return np.all(np.asarray(sheet) == 7, axis=2).sum() / 56**2


@pytest.mark.parametrize(("count", "shown"), [(1, 1), (7, 7), (10, 10), (23, 23), (25, 25), (1000, 25)])
def test_shows_the_first_pictures(count, shown):
    assert tiles(contact_sheet(DARK, "digits", count)) == shown


def test_the_first_picture_stands_first_and_its_label_below():
    part = Part(np.stack([np.arange(784, dtype=np.uint8).reshape(28, 28)] * 2), np.array([1, 8]))
    sheet = np.asarray(contact_sheet(part, "digits"))[..., 0]
    top, left = np.argwhere(np.all(sheet[:, 8:20] < 40, axis=1))[0][0], 8
    assert np.array_equal(sheet[top : top + 56 : 2, left : left + 56 : 2], part.images[0])
    below = sheet[top + 56 : top + 76]
    one, eight = below[:, 8:64] < 128, below[:, 72:128] < 128
    assert 0 < one.sum() < eight.sum()


def test_pictures_without_labels():
    assert tiles(contact_sheet(Part(DARK.images, None), "digits")) == 25


def test_many_pictures_make_about_a_square():
    many = Part(np.zeros((400, 28, 28), np.uint8), np.zeros(400, np.int64))
    sheet = contact_sheet(many, "digits", 400)
    assert 0.6 < sheet.width / sheet.height < 1.2


def test_saved_whole_or_not_at_all(tmp_path, monkeypatch):
    sheet = contact_sheet(DARK, "digits")
    path = tmp_path / "sheet.png"
    save_png(sheet, path)
    with Image.open(path) as saved:
        assert saved.size == sheet.size
    before = path.read_bytes()

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shuzi.files.Path.replace", full_disk)
    with pytest.raises(DataError, match="No space left on device"):
        save_png(sheet, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_places_that_cannot_be_written(tmp_path):
    sheet = contact_sheet(DARK, "digits")
    with pytest.raises(DataError, match=r"call it sheet\.png"):
        save_png(sheet, tmp_path / "sheet.jpg")
    with pytest.raises(DataError, match="can't be written"):
        save_png(sheet, tmp_path / "missing" / "sheet.png")
