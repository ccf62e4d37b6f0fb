"""`shuzi.pad()`: its Python side by the messages that a notebook sends, its browser side in real chromium."""

import functools
import http.server
import io
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import shuzi
from shuzi.errors import ReadingError
from shuzi.pad_widget import pad

CHROMIUM = shutil.which("chromium")
SEVEN = [(120, 50), (280, 50), (200, 200)]  # corners of strokes on a sheet of 480x240
ONE = [(390, 40), (380, 200)]
NONE = [[(10, 10), (11, 10)]]


def drawing(digit, width=480, height=240):
    """An MNIST digit as the browser would send it: black ink on white, 0 on 255."""
    ink = Image.fromarray(255 - digit).resize((200, 200), Image.Resampling.BICUBIC)
    sheet = Image.new("L", (width, height), 255)
    sheet.paste(ink, (100, 20))
    return np.asarray(sheet).tobytes()


def send(widget, strokes, data):
    """A stroke's end, in the message that the widget's comm delivers."""
    state = {"method": "update", "state": {"strokes": strokes}, "buffer_paths": [["drawing"]]}
    widget._handle_msg({"content": {"data": state}, "buffers": [memoryview(data)]})


def test_a_drawing_is_read_at_the_end_of_each_stroke():
    widget = shuzi.pad()
    assert (widget.text, widget.confidence, widget.page.numbers) == ("", 0.0, [])
    assert not widget.digit.any()
    image = shuzi.load_mnist("test")[0][0]
    answers = []
    widget.observe(lambda change: answers.append(change["new"]), "answer")
    send(widget, [[[1, 2], [3, 4]]], drawing(image))
    assert (widget.text, widget.page.numbers[0].accepted) == ("7", True)
    assert widget.confidence == widget.page.numbers[0].confidence
    assert widget.image.shape == (240, 480)
    assert set(np.unique(widget.image[:10])) == {255}
    assert shuzi.classify(widget.digit).argmax() == 7
    send(widget, [], bytes([255]) * (480 * 240))
    assert (widget.text, widget.confidence) == ("", 0.0)
    send(widget, NONE, bytes([255]) * (480 * 240))
    assert [(answer["text"], answer["turn"]) for answer in answers] == [("7", 1), ("", 2), ("", 3)]


def test_a_drawing_of_the_wrong_size_is_a_blank_sheet():
    widget = pad(width=100, height=80)
    send(widget, NONE, b"x" * 7999)
    assert (widget.text, widget.image.shape, widget.image.min()) == ("", (80, 100), 255)


def test_what_is_known_of_the_number_helps():
    widget = shuzi.pad(digits=2, weights="mxnet-lenet")
    send(widget, NONE, drawing(shuzi.load_mnist("test")[0][0]))
    assert not widget.answer["accepted"]


def test_sizes_and_knowledge_that_make_no_sense():
    with pytest.raises(ValueError, match="64 to 2000"):
        pad(width=10)
    with pytest.raises(ReadingError):
        pad(threshold=2.0)


def test_without_anywidget_it_says_what_to_install():
    code = (
        "import sys; sys.modules['anywidget'] = None\n"
        "import shuzi\n"
        "from shuzi.errors import MissingExtraError\n"
        "try: shuzi.pad()\n"
        "except MissingExtraError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "shuzi[notebook]"' in done.stdout


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="pad.css">
<body style="background: canvas; color-scheme: light dark"><div id="cell"></div><script type="module">
import pad from "./pad.js";
const state = { width: 480, height: 240, pen: 15, strokes: [], answer: {} };
const listeners = {};
window.model = {
  saved: 0,
  get: (name) => state[name],
  set(name, value) {
    state[name] = value;
    for (const listener of listeners[`change:${name}`] ?? []) listener();
  },
  save_changes() { this.saved += 1; },
  on: (type, listener) => (listeners[type] ??= new Set()).add(listener),
  off: (type, listener) => listeners[type].delete(listener),
  sent: () => Array.from(new Uint8Array(state.drawing.buffer)),
  listening: () => Object.values(listeners).reduce((total, one) => total + one.size, 0),
};
window.end = pad.render({ model, el: document.getElementById("cell") });
</script></body></html>"""


@pytest.fixture
def address(tmp_path):
    """A server of the widget's own files and a page that mounts it with a model like a notebook's."""
    for name in ("pad.js", "pad.css"):
        shutil.copy(Path(shuzi.__file__).with_name(name), tmp_path)
    (tmp_path / "index.html").write_text(PAGE)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def browser():
    if CHROMIUM is None:
        assert os.environ.get("SHUZI_BROWSER") != "required", "chromium isn't installed"
        pytest.skip("chromium isn't installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def write(page, corners):
    """Draw with the mouse along corners, given in pixels of the sheet."""
    box = page.locator("canvas").bounding_box()
    across, down = box["width"] / 480, box["height"] / 240
    places = [(box["x"] + x * across, box["y"] + y * down) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=12)
    page.mouse.up()


def ink_colour(page):
    """On the first stroke, as it is shown."""
    shown = Image.open(io.BytesIO(page.locator("canvas").screenshot())).convert("L")
    return shown.getpixel((200, 50))


def test_the_browser_side(browser, address):
    page = browser.new_page(color_scheme="light", locale="en-GB")
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address)
    assert page.locator("output").inner_text() == "Write a number here."
    assert page.get_by_role("button", name="Undo").is_disabled()
    widget = shuzi.pad()

    def answer():
        """What the kernel does with the browser's message, and its answer back."""
        send(widget, page.evaluate("model.get('strokes')"), bytes(page.evaluate("model.sent()")))
        page.evaluate("answer => model.set('answer', answer)", widget.answer)
        return page.locator("output").inner_text()

    write(page, SEVEN)
    assert page.evaluate("model.saved") == 1
    assert answer().startswith("7")
    write(page, ONE)
    assert answer().startswith("71")
    assert widget.text == "71"
    assert ink_colour(page) < 80
    page.emulate_media(color_scheme="dark")
    assert ink_colour(page) > 180
    assert page.evaluate("Math.min(...model.sent())") == 0  # the drawing stays black on white
    page.get_by_role("button", name="Undo").click()
    assert answer().startswith("7 ")
    page.locator("canvas").focus()
    page.keyboard.press("Control+z")
    assert answer() == "Write a number here."
    write(page, ONE)
    page.get_by_role("button", name="Clear").click()
    assert page.evaluate("model.get('strokes')") == []
    assert page.evaluate("Math.min(...model.sent())") == 255
    assert page.evaluate("end(); model.listening()") == 0
    assert problems == []


def test_by_touch_on_a_phone_in_chinese(browser, address):
    context = browser.new_context(
        viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("output").inner_text() == "在这里写一个数。"
    box = page.locator("canvas").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    strokes = page.evaluate("model.get('strokes')")
    assert strokes[0][0] == pytest.approx([240, 120], abs=2)
    assert page.evaluate("model.sent()[120 * 480 + 240]") == 0  # a tap leaves a dot
    context.close()
