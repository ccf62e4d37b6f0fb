"""Room 4: a short training whose curve moves, and whose net then reads."""

from __future__ import annotations

import pytest
from axe import serious_violations
from browsing import Visit, until
from strokes import wait_for_answer, write

pytest.importorskip("torch")

_CURVE = "document.querySelector('#loss-chart .curve')?.getAttribute('d') ?? ''"


def test_without_torch_the_room_says_what_to_install(visit: Visit) -> None:
    page = visit("write")
    answer = {"available": False, "install": 'pip install "shuzi[train]"', "recipes": [], "budgets": ["2s"]}
    page.route("**/v1/recipes", lambda route: route.fulfill(json=answer))
    page.goto(page.url.replace("#write", "?again#train"))
    page.get_by_text('pip install "shuzi[train]"').wait_for()
    assert page.locator("#train-start").is_disabled()


def test_a_run_is_watched_scored_and_used(visit: Visit) -> None:
    page = visit("train")
    page.get_by_label("2 seconds").check()  # blink
    page.fill("#train-epochs", "1.5")  # a little longer, so that there is something to watch
    page.click("#train-start")
    page.locator(".run-state[data-status=running]").wait_for()

    before = until(page, _CURVE, seconds=40)
    until(page, _CURVE, lambda now: now != before, seconds=40)
    page.locator(".run-state[data-status=done]").wait_for(timeout=40_000)
    assert "Loss" in page.locator("#loss-chart svg").get_attribute("aria-label")

    page.get_by_role("button", name="What does it get wrong?").click()
    page.locator("#mistakes li").first.wait_for(timeout=40_000)
    counts = page.locator("#confusion-body td:not(.row-score)").all_inner_texts()
    assert sum(map(int, counts)) == 10_000
    assert sum(map(int, page.locator("#confusion-body .hit").all_inner_texts())) > 9_800
    assert serious_violations(page) == []

    page.get_by_role("button", name="Use this net").click()
    until(page, "document.querySelector('#net').value.startsWith('run:')")
    write(page, "7")
    wait_for_answer(page, "7")
