"""A tour of a net as one HTML page: no script, nothing from elsewhere, light or dark as the screen is."""

from __future__ import annotations

import base64
import io
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image

from shuzi.lessons.colours import diverging, ink
from shuzi.lessons.texts import COLOURS
from shuzi.lessons.tour import Section, Tile, Tour, describe_example, strongest_term
from shuzi.lessons.value import ConvValue, LinearValue, PoolValue
from shuzi.reading.output import percent
from shuzi.shapes import Float, UInt8

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"  # nothing from anywhere else
_STYLE = Path(__file__).with_name("tour.css")


def tour_html(tour: Tour) -> str:
    """The page's text."""
    digit = ink(tour.inside.image.astype(np.float32), 0.0, 255.0)
    probabilities = tour.inside.probabilities
    bars = _bars(probabilities, [percent(p) for p in probabilities.tolist()])
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>Inside {escape(tour.name)}</title>
<style>{_STYLE.read_text(encoding="utf-8")}</style>
<main>
<h1>Inside {escape(tour.name)}: {tour.digit}, {percent(tour.confidence)} sure</h1>
<p><span class="scale" aria-hidden="true"></span>{COLOURS}</p>
<section class="top">
<figure class="large">{_image(digit, "the digit")}<figcaption>what the net was shown</figcaption></figure>
<figure class="large">{_image(tour.mattered_pixels(), "what mattered")}
<figcaption>which pixels mattered</figcaption></figure>
<div><h2>Probability of each digit</h2>{bars}</div>
</section>
<p>{tour.mattered_text()}</p>
{"".join(map(_section, tour.sections))}</main>
</html>
"""


def _section(section: Section) -> str:
    parts = [f"<h2>{escape(section.title)}</h2>", f"<p>{section.text}</p>" if section.text else ""]
    if section.weights:
        parts.append(f"<h3>{section.weights_title}</h3>{_tiles(section.weights, 'weights')}")
        parts.append("<h3>what comes out</h3>")
    if section.maps:
        parts.append(_tiles(section.maps, section.layer.name))
    if section.bars is not None:
        parts.append(_bars(section.bars, section.bar_labels))
    if section.example is not None:
        parts.append(f"<details open><summary>One value, worked out</summary>{_example(section)}</details>")
    return f"<section>{''.join(parts)}</section>\n"


def _tiles(tiles: list[Tile], name: str) -> str:
    height, width = tiles[0].pixels.shape[:2]
    kind = "row" if width > 28 or height == 1 else "few" if len(tiles) <= 4 else "many"
    figures = "".join(
        f"<figure>{_image(tile.pixels, f'{name}, {index}')}"
        f"{f'<figcaption>{tile.caption}</figcaption>' if tile.caption else ''}</figure>"
        for index, tile in enumerate(tiles)
    )
    return f'<div class="tiles {kind}">{figures}</div>'


def _image(pixels: UInt8[np.ndarray, "h w 3"], alt: str) -> str:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", optimize=True)
    source = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f'<img alt="{escape(alt)}" title="{escape(alt)}" src="data:image/png;base64,{source}">'


def _bars(values: Float[np.ndarray, " 10"], labels: list[str]) -> str:
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    span = (high - low) or 1.0
    best = int(values.argmax())
    rows = "".join(
        f'<tr{" class=best" if digit == best else ""}><th>{digit}</th><td class="track"><span style="'
        f'left:{100 * (min(0.0, value) - low) / span:.2f}%;width:{100 * abs(value) / span:.2f}%"></span></td>'
        f"<td>{labels[digit]}</td></tr>"
        for digit, value in enumerate(values.tolist())
    )
    return f'<table class="bars">{rows}</table>'


def _example(section: Section) -> str:
    value = section.example
    parts = []
    if isinstance(value, ConvValue):
        term = strongest_term(value)
        parts = [
            _grid("window", term.window),
            _grid("× kernel", term.kernel),
            _grid("= products", term.window * term.kernel),
        ]
    elif isinstance(value, PoolValue):
        parts = [_grid("window", value.window, value.at)]
    elif isinstance(value, LinearValue) and value.weights.ndim == 2:
        shown = value.inputs.reshape(28, 28)
        tiles = [Tile(ink(shown, float(shown.min()), float(shown.max())), "picture")]
        for name, part in (("× weights", value.weights), ("= products", value.weights * shown)):
            tiles.append(Tile(diverging(part, float(np.abs(part).max())), name))
        parts = [_tiles(tiles, "worked value")]
    sentences = " ".join(describe_example(section))
    return f'<div class="grids">{"".join(parts)}</div><p class="sum">{sentences}</p>'


def _grid(name: str, grid: Float[np.ndarray, "h w"], won: tuple[int, int] | None = None) -> str:
    """A table of numbers, each cell in its value's colour."""
    finite = np.where(np.isfinite(grid), grid, 0.0)
    colours = diverging(finite, float(np.abs(finite).max()))
    rows = []
    for y, row in enumerate(grid.tolist()):
        cells = []
        for x, number in enumerate(row):
            red, green, blue = colours[y, x].tolist()
            text = "#1c2430" if 3 * red + 6 * green + blue > 1300 else "#fff"
            frame = " class=won" if (y, x) == won else ""
            style = f"background:rgb({red},{green},{blue});color:{text}"
            cells.append(f'<td{frame} style="{style}">{round(number, 2) + 0.0:.2f}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table class="grid"><caption>{name}</caption>{"".join(rows)}</table>'
