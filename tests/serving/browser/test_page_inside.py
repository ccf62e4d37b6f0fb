"""Room 3: the layers of a net, and numbers that add up where one points."""

from __future__ import annotations

from typing import Any

from browsing import Visit, until
from strokes import wait_for_answer, write


def test_a_value_of_each_kind_of_layer_is_explained(visit: Visit) -> None:
    page = visit()
    page.select_option("#net", "mxnet-lenet")
    write(page, "8")
    wait_for_answer(page, "8")
    page.click("#tab-inside")
    page.get_by_text("This is the digit that you wrote.").wait_for()

    _point(page, "Convolution 1")
    assert page.locator(".grid-numbers").count() == 3  # window, kernel, products: one map before
    left, value = page.locator(".equation").inner_text().split("=")
    assert abs(_sum(left) - float(value)) < 0.002
    assert page.locator("#lens-value").inner_text() == value.strip()

    _point(page, "Max pooling 1")
    window = [float(cell) for cell in page.locator(".grid-numbers td").all_inner_texts()]
    assert len(window) == 4
    assert abs(max(window) - float(page.locator("#lens-value").inner_text())) < 0.006
    assert float(page.locator(".grid-numbers .chosen").inner_text()) == max(window)

    _point(page, "Linear 1")
    left, value = page.locator(".equation").inner_text().split("=")
    assert abs(_sum(left) - float(value)) < 0.002

    shares = page.locator("#softmax-rows td:nth-child(5)").all_inner_texts()
    assert abs(sum(float(share.removesuffix(" %")) for share in shares) - 100) < 0.6
    page.locator("#mattered-legend .legend").wait_for()


def test_the_keyboard_moves_over_a_map_and_is_told_what_is_there(visit: Visit) -> None:
    page = visit("inside")
    _layer(page, "Convolution 1").locator("canvas.atlas-canvas").focus()
    page.keyboard.press("ArrowRight")
    page.locator("#lens").wait_for()
    before = page.locator("#lens-where").inner_text()
    page.keyboard.press("PageDown")
    until(page, "document.querySelector('#lens-where').textContent", lambda now: now != before)
    assert page.locator("#lens-where").inner_text().startswith("Map 1, row 6")
    assert "Map 1, row 6" in page.locator("#live").inner_text()


def test_the_linear_net_shows_its_weights_as_a_picture(visit: Visit) -> None:
    page = visit("inside")
    page.select_option("#net", "paddle-linear")
    layer = _layer(page, "One weighted sum")
    layer.get_by_role("button", name="Its weights as pictures").click()
    picture = layer.locator(".kernels canvas.numbers-picture")
    picture.wait_for()
    assert picture.evaluate("one => [one.width, one.height]") == [28, 28]


def _layer(page: Any, name: str) -> Any:
    return page.locator(".layer").filter(has=page.get_by_role("heading", name=name))


def _point(page: Any, name: str) -> None:
    """Point near the middle of a layer's first map, and wait for its explanation."""
    _layer(page, name).locator("canvas.atlas-canvas").click(
        position={"x": 30, "y": 8 if "Linear" in name else 30}
    )
    page.locator("#lens-layer", has_text=name).wait_for()


def _sum(text: str) -> float:
    """0.5 + 0.25 − 0.1 as people write it."""
    return sum(float(part) for part in text.replace("− ", "-").replace("+ ", "").replace(",", "").split())
