"""Reading and classifying what a client sent, in a reading process: bytes in, JSON out."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import Any, cast

import numpy as np
from PIL import Image

from shuzi.errors import PictureError, ReadingError
from shuzi.models import Classifier, shipped
from shuzi.pages import open_document
from shuzi.picture import Picture, open_image
from shuzi.reading.framing import frame
from shuzi.reading.knowledge import know
from shuzi.reading.output import Page
from shuzi.reading.reader import Reader
from shuzi.serving.jobs import Limits, Result
from shuzi.shapes import Float32, UInt8

MAX_IMAGES = 10_000  # digits in one request: ten seconds' work for the largest net
_DECIMALS = 6
_SHIPPED = frozenset(shipped())


def read(options: dict[str, Any], body: bytes, limits: Limits) -> Result:
    """Read every page of a picture file or PDF: the command line's JSON, with more about digits if asked.

    `options`: weights, digits, pattern, check, threshold, detail, and source, the file's name or None.
    """
    asked = {name: options[name] for name in ("digits", "pattern", "check")}
    know(**asked)
    reader = load_reader(options["weights"])
    pages: list[dict[str, Any]] = []
    with open_document(body, most_pages=limits.pages, most_pixels=limits.pixels) as document:
        for number in range(1, len(document) + 1):
            try:
                page = reader.read(document.page(number), **asked, threshold=options["threshold"])
            except PictureError as error:
                if len(document) == 1:
                    raise
                pages.append(failed_page(options["source"], number, str(error)))
                continue
            facts = _detailed(page) if options["detail"] else page.to_dict()
            pages.append(facts | {"source": options["source"]})
    numbers = [number for page in pages for number in page["numbers"]]
    counts = {"pages": len(pages), "numbers": len(numbers)}
    counts["accepted"] = sum(number["accepted"] for number in numbers)
    return Result(json.dumps({"pages": pages}).encode(), facts=counts)


def failed_page(source: str | None, number: int, error: str) -> dict[str, Any]:
    """The JSON of a page that couldn't be read."""
    return {"source": source, "page": number, "width": None, "height": None, "numbers": [], "error": error}


def classify(options: dict[str, Any], body: bytes, limits: Limits) -> Result:
    """The digit in a picture, or in each 28x28 picture of a JSON list.

    `options`: weights; label, what to call them; json, whether the body is JSON; and framing, "frame" or
    "tutorial", which squeezes the picture as that net's tutorial does.
    """
    classifier = load_reader(options["weights"]).classifier
    if options["json"]:
        images = _images(body)
    elif options["framing"] == "tutorial":
        images = _squeezed(body, _way(classifier), limits)[None]
    else:
        images = frame(_one_picture(body, limits))[None]
    answers = classifier.probabilities(images)
    predictions = [_prediction(image, row) for image, row in zip(images, answers, strict=True)]
    text = json.dumps({"weights": options["label"], "predictions": predictions})
    return Result(text.encode(), facts={"digits": len(images)})


def load_reader(weights: str) -> Reader:
    """The reader with shipped weights or those in a file; one is read anew when it has changed."""
    if weights in _SHIPPED:
        return _reader(weights, 0)
    try:
        changed = os.stat(weights).st_mtime_ns
    except OSError:
        changed = 0
    return _reader(weights, changed)


@lru_cache(maxsize=16)
def _reader(weights: str, changed: int) -> Reader:
    return Reader(weights)


def _detailed(page: Page) -> dict[str, Any]:
    facts = page.to_dict()
    for number, told in zip(page.numbers, facts["numbers"], strict=True):
        for digit, place in zip(number.digits, told["digits"], strict=True):
            place["probabilities"] = [round(p, _DECIMALS) for p in digit.probabilities]
            place["image"] = None if digit.image is None else digit.image.tolist()
    return facts


def _prediction(image: UInt8[np.ndarray, "28 28"], row: Float32[np.ndarray, " 10"]) -> dict[str, Any]:
    digit = int(row.argmax())
    probabilities = [round(float(p), _DECIMALS) for p in row]
    return {
        "digit": digit,
        "confidence": probabilities[digit],
        "probabilities": probabilities,
        "image": image.tolist(),
    }


def _images(body: bytes) -> UInt8[np.ndarray, "n 28 28"]:
    sent = parse_json(body)
    images = sent.get("images") if isinstance(sent, dict) else None
    if not isinstance(images, list) or not images:
        raise ReadingError(
            'Send {"images": [...]}, a list of pictures of 28 rows of 28 numbers from 0 to 255.'
        )
    if len(images) > MAX_IMAGES:
        raise ReadingError(f"At most {MAX_IMAGES:,} digits can be sent at a time: send them in parts.")
    return digits_from(images)


def digits_from(images: Any) -> UInt8[np.ndarray, "n 28 28"]:
    """Nested lists of whole numbers 0 to 255 -> digits; `ReadingError` for anything else."""
    try:
        array = np.array(images)
    except (ValueError, OverflowError):  # lists of different lengths
        array = np.empty(0)
    if array.ndim != 3 or array.shape[1:] != (28, 28) or array.dtype.kind not in "iu":
        raise ReadingError("Each picture has 28 rows of 28 whole numbers, white ink on black.")
    if array.min() < 0 or array.max() > 255:
        raise ReadingError("The numbers of a picture go from 0, black, to 255, white ink.")
    return array.astype(np.uint8)


def parse_json(body: bytes) -> Any:
    """JSON from outside; `ReadingError` where it is none, or nested beyond reason."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise ReadingError("The body is not JSON: check its commas, quotes and brackets.") from None


def _one_picture(body: bytes, limits: Limits) -> Picture:
    with open_document(body, most_pages=1, most_pixels=limits.pixels) as document:
        return document.page(1)


def _way(classifier: Classifier) -> str:
    recipe = classifier.card.get("recipe", {})
    return str(recipe.get("source", {}).get("own_picture", "frame"))


def _squeezed(body: bytes, way: str, limits: Limits) -> UInt8[np.ndarray, "28 28"]:
    from shuzi.evaluation.own_pictures import Way, treat  # few ask for it, and it takes time to load

    picture = _one_picture(body, limits)  # whatever can't be read is refused here
    if way == "frame":
        return frame(picture)
    if way in ("squeeze", "squeeze-uninverted"):
        return treat(Image.fromarray(picture.pixels), cast(Way, way))
    with open_image(body) as image:
        if image.has_transparency_data:
            return treat(image.convert("RGBA"), "alpha")
    # The tutorial knows drawings on nothing only. An opaque picture would be one white square, so that here
    # its darkness stands for the ink.
    darkness = Image.fromarray(255 - np.asarray(Image.fromarray(picture.pixels).convert("L")))
    drawing = Image.new("RGBA", darkness.size)
    drawing.putalpha(darkness)
    return treat(drawing, "alpha")
