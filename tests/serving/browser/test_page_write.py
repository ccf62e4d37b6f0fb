"""Room 1 as a person uses it: write, read, undo, compare the nets, correct."""

from __future__ import annotations

import io
import json
import urllib.request
import zipfile
from typing import Any

from browsing import Visit, until
from strokes import answer, wait_for_answer, wait_for_sure_answer, write


def test_each_digit_and_a_number_are_read_from_their_strokes(visit: Visit) -> None:
    page = visit()
    answers: list[Any] = []
    page.on("response", lambda response: "/v1/read" in response.url and answers.append(response))
    whole = page.locator("#pad").evaluate("one => Math.round(400 * one.clientWidth / one.clientHeight)")
    for text in [*"0123456789", "20587"]:
        write(page, text)
        wait_for_sure_answer(page, text)
        sent = answers[-1].json()["pages"][0]
        x, y, width, height = sent["numbers"][0]["box"]
        if len(text) == 1:  # read from the part of the sheet around it
            assert 2 * width <= sent["width"] <= 2 * width + 40 < whole
            assert abs(2 * x + width - sent["width"]) <= 20
            assert 24 <= y <= 44
            assert height + 48 <= sent["height"] <= height + 88
        else:
            assert (sent["width"], sent["height"]) == (whole, 400)
        page.click("#clear")
    assert answer(page) == ""


def test_the_answer_comes_with_its_evidence(visit: Visit) -> None:
    page = visit()
    write(page, "47")
    wait_for_answer(page, "47")
    page.locator("#answer .answer-digit").nth(1).click()
    share, value = page.locator("#bars .best").inner_text().split()
    assert (float(share) >= 98, value) == (True, "7")
    pixels = page.locator("#saw-canvas").evaluate(
        "one => Array.from(one.getContext('2d').getImageData(0, 0, 28, 28).data)"
    )
    assert 30 < sum(value > 128 for value in pixels[::4]) < 250
    assert "47" in page.locator("#live").inner_text()


def test_undo_redo_and_clear(visit: Visit) -> None:
    page = visit()
    write(page, "4")
    wait_for_answer(page, "4")
    page.keyboard.press("Control+z")  # without its second stroke it is no sure 4 any more
    until(page, "!document.querySelector('#redo').disabled")
    page.keyboard.press("Control+Shift+z")
    wait_for_answer(page, "4")
    page.click("#clear")
    wait_for_answer(page, "")
    page.keyboard.press("Control+z")
    wait_for_answer(page, "4")
    assert page.locator("#redo").is_enabled()  # clearing is what was undone


def test_a_scribble_gets_no_confident_answer(visit: Visit) -> None:
    page = visit()
    box = page.locator("#pad").bounding_box()
    page.mouse.move(box["x"] + 150, box["y"] + 100)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(box["x"] + 150 + (step * 67) % 160, box["y"] + 100 + (step * 41) % 190, steps=2)
    page.mouse.up()
    page.wait_for_selector("#answer .unsure, #answer .answer-blank[data-t='write.noNumber']")
    assert page.locator("#answer .sure").count() == 0


def test_the_champion_holds_where_nets_fed_as_in_their_tutorial_fail(visit: Visit) -> None:
    page = visit()
    page.click("#compare summary")
    write(page, "3", size=0.4)
    rows = page.locator("#compare-rows tr")
    rows.nth(7).wait_for()
    champion = rows.filter(has_text="champion").locator("td").nth(1)
    assert champion.locator("b").inner_text() == "3"
    assert page.locator("#compare-rows td:nth-child(2) .wrong").count() >= 2
    assert page.locator("#compare-rows td:nth-child(3) .right").count() >= 6


def test_a_correction_is_kept_listed_exported_and_deleted(visit: Visit, server: str) -> None:
    page = visit()
    write(page, "1")
    wait_for_answer(page, "1")
    page.click("#wrong")
    page.locator("#wrong-digits button").nth(7).click()
    page.locator("#wrong-thanks", has_text="Kept as 7").wait_for()
    assert [one["label"] for one in _corrections(server) if one["answer"] == 1] == [7]

    page.click("#corrections summary")
    with page.expect_download() as download:
        page.click("#corrections-export")
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert any("/7/" in f"/{name}" and name.endswith(".png") for name in archive.namelist())

    kept = page.locator("#corrections-list li", has_text="It was 7")
    kept.get_by_role("button").click()
    kept.wait_for(state="detached")
    assert not [one for one in _corrections(server) if one["answer"] == 1]


def _corrections(server: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{server}/v1/corrections") as response:
        found: list[dict[str, Any]] = json.load(response)["corrections"]
    return found
