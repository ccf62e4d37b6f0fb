"""Filtering a photograph, in a reading process: bytes in, a PNG and its lesson out."""

from __future__ import annotations

import urllib.parse
from typing import Any

from shuzi.lessons.filters import filter_photo
from shuzi.pages import open_document
from shuzi.serving.jobs import Limits, Result


def filter_picture(options: dict[str, Any], body: bytes, limits: Limits) -> Result:
    """Convolve a picture, pool it, or put it through a function.

    `options`: kernel and operation, as `filter_photo` takes them. The header Shuzi-Lesson of the result says
    what was done, percent-encoded.
    """
    with open_document(body, most_pages=1, most_pixels=limits.pixels) as document:
        picture = document.page(1)
    filtered = filter_photo(picture.pixels, kernel=options["kernel"], operation=options["operation"])
    headers = {"Shuzi-Lesson": urllib.parse.quote(filtered.lesson())}
    return Result(filtered.to_png(), headers=headers)
