"""Connected components of a mask, by runs: in numpy alone, and fast where ink is sparse, as writing is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shuzi.shapes import Bool, Float32, Int64


@dataclass(frozen=True, eq=False)
class Components:
    """The 8-connected components of a mask, numbered 0..n-1 from the top, and the runs that they consist of.

    Run i covers columns `start[i]` to `end[i]` (not included) of row `row[i]` and belongs to component
    `label[i]`. `boxes` are (left, top, right, bottom), right and bottom not included; `areas` are in pixels.
    """

    row: Int64[np.ndarray, " r"]
    start: Int64[np.ndarray, " r"]
    end: Int64[np.ndarray, " r"]
    label: Int64[np.ndarray, " r"]
    boxes: Int64[np.ndarray, "n 4"]
    areas: Int64[np.ndarray, " n"]

    def __len__(self) -> int:
        return len(self.areas)

    def peaks(self, level: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, " n"]:
        """The largest level under each component of a map that its mask was made from."""
        width = level.shape[1]
        edges = np.stack([self.row * width + self.start, self.row * width + self.end], axis=1)
        # From each start to its end, and from each end to the next start; only the former are wanted.
        runs = np.maximum.reduceat(np.append(level, np.float32(0)), edges.ravel())[::2]
        peaks = np.zeros(len(self), np.float32)
        np.maximum.at(peaks, self.label, runs)
        return peaks

    def means(self, level: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, " n"]:
        """The mean level under each component."""
        sums = np.append(np.float64(0), level.ravel().cumsum(dtype=np.float64))
        width = level.shape[1]
        runs = sums[self.row * width + self.end] - sums[self.row * width + self.start]
        total = np.bincount(self.label, weights=runs, minlength=len(self))
        return np.asarray(total / self.areas, np.float32)

    def mask(self, wanted: Bool[np.ndarray, " n"], box: tuple[int, int, int, int]) -> Bool[np.ndarray, "h w"]:
        """The pixels of the wanted components within a box (left, top, right, bottom)."""
        left, top, right, bottom = box
        here = wanted[self.label] & (self.row >= top) & (self.row < bottom)
        start, end = (edge[here].clip(left, right) - left for edge in (self.start, self.end))
        row = self.row[here] - top
        # In one row behind the other, paper and ink take turns: so many pixels of either.
        height, width = bottom - top, right - left
        edges = np.zeros(2 * len(row) + 2, np.int64)
        edges[1:-1:2], edges[2:-1:2], edges[-1] = row * width + start, row * width + end, height * width
        lengths = edges[1:] - edges[:-1]
        return np.repeat(np.arange(len(lengths)) % 2 == 1, lengths).reshape(height, width)


def find_components(mask: Bool[np.ndarray, "h w"]) -> Components:
    """Label the 8-connected components of a mask."""
    if not mask.any():
        none = np.empty(0, np.int64)
        return Components(none, none, none, none, np.empty((0, 4), np.int64), none)
    row, start, end = _runs(mask)
    label = join(len(row), *_touching(row, start, end, mask.shape[1]))
    roots = label == np.arange(len(label))  # each component is named by its first run
    label = (np.cumsum(roots) - 1)[label]
    n = int(np.count_nonzero(roots))
    boxes = np.empty((n, 4), np.int64)
    boxes[:, :2] = np.iinfo(np.int64).max
    boxes[:, 2:] = 0
    np.minimum.at(boxes[:, 0], label, start)
    np.minimum.at(boxes[:, 1], label, row)
    np.maximum.at(boxes[:, 2], label, end)
    np.maximum.at(boxes[:, 3], label, row + 1)
    areas = np.bincount(label, weights=end - start, minlength=n).astype(np.int64)
    return Components(row, start, end, label, boxes, areas)


def _runs(
    mask: Bool[np.ndarray, "h w"],
) -> tuple[Int64[np.ndarray, " r"], Int64[np.ndarray, " r"], Int64[np.ndarray, " r"]]:
    """The row, start and end (not included) of every horizontal run, in reading order."""
    stride = mask.shape[1] + 1
    padded = np.zeros((mask.shape[0], stride), np.bool_)
    padded[:, 1:] = mask
    # In one row behind the other, with paper between them, what is paper and what ink change by turns.
    flat = np.append(padded, False)
    changes = np.flatnonzero(flat[1:] != flat[:-1])
    row, start = np.divmod(changes[::2], stride)
    return row, start, changes[1::2] - row * stride


def _touching(
    row: Int64[np.ndarray, " r"], start: Int64[np.ndarray, " r"], end: Int64[np.ndarray, " r"], width: int
) -> tuple[Int64[np.ndarray, " p"], Int64[np.ndarray, " p"]]:
    """Pairs of runs, one a row above the other, that touch, also at a corner."""
    # Row and column in one number sort as the runs do. Runs below that touch run i are a stretch of the
    # list: from the first that ends at or behind i's start to the last that starts at or before i's end.
    stride = width + 2
    first = np.searchsorted(row * stride + end, (row + 1) * stride + start, side="left")
    last = np.searchsorted(row * stride + start, (row + 1) * stride + end, side="right")
    count = last - first
    upper = np.repeat(np.arange(len(row)), count)
    within = np.arange(len(upper)) - np.repeat(count.cumsum() - count, count)
    return upper, np.repeat(first, count) + within


def join(n: int, first: Int64[np.ndarray, " p"], second: Int64[np.ndarray, " p"]) -> Int64[np.ndarray, " r"]:
    """Union-find on arrays: for each of n things, the smallest one that the pairs join it to."""
    root = np.arange(n)
    while True:
        a, b = root[first], root[second]
        apart = a != b
        if not apart.any():
            return root
        np.minimum.at(root, np.maximum(a, b)[apart], np.minimum(a, b)[apart])
        while (root[root] != root).any():
            root = root[root]
