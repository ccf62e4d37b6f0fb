"""A score as one HTML page: no script, nothing loaded from elsewhere, light or dark as the screen is."""

from __future__ import annotations

import base64
import io
import math
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image

from shuzi.evaluation.calibration import Bin
from shuzi.evaluation.label_errors import LABEL_ERRORS
from shuzi.evaluation.metrics import Mistake, Score, wilson_interval
from shuzi.evaluation.report import headline
from shuzi.shapes import UInt8

_LEAST = 1e-5  # unsureness and error below this share are drawn at the diagram's edge

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"  # nothing from anywhere else
_STYLE = Path(__file__).with_name("report.css")


def html_report(score: Score, images: UInt8[np.ndarray, "n 28 28"]) -> str:
    """The page's text; ``images`` are the pictures that were scored."""
    name, data = escape(score.weights), escape(score.data)
    figures = "".join(
        f'<div class="figure"><small>{what}</small><b>{value}</b><small>{remark}</small></div>'
        for what, value, remark in headline(score)
    )
    seen = LABEL_ERRORS if score.without_label_errors is not None else {}
    mistakes = "".join(
        _mistake(mistake, images[mistake.index], seen.get(mistake.index)) for mistake in score.most_wrong
    )
    wrong = score.n - round(score.n * score.accuracy)
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{name} on {data}</title>
<style>{_STYLE.read_text(encoding="utf-8")}</style>
<h1>{name} on {data}</h1>
<p>{score.n:,} pictures, {wrong:,} answered wrongly. Scored by shuzi.</p>
<div class="figures">{figures}</div>
<section class="confusion"><h2>Confusion</h2>
<p>How often each label (row) was given each answer (column).</p>{_confusion(score)}</section>
<div class="pair">
<section><h2>Calibration</h2>
<p>How unsure the net was against how often it was wrong, in {len(score.bins)} bins of equal mass, with
95 % intervals. On the dashed line confidence is true, above it the net is too sure; hollow bins hold no
mistake.</p>
{_reliability(score.bins)}</section>
<section class="bars"><h2>By class</h2><p>The share of each digit's pictures that was answered wrongly.</p>
{_classes(score)}</section>
</div>
<section><h2>Most wrong</h2>
<p>The mistakes that gave the label the least probability, worst first. The small bars are the probabilities
of 0 to 9: <span style="color:var(--red)">answer</span>, <span style="color:var(--blue)">label</span>.</p>
<div class="gallery">{mistakes or "Nothing was answered wrongly."}</div></section>
</html>
"""


def _confusion(score: Score) -> str:
    rows = ["<table><tr><th></th>" + "".join(f"<th>{digit}</th>" for digit in range(10)) + "</tr>"]
    count = np.maximum(score.confusion.sum(axis=1, keepdims=True), 1)
    for label, (row, shares) in enumerate(
        zip(score.confusion.tolist(), score.confusion / count, strict=True)
    ):
        cells = [f"<th>{label}</th>"]
        for answer, (n, share) in enumerate(zip(row, shares, strict=True)):
            colour = "--right" if answer == label else "--heat"
            # One mistake in a thousand must still be seen, so colour grows with the logarithm.
            depth = 0.25 if answer == label else 0.15 + 0.6 * (1 + math.log10(max(share, 1e-4)) / 4)
            cells.append(
                f'<td style="background:rgba(var({colour}),{depth:.2f})">{n:,}</td>'
                if n
                else '<td class="none">0</td>'
            )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return "".join(rows) + "</table>"


def _classes(score: Score) -> str:
    errors = [1 - share for share in score.per_class.tolist()]
    widest = max((error for error in errors if not math.isnan(error)), default=0) or 1
    rows = "".join(
        f"<tr><th>{digit}</th><td>{100 * error:.2f} %</td>"
        f'<td><span class="bar" style="width:{100 * error / widest:.1f}%"></span></td></tr>'
        for digit, error in enumerate(errors)
        if not math.isnan(error)
    )
    return f"<table>{rows}</table>"


def _reliability(bins: tuple[Bin, ...]) -> str:
    """The diagram as SVG, both axes logarithmic from 0.001 % to 100 %."""
    left, top, side = 58, 8, 300

    def place(share: float) -> float:
        return side * (1 - math.log10(max(share, _LEAST)) / math.log10(_LEAST))

    parts = []
    for exponent in range(-5, 1):
        at, text = place(10.0**exponent), f"{100 * 10.0**exponent:g} %"
        parts.append(
            f'<path class="grid" d="M{left + at:.1f} {top}v{side}M{left} {top + side - at:.1f}h{side}"/>'
        )
        parts.append(f'<text x="{left + at:.1f}" y="{top + side + 16}" text-anchor="middle">{text}</text>')
        parts.append(f'<text x="{left - 6}" y="{top + side - at + 4:.1f}" text-anchor="end">{text}</text>')
    parts.append(f'<path class="ideal" d="M{left} {top + side}l{side} -{side}"/>')
    for b in bins:
        x, y = left + place(1 - b.confidence), top + side - place(1 - b.accuracy)
        low, high = (
            top + side - place(bound) for bound in wilson_interval(round(b.n * (1 - b.accuracy)), b.n)
        )
        wrong = b.accuracy < 1
        parts.append(f'<path class="whisker{"" if wrong else " none"}" d="M{x:.1f} {low:.1f}V{high:.1f}"/>')
        parts.append(f'<circle class="{"dot" if wrong else "hollow"}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
    middle = side / 2
    parts += [
        f'<text x="{left + middle}" y="{top + side + 34}" text-anchor="middle">unsure: 1 - confidence</text>',
        f'<text transform="translate(11 {top + middle}) rotate(-90)" text-anchor="middle">wrong</text>',
    ]
    size = f"{left + side + 20} {top + side + 42}"
    return f'<svg viewBox="0 0 {size}" role="img" aria-label="Reliability diagram">{"".join(parts)}</svg>'


def _mistake(mistake: Mistake, image: UInt8[np.ndarray, "28 28"], seen: tuple[int, int] | None) -> str:
    """A picture and what went wrong; ``seen`` is its entry in `LABEL_ERRORS`."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", optimize=True)
    source = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    bars = "".join(
        f'<rect class="p{" answer" * (digit == mistake.answer)}{" label" * (digit == mistake.label)}" '
        f'x="{digit * 10 + 1}" y="{19 - 18 * share:.2f}" width="8" height="{18 * share + 1:.2f}"/>'
        for digit, share in enumerate(mistake.probabilities)
    )
    people = f'<small class="seen">people see {seen[1]}</small>' if seen else ""
    return (
        f'<figure><img src="{source}" alt="a digit labelled {mistake.label}">'
        f'<figcaption><svg viewBox="0 0 100 20">{bars}</svg>'
        f"{mistake.label}, read as <b>{mistake.answer}</b>"
        f"<small>{100 * mistake.confidence:.1f} % sure</small>{people}"
        f"<small>picture {mistake.index}</small></figcaption></figure>"
    )
