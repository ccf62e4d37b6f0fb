"""How many pictures of numbers are still read right under bad light, on tables, turned, noisy or small.

    python bench/disturbed.py FOLDER [--every N] [--only NAME ...]

FOLDER holds the development sets, see bench/reader_sets.py; every N-th picture of the cheques and of the
single digits is read, and all others. Nothing is known of the numbers. Disturbances are the same each time.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps

import shuzi
from reader_sets import judge, load_sets
from shuzi.picture import open_picture
from shuzi.reading.view import projection

TABLE = (60, 45, 35)
Levels = np.ndarray


def paper(image: Image.Image) -> tuple[int, ...]:
    return tuple(int(level) for level in np.median(np.asarray(image).reshape(-1, 3), axis=0))


def turned(degrees: float) -> Callable[[Image.Image], Image.Image]:
    return lambda image: image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=paper(image))


def margin(image: Image.Image) -> int:
    return max(20, image.height // 2)


def on_a_table(image: Image.Image) -> Image.Image:
    return ImageOps.expand(image, margin(image), TABLE)


def turned_on_a_table(image: Image.Image) -> Image.Image:
    turned_sheet = image.rotate(8, Image.Resampling.BICUBIC, expand=True, fillcolor=TABLE)
    return ImageOps.expand(turned_sheet, 20, TABLE)


def from_the_side(image: Image.Image) -> Image.Image:
    """On a table, its corners anywhere within 15 % of its height from where they would be."""
    width, height = image.size
    off = margin(image)
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    moved = corners + off + np.random.default_rng(width * 7 + height).uniform(-0.15, 0.15, (4, 2)) * height
    back = projection(moved, corners).ravel()[:8].tolist()
    size = width + 2 * off, height + 2 * off
    kind, smooth = Image.Transform.PERSPECTIVE, Image.Resampling.BICUBIC
    return image.transform(size, kind, back, smooth, fillcolor=TABLE)


def on_white(image: Image.Image) -> Image.Image:
    return ImageOps.expand(image, margin(image), (255, 255, 255))


def levels(change: Callable[[Levels], Levels]) -> Callable[[Image.Image], Image.Image]:
    """What changes the levels, float (h, w, 3), as what changes a picture."""
    return lambda image: Image.fromarray(
        np.clip(change(np.asarray(image).astype(np.float64)), 0, 255).astype(np.uint8)
    )


def shadow(soft: float) -> Callable[[Levels], Levels]:
    """A slanted shadow over the right half; `soft`: its edge, in heights of the picture."""

    def cast(seen: Levels) -> Levels:
        height, width = seen.shape[:2]
        y, x = np.mgrid[:height, :width]
        inside = np.clip((x + y / 2 - 0.55 * width) / max(1.0, soft * height) + 0.5, 0, 1)
        return seen * (1 - 0.55 * inside)[..., None]

    return cast


def noise(deviation: float) -> Callable[[Levels], Levels]:
    return lambda seen: seen + np.random.default_rng(0).normal(0, deviation, seen.shape)


def glare(seen: Levels) -> Levels:
    height, width = seen.shape[:2]
    y, x = np.mgrid[:height, :width]
    spot = np.exp(-(((x - 0.6 * width) / (0.15 * width)) ** 2) - ((y - 0.4 * height) / (0.5 * height)) ** 2)
    return seen + 90 * spot[..., None]


def jpeg(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=10)
    return Image.open(buffer).convert("RGB")


DISTURBANCES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda image: image,
    "light on dark": ImageOps.invert,
    "on a table": on_a_table,
    "on a table, turned by 8 degrees": turned_on_a_table,
    "on a table, seen from the side": from_the_side,
    "on a white page": on_white,
    "half in a shadow": levels(shadow(0)),
    "half in a soft shadow": levels(shadow(0.3)),
    "glare": levels(glare),
    "underexposed": levels(lambda seen: seen * 0.22),
    "faint": levels(lambda seen: 0.2 * seen + 102),
    "noise, 15 levels": levels(noise(15)),
    "noise, 25 levels": levels(noise(25)),
    "turned by 5 degrees": turned(5),
    "turned by -10 degrees": turned(-10),
    "turned by 20 degrees": turned(20),
    "on its side": turned(90),
    "upside down": turned(180),
    "half as large": lambda image: image.resize((max(8, image.width // 2), max(8, image.height // 2))),
    "blurred by a 40th of its height": lambda image: image.filter(
        ImageFilter.GaussianBlur(image.height / 40)
    ),
    "JPEG, quality 10": jpeg,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=6)
    parser.add_argument("--only", nargs="*", default=list(DISTURBANCES))
    options = parser.parse_args()
    reader = shuzi.Reader()
    sets = {
        name: pictures[:: options.every if name in ("cheques", "wild") else 1]
        for name, pictures in load_sets(options.folder).items()
        if not name.endswith("hard")
    }
    print(
        f"{'right of':32}" + "".join(f"{f'{name} ({len(pictures)})':>20}" for name, pictures in sets.items())
    )
    for name in options.only:
        counts = []
        for pictures in sets.values():
            seen = [DISTURBANCES[name](Image.fromarray(open_picture(path).pixels)) for path, _, _ in pictures]
            said = [str(reader.read(image)) for image in seen]
            counts.append(sum(judge(text, label) for text, (_, label, _) in zip(said, pictures, strict=True)))
        print(f"{name:32}" + "".join(f"{count:20}" for count in counts), flush=True)


if __name__ == "__main__":
    main()
