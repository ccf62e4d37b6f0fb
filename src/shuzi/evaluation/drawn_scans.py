"""Ink and print on a sheet -> its picture, as an ordinary scanner or phone takes it: small faults only."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from shuzi.shapes import Float32, UInt8

Layer = Float32[np.ndarray, "h w"]  # 0 is paper, 1 full ink
Picture = UInt8[np.ndarray, "_ _ 3"] | UInt8[np.ndarray, "_ _"]

_PAPERS = (
    (252, 252, 250),
    (248, 246, 238),
    (244, 236, 214),
    (236, 244, 236),
    (234, 240, 248),
    (250, 236, 232),
)
_PENS = ((28, 34, 110), (20, 50, 140), (22, 22, 28), (40, 40, 46), (35, 30, 80), (92, 92, 96), (170, 30, 40))
_PEN_CHANCES = (0.26, 0.2, 0.2, 0.14, 0.1, 0.07, 0.03)
_RULES = ((60, 60, 64), (120, 120, 124), (120, 150, 190), (130, 170, 140), (200, 120, 110))


@dataclass(frozen=True)
class Scan:
    """How one sheet is coloured and taken, chosen once for all of it."""

    paper: tuple[int, int, int]
    pen: tuple[int, int, int]
    rule: tuple[int, int, int]
    text: int
    strength: float
    grey: bool


def choose_scan(rng: np.random.Generator) -> Scan:
    """Choose paper, pen and colours of print."""
    return Scan(
        _PAPERS[int(rng.choice(len(_PAPERS), p=[0.35, 0.3, 0.1, 0.1, 0.1, 0.05]))],
        _PENS[int(rng.choice(len(_PENS), p=_PEN_CHANCES))],
        _RULES[int(rng.integers(len(_RULES)))],
        int(rng.integers(20, 70)),
        float(rng.uniform(0.82, 0.98)),
        bool(rng.random() < 0.35),
    )


def take(scan: Scan, ink: Layer, text: Layer, rules: Layer, rng: np.random.Generator) -> Picture:
    """Colour the layers, light them, and take the picture: a little blurred, noisy and compressed."""
    height, width = ink.shape
    lit = _light(height, width, rng)
    lit += _slow_noise(height, width, 2, rng) * float(rng.uniform(0.002, 0.008))  # fibres
    # The pen gives more and less, slowly along its way.
    ink = ink * (scan.strength + 0.06 * np.clip(_slow_noise(height, width, 9, rng), -2, 1))
    picture = np.empty((height, width, 3), np.float32)
    for channel in range(3):
        seen = lit * (scan.paper[channel] / 255)
        seen = seen * (1 - rules * (1 - scan.rule[channel] / 255))
        seen = seen * (1 - text * (1 - scan.text / 255))
        picture[..., channel] = seen * (1 - ink * (1 - scan.pen[channel] / 255))
    black, gain = float(rng.uniform(0, 18)), float(rng.uniform(0.85, 1.0))
    image = Image.fromarray(np.clip(black + (255 - black) * gain * picture, 0, 255).astype(np.uint8))
    if rng.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 0.7))))
    noise = rng.standard_normal((height, width, 1), np.float32) * float(rng.uniform(0.8, 4))
    image = Image.fromarray(np.clip(np.asarray(image, np.float32) + noise, 0, 255).astype(np.uint8))
    if scan.grey:
        image = image.convert("L")
    if rng.random() < 0.7:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=int(rng.integers(60, 93)))
        image = Image.open(file)
    return np.asarray(image).copy()


def turned(layer: Layer, degrees: float) -> Layer:
    """A layer, turned about its middle, to the left where `degrees` is positive."""
    image = Image.fromarray(layer).rotate(degrees, Image.Resampling.BICUBIC)
    return np.asarray(np.clip(np.asarray(image), 0, 1), np.float32)


def _light(height: int, width: int, rng: np.random.Generator) -> Layer:
    """About 1: brighter on one side, and now and then in the soft shadow of a hand, a phone or a fold."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    lit = 1 + rng.normal(0, 0.03) * x + rng.normal(0, 0.03) * y
    if rng.random() < 0.3:
        turn = rng.uniform(0, 2 * np.pi)
        edge = (x * np.cos(turn) + y * np.sin(turn) - rng.uniform(0, 1)) * rng.uniform(2, 7)
        lit = lit - rng.uniform(0.06, 0.22) / (1 + np.exp(-edge))
    return np.asarray(lit, np.float32)


def _slow_noise(height: int, width: int, cell: int, rng: np.random.Generator) -> Layer:
    coarse = rng.standard_normal((height // cell + 2, width // cell + 2), np.float32)
    image = Image.fromarray(coarse).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(image, np.float32)
