"""What users and other programs rely on: `shuzi.read` and `shuzi read`, as the docs promise them."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from handwriting import write
from PIL import Image

import shuzi
from shuzi.errors import PictureError, ReadingError

ROOT = Path(__file__).parents[2]
EXAMPLES = {
    "postcode.png": "518057",
    "digit.png": "7",
    "blackboard.png": "2026",
    "photo.jpg": "04193",
    "pad.png": "3",
}
WILD = ROOT.parent / "shared/data/wild"


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `shuzi read` in a process of its own."""
    line = [sys.executable, "-m", "shuzi", "read", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(("name", "text"), EXAMPLES.items())
def test_the_examples_are_read(name, text):
    page = shuzi.read(ROOT / "examples" / name)
    assert str(page) == text
    (number,) = page.numbers
    assert number.accepted
    assert number.confidence > 0.95
    assert [digit.value for digit in number.digits] == [int(character) for character in text]
    x, y, width, height = number.box
    assert 0 <= x < x + width <= page.width
    assert 0 <= y < y + height <= page.height
    assert all(other.confidence <= number.confidence for other in number.alternatives)


def test_a_picture_in_every_form_is_read_alike():
    path = ROOT / "examples/postcode.png"
    with Image.open(path) as image:
        rgb = image.convert("RGB")
    forms = [
        str(path),
        path.read_bytes(),
        io.BytesIO(path.read_bytes()),
        rgb,
        np.asarray(rgb),
        np.asarray(rgb.convert("RGBA")),
    ]
    assert {str(shuzi.read(form)) for form in forms} == {"518057"}


@pytest.mark.parametrize(
    "change",
    [
        lambda image: Image.eval(image, lambda value: 255 - value),
        lambda image: image.resize((image.width * 3, image.height * 3)),
        lambda image: image.resize((image.width // 2, image.height // 2)),
        lambda image: Image.merge("RGB", image.split()[::-1]),
        lambda image: image.convert("L"),
        lambda image: image.crop((20, 15, image.width - 10, image.height - 10)),
        lambda image: image.rotate(2, fillcolor=(247, 241, 226)),
    ],
)
def test_polarity_size_colour_and_margins_change_nothing(change):
    with Image.open(ROOT / "examples/postcode.png") as image:
        assert str(shuzi.read(change(image.convert("RGB")))) == "518057"


def test_exif_orientation_is_applied(tmp_path):
    with Image.open(ROOT / "examples/postcode.png") as image:
        turned = image.convert("RGB").transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to see it upright
    turned.save(tmp_path / "turned.jpg", exif=exif)
    page = shuzi.read(tmp_path / "turned.jpg")
    assert str(page) == "518057"
    assert page.width > page.height


def test_mnist_digits_are_read_as_they_are():
    images, labels = shuzi.load_mnist("test")
    right = sum(str(shuzi.read(images[i])) == str(labels[i]) for i in range(200))
    assert right >= 196
    framed = np.stack([shuzi.frame(image) for image in images[:500]])
    assert (shuzi.classify(framed).argmax(axis=1) == labels[:500]).mean() >= 0.99


@pytest.mark.parametrize(("text", "height"), [("4071", 60), ("3268", 60), ("417", 40)])
def test_no_digit_is_seen_twice_to_have_as_many_as_asked(text, height):
    (number,) = shuzi.read(write(text, height=height, margin=24, gap=12), digits=len(text) + 1).numbers
    assert number.text == text
    assert number.confidence < 0.001


def test_what_is_known_decides_and_what_contradicts_is_refused():
    path = ROOT / "examples/postcode.png"
    assert shuzi.read(path, digits="4-6", pattern=r"5\d{5}").numbers[0].accepted
    for known in ({"digits": 5}, {"pattern": r"9\d{5}"}, {"check": lambda text: False}):
        (number,) = shuzi.read(path, **known).numbers
        assert not number.accepted, known
    for wrong in ({"digits": "six"}, {"pattern": "("}, {"threshold": 2.0}, {"check": "no such"}):
        with pytest.raises((ReadingError, ImportError)):
            shuzi.read(path, **wrong)


def test_a_blank_picture_has_no_numbers():
    assert shuzi.read(np.full((100, 200), 255, np.uint8)).numbers == []


def test_json_is_one_object_a_line_and_a_bad_picture_stops_nothing(tmp_path):
    (tmp_path / "bad.png").write_bytes(b"not a picture")
    done = command(
        ROOT / "examples/digit.png", tmp_path / "bad.png", ROOT / "examples/photo.jpg", "--format", "json"
    )
    assert done.returncode == 1
    first, bad, last = map(json.loads, done.stdout.splitlines())
    assert set(first) == {"source", "page", "width", "height", "numbers", "error"}
    assert (first["width"], first["height"], first["page"], first["error"]) == (300, 340, 1, None)
    (number,) = first["numbers"]
    assert set(number) == {"text", "confidence", "accepted", "box", "digits", "alternatives"}
    assert set(number["digits"][0]) == {"value", "confidence", "box"}
    assert number["text"] == "7"
    assert bad["numbers"] == []
    assert bad["error"] in done.stderr
    assert last["numbers"][0]["text"] == "04193"
    assert "Traceback" not in done.stderr


def test_text_csv_out_and_annotate(tmp_path):
    done = command(ROOT / "examples/postcode.png", "--annotate", tmp_path / "seen")
    assert done.returncode == 0
    assert done.stdout.startswith("518057")
    assert done.stderr == ""
    (drawn,) = (tmp_path / "seen").iterdir()
    with Image.open(drawn) as picture:
        assert min(picture.size) > 100
    done = command(
        ROOT / "examples/postcode.png", ROOT / "examples/digit.png", "--out", tmp_path / "found.csv"
    )
    assert (done.returncode, done.stdout) == (0, "")
    rows = list(csv.DictReader((tmp_path / "found.csv").read_text().splitlines()))
    assert [row["text"] for row in rows] == ["518057", "7"]


@pytest.mark.parametrize(
    "arguments", [[], ["x.png", "--digits", "six"], ["x.png", "--threshold", "2"], ["x.png", "--nonsense"]]
)
def test_wrong_usage_exits_with_2(arguments):
    done = command(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes((ROOT / "examples/postcode.png").read_bytes()[:2000]),
        lambda path: path.write_bytes(b"PK\x03\x04 not a picture"),
        lambda path: Image.new("L", (1, 1)).save(path),
        lambda path: Image.new("1", (50_000, 40)).save(path),
        lambda path: Image.new("1", (20_000, 20_000)).save(path),  # a bomb: 50 KB of file, 400 megapixels
    ],
)
def test_bad_pictures_are_one_sentence_and_exit_1(tmp_path, make):
    Image.MAX_IMAGE_PIXELS, before = None, Image.MAX_IMAGE_PIXELS
    make(tmp_path / "bad.png")
    Image.MAX_IMAGE_PIXELS = before
    done = command(tmp_path / "bad.png")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("shuzi: ")
    assert len(done.stderr.strip().splitlines()) == 1


def test_arrays_with_nan_are_refused():
    with pytest.raises(PictureError):
        shuzi.read(np.full((28, 28), np.nan, np.float32))


@pytest.mark.skipif(not WILD.exists(), reason="people's own digits lie in ../shared only")
def test_peoples_own_digits_are_read():
    rows = list(csv.DictReader((WILD / "labels.csv").read_text().splitlines()))
    reader = shuzi.Reader()
    right = sum(str(reader.read(WILD / row["file"])) == row["label"] for row in rows)
    assert right / len(rows) >= 0.98
