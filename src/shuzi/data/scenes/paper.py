"""What writing lies on: paper of all tones, with rulings, patterns of security paper and shadows."""

from __future__ import annotations

import numpy as np

from shuzi.data.scenes.lines import draw_line
from shuzi.shapes import Float32

Sheet = Float32[np.ndarray, "h w"]


def pattern(height: int, width: int, rng: np.random.Generator) -> Sheet:
    """Fine lines as banks print them: one to three families of waves, or dots; 0 (paper) to 1."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    result = np.zeros((height, width), np.float32)
    for _ in range(rng.integers(1, 4)):
        turn = rng.normal(0, 0.15) if rng.random() < 0.6 else rng.uniform(0, np.pi)
        along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        length, depth = rng.uniform(12, 120), rng.uniform(0, 5)
        wave = np.sin(2 * np.pi * along / length + rng.uniform(0, 6.3))
        phase = 2 * np.pi * (across + depth * wave) / rng.uniform(3, 11)
        lines = np.clip(np.cos(phase) * rng.uniform(1, 4) - rng.uniform(-0.5, 1.5), 0, 1)
        if rng.random() < 0.2:
            lines *= np.clip(np.cos(2 * np.pi * along / rng.uniform(3, 9)) * 2, 0, 1)
        result = np.maximum(result, lines * rng.uniform(0.3, 1))
    return np.asarray(result, np.float32)


def security_print(height: int, width: int, rng: np.random.Generator) -> Sheet:
    """Fine lines that cross, as on cheques: one to three families of arcs or rays, wavy; 0 (paper) to 1."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    result = np.zeros((height, width), np.float32)
    for _ in range(rng.integers(1, 4)):
        far, where = width * np.exp(rng.uniform(-1, 2)), rng.uniform(0, 2 * np.pi)
        dx, dy = x - width / 2 + far * np.cos(where), y - height / 2 + far * np.sin(where)
        distance, angle = np.hypot(dx, dy), np.arctan2(dy, dx)
        pitch = float(rng.uniform(2.8, 8))
        # An angle becomes as long as it is in the middle of the picture; rays meet the arcs at right angles.
        along, across = (angle * far, distance) if rng.random() < 0.65 else (distance, angle * far)
        wave = rng.uniform(0, 0.6) * pitch * np.sin(2 * np.pi * along / rng.uniform(10, 60))
        thin = rng.uniform(0, 0.8)
        lines = np.clip((np.cos(2 * np.pi * (across + wave) / pitch) - thin) * rng.uniform(1, 4), 0, 1)
        result = np.maximum(result, lines * rng.uniform(0.4, 1))
    return np.asarray(result, np.float32)


def rulings(height: int, width: int, rng: np.random.Generator, lines: list[tuple[float, float]]) -> Sheet:
    """Printed lines under writing and at the margin; `lines` gives middle and digit height of each line."""
    result = np.zeros((height, width), np.float32)
    thick = float(rng.choice([1, 1, 1.5, 2, 3]))
    askew = rng.random() < 0.3
    slope = rng.normal(0, 0.04 if askew else 0.01)

    def level(x: float, y: float) -> None:
        draw_line(result, np.array([x, y]), np.array([width, y + slope * (width - x)]), thick)

    for middle, size in lines:
        y = middle + size * rng.uniform(0.4, 0.85)
        level(0.0 if rng.random() < 0.7 else rng.uniform(0, width / 2), y)
    if rng.random() < 0.3:  # ruled paper goes on above and below
        pitch = lines[0][1] * rng.uniform(1.1, 2.2) if lines else rng.uniform(12, 50)
        first = (lines[0][0] if lines else 0) % pitch
        for y in np.arange(first, height, pitch):
            level(0.0, y)
    if rng.random() < 0.25:
        x, lean = rng.uniform(0, width), rng.normal(0, 0.12) if askew else -slope
        draw_line(result, np.array([x, 0.0]), np.array([x + lean * height, height]), thick)
    return result


def light(height: int, width: int, rng: np.random.Generator) -> Sheet:
    """How bright each place is lit, about 1: a slope, a shadow's edge, sheets of different paper, grain."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    result = 1 + rng.normal(0, 0.06) * x + rng.normal(0, 0.06) * y
    if rng.random() < 0.2:
        result = (
            result + rng.normal(0, 0.2) * x + rng.normal(0, 0.2) * y - rng.uniform(0, 0.15) * (x**2 + y**2)
        )
    if rng.random() < 0.18:
        turn = float(rng.integers(4)) * np.pi / 2 if rng.random() < 0.4 else rng.uniform(0, 2 * np.pi)
        edge = (x * np.cos(turn) + y * np.sin(turn) - rng.uniform(-0.8, 0.8)) * np.exp(rng.uniform(0.5, 4))
        result = result * (1 - rng.uniform(0.1, 0.6) / (1 + np.exp(-np.clip(edge, -30, 30))))
    if rng.random() < 0.25:
        result = result + rng.uniform(0.01, 0.06) * _blotches(height, width, rng)
    return np.asarray(result, np.float32)


def _blotches(height: int, width: int, rng: np.random.Generator) -> Sheet:
    """Slow noise, of standard deviation 1, as crumpled or stained paper has it."""
    cell = int(rng.integers(3, 24))
    coarse = rng.standard_normal((height // cell + 2, width // cell + 2), np.float32)
    rows, columns = np.arange(height) / cell, np.arange(width) / cell
    top, left = rows.astype(int), columns.astype(int)
    down, right = (rows - top)[:, None].astype(np.float32), (columns - left)[None].astype(np.float32)
    above = coarse[top][:, left] * (1 - right) + coarse[top][:, left + 1] * right
    below = coarse[top + 1][:, left] * (1 - right) + coarse[top + 1][:, left + 1] * right
    return np.asarray(above * (1 - down) + below * down, np.float32)
