"""Many handwritten characters as pen strokes, packed into a few flat arrays.

A character is a list of strokes and a stroke is a list of points. Python lists of those would be slow and
large, so the points of all strokes of all characters lie in one array, in order, with the lengths beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shuzi.errors import DataError
from shuzi.shapes import Bool, Float, Float32, Int64, Shaped

# What counts as the length of a dot, in thousandths of a character, so that it isn't lost when sampling.
_DOT_LENGTH = 20.0


@dataclass(frozen=True, eq=False)
class Strokes:
    """C characters of S strokes of P points.

    points: (P, 2) float32, x to the right and y DOWN, each character scaled so that its longer side is 1000.
    stroke_lengths: (S,) points of each stroke, at least 1. strokes_per_character: (C,) at least 1.
    labels: (C,) the character's text, one letter. writers: (C,) index into writer_names, each
    ``source/sheet``.
    """

    points: Float32[np.ndarray, "p 2"]
    stroke_lengths: Int64[np.ndarray, " s"]
    strokes_per_character: Int64[np.ndarray, " c"]
    labels: Shaped[np.ndarray, " c"]
    writers: Int64[np.ndarray, " c"]
    writer_names: tuple[str, ...]

    def __post_init__(self) -> None:
        parts = [self.stroke_lengths.sum() == len(self.points), np.all(self.stroke_lengths > 0)]
        parts += [self.strokes_per_character.sum() == len(self.stroke_lengths)]
        parts += [np.all(self.strokes_per_character > 0), len(self.labels) == len(self)]
        parts += [len(self.writers) == len(self), bool(np.all(np.isfinite(self.points)))]
        if len(self):
            parts += [self.writers.min() >= 0, self.writers.max() < len(self.writer_names)]
        if not all(parts):
            raise DataError("The strokes' lengths, labels and writers don't fit together: import them again.")

    def __len__(self) -> int:
        return len(self.strokes_per_character)

    @property
    def sources(self) -> Shaped[np.ndarray, " c"]:
        """The contributor of each character, the part of its writer's name before the first ``/``."""
        if not self.writer_names:
            return np.zeros(0, "<U1")
        return np.asarray(np.array([name.partition("/")[0] for name in self.writer_names])[self.writers])

    def sides(self) -> Float32[np.ndarray, "c 2"]:
        """Width and height of each character's points."""
        starts = _starts(np.add.reduceat(self.stroke_lengths, _starts(self.strokes_per_character)))
        high = np.maximum.reduceat(self.points, starts)
        return np.asarray(high - np.minimum.reduceat(self.points, starts))

    def ink_lengths(self) -> Float[np.ndarray, " c"]:
        """Length of each character's strokes, in the units of its points."""
        step = np.hypot(*np.diff(self.points, axis=0, append=self.points[-1:]).T)
        step[np.cumsum(self.stroke_lengths) - 1] = 0
        points = np.add.reduceat(self.stroke_lengths, _starts(self.strokes_per_character))
        return np.add.reduceat(step.astype(np.float64), _starts(points))

    def take(self, chosen: Int64[np.ndarray, " k"] | Bool[np.ndarray, " c"]) -> Strokes:
        """Return the chosen characters, given by index (repeats allowed) or by mask, in that order."""
        chosen = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        strokes = _ranges(_starts(self.strokes_per_character)[chosen], self.strokes_per_character[chosen])
        points = _ranges(_starts(self.stroke_lengths)[strokes], self.stroke_lengths[strokes])
        return Strokes(
            self.points[points],
            self.stroke_lengths[strokes],
            self.strokes_per_character[chosen],
            self.labels[chosen],
            self.writers[chosen],
            self.writer_names,
        )

    def sample(self, count: int) -> tuple[Float32[np.ndarray, "c {count} 2"], Int64[np.ndarray, "c {count}"]]:
        """Place `count` points at equal steps along the ink of each character.

        Between two recorded points the path is a Catmull-Rom spline, so few and coarse points still give a
        round line. Returns the points and, for each, the index of its stroke within the character.
        """
        stroke_first = np.repeat(_starts(self.stroke_lengths), self.stroke_lengths)
        stroke_last = stroke_first + np.repeat(self.stroke_lengths, self.stroke_lengths) - 1
        here = np.arange(len(self.points))
        after = np.minimum(here + 1, stroke_last)
        step = np.hypot(*(self.points[after] - self.points).T).astype(np.float64)
        stroke_of_point = np.repeat(np.arange(len(self.stroke_lengths)), self.stroke_lengths)
        inked = np.bincount(stroke_of_point, step, len(self.stroke_lengths))
        step[_starts(self.stroke_lengths)] += np.where(inked < _DOT_LENGTH, _DOT_LENGTH, 0.0)

        character_first = _starts(self.strokes_per_character)
        first_point = _starts(self.stroke_lengths)[character_first]
        run = np.cumsum(step)
        start = run[first_point] - step[first_point]
        end = np.append(start[1:], run[-1:])
        fractions = (np.arange(count) + 0.5) / count
        targets = start[:, None] + fractions * (end - start)[:, None]
        index = np.minimum(np.searchsorted(run, targets, side="right"), len(run) - 1)
        along = ((targets - (run[index] - step[index])) / np.maximum(step[index], 1e-9)).clip(0, 1)
        path = self._spline(index, along.astype(np.float32), stroke_first, stroke_last)
        return path, stroke_of_point[index] - character_first[:, None]

    def _spline(
        self,
        index: Int64[np.ndarray, "c k"],
        along: Float32[np.ndarray, "c k"],
        first: Int64[np.ndarray, " p"],
        last: Int64[np.ndarray, " p"],
    ) -> Float32[np.ndarray, "c k 2"]:
        t = along[..., None]
        p0 = self.points[np.maximum(index - 1, first[index])]
        p1 = self.points[index]
        p2 = self.points[np.minimum(index + 1, last[index])]
        p3 = self.points[np.minimum(index + 2, last[index])]
        bend = (2 * p0 - 5 * p1 + 4 * p2 - p3) + t * (3 * (p1 - p2) + p3 - p0)
        return np.asarray(p1 + 0.5 * t * ((p2 - p0) + t * bend))


