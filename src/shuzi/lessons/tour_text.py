"""A tour of a net as text for a terminal of 100 columns."""

from __future__ import annotations

import textwrap

import numpy as np

from shuzi.lessons.filters import Filtered
from shuzi.lessons.texts import COVERED
from shuzi.lessons.tour import Tour, describe_example
from shuzi.reading.output import percent
from shuzi.shapes import Float

_SHADES, _PLAIN_SHADES = " ░▒▓█", " .:*#"
_BAR, _PLAIN_BAR = "█", "#"
_WIDTH = 100
_BAR_WIDTH = 40


def tour_text(tour: Tour, *, plain: bool = False) -> str:
    """The text, ending in a line break; `plain` keeps to ASCII, for terminals that know nothing else."""
    shades, bar = (_PLAIN_SHADES, _PLAIN_BAR) if plain else (_SHADES, _BAR)
    digit = _shaded(tour.inside.image / 255, shades)
    values = tour.mattered.values.clip(0, None)
    mattered = _shaded(values / (float(values.max()) or 1.0), shades)
    lines = [f"{tour.name}: {tour.digit}, {percent(tour.confidence)} sure", ""]
    lines += [f"  {'what the net was shown':<34}which pixels mattered"]
    lines += [f"  {left:<34}{right}".rstrip() for left, right in zip(digit, mattered, strict=True)]
    lines += [
        "",
        *_wrapped(f"{COVERED} The darker, the less sure the answer without that ink. {tour.most()}"),
        "",
    ]
    for section in tour.sections:
        found = tour.inside.values[section.layer.index]
        reach = f"{found.min():.3g} to {found.max():.3g}"
        lines += [f"{section.layer.index:>2} {section.title}: {reach}", *_wrapped(section.text, 3)]
        for sentence in describe_example(section):
            lines += _wrapped(sentence, 3)
    lines += ["", "digit      logit  probability"]
    for value, (logit, p) in enumerate(zip(tour.inside.logits, tour.inside.probabilities, strict=True)):
        row = f"{value:>5}  {logit:>9.3f}  {percent(float(p)):>11}  {bar * round(_BAR_WIDTH * float(p))}"
        lines.append(row.rstrip())
    if tour.inside.temperature != 1:
        lines.append(f"Logits are divided by the temperature, {tour.inside.temperature:.3f}, before softmax.")
    return "\n".join(lines) + "\n"


def filter_text(filtered: Filtered) -> str:
    """What a filter does, and its strongest answer in a photograph worked out, with the real numbers."""
    lines = _wrapped(filtered.lesson())
    if filtered.kernel is None:
        return "\n".join(lines) + "\n"
    padded = np.pad(filtered.grey, 1, mode="edge")
    strength = np.abs(filtered.convolved)
    y, x = (int(at) for at in np.unravel_index(int(strength.argmax()), strength.shape))
    window, kernel = padded[y : y + 3, x : x + 3], np.reshape(filtered.kernel, (3, 3))
    lines += ["", f"Its strongest answer is {filtered.convolved[y, x]:.1f}, at row {y}, column {x}:", ""]
    lines += [f"  {'window':<20}{'x kernel':<24}= products"]
    for seen, weights in zip(window, kernel, strict=True):
        products = "".join(f"{number:>9.1f}" for number in seen * weights)
        numbers = "".join(f"{number:>6.0f}" for number in seen)
        lines.append(f"{numbers}    {''.join(f'{weight:>7.3g}' for weight in weights)}  {products}")
    return "\n".join(lines) + "\n"


def _shaded(shares: Float[np.ndarray, "28 28"], shades: str) -> list[str]:
    """A picture of shares 0..1, a column a pixel, two rows of pixels a line: characters are tall."""
    halved = shares.reshape(14, 2, 28).mean(axis=1)
    steps = np.minimum((halved * len(shades)).astype(int), len(shades) - 1)
    return ["".join(shades[step] for step in row) for row in steps]


def _wrapped(text: str, indent: int = 0) -> list[str]:
    margin = " " * indent
    return textwrap.wrap(text, _WIDTH, initial_indent=margin, subsequent_indent=margin)
