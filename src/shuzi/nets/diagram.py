"""A net as an SVG drawing: what flows through it as volumes to scale, and the layers as arrows between."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby

from shuzi.nets.summary import INPUT_SHAPE, Layer, Summary

_WIDEST = 1320
_LETTER = 11.5  # about a title's letter's width
_ROW = 196
_ARROW = 128
_MARGIN = 28
_HEADER = 84
_STYLE = """
  svg { color-scheme: light dark; }
  .paper { fill: #fbfbfa; } .map { fill: #dbe7ff; stroke: #2563eb; } .unit { fill: #ffe3c9; stroke: #c2590c; }
  .picture { fill: #0b0d11; stroke: #2563eb; } .ink { fill: none; stroke: #fff; stroke-width: 7; }
  .arrow { stroke: #66707f; stroke-width: 1.5; fill: none; } .head { fill: #66707f; }
  text { font-family: system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; fill: #1c2430; }
  .title { font-size: 19px; font-weight: 600; } .kind { font-size: 12px; font-weight: 600; }
  .faint { font-size: 11.5px; fill: #66707f; } .digit { font-size: 9.5px; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #14171c; } .map { fill: #1f3157; stroke: #6ea3ff; }
    .unit { fill: #53311a; stroke: #ffa35c; }
    .picture { fill: #0b0d11; stroke: #2563eb; } .ink { fill: none; stroke: #fff; stroke-width: 7; }
  .arrow { stroke: #97a1af; } .head { fill: #97a1af; } text { fill: #e8ebef; } .faint { fill: #97a1af; }
  }
"""


@dataclass
class Step:
    """Layers that are drawn as one arrow, and the shape that they lead to."""

    words: list[str] = field(default_factory=list)
    shape: tuple[int, ...] = INPUT_SHAPE
    parameters: int = 0

    def add(self, layer: Layer) -> None:
        """Take a layer into the arrow."""
        self.words.append(layer.kind)
        self.shape = layer.shape
        self.parameters += layer.parameters


def draw(summary: Summary, title: str) -> str:
    """The drawing of a net as the text of an SVG file, legible on light and on dark screens.

    Of branches each begins with the picture anew; those that are alike are drawn once.
    """
    parts = []
    _, picture_wide = _volume(INPUT_SHAPE)
    y, right = _HEADER - _ROW / 2, 2 * _MARGIN + _LETTER * len(title)
    branches = _branches(summary)
    for branch, times in branches:
        x, y = float(_MARGIN + picture_wide), y + _ROW
        parts.append(_picture(y, times))
        for step in steps(branch):
            drawn, wide = _volume(step.shape)
            if x + _ARROW + wide > _WIDEST - _MARGIN:
                x, y = float(_MARGIN), y + _ROW
            parts.append(_arrow(step, x, y))
            parts.append(f'<g transform="translate({x + _ARROW:.1f} {y:.1f})">{drawn}</g>')
            x += _ARROW + wide
            right = max(right, x + _MARGIN)
    sums = f"{summary.parameters:,} parameters, {_large(summary.flops)} operations a picture"
    count = sum(times for _, times in branches)
    sums += f"; the mean of {count} branches' logits" if count > 1 else ""
    width, height = round(right), round(y + _ROW / 2)
    size = f'width="{width}" height="{height}"'
    head = f"""<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}" role="img">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
<rect class="paper" {size}/>
<text class="title" x="{_MARGIN}" y="42">{escape(title)}</text>
<text class="faint" x="{_MARGIN}" y="64">{sums}</text>
"""
    return head + "\n".join(parts) + "\n</svg>\n"


def steps(summary: Summary) -> list[Step]:
    """What to draw: each convolution, linear layer or pooling with the small layers that belong to it.

    What keeps the shape (activation, normalisation, dropout) goes with the layer before; what only reorders
    (flatten) with the layer behind.
    """
    found: list[Step] = []
    waiting = Step()
    for layer in summary.layers:
        if layer.multiply_adds or "pool" in layer.kind:
            waiting.add(layer)
            found.append(waiting)
            waiting = Step()
        elif found and layer.shape == found[-1].shape:
            found[-1].add(layer)
        else:
            waiting.add(layer)
    return [*found, waiting] if waiting.words else found


def _branches(summary: Summary) -> list[tuple[Summary, int]]:
    """Each branch of a net apart, and how many like it follow one another; a net without any is one."""
    found: list[tuple[Summary, int]] = []
    for _, group in groupby(summary.layers, key=_branch):
        layers = tuple(group)
        alike = found and [_looks(layer) for layer in found[-1][0].layers] == [_looks(one) for one in layers]
        if alike:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((replace(summary, layers=layers), 1))
    return found


def _branch(layer: Layer) -> str:
    return layer.name.split(".")[1] if layer.name.startswith("branches.") else ""


def _looks(layer: Layer) -> tuple[str, tuple[int, ...]]:
    return layer.kind, layer.shape


def _picture(y: float, times: int) -> str:
    """The picture that goes in, its left middle at the margin and y, for so many like branches."""
    note = f'<text class="kind" x="0" y="-58">{times} of these</text>' if times > 1 else ""
    return f"""<g transform="translate({_MARGIN} {y:g})">{note}
<rect class="picture" y="-43.8" width="87.6" height="87.6" rx="2"/>
<path class="ink" stroke-linecap="round" d="M27 -14C30 -34 63 -33 60 -11C58 5 33 13 25 28Q44 20 64 29"/>
<text class="faint" text-anchor="middle" x="43.8" y="60">1 x 28 x 28</text></g>"""


def _arrow(step: Step, x: float, y: float) -> str:
    middle, end = x + _ARROW / 2, x + _ARROW - 10
    lines = [f'<path class="arrow" d="M{x + 10:.1f} {y:.1f}H{end - 6:.1f}"/>']
    lines.append(f'<path class="head" d="M{end:.1f} {y:.1f}l-9 -4.5v9z"/>')
    for index, word in enumerate(reversed(step.words)):
        at = y - 10 - 15 * index
        lines.append(
            f'<text class="kind" text-anchor="middle" x="{middle:.1f}" y="{at:.1f}">{escape(word)}</text>'
        )
    if step.parameters:
        count = f"{step.parameters:,}"
        lines.append(
            f'<text class="faint" text-anchor="middle" x="{middle:.1f}" y="{y + 20:.1f}">{count}</text>'
        )
    return "".join(lines)


def _volume(shape: tuple[int, ...]) -> tuple[str, float]:
    """What flows, drawn around the left middle at (0, 0), and how wide it is."""
    drawn, width, below = _units(shape[-1]) if len(shape) == 1 else _maps(*shape)
    name = " x ".join(map(str, shape))
    label = f'<text class="faint" text-anchor="middle" x="{width / 2:.1f}" y="{below + 16:.1f}">{name}</text>'
    return drawn + label, width


def _maps(channels: int, height: int, width: int) -> tuple[str, float, float]:
    """Feature maps as a stack of cards, one for each doubling of their number."""
    side = 26 + 2.2 * max(height, width)
    cards = 1 + round(1.3 * math.log2(channels))
    tall, wide = side * height / max(height, width), side * width / max(height, width)
    top = -(tall + 4 * (cards - 1)) / 2
    size = f'width="{wide:.1f}" height="{tall:.1f}" rx="2"'
    drawn = "".join(
        f'<rect class="map" x="{4 * card}" y="{top + 4 * card:.1f}" {size}/>' for card in range(cards)
    )
    return drawn, wide + 4 * (cards - 1), -top


def _units(count: int) -> tuple[str, float, float]:
    """A vector as a bar, longer for more units; up to ten as circles, with the digits they stand for."""
    if count > 10:
        tall = 14 * math.log2(count)
        return (
            f'<rect class="unit" x="12" y="{-tall / 2:.1f}" width="14" height="{tall:.1f}" rx="3"/>',
            38.0,
            tall / 2,
        )
    drawn = ""
    for unit in range(count):
        y = 14 * (unit - (count - 1) / 2)
        digit = f'<text class="digit" text-anchor="middle" x="19" y="{y + 3.4:.1f}">{unit}</text>'
        drawn += f'<circle class="unit" cx="19" cy="{y:.1f}" r="6.5"/>{digit if count == 10 else ""}'
    return drawn, 38.0, 7.0 * count


def _large(number: int) -> str:
    for size, word in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        if number >= size:
            return f"{number / size:.3g} {word}"
    return str(number)
