"""The wall that tutorials end at: one's own picture, and what their nets are shown of it.

A net that knows 98 % of MNIST fails on its owner's drawing, because what MNIST did to its digits (cropped,
fitted into 20x20, centred by mass, white ink on black) isn't done to the drawing. Here MNIST's test digits
are drawn as people make pictures, pen on paper or on a transparent drawing pad, and each tutorial's treatment
turns them into 28x28. The digits are those that the net knows: all that is lost is lost in the treatment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np
from PIL import Image

from shuzi.data.mnist import load_mnist
from shuzi.evaluation.evaluate import Probabilities
from shuzi.shapes import UInt8

Way = Literal["frame", "squeeze", "squeeze-uninverted", "alpha"]
"""How one's own picture becomes 28x28: framed as MNIST was, or as a tutorial does it (see `treat`)."""

_GRAIN = 2.5  # standard deviation of the paper's and the camera's grain, in grey levels


def own_picture_accuracy(probabilities: Probabilities, way: Way, n: int = 500, seed: int = 0) -> float:
    """The share, 0 to 1, of n own pictures that a net answers rightly when they are treated in this way.

    A drawing pad's transparency is what "alpha" is about, so it gets such drawings only; "frame" gets both
    kinds by turns; the others get pen on paper.
    """
    pictures, labels = [], []
    for picture, label in own_pictures(n, pads={"alpha": 1.0, "frame": 0.5}.get(way, 0.0), seed=seed):
        pictures.append(treat(picture, way))
        labels.append(label)
    return float((probabilities(np.stack(pictures)).argmax(axis=1) == labels).mean())


def own_pictures(n: int, *, pads: float = 0.5, seed: int = 0) -> Iterator[tuple[Image.Image, int]]:
    """n pictures, each with the digit in it: RGB pen on paper, and a share ``pads`` RGBA on a drawing pad.

    They are drawn from MNIST test digits chosen by the seed.
    """
    images, labels = load_mnist("test")
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(images), n, replace=n > len(images))
    for turn, index in enumerate(chosen):
        # As many pads among the first k as their share says, for every k.
        pad = int((turn + 1) * pads) > int(turn * pads)
        draw = _draw_on_pad if pad else _draw_on_paper
        yield draw(images[index], rng), int(labels[index])


def treat(picture: Image.Image, way: Way) -> UInt8[np.ndarray, "28 28"]:
    """The 28x28 that a net is shown of one's own picture, white ink on black if the way is a good one.

    - "squeeze" (PaddlePaddle tutorial): to grey, the whole picture resized to 28x28, inverted.
    - "squeeze-uninverted" (both PyTorch tutorials): as it is, dark ink on light paper. They don't resize
      either, so that they'd fail on any picture but one of 28x28; here it is resized.
    - "alpha" (MXNet tutorials): the transparency of a drawing, resized from four neighbours a pixel.
    - "frame": as MNIST's own digits were, `shuzi.frame`.
    """
    if way == "frame":
        from shuzi.reading.framing import frame

        return frame(picture)
    if way == "alpha":
        return _sampled(np.asarray(picture.convert("RGBA"))[..., 3])
    if way not in get_args(Way):
        raise ValueError(f"There is no way {way!r}: choose one of {', '.join(get_args(Way))}.")
    small = np.asarray(picture.convert("L").resize((28, 28), Image.Resampling.LANCZOS))
    return 255 - small if way == "squeeze" else small


def _sampled(grey: UInt8[np.ndarray, "h w"]) -> UInt8[np.ndarray, "28 28"]:
    """Resized as OpenCV does by default: linear between the nearest pixels, blind to all others between."""
    (top, bottom, down), (left, right, across) = (_neighbours(side) for side in grey.shape)
    rows = grey[top] * (1 - down[:, None]) + grey[bottom] * down[:, None]
    small: UInt8[np.ndarray, "28 28"] = np.rint(
        rows[:, left] * (1 - across) + rows[:, right] * across
    ).astype(np.uint8)
    return small


def _neighbours(side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For 28 samples along a side: the pixels before and after each, and how near it is to the second."""
    place = np.clip((np.arange(28) + 0.5) * side / 28 - 0.5, 0, side - 1)
    before = np.floor(place).astype(int)
    return before, np.minimum(before + 1, side - 1), place - before


def _draw_on_paper(digit: UInt8[np.ndarray, "28 28"], rng: np.random.Generator) -> Image.Image:
    """Blue-black ink on unevenly lit, slightly grainy and yellowed paper, photographed or scanned."""
    width, height = int(rng.integers(200, 601)), int(rng.integers(160, 401))
    corners = rng.uniform(205, 245) + rng.uniform(-10, 10, (2, 3))
    light = Image.fromarray(corners.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC)
    grain = rng.standard_normal((height // 2 + 1, width // 2 + 1), np.float32) * _GRAIN
    grey = np.asarray(light) + grain.repeat(2, 0).repeat(2, 1)[:height, :width]
    red = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    yellowed = [[round(level * share) for level in range(256)] for share in rng.uniform((0.97, 0.9), 1.0)]
    paper = Image.merge("RGB", (red, red.point(yellowed[0]), red.point(yellowed[1])))
    ink = tuple(int(level) for level in rng.integers((10, 10, 40), (60, 60, 130)))
    stroke, place = _placed(digit, width, height, rng)
    paper.paste(ink, place, stroke)
    return paper


def _draw_on_pad(digit: UInt8[np.ndarray, "28 28"], rng: np.random.Generator) -> Image.Image:
    """Black ink on nothing, in the square box of a web page or a notebook."""
    side = int(rng.integers(160, 401))
    stroke, place = _placed(digit, side, side, rng)
    ink = Image.new("L", (side, side))
    ink.paste(stroke, place)
    pad = Image.new("RGBA", (side, side))
    pad.putalpha(ink)
    return pad


def _placed(
    digit: UInt8[np.ndarray, "28 28"], width: int, height: int, rng: np.random.Generator
) -> tuple[Image.Image, tuple[int, int]]:
    """A digit's ink, a third to nearly all of the height high, and where its top left corner goes."""
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    # A pixel of paper all around lets strokes end round.
    box = (int(columns[0]) - 1, int(rows[0]) - 1, int(columns[-1]) + 2, int(rows[-1]) + 2)
    ink = Image.fromarray(digit).crop(box)
    scale = rng.uniform(0.3, 0.85) * min(height / ink.height, width / ink.width)
    size = (max(1, round(ink.width * scale)), max(1, round(ink.height * scale)))
    # Enlarged smoothly, then made four times as steep: the edge of a pen's line.
    stroke = ink.resize(size, Image.Resampling.BICUBIC).point(lambda level: 4 * (level - 96))
    return stroke, (int(rng.integers(0, width - size[0] + 1)), int(rng.integers(0, height - size[1] + 1)))
