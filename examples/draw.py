"""Draw the example pictures from MNIST test digits: python examples/draw.py

Each is made as a person would make it: ink of a colour on paper or screen, of its own size and light. Digits
are chosen by a fixed seed, so the pictures come out the same every time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

import shuzi

HERE = Path(__file__).parent
SEED = 20261122
BALLPOINT, PENCIL, CHALK, MARKER = (28, 46, 120), (82, 80, 78), (238, 240, 232), (176, 32, 40)


def main() -> None:
    rng = np.random.default_rng(SEED)
    envelope = paper(rng, (560, 170), (247, 241, 226), light=26, grain=2.0)
    write(envelope, "518057", rng, height=74, gap=20, ink=BALLPOINT)
    save(envelope, "postcode.png")

    sheet = paper(rng, (300, 340), (252, 252, 250), light=14, grain=1.5)
    write(sheet, "7", rng, height=170, gap=0, ink=PENCIL)
    save(sheet, "digit.png")

    board = paper(rng, (520, 200), (34, 62, 50), light=18, grain=3.0)
    write(board, "2026", rng, height=110, gap=28, ink=CHALK)
    save(board, "blackboard.png")

    receipt = paper(rng, (900, 320), (206, 202, 192), light=70, grain=4.0)
    write(receipt, "04193", rng, height=120, gap=48, ink=MARKER)
    save(receipt.filter(ImageFilter.GaussianBlur(1.2)), "photo.jpg")

    pad = Image.new("RGBA", (280, 280), (0, 0, 0, 0))
    write(pad, "3", rng, height=190, gap=0, ink=(0, 0, 0))
    save(pad, "pad.png")


def paper(
    rng: np.random.Generator, size: tuple[int, int], colour: tuple[int, int, int], light: float, grain: float
) -> Image.Image:
    """A sheet lit from one side (`light` grey levels from corner to corner), with grain."""
    width, height = size
    slope = np.add.outer(np.linspace(0, 0.4, height), np.linspace(0, 0.6, width))[..., None]
    noise = rng.normal(0, grain, (height, width, 1))
    return Image.fromarray((np.array(colour) - light * slope + noise).clip(0, 255).astype(np.uint8))


def write(
    page: Image.Image,
    text: str,
    rng: np.random.Generator,
    *,
    height: int,
    gap: int,
    ink: tuple[int, int, int],
) -> None:
    """Write a number in the middle of a page in MNIST test digits; they stand apart and not quite in line."""
    images, labels = shuzi.load_mnist("test")
    strokes = [penned(images[rng.choice(np.flatnonzero(labels == int(value)))], height) for value in text]
    left = (page.width - sum(stroke.width for stroke in strokes) - gap * (len(text) - 1)) // 2
    for stroke in strokes:
        top = (page.height - stroke.height) // 2 + int(rng.integers(-4, 5))
        page.paste(ink, (left, top), stroke)
        left += stroke.width + gap


def penned(digit: np.ndarray, height: int) -> Image.Image:
    """An MNIST digit enlarged so that its ink is `height` pixels high, with the edges of a pen."""
    rows, columns = (np.flatnonzero((digit > 64).any(axis=axis)) for axis in (1, 0))
    box = (int(columns[0]) - 1, int(rows[0]) - 1, int(columns[-1]) + 2, int(rows[-1]) + 2)
    shape = Image.fromarray(digit).crop(box)
    zoom = height / (shape.height - 2)
    size = (round(shape.width * zoom), round(shape.height * zoom))
    smooth = shape.resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(zoom / 3))
    return smooth.point(
        [min(255, max(0, round((value - 128) * 10 / zoom * 3 + 128))) for value in range(256)]
    )


def save(picture: Image.Image, name: str) -> None:
    """Save next to this script, small."""
    path = HERE / name
    if path.suffix == ".jpg":
        picture.save(path, quality=80)
    else:
        picture = picture if picture.mode == "RGBA" else picture.quantize(64, dither=Image.Dither.NONE)
        picture.save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB, read as {str(shuzi.read(path))!r}")


if __name__ == "__main__":
    main()
