"""Room 2: pictures in, boxes over them, a number put right, and files out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from browsing import Visit
from PIL import Image


def test_pictures_are_read_corrected_and_taken_along(visit: Visit, examples: Path) -> None:
    page = visit("photo")
    page.set_input_files("#choose", [examples / "postcode.png", examples / "photo.jpg"])
    sheets = page.locator(".sheet:not([aria-busy])")
    page.locator(".numbers input").nth(1).wait_for()
    fields = {
        sheet.get_attribute("aria-label"): sheet.locator("input").input_value() for sheet in sheets.all()
    }
    assert fields == {"postcode.png": "518057", "photo.jpg": "04193"}
    _boxes_lie_on_the_picture(page)

    field = page.get_by_label("Number read as 04193")
    field.fill("04198")
    field.press("Enter")
    page.locator(".box.corrected").wait_for()

    rows = {row["source"]: row for row in csv.DictReader(io.StringIO(_download(page, "#csv")))}
    assert rows["photo.jpg"]["text"] == "04198"
    assert rows["photo.jpg"]["accepted"] == "true"
    assert rows["postcode.png"]["text"] == "518057"
    told = [json.loads(line) for line in _download(page, "#json").splitlines()]
    corrected = next(page for page in told if page["source"] == "photo.jpg")["numbers"][0]
    assert (corrected["text"], corrected["read"], corrected["corrected"]) == ("04198", "04193", True)
    assert set(corrected["digits"][0]) == {"value", "confidence", "box"}


def test_what_is_known_of_the_number_is_used(visit: Visit, examples: Path) -> None:
    page = visit("photo")
    page.set_input_files("#choose", examples / "postcode.png")
    page.locator(".numbers .sure").wait_for()
    page.fill("#known-digits", "5")
    page.click("#photo-known button")
    page.locator(".numbers .unsure").wait_for()  # it has six
    assert page.locator(".numbers .sure").count() == 0


def test_a_pasted_picture_is_read_and_its_name_stays_text(visit: Visit, examples: Path) -> None:
    page = visit("photo")
    name = "<img src=x onerror=alert(1)>.png"
    picture = list((examples / "postcode.png").read_bytes())
    page.evaluate(
        """([bytes, name]) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], name, {type: 'image/png'}));
          document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true}));
        }""",
        [picture, name],
    )
    page.locator(".numbers .sure").wait_for()
    assert page.locator(".sheet h3").inner_text() == name


def test_a_tall_picture_is_no_taller_than_paper(visit: Visit, examples: Path, tmp_path: Path) -> None:
    with Image.open(examples / "postcode.png") as image:
        image.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "tall.png")
        tall = image.width / image.height
    page = visit("photo")
    page.set_input_files("#choose", tmp_path / "tall.png")
    page.locator(".sheet:not([aria-busy]) .picture img").wait_for()
    picture, room = page.locator(".picture").bounding_box(), page.locator(".sheet-page").bounding_box()
    assert picture["height"] / picture["width"] == pytest.approx(tall, rel=0.02)
    assert picture["height"] <= max(0.85 * page.viewport_size["height"], 1.42 * room["width"])


def _boxes_lie_on_the_picture(page: Any) -> None:
    """Each number's frame is within its picture, in the row where the example has its ink."""
    for i in range(2):
        picture = page.locator(".picture").nth(i).bounding_box()
        box = page.locator(".picture .box").nth(i).bounding_box()
        assert picture["x"] <= box["x"]
        assert box["x"] + box["width"] <= picture["x"] + picture["width"]
        assert 0.5 * picture["width"] < box["width"]
        assert 0.3 * picture["height"] < box["height"] < 0.9 * picture["height"]


def _download(page: Any, button: str) -> str:
    with page.expect_download() as download:
        page.click(button)
    return Path(download.value.path()).read_text(encoding="utf-8")
