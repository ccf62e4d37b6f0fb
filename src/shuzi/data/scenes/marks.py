"""What stands between and beside digits and is none: points, commas, dashes, strokes, signs of currencies."""

from __future__ import annotations

import numpy as np

from shuzi.data.trajectories import Strokes, pack
from shuzi.shapes import Float32, Shaped

# Strokes of points x,y in hundredths, y down; how large a mark is drawn, in heights of the digits, and where
# its middle stands above (-) or below (+) the middle of the line, come behind.
_SHAPES: dict[str, tuple[tuple[str, ...], float, float]] = {
    ".": (("50,50 52,52", "46,48 54,50 52,56 46,54 47,49", "40,60 60,42"), 0.1, 0.45),
    ",": (("60,0 62,30 40,100", "50,0 20,100", "40,0 66,10 60,50 20,100"), 0.25, 0.52),
    "-": (("0,50 100,48", "0,55 50,45 100,52", "0,40 30,60 70,40 100,55"), 0.45, 0.02),
    "long": (("0,50 100,48", "0,50 40,54 100,46", "0,55 20,45 40,55 60,45 80,54 100,46"), 1.6, 0.05),
    "=": (("0,40 100,36;0,64 100,60", "0,40 90,42;10,60 100,58", "0,40 100,36 10,62 100,60"), 0.5, 0.05),
    "/": (("60,0 20,100", "90,0 10,100", "100,0 0,100"), 1.4, 0.0),
    "tail": (
        (
            "0,60 40,56 60,40 100,0",
            "0,50 40,30 50,70 100,40",
            "0,40 50,50 30,80 100,60",
        ),
        0.7,
        0.1,
    ),
    "//": (("90,0 0,100;130,0 40,100", "80,0 0,100;110,0 30,100;140,0 60,100"), 1.4, 0.0),
    ":": (("50,0 52,4;50,96 52,100",), 0.45, 0.1),
    "'": (("60,0 40,100", "50,0 50,100"), 0.2, -0.45),
    "x": (("0,0 100,100;100,0 0,100",), 0.6, 0.15),
    "#": (("30,0 20,100;70,0 60,100;0,33 100,30;0,66 100,64",), 0.9, 0.0),
    "+": (("50,0 50,100;0,50 100,50",), 0.6, 0.05),
    "$": (
        (
            "90,20 60,8 20,14 14,36 50,50 84,62 80,86 40,92 8,80;50,-6 50,106",
            "90,20 60,8 20,14 14,36 50,50 84,62 80,86 40,92 8,80;40,-6 36,106;60,-6 56,106",
        ),
        1.15,
        0.0,
    ),
    "euro": (("96,8 60,0 24,20 14,50 24,80 60,100 96,92;0,42 70,42;0,58 66,58",), 1.0, 0.0),
    "pound": (("88,14 62,0 40,16 44,50 30,92 10,98 40,90 94,98;14,52 74,50",), 1.05, 0.0),
    "yen": (("0,0 50,48 100,0;50,48 50,100;12,56 88,56;12,74 88,74",), 1.0, 0.0),
    "comma tail": (("40,0 60,30 0,100",), 0.35, 0.55),
    "(": (("80,0 30,30 26,70 80,100", "70,0 50,50 70,100", "80,0 52,18 40,50 52,82 80,100"), 1.3, 0.0),
    ")": (("20,0 70,30 74,70 20,100", "30,0 50,50 30,100", "20,0 48,18 60,50 48,82 20,100"), 1.3, 0.0),
    "%": (
        (
            "22,2 40,12 42,28 22,42 4,30 2,12 22,2;86,4 14,96;78,58 96,68 98,84 78,98 60,86 58,68 78,58",
            "22,2 6,8 2,26 20,38 38,24 36,6 22,2 90,0 10,100;80,62 98,72 94,92 76,98 62,84 66,66 80,62",
            "30,0 18,16 30,26 42,12 30,0;80,0 20,100;70,74 58,88 70,100 82,86 70,74",
        ),
        1.0,
        0.0,
    ),
    "div": (("0,50 100,48;48,6 54,10;48,90 52,94", "0,50 100,52;50,20 52,22;50,80 52,82"), 0.55, 0.02),
    "loop": (("0,60 40,30 80,50 50,70 40,40 100,20", "0,50 30,20 60,60 90,20 120,60 150,20"), 0.7, 0.2),
}

MARKS = tuple(_SHAPES)
# How high letters reach above the line that they stand on, and how deep below it, in digit heights.
_SMALL, _ASCENDING, _BELOW = 0.62, 0.95, 0.36
_LOOSENESS = 5.0  # standard deviation of a point, in hundredths


def size_and_place(name: str) -> tuple[float, float]:
    """How long a mark's longer side is, and how far below the line's middle it stands, in digit heights."""
    _, size, place = _SHAPES[name]
    return size, place


def letter_extent(letter: str) -> tuple[float, float]:
    """How far below the line's middle a letter's top and bottom lie, in digit heights; above is negative."""
    top = 0.5 - (_SMALL if letter in "acegmnopqrsuvwxyz" else _ASCENDING)
    return top, 0.5 + (_BELOW if letter in "gjpqy" else 0)


def draw_marks(each: int, rng: np.random.Generator) -> tuple[Strokes, Shaped[np.ndarray, " c"]]:
    """Invent `each` marks of every kind, no two alike, and their names."""
    characters, names = [], []
    for name, (ways, _, _) in _SHAPES.items():
        for way in rng.integers(0, len(ways), each):
            characters.append([_loose(stroke, rng) for stroke in ways[way].split(";")])
            names.append(name)
    strokes = pack(characters, [" "] * len(characters), ["marks/shuzi"] * len(characters))
    return strokes, np.array(names)


def _loose(stroke: str, rng: np.random.Generator) -> Float32[np.ndarray, "p 2"]:
    points = np.array([[float(n) for n in point.split(",")] for point in stroke.split()], np.float32)
    span = float(np.ptp(points, axis=0).max())
    return points + (min(_LOOSENESS, 0.15 * span) * rng.standard_normal(points.shape)).astype(np.float32)
