"""Files of several pages: each page is read, and a damaged or hostile one is refused in a sentence."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import shuzi
from shuzi.errors import FormatError, PictureError, TooLargeError
from shuzi.pages import PDF_DPI, open_document
from shuzi.pixels import WORKING_PIXELS

EXAMPLES = Path(__file__).parents[1] / "examples"


def pages_of(*names):
    return [Image.open(EXAMPLES / name).convert("RGB") for name in names]


def encoded(images, format, **options):
    buffer = io.BytesIO()
    images[0].save(buffer, format, save_all=True, append_images=images[1:], **options)
    return buffer.getvalue()


@pytest.mark.parametrize("format", ["TIFF", "PDF"])
def test_every_page_is_read(format, tmp_path):
    path = tmp_path / f"several.{format.lower()}"
    path.write_bytes(encoded(pages_of("digit.png", "postcode.png"), format))
    with open_document(path) as document:
        assert len(document) == 2
        first, second = document
    assert [str(shuzi.read(first)), str(shuzi.read(second))] == ["7", "518057"]
    assert (first.page, second.page, second.source) == (1, 2, str(path))


def test_one_page_and_what_is_no_file_of_pages():
    with open_document(EXAMPLES / "digit.png") as document:
        assert [str(shuzi.read(page)) for page in document] == ["7"]
    with pytest.raises(FormatError):
        open_document(b"\x80\x04N.")
    with pytest.raises(PictureError):
        open_document(b"")


def test_a_pdf_page_has_pixels_at_200_dots_per_inch():
    a4 = encoded([Image.new("RGB", (1654, 2339), "white")], "PDF", resolution=PDF_DPI)
    with open_document(a4) as document:
        page = document.page(1)
    assert (page.width, page.height) == (1654, 2339)
    assert 0.9 * WORKING_PIXELS < page.pixels[..., 0].size <= WORKING_PIXELS * 1.01
    colour = encoded([Image.new("RGB", (100, 100), (250, 100, 10))], "PDF")
    with open_document(colour) as document:
        assert np.abs(np.median(document.page(1).pixels, axis=(0, 1)) - (250, 100, 10)).max() < 8


@pytest.mark.parametrize("format", ["TIFF", "PDF"])
def test_limits(format):
    data = encoded([Image.new("L", (50, 50), 255)] * 3, format)
    with pytest.raises(TooLargeError, match="pages"):
        open_document(data, most_pages=2)
    if format == "TIFF":
        with pytest.raises(TooLargeError, match="pixels"):
            open_document(data, most_pixels=2000)


def test_a_damaged_page_leaves_the_others(tmp_path):
    data = encoded(
        [*pages_of("digit.png"), Image.new("RGB", (60, 60), "red")], "TIFF", compression="tiff_lzw"
    )
    path = tmp_path / "scan.tiff"
    # The first page's pixels begin right behind the header: spoil them.
    path.write_bytes(data[:8] + bytes(400) + data[408:])
    clean = {name: value for name, value in os.environ.items() if name != "SHUZI_CHECK_SHAPES"}
    command = [sys.executable, "-W", "error", "-m", "shuzi", "read", str(path), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, env=clean, timeout=120)
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["page"], first["numbers"]) == (1, [])
    assert "page 1" in first["error"]
    assert (second["page"], second["error"]) == (2, None)
    assert done.returncode == 1


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.7\n" + bytes(range(256)) * 8])
def test_a_damaged_pdf(data):
    with pytest.raises(PictureError, match="damaged"):
        open_document(data)
