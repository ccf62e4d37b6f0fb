"""Filters on stacks of 28x28 pictures, float32 in 0..1: blur, warp, lines, edges, in numpy alone."""

from __future__ import annotations

import numpy as np

from shuzi.shapes import Bool, Float, Float32

SIDE = 28
_MIDDLE = (SIDE - 1) / 2


def blur(stack: Float32[np.ndarray, "n 28 28"], sigma: float) -> Float32[np.ndarray, "n 28 28"]:
    """Blur by a Gaussian of ``sigma`` pixels; beyond its border a picture goes on as it ends."""
    reach = int(4 * sigma + 0.5)
    offset = np.arange(-reach, reach + 1)
    weights = np.exp(-0.5 * (offset / sigma) ** 2)
    source = np.clip(np.arange(SIDE)[:, None] + offset, 0, SIDE - 1)
    kernel = np.zeros((SIDE, SIDE), np.float32)
    # Along one axis a blur is a matrix, so that both take two matrix products.
    np.add.at(kernel, (np.arange(SIDE)[:, None], source), weights / weights.sum())
    blurred: Float32[np.ndarray, "n 28 28"] = kernel @ stack @ kernel.T
    return blurred


def warp(
    stack: Float32[np.ndarray, "n 28 28"], matrix: Float[np.ndarray, "2 2"]
) -> Float32[np.ndarray, "n 28 28"]:
    """Show at each (x, y), counted from the middle, what was at ``matrix`` @ (x, y), bilinear."""
    y, x = np.mgrid[:SIDE, :SIDE] - _MIDDLE
    x, y = np.tensordot(matrix, np.stack([x, y]), 1) + _MIDDLE
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    # Two more pixels of 0 on each side take whatever lies outside.
    padded = np.pad(stack, ((0, 0), (2, 2), (2, 2)))
    result = np.zeros_like(stack)
    for right in (0, 1):
        for down in (0, 1):
            weight = (1 - np.abs(x - left - right)) * (1 - np.abs(y - top - down))
            row, column = (np.clip(start + 2, 0, SIDE + 3) for start in (top + down, left + right))
            result += weight.astype(np.float32) * padded[:, row, column]
    return result


def polyline(points: Float[np.ndarray, "n k 2"], radius: float) -> Float32[np.ndarray, "n 28 28"]:
    """Lines through each picture's points (x, y): 1 in their middle, fading to 0 at ``radius`` pixels."""
    ink = np.zeros((len(points), SIDE, SIDE), np.float32)
    here = np.arange(SIDE, dtype=np.float32)
    for start, end in zip(points[:, :-1].swapaxes(0, 1), points[:, 1:].swapaxes(0, 1), strict=True):
        (x0, y0), (dx, dy) = start.T[:, :, None, None], (end - start).T[:, :, None, None]
        x, y = here[None, None, :] - x0, here[None, :, None] - y0
        along = np.clip((x * dx + y * dy) / np.maximum(dx * dx + dy * dy, 1e-9), 0, 1)
        distance = np.hypot(x - along * dx, y - along * dy)
        np.maximum(ink, 1 - (distance / radius) ** 2, out=ink, casting="same_kind")
    return ink


def edges(
    stack: Float32[np.ndarray, "n 28 28"], sigma: float = 1.0, low: float = 0.1, high: float = 0.2
) -> Bool[np.ndarray, "n 28 28"]:
    """Canny's edges (1986): ridges of the gradient above ``low`` that reach ``high`` somewhere."""
    padded = np.pad(blur(stack, sigma), ((0, 0), (1, 1), (1, 1)), mode="edge")
    across = padded[:, :, 2:] - padded[:, :, :-2]
    down = padded[:, 2:] - padded[:, :-2]
    gx = across[:, :-2] + 2 * across[:, 1:-1] + across[:, 2:]
    gy = down[:, :, :-2] + 2 * down[:, :, 1:-1] + down[:, :, 2:]
    strength = np.hypot(gx, gy)
    # The gradient points in one of four directions, to the nearest 45 degrees.
    sector = np.rint(np.arctan2(gy, gx) / (np.pi / 4)).astype(int) % 4
    around = np.pad(strength, ((0, 0), (1, 1), (1, 1)))
    ridge = np.zeros(stack.shape, bool)
    for index, (right, below) in enumerate([(1, 0), (1, 1), (0, 1), (-1, 1)]):
        ahead = around[:, 1 + below : 1 + below + SIDE, 1 + right : 1 + right + SIDE]
        behind = around[:, 1 - below : 1 - below + SIDE, 1 - right : 1 - right + SIDE]
        # Of two equal neighbours one must stay.
        ridge |= (sector == index) & (strength >= ahead) & (strength > behind)
    ridge &= strength > low
    return _reach(ridge & (strength > high), ridge)


def _reach(
    seeds: Bool[np.ndarray, "n 28 28"], within: Bool[np.ndarray, "n 28 28"]
) -> Bool[np.ndarray, "n 28 28"]:
    """Grow the seeds, from neighbour to neighbour, to all of ``within`` that hangs together with them."""
    while True:
        padded = np.pad(seeds, ((0, 0), (1, 1), (1, 1)))
        wide = padded[:, :, :-2] | padded[:, :, 1:-1] | padded[:, :, 2:]
        grown = within & (wide[:, :-2] | wide[:, 1:-1] | wide[:, 2:])
        if (grown == seeds).all():
            return seeds
        seeds = grown
