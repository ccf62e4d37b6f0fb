"""`shuzi explain`: what a net does to a digit, layer by layer; what a filter does to a photograph."""

from __future__ import annotations

import json as json_format
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from shuzi.errors import ReadingError
from shuzi.files import write_whole
from shuzi.lessons.filters import filter_photo, parse_kernel


def explain(
    picture: str | None = None,
    /,
    *,
    weights: str = "champion",
    out: Annotated[Path | None, Parameter(validator=lambda _, path: path and _check_suffix(path))] = None,
    json: Annotated[bool, Parameter(negative=())] = False,
    filter: Annotated[
        str | None, Parameter(validator=lambda _, kernel: kernel and parse_kernel(kernel))
    ] = None,
    op: Literal["max-pool", "relu", "sigmoid", "tanh"] | None = None,
    activations: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Show what a net does to your digit: every layer, a value of each kind worked out, what mattered.

    The digit is framed as MNIST's are. On the terminal as text; into a picture or a page with --out. With
    --filter or --op: what a convolution, a pooling or a function does to a photograph, instead of a net.

    Parameters
    ----------
    picture
        A picture of one digit; with --filter or --op any photograph.
    weights
        The net to look into: the name of shipped weights, or an .onnx file.
    out
        Draw everything into this file: .png for one picture, .html for a page that needs nothing else.
    json
        Print all values as JSON, in the form of the server's /v1/inside.
    filter
        A 3x3 kernel: sobel-x, sobel-y, laplacian, edge, blur, sharpen, tutorial, or nine numbers between
        commas, rows first; write --filter=-1,0,... when the first is below 0.
    op
        What to do with the photograph, after the filter if there is one.
    activations
        Instead of a picture: ReLU against sigmoid and tanh, with their slopes.
    """
    wants_filter = filter is not None or op is not None
    if json and (activations or wants_filter):
        raise ReadingError("--json is for nets: leave it out, or name a picture of a digit without --filter.")
    if out is not None and out.suffix.lower() == ".html" and (activations or wants_filter):
        raise ReadingError("Pages are for nets: call the file .png to have this as a picture.")
    if activations:
        _activations(out)
    elif picture is None:
        raise ReadingError("Name a picture of a digit, as in `shuzi explain seven.png --out seven.html`.")
    elif wants_filter:
        _filter(picture, filter, op, out)
    else:
        _tour(picture, weights, out, json)


def _tour(picture: str, weights: str, out: Path | None, json: bool) -> None:
    from shuzi.lessons.output import inside_dict, mattered_dict
    from shuzi.lessons.tour import make_tour
    from shuzi.lessons.tour_html import tour_html
    from shuzi.lessons.tour_png import tour_png
    from shuzi.lessons.tour_text import tour_text
    from shuzi.reading.framing import frame

    image = frame(picture)
    if not image.any():
        raise ReadingError(f"{picture} holds no ink: name a picture of one digit.")
    tour = make_tour(image, weights)
    if out is not None:
        write_whole(out, tour_html(tour).encode() if out.suffix.lower() == ".html" else tour_png(tour))
    if json:
        found = inside_dict(tour.inside)
        print(json_format.dumps(found | {"image": image.tolist(), "mattered": mattered_dict(tour.mattered)}))
    elif out is None:
        print(tour_text(tour, plain=not _shows("█░")), end="")
    else:
        print(f"{tour.name}: {tour.digit}; what it did is in {out}")


def _filter(picture: str, kernel: str | None, op: str | None, out: Path | None) -> None:
    from shuzi.lessons.tour_text import filter_text

    filtered = filter_photo(picture, kernel=kernel, operation=op)
    if out is not None:
        write_whole(out, filtered.to_png())
    print(filter_text(filtered), end="")


def _activations(out: Path | None) -> None:
    from shuzi.lessons.functions import LESSONS
    from shuzi.lessons.functions_png import functions_png

    if out is not None:
        write_whole(out, functions_png())
    for name, lesson in LESSONS.items():
        print(f"{name:<9}{lesson}")


def _check_suffix(path: Path) -> None:
    if path.suffix.lower() not in (".png", ".html"):
        raise ValueError(f"This draws pictures and pages: call it {path.stem}.png or {path.stem}.html.")


def _shows(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
