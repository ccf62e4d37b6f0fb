"""Pen strokes of our own, as a tablet gives them: points in a square of side 1, and how to write them."""

from __future__ import annotations

from typing import Any

Point = tuple[float, float]


def _point(pair: str) -> Point:
    x, y = pair.split(",")
    return int(x) / 100, int(y) / 100


# Each stroke's points x,y in hundredths, y down; strokes lie between semicolons.
_WRITTEN = {
    "0": "55,10 38,16 27,35 26,60 36,84 52,90 68,80 76,58 74,32 65,15 54,10",
    "1": "40,24 53,11 52,35 51,62 50,90",
    "2": "26,28 33,15 50,9 66,16 70,30 62,46 46,64 27,86 50,85 76,86",
    "3": "29,17 45,9 62,14 67,28 58,41 43,46 60,50 71,64 66,81 49,90 29,83",
    "4": "42,10 35,32 25,58 50,58 78,56; 64,34 62,60 60,92",
    "5": "70,12 52,13 38,14 35,30 33,44 48,40 63,46 70,62 63,80 47,88 28,82",
    "6": "64,10 48,22 35,42 30,65 38,84 54,90 68,80 70,64 58,53 42,57 32,70",
    "7": "24,15 50,14 77,13 66,35 54,60 44,90",
    "8": "66,20 52,10 37,16 35,31 48,44 63,56 70,72 60,88 43,89 32,77 37,60 51,46 65,33 67,20",
    "9": "68,28 58,13 42,13 33,28 37,43 53,47 66,36 69,26 67,50 62,70 58,90",
}

STROKES: dict[str, list[list[Point]]] = {
    digit: [[_point(pair) for pair in stroke.split()] for stroke in written.split(";")]
    for digit, written in _WRITTEN.items()
}


def places(page: Any, text: str, size: float = 0.8) -> list[list[Point]]:
    """The strokes of a number, in the window's pixels, in the sheet's middle; `size`: of its height."""
    page.locator("#pad").scroll_into_view_if_needed()
    box = page.locator("#pad").bounding_box()
    side = min(size * box["height"], 0.94 * box["width"] / len(text))
    left = box["x"] + (box["width"] - side * len(text)) / 2
    top = box["y"] + (box["height"] - side) / 2
    return [
        [(left + side * (x + position), top + side * y) for x, y in stroke]
        for position, digit in enumerate(text)
        for stroke in STROKES[digit]
    ]


def write(page: Any, text: str, size: float = 0.8) -> None:
    """Write with the mouse, or with a pen: both are pointer events."""
    for stroke in places(page, text, size):
        page.mouse.move(*stroke[0])
        page.mouse.down()
        for point in stroke[1:]:
            page.mouse.move(*point, steps=2)
        page.mouse.up()


def write_by_touch(page: Any, text: str) -> None:
    """Write with a finger: real touch events, which would scroll the page where it lets them."""
    wire = page.context.new_cdp_session(page)
    for stroke in places(page, text):
        for kind, (x, y) in [("touchStart", stroke[0]), *(("touchMove", point) for point in stroke[1:])]:
            wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def answer(page: Any) -> str:
    """The digits that the page answers, in reading order."""
    return "".join(page.locator("#answer .answer-digit").all_inner_texts())


def wait_for_answer(page: Any, text: str) -> None:
    """Wait until the page answers this; the failure says what it answered instead."""
    for _ in range(100):
        if answer(page) == text:
            return
        page.wait_for_timeout(50)
    trouble = page.locator("#trouble-text").inner_text()
    raise AssertionError(f"{text} was read as {answer(page)!r} {trouble}")


def wait_for_sure_answer(page: Any, text: str) -> None:
    """Wait until the page is sure of this: after its first stroke a 4 may look like one too."""
    wait_for_answer(page, text)
    page.locator("#answer .sure").wait_for()
    assert answer(page) == text
