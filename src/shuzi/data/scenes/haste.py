"""How a hurried hand changes what it writes: corners become round, parts are drawn out or cut short."""

from __future__ import annotations

import numpy as np

from shuzi.data.strokes import waves
from shuzi.shapes import Float32, Int64

_APART = 0.08  # standard deviation of a stroke's shift against the others, in heights, at a sway of 1
_TURN = 0.7  # radians, where lengths change by e, at a sway of 1


def hurried(
    points: Float32[np.ndarray, "n k 2"],
    stroke: Int64[np.ndarray, "n k"],
    haste: Float32[np.ndarray, " n"],
    sway: Float32[np.ndarray, " n"],
    rng: np.random.Generator,
) -> Float32[np.ndarray, "n k 2"]:
    """Write n characters, given as points at equal steps along their strokes, as a hurried hand would.

    haste: over which part of a character's ink the hand cuts corners, 0 leaves it. sway: standard deviation
    of how much longer each part of a stroke becomes, as a power; it turns, too, and strokes move apart.
    """
    return _rounded(_swayed(points, stroke, sway, rng), stroke, haste)


def _swayed(
    points: Float32[np.ndarray, "n k 2"],
    stroke: Int64[np.ndarray, "n k"],
    sway: Float32[np.ndarray, " n"],
    rng: np.random.Generator,
) -> Float32[np.ndarray, "n k 2"]:
    """Each step along a stroke gets another length and direction; each stroke stays about where it was."""
    count, k, _ = points.shape
    along = np.linspace(0, 1, k - 1, dtype=np.float32)
    change = sum(waves(rng, along, count, low, low + 1) for low in (0.5, 1.5))
    change = change * (sway[:, None] * rng.standard_normal((count, 2)).clip(-2, 2))[:, None]
    change -= change.mean(1, keepdims=True)  # the whole isn't turned
    stretch, turn = np.exp(change[..., :1]), _TURN * change[..., 1:]
    step = np.diff(points, axis=1)
    cos, sin = np.cos(turn), np.sin(turn)
    turned = np.concatenate(
        [cos * step[..., :1] - sin * step[..., 1:], sin * step[..., :1] + cos * step[..., 1:]], axis=2
    )
    moved = np.concatenate([points[:, :1], points[:, :1] + np.cumsum(stretch * turned, axis=1)], axis=1)
    for number in range(int(stroke.max(initial=0)) + 1):
        mine = (stroke == number)[..., None]
        off = ((points - moved) * mine).sum(1, keepdims=True) / np.maximum(mine.sum(1, keepdims=True), 1)
        off += _APART * sway[:, None, None] * rng.standard_normal((count, 1, 2))
        moved += off * mine
    return np.asarray(moved, np.float32)


def _rounded(
    points: Float32[np.ndarray, "n k 2"], stroke: Int64[np.ndarray, "n k"], haste: Float32[np.ndarray, " n"]
) -> Float32[np.ndarray, "n k 2"]:
    """The mean of each point and those before and after it on its stroke."""
    k = points.shape[1]
    away = np.arange(k)[:, None] - np.arange(k)
    reach = np.maximum(haste * k, 1e-3)[:, None, None]
    weights = np.exp(-0.5 * (away / reach) ** 2) * (stroke[:, :, None] == stroke[:, None])
    return np.asarray(weights @ points / weights.sum(2, keepdims=True), np.float32)
