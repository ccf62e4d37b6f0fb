"""What people write beside numbers and over them: signs, slashes, rings, lines; drawn for bench/kinds.py."""

from __future__ import annotations

import numpy as np
from PIL import ImageDraw

from desk import Desk, Truth
from shuzi.evaluation.drawn_print import HANDWRITTEN


def corrected(desk: Desk) -> Truth:
    """A number struck out with one to three strokes, and the right one beside it."""
    size = desk.rng.uniform(36, 50)
    wrong, text = desk.digits(3, 5), desk.digits(3, 5)
    first, second = desk.written(wrong, size), desk.written(text, size)
    desk.sheet(max(len(first), len(second)) + 60, first.shape[1] + second.shape[1] + 160)
    desk.put(first, 40, 30)
    desk.put(second, 90 + first.shape[1], 30)

    def strokes(draw: ImageDraw.ImageDraw) -> None:
        for at in np.linspace(0.4, 0.6, desk.rng.integers(1, 4)):
            y = 30 + len(first) * at + desk.rng.normal(0, 3, 2)
            draw.line((32, y[0], 48 + first.shape[1], y[1]), fill=255, width=4)

    desk.draw(strokes)
    return [text]


def ringed(desk: Desk) -> Truth:
    """One to three digits in a ring."""
    ink = desk.written(text := desk.digits(1, 3), desk.rng.uniform(50, 80))
    side = max(ink.shape) * desk.rng.uniform(1.4, 1.6) + 40
    desk.sheet(side, side)
    angles = np.linspace(0.2, 2 * np.pi + 0.3, 60)
    far = (side / 2 - 20) * (1 + 0.04 * np.sin(2 * angles + desk.rng.uniform(0, 6)))
    ring = [(side / 2 + r * np.cos(a), side / 2 + r * np.sin(a)) for r, a in zip(far, angles, strict=True)]
    desk.draw(lambda draw: draw.line(ring, fill=255, width=4))
    desk.centred(ink, 0, 0, side, side)
    return [text]


def in_brackets(desk: Desk) -> Truth:
    """A number in round brackets."""
    size = desk.rng.uniform(36, 60)
    ink = desk.written(text := desk.digits(1, 4), size)
    desk.sheet(2.2 * size, ink.shape[1] + 3 * size)
    left, right, top = 1.1 * size, 1.4 * size + ink.shape[1], 0.4 * size

    def brackets(draw: ImageDraw.ImageDraw) -> None:
        draw.arc((left, top, left + size / 2, top + 1.4 * size), 110, 250, fill=255, width=4)
        draw.arc((right, top, right + size / 2, top + 1.4 * size), -70, 70, fill=255, width=4)

    desk.draw(brackets)
    desk.put(ink, 1.45 * size, 1.1 * size - len(ink) / 2)
    return [text]


def percentage(desk: Desk) -> Truth:
    """A number and a percent sign."""
    desk.in_a_row([text := desk.digits(1, 3), "%"], 0.2)
    return [text]


def score(desk: Desk) -> Truth:
    """So many of a hundred; a stroke only separates, so it is one number."""
    text = str(desk.rng.integers(0, 101))
    desk.in_a_row([text, "/", "100"], 0.2)
    return [text + "100"]


def measure(desk: Desk) -> Truth:
    """A number and what it counts, in letters."""
    desk.in_a_row([text := desk.digits(1, 4), str(desk.rng.choice(["kg", "cm", "m", "mm", "km"]))], 0.25)
    return [text]


def worked_out(desk: Desk) -> Truth:
    """A sum or a product and its result: three numbers."""
    first, second = desk.digits(1, 3), desk.digits(1, 2)
    sign = str(desk.rng.choice(["+", "x"]))
    result = str(int(first) + int(second) if sign == "+" else int(first) * int(second))
    desk.in_a_row([first, sign, second, "=", result], 0.35)
    return [first, second, result]


def dated(desk: Desk) -> Truth:
    """A date; strokes only separate, so it is one number."""
    parts = [str(desk.rng.integers(1, most)) for most in (32, 13)] + [str(desk.rng.integers(1980, 2030))]
    desk.in_a_row([parts[0], "/", parts[1], "/", parts[2]], 0.2)
    return ["".join(parts)]


def closed(desk: Desk) -> Truth:
    """An amount, closed with strokes so that nobody adds a digit."""
    ends = (["/", "-"], ["/", "="], ["/", "/", "/"], ["="], ["-"])
    desk.in_a_row([text := desk.digits(2, 6), *ends[desk.rng.integers(len(ends))]], 0.2)
    return [text]


def opened(desk: Desk) -> Truth:
    """An amount with strokes before it, for the same reason."""
    text = desk.digits(2, 5)
    desk.in_a_row([*"/" * int(desk.rng.integers(2, 4)), text], 0.2)
    return [text]


def ticked(desk: Desk) -> Truth:
    """One to three digits, and a tick in red beside them, on either side."""
    size = desk.rng.uniform(36, 56)
    ink = desk.written(text := desk.digits(1, 3), size)
    desk.sheet(2.4 * size, ink.shape[1] + 3.6 * size)
    left = desk.rng.random() < 0.3
    x, y = 0.4 * size if left else ink.shape[1] + 1.9 * size, 1.2 * size
    tick = np.array([[0, 0], [0.25, 0.35], [0.85, -0.55]]) + desk.rng.normal(0, 0.04, (3, 2))
    corners = [(x + across * size, y + down * size) for across, down in tick.tolist()]
    desk.draw(lambda draw: draw.line(corners, fill=255, width=5), (200, 30, 40))
    desk.put(ink, 1.5 * size, y - len(ink) / 2)
    return [text]


def word(desk: Desk) -> Truth:
    """A word by hand, and no number."""
    desk.in_a_row([str(desk.rng.choice(HANDWRITTEN))], 0)
    return []


def labelled(desk: Desk) -> Truth:
    """A word and a number."""
    desk.in_a_row([str(desk.rng.choice(HANDWRITTEN)), text := desk.digits(1, 5)], 0.8)
    return [text]