def pack(
    characters: Sequence[Sequence[Float32[np.ndarray, "_ 2"]]],
    labels: Sequence[str],
    writers: Sequence[str],
) -> Strokes:
    """Pack characters given as lists of (points, 2) strokes, y down, each scaled to a longer side of 1000."""
    names = sorted(set(writers))
    lookup = {name: i for i, name in enumerate(names)}
    lengths = np.array([len(stroke) for character in characters for stroke in character], np.int64)
    per_character = np.array([len(character) for character in characters], np.int64)
    points = [np.asarray(stroke, np.float32) for character in characters for stroke in character]
    packed = np.concatenate(points) if points else np.zeros((0, 2), np.float32)
    return Strokes(
        rescale(packed, lengths, per_character),
        lengths,
        per_character,
        np.array(labels, "<U1") if len(labels) else np.zeros(0, "<U1"),
        np.array([lookup[writer] for writer in writers], np.int64),
        tuple(names),
    )


def concatenate(parts: Sequence[Strokes]) -> Strokes:
    """Join several packs into one; writers of the same name become one writer."""
    names = sorted({name for part in parts for name in part.writer_names})
    lookup = {name: i for i, name in enumerate(names)}
    writers = [np.array([lookup[n] for n in part.writer_names], np.int64)[part.writers] for part in parts]
    return Strokes(
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.stroke_lengths for part in parts]),
        np.concatenate([part.strokes_per_character for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate(writers),
        tuple(names),
    )


def rescale(
    points: Float32[np.ndarray, "p 2"],
    lengths: Int64[np.ndarray, " s"],
    per_character: Int64[np.ndarray, " c"],
) -> Float32[np.ndarray, "p 2"]:
    """Scale and move each character so that its longer side is 1000 and its box begins at 0, 0."""
    if not len(points):
        return points
    counts = np.add.reduceat(lengths, _starts(per_character))
    low = np.minimum.reduceat(points, _starts(counts))
    side = (np.maximum.reduceat(points, _starts(counts)) - low).max(1, keepdims=True)
    scale = 1000 / np.maximum(side, 1e-6)
    return np.asarray((points - np.repeat(low, counts, 0)) * np.repeat(scale, counts, 0), np.float32)


def _starts(lengths: Int64[np.ndarray, " n"]) -> Int64[np.ndarray, " n"]:
    return np.asarray(np.cumsum(lengths) - lengths)


def _ranges(starts: Int64[np.ndarray, " n"], lengths: Int64[np.ndarray, " n"]) -> Int64[np.ndarray, " m"]:
    """Join the ranges start..start+length-1 into one array of indices."""
    return np.repeat(starts - _starts(lengths), lengths) + np.arange(lengths.sum())
