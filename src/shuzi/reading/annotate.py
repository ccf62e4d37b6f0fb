"""A page -> its picture with boxes, digits and confidence drawn in, legible at any size of the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont

from shuzi.reading.confidence import THRESHOLD
from shuzi.reading.output import Box, Number, Page, percent

Rectangle: TypeAlias = tuple[int, int, int, int]  # left, top, right, bottom
ACCEPTED = (0, 114, 90)
DOUBTFUL = (204, 68, 0)
_MARGIN_PAPER = (246, 246, 244)
_SMALLEST = 480  # pixels of the longer side: smaller pictures are enlarged, by a whole number
_FONT_SIZES = (15, 40)


def annotate(page: Page) -> Image.Image:
    """Draw what was read: green where it is accepted, orange and with a question mark where not.

    Above each number, or beside it where that would cover another, stand its text and confidence; below each
    digit, or to the right of one in a number that runs up or down the picture, what it was taken for, where
    there is room. The picture is enlarged if it is small, and has a margin around it for labels.
    """
    pixels = Image.fromarray(page.picture.pixels)
    zoom = max(1, math.ceil(_SMALLEST / max(pixels.size)))
    picture = pixels.resize((pixels.width * zoom, pixels.height * zoom), Image.Resampling.NEAREST)
    small, large = _FONT_SIZES
    # In proportion to the writing, as far as that stays legible and doesn't cover the picture.
    tallest = max((_writing_height(number) for number in page.numbers), default=0)
    wanted = round(tallest * picture.height / page.height / 4)
    font = ImageFont.load_default(size=min(max(wanted, small), large))
    line = math.ceil(font.getbbox("0?%")[3] * 1.3)
    widest = max((math.ceil(font.getlength(_label(number))) for number in page.numbers), default=0)
    side = max(line, (widest + 2 * line - picture.width + 1) // 2)
    canvas = Image.new("RGB", (picture.width + 2 * side, picture.height + 4 * line), _MARGIN_PAPER)
    canvas.paste(picture, (side, 2 * line))
    draw = ImageDraw.Draw(canvas)
    pen = max(1, round(max(picture.size) / 500))

    def placed(box: Box) -> tuple[int, int, int, int]:
        """A box of the page -> (left, top, right, bottom) on the canvas."""
        x, y, width, height = box
        across, down = picture.width / page.width, picture.height / page.height
        left, top = round(x * across) + side, round(y * down) + 2 * line
        return left, top, left + round(width * across), top + round(height * down)

    taken = [placed(number.box) for number in page.numbers]
    for index, number in enumerate(page.numbers):
        others = taken[:index] + taken[index + 1 :]
        colour = ACCEPTED if number.accepted else DOUBTFUL
        runs_down = _runs_down(number)
        for digit in number.digits:
            left, top, right, bottom = placed(digit.box)
            sure = ACCEPTED if digit.confidence >= THRESHOLD else DOUBTFUL
            draw.rectangle(
                (left - pen, top - pen, right + pen - 1, bottom + pen - 1), outline=sure, width=pen
            )
            if runs_down:
                room, anchor = (right + pen, top, right + line, bottom), "lm"
                where = float(right + 3 * pen), (top + bottom) / 2
            else:
                room, anchor = (left, bottom + pen, right, bottom + line), "ma"
                where = (left + right) / 2, float(bottom + 3 * pen)
            if _covers(room, others):
                continue
            draw.text(
                where,
                str(digit.value),
                fill=sure,
                font=font,
                anchor=anchor,
                stroke_width=2,
                stroke_fill=_MARGIN_PAPER,
            )
        width = math.ceil(font.getlength(_label(number))) + line // 2
        x, y = _room(placed(number.box), width, line, 3 * pen, canvas.width, others)
        taken.append((x, y, x + width, y + line))
        draw.rectangle((x, y, x + width, y + line), fill=colour)
        draw.text((x + width / 2, y + line / 2), _label(number), fill="white", font=font, anchor="mm")
    return canvas


def _runs_down(number: Number) -> bool:
    """Whether it runs up or down the picture, so that below a digit there is another one of it."""
    (x, y, *_), (end_x, end_y, *_) = number.digits[0].box, number.digits[-1].box
    return abs(end_y - y) > abs(end_x - x)


def _writing_height(number: Number) -> int:
    return number.box[2] if _runs_down(number) else number.box[3]


def _room(
    box: Rectangle, width: int, height: int, gap: int, most: int, taken: Sequence[Rectangle]
) -> tuple[int, int]:
    """Where a label goes: above its box, right, left or below, where it covers nothing; or else above."""
    left, top, right, bottom = box
    middle = (top + bottom - height) // 2
    above = min(max(left - gap, 0), most - width), top - gap - height
    places = [above, (right + gap, middle), (left - gap - width, middle), (above[0], bottom + gap)]
    for x, y in places:
        if 0 <= x <= most - width and not _covers((x, y, x + width, y + height), taken):
            return x, y
    return above


def _covers(box: Rectangle, taken: Sequence[Rectangle]) -> bool:
    left, top, right, bottom = box
    return any(
        left < other[2] and right > other[0] and top < other[3] and bottom > other[1] for other in taken
    )


def _label(number: Number) -> str:
    return f"{number.text}{'' if number.accepted else '?'}   {percent(number.confidence)}"
