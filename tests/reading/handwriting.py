"""Pictures of numbers, written in MNIST test digits, and what a detector may find, for tests."""

import numpy as np
from PIL import Image

import shuzi
from shuzi.reading.looks import Found


def a_clear_digit(value, which=0):
    """An MNIST test digit that nobody would doubt, (28, 28) uint8."""
    images, labels = shuzi.load_mnist("test")
    mine = images[labels == value][:40]
    clear = mine[shuzi.classify(mine)[:, value] > 0.999]
    return clear[which]


def write(text, *, height=60, ink=(20, 30, 90), paper=(250, 250, 245), gap=18, margin=30, which=0):
    """A number in one row, digits `height` pixels high and apart: RGB."""
    shapes = []
    for character in text:
        digit = a_clear_digit(int(character), which)
        rows, columns = (np.flatnonzero(digit.any(axis=axis)) for axis in (1, 0))
        shape = Image.fromarray(digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
        width = max(2, round(shape.width * height / shape.height))
        shapes.append(shape.resize((width, height), Image.Resampling.BICUBIC))
    width = sum(shape.width for shape in shapes) + gap * (len(shapes) - 1) + 2 * margin
    page = Image.new("RGB", (width, height + 2 * margin), paper)
    left = margin
    for shape in shapes:
        page.paste(ink, (left, margin), shape)
        left += shape.width + gap
    return page


def candidates(boxes, values):
    """What a detector finds: boxes, each a digit with 98 %, and of this value with 91 %."""
    likely = np.full((len(boxes), 10), 0.01, np.float32)
    likely[np.arange(len(boxes)), values] = 0.91
    return Found(np.array(boxes, np.float32), np.full(len(boxes), 0.98, np.float32), likely)
