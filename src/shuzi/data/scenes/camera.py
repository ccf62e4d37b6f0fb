"""A sheet -> a picture of it: lens, sensor and file format, each with its faults."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFilter

from shuzi.shapes import Float32


def photograph(sheet: Float32[np.ndarray, "h w"], rng: np.random.Generator) -> Float32[np.ndarray, "h w"]:
    """Light 0 to about 1.3 -> grey levels 0..255: blurred, coarse, noisy, compressed, dark or inverted."""
    height, width = sheet.shape
    gain = rng.uniform(0.45, 1.0) if rng.random() < 0.5 else rng.uniform(0.85, 1.1)
    levels = np.clip(255 * gain * sheet + rng.uniform(-5, 25), 0, 255)
    if rng.random() < 0.3:
        levels = 255 * (levels / 255) ** float(np.exp(rng.normal(0, 0.3)))
    image = Image.fromarray(levels.astype(np.uint8))
    if rng.random() < 0.25:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.4, 1.3))))
    if rng.random() < 0.2:
        scale = rng.uniform(0.45, 0.95)
        small = image.resize((round(width * scale), round(height * scale)), Image.Resampling.BILINEAR)
        image = small.resize((width, height), Image.Resampling(int(rng.choice([0, 2, 3]))))
    if rng.random() < 0.5:
        noise = rng.normal(0, rng.uniform(1, 12), (height, width)).astype(np.float32)
        image = Image.fromarray(np.clip(np.asarray(image, np.float32) + noise, 0, 255).astype(np.uint8))
    if rng.random() < 0.4:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=int(rng.integers(25, 90)))
        image = Image.open(file)
    if rng.random() < 0.06:  # scanned in black and white
        around = np.asarray(image.filter(ImageFilter.BoxBlur(20)), np.float32)
        levels = np.asarray(image, np.float32)
        cut = around - rng.uniform(0.4, 1.2) * (around - levels).std()
        levels = np.where(levels > cut, np.float32(255), np.float32(0))
    else:
        levels = np.asarray(image, np.float32)
    return 255 - levels if rng.random() < 0.15 else levels
