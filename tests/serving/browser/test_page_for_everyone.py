"""The page for everyone: two languages, a phone, the keyboard, and what axe-core finds."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from axe import serious_violations
from browsing import Visit
from strokes import wait_for_answer, write, write_by_touch

import shuzi

ROOMS = ("write", "photo", "inside", "train")
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
TARGETS = "button, select, summary, input:not([type=checkbox], [type=radio])"


def test_both_languages_have_the_same_words(visit: Visit) -> None:
    page = visit()
    english, chinese = page.evaluate(
        """async () => {
          const {en} = await import('/page/core/words-en.js');
          const {zh} = await import('/page/core/words-zh.js');
          const blanks = words => Object.fromEntries(Object.entries(words).map(
            ([key, text]) => [key, [...new Set(text.match(/\\{\\w+(:pct)?\\}/g) ?? [])].sort()]));
          return [blanks(en), blanks(zh)];
        }"""
    )
    assert english == chinese


def test_what_recipes_say_is_known_in_chinese(visit: Visit) -> None:
    page = visit("train", locale="zh-CN")
    said = set()
    for path in Path(shuzi.__file__).with_name("recipes").glob("*.toml"):
        recipe = tomllib.loads(path.read_text("utf-8"))
        source = recipe.get("source", {})
        said |= {recipe["title"], *(source.get(part, "") for part in ("tutorial", "claim", "fault"))}
    known = page.evaluate("async () => (await import('/page/core/recipes-zh.js')).recipesZh")
    assert set(known) == {text for text in said if any(letter.isalpha() for letter in text)}
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in known.values())

    page.locator("#budgets .choice").last.click()
    page.select_option("#recipe", "mxnet-lenet")
    facts = page.locator("#recipe-facts")
    assert "MXNet 教程二" in facts.inner_text()
    assert page.locator("#recipe option[value=champion]").inner_text().startswith("冠军")
    page.click("#language")
    assert "MXNet tutorial 2" in facts.inner_text()
    assert page.locator("#recipe option[value=champion]").inner_text().startswith("The champion")


def test_the_language_follows_the_browser_and_a_choice_is_remembered(visit: Visit) -> None:
    page = visit(locale="zh-CN")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    write(page, "6")
    wait_for_answer(page, "6")
    assert page.locator(".verdict").inner_text().startswith("把握")
    page.click("#language")
    assert page.locator(".verdict").inner_text().endswith("sure")
    page.reload()
    assert page.locator("h1:visible").inner_text() == "Write a digit, or a whole number"


def test_a_phone_reads_what_a_finger_writes(visit: Visit) -> None:
    page = visit(**PHONE)
    write_by_touch(page, "5")
    wait_for_answer(page, "5")
    assert page.evaluate("scrollY") == 0, "writing scrolled the page"
    for room in ROOMS:
        page.tap(f"#tab-{room}")
        page.locator(f"#room-{room} h1").wait_for()
        if room == "inside":
            page.locator(".layer").last.wait_for()
        if room == "train":
            page.locator("#budgets .choice").last.click()  # nets have long names
        assert page.evaluate("document.documentElement.scrollWidth") == 390, f"{room} scrolls sideways"
        small = page.evaluate(
            """targets => [...document.querySelectorAll(targets)].filter(one => one.checkVisibility())
              .filter(one => one.getBoundingClientRect().height < 40)
              .map(one => one.outerHTML.slice(0, 80))""",
            TARGETS,
        )
        assert small == [], f"too small for a finger in {room}"


def test_the_keyboard_alone_will_do(visit: Visit) -> None:
    page = visit()
    page.locator("#tab-write").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "tab-photo"
    assert page.locator("#room-photo h1").is_visible()
    page.keyboard.press("Home")
    page.locator("#pad").focus()
    for key in [*["ArrowUp"] * 12, " ", *["ArrowDown"] * 25, " "]:
        page.keyboard.press(key)
    wait_for_answer(page, "1")
    page.locator("#language").focus()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_a_token_that_comes_with_the_address_is_shown_to_the_server_and_hidden(visit: Visit) -> None:
    page = visit("token=well%20kept")
    assert "token" not in page.url
    with page.expect_request(lambda request: "/v1/read" in request.url) as request:
        write(page, "1")
    assert request.value.headers["authorization"] == "Bearer well kept"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit: Visit, examples: Path, scheme: str) -> None:
    page = visit(color_scheme=scheme, reduced_motion="reduce")
    for room in ROOMS:
        page.click(f"#tab-{room}")
        _fill(page, room, examples)
        assert serious_violations(page) == [], f"{room}, {scheme}"


def _fill(page: Any, room: str, examples: Path) -> None:
    """Bring a room into the state in which it has most to show."""
    if room == "write":
        page.click("#compare summary")
        page.click("#corrections summary")
        write(page, "2")
        page.locator("#compare-rows tr").first.wait_for()
        page.click("#wrong")
    elif room == "photo":
        page.set_input_files("#choose", [examples / "blackboard.png", examples / "postcode.png"])
        page.locator(".numbers input").nth(1).wait_for()
        page.get_by_label("Number read as 518057").fill("518058")
        page.keyboard.press("Enter")
    elif room == "inside":
        page.locator(".atlas-canvas").nth(3).click(position={"x": 20, "y": 20})
        page.locator("#lens-body .equation").wait_for()
        page.locator("#mattered-legend .legend").wait_for()
    else:
        page.locator("#budgets .choice").last.click()
