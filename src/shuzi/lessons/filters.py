"""The tutorials' lesson on a photograph: convolve it with a 3x3 kernel, pool it, put it through a function.

>>> png = filter_photo("cat.jpg", kernel="sobel-x").to_png()  # doctest: +SKIP
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from shuzi.errors import ReadingError
from shuzi.lessons.colours import diverging
from shuzi.lessons.functions import FUNCTIONS
from shuzi.picture import PictureSource, open_picture
from shuzi.shapes import Float32, UInt8

LONGEST = 640  # pixels of the longer side: in a larger picture the work of 3x3 pixels can't be seen
POOL = 2
OPERATIONS = ("max-pool", *FUNCTIONS)
KERNELS: dict[str, tuple[float, ...]] = {
    "sobel-x": (-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0),
    "sobel-y": (-1.0, -2.0, -1.0, 0.0, 0.0, 0.0, 1.0, 2.0, 1.0),
    "laplacian": (0.0, 1.0, 0.0, 1.0, -4.0, 1.0, 0.0, 1.0, 0.0),
    "edge": (*[-1.0] * 4, 8.0, *[-1.0] * 4),
    "blur": (0.0625, 0.125, 0.0625, 0.125, 0.25, 0.125, 0.0625, 0.125, 0.0625),
    "sharpen": (0.0, -1.0, 0.0, -1.0, 5.0, -1.0, 0.0, -1.0, 0.0),
    "tutorial": (*[-1.0] * 4, -8.0, *[-1.0] * 4),
}
KERNEL_LESSONS = {
    "sobel-x": "Right minus left: answers to edges that stand upright, 0 where the picture is even.",
    "sobel-y": "Below minus above: answers to edges that lie flat, 0 where the picture is even.",
    "laplacian": "The four neighbours minus the middle: answers to edges in every direction, with two signs.",
    "edge": "The middle minus all eight neighbours: answers to edges and specks in every direction.",
    "blur": "A weighted mean of the neighbourhood: what is finer than three pixels is smoothed away.",
    "sharpen": "The picture plus its edges: sums to 1, so that even parts stay as they are.",
    "tutorial": "What the PyTorch CNN tutorial calls its Sobel kernel. It is neither Sobel nor Laplacian: its"
    " nine numbers sum to -16, not to 0, so it answers to brightness everywhere and gives a slightly blurred"
    " negative, no edges. With +8 in the middle it would be the kernel `edge`.",
}
OPERATION_LESSONS = {
    "max-pool": "The largest of each 2x2 pixels: a quarter of the values, and what was strong stays.",
    "relu": "What is below 0 becomes 0: only one side of each edge is left.",
    "sigmoid": "Everything is squeezed between 0 and 1: beyond about 4 all values look the same.",
    "tanh": "Everything is squeezed between -1 and 1: beyond about 2 all values look the same.",
}


@dataclass(frozen=True, eq=False)
class Filtered:
    """A photograph in grey, 0 to 255, what the kernel made of it, and what the operation made of that.

    `difference` says that the values are no brightnesses: they have a sign, and 0 means "the same around".
    """

    grey: Float32[np.ndarray, "h w"]
    convolved: Float32[np.ndarray, "h w"]
    values: Float32[np.ndarray, "a b"]
    kernel: tuple[float, ...] | None
    operation: str | None
    difference: bool

    def picture(self) -> UInt8[np.ndarray, "a b 3"]:
        """As a picture: brightness in grey; differences in orange above 0, blue below, black at 0."""
        if self.difference:
            return diverging(self.values, float(np.percentile(np.abs(self.values), 99.5)))
        grey = np.rint(self.values.clip(0, 255)).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)

    def to_png(self) -> bytes:
        """The picture as a PNG file."""
        buffer = io.BytesIO()
        Image.fromarray(self.picture()).save(buffer, "PNG")
        return buffer.getvalue()

    def lesson(self) -> str:
        """What was done, in a sentence or two."""
        named = [name for name, numbers in KERNELS.items() if numbers == self.kernel]
        sentences = [KERNEL_LESSONS[name] for name in named]
        if self.kernel is not None and not named:
            total = sum(self.kernel)
            sentences.append(
                f"Your kernel sums to {total:g}: "
                + ("even parts give 0, edges don't." if abs(total) < 1e-6 else "even parts keep that share.")
            )
        if self.operation is not None:
            sentences.append(OPERATION_LESSONS[self.operation])
        return " ".join(sentences)


def parse_kernel(text: str) -> tuple[float, ...]:
    """The name of a kernel, or nine numbers between commas, rows first; `ReadingError` for anything else."""
    if text in KERNELS:
        return KERNELS[text]
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != 9 or not all(abs(number) <= 1000 for number in numbers):  # no NaN either
        raise ReadingError(
            f"A kernel is nine numbers from -1000 to 1000 between commas, or one of {', '.join(KERNELS)}."
        )
    return numbers


def filter_photo(
    picture: PictureSource, *, kernel: str | None = None, operation: str | None = None
) -> Filtered:
    """Convolve a photograph with a kernel, then do an operation (max-pool, relu, sigmoid, tanh); or only one.

    The picture becomes grey, at most 640 pixels wide or high. Its edge is repeated outwards, so that it keeps
    its size. As in nets, the kernel isn't turned around: strictly this is correlation. For the functions the
    values are divided by 32 first, because a net's values are small and these go up to thousands.

    Raises `PictureError`, or `ReadingError` for a kernel or operation that there isn't.
    """
    if operation is not None and operation not in OPERATIONS:
        raise ReadingError(f"There is no operation {operation!r}: choose one of {', '.join(OPERATIONS)}.")
    if kernel is None and operation is None:
        raise ReadingError("Say what to do with the picture: name a kernel, an operation, or both.")
    numbers = None if kernel is None else parse_kernel(kernel)
    image = Image.fromarray(open_picture(picture).pixels).convert("L")
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX)
    grey = np.asarray(image, np.float32)
    values = convolved = grey if numbers is None else convolve(grey, numbers)
    difference = numbers is not None and sum(numbers) < 1e-6
    if operation == "max-pool":
        values = max_pool(values)
    elif operation is not None:
        values = FUNCTIONS[operation](values / 32)
        difference = True
    return Filtered(grey, convolved, values, numbers, operation, difference)


def convolve(grey: Float32[np.ndarray, "h w"], kernel: tuple[float, ...]) -> Float32[np.ndarray, "h w"]:
    """Each value becomes the sum of its 3x3 neighbourhood times the kernel's nine numbers, rows first."""
    padded = np.pad(grey, 1, mode="edge")
    height, width = grey.shape
    total = np.zeros_like(grey)
    for index, weight in enumerate(kernel):
        y, x = divmod(index, 3)
        total += np.float32(weight) * padded[y : y + height, x : x + width]
    return total


def max_pool(values: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, "a b"]:
    """The largest of each 2x2 values; a last odd row or column stands alone."""
    height, width = (-(-side // POOL) * POOL for side in values.shape)
    padding = ((0, height - values.shape[0]), (0, width - values.shape[1]))
    padded = np.pad(values, padding, mode="edge")
    windows = padded.reshape(height // POOL, POOL, width // POOL, POOL)
    return np.asarray(windows.max(axis=(1, 3)))
