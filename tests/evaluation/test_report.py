"""Reports: whole files, no foreign names let through, nothing loaded from elsewhere, any score drawn."""

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from shuzi.data.mnist import load_mnist
from shuzi.errors import DataError
from shuzi.evaluation.metrics import score
from shuzi.evaluation.report import check_report_path, write_report
from shuzi.evaluation.report_html import html_report
from shuzi.evaluation.report_png import png_report

IMAGES, LABELS = load_mnist("test")


def made_up(n, sure, *, wrong, **names):
    """A score of a net that is ``sure`` of its answers and wrong on the first few of n test digits."""
    answers = LABELS[:n].copy()
    answers[:wrong] = (answers[:wrong] + 1) % 10
    probabilities = np.full((n, 10), (1 - sure) / 9, np.float32)
    probabilities[np.arange(n), answers] = sure
    return score(probabilities, LABELS[:n], **names)


SCORES = {
    "usual": made_up(10_000, 0.98, wrong=250, weights="net", data="mnist", label_errors=True),
    "perfect": made_up(500, 1.0, wrong=0),
    "hopeless": made_up(40, 1.0, wrong=40),
    "one picture": made_up(1, 0.5, wrong=0),
}


class Page(HTMLParser):
    """Collects a page's tags and where they point to; fails where one is left open."""

    VOID = ("meta", "img")

    def __init__(self, text):
        super().__init__()
        self.tags, self.sources, self.open, self.text = [], [], [], ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.sources += [value for name, value in attrs if name in ("src", "href", "xlink:href", "data")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("name", SCORES)
def test_html_stands_alone(name):
    page = Page(html_report(SCORES[name], IMAGES))
    assert not {"script", "link", "iframe", "object"} & set(page.tags)
    assert all(source.startswith("data:image/png;base64,") for source in page.sources)
    assert not re.search(r"https?:|//|url\(|@import", "".join(page.text.split("data:")))
    assert len(page.sources) == len(SCORES[name].most_wrong)


def test_html_tells_the_figures():
    text = Page(html_report(SCORES["usual"], IMAGES)).text
    for figure in ("97.50 %", "97.18 to 97.79 %", "250 answered wrongly", "prefers-color-scheme: dark"):
        assert figure in text


def test_html_marks_what_people_see_differently():
    mistaken = LABELS.copy()
    mistaken[947] = 9
    found = score(np.eye(10, dtype=np.float32)[mistaken], LABELS, label_errors=True)
    assert "people see 9" in html_report(found, IMAGES)
    assert "people see" not in html_report(score(np.eye(10, dtype=np.float32)[mistaken], LABELS), IMAGES)


def test_names_are_text_in_html():
    evil = '<script>alert(1)</script>"&'
    page = Page(html_report(made_up(20, 0.9, wrong=2, weights=evil, data=evil), IMAGES))
    assert "script" not in page.tags
    assert page.text.count(evil) >= 2


@pytest.mark.parametrize("name", SCORES)
def test_png(name):
    with Image.open(io.BytesIO(png_report(SCORES[name], IMAGES))) as picture:
        assert picture.format == "PNG"
        assert picture.width == 1650


def test_png_takes_any_name():
    assert png_report(made_up(20, 0.9, wrong=2, weights="$\\frac{$ <b>", data="a_b"), IMAGES)


@pytest.mark.parametrize("suffix", [".html", ".png", ".HTML"])
def test_files_are_written_whole(tmp_path, suffix):
    path = tmp_path / f"report{suffix}"
    path.write_text("old")
    write_report(SCORES["perfect"], IMAGES, path)
    assert path.stat().st_size > 1000
    assert list(tmp_path.iterdir()) == [path]


def test_where_a_report_cant_go(tmp_path):
    with pytest.raises(DataError, match="can't be written"):
        write_report(SCORES["perfect"], IMAGES, tmp_path / "nowhere" / "report.html")
    (tmp_path / "taken.html").mkdir()
    with pytest.raises(DataError, match="can't be written"):
        write_report(SCORES["perfect"], IMAGES, tmp_path / "taken.html")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.html"]


def test_other_suffixes():
    with pytest.raises(ValueError, match=r"report\.html or report\.png"):
        check_report_path(Path("report.pdf"))
