"""A page -> its picture with boxes, digits and confidence drawn in, legible at any size of the picture."""

from __future__ import annotations

import math

from PIL import Image, ImageDraw, ImageFont

from shuzi.reading.confidence import THRESHOLD
from shuzi.reading.output import Box, Number, Page, percent

ACCEPTED = (0, 114, 90)
DOUBTFUL = (204, 68, 0)
_MARGIN_PAPER = (246, 246, 244)
_SMALLEST = 480  # pixels of the longer side: smaller pictures are enlarged, by a whole number
_FONT_SIZES = (15, 40)


def annotate(page: Page) -> Image.Image:
    """Draw what was read: green where it is accepted, orange and with a question mark where not.

    Above each number stand its text and confidence, below each digit what it was taken for. The picture is
    enlarged if it is small, and has a margin around it, so that labels find room.
    """
    pixels = Image.fromarray(page.picture.pixels)
    zoom = max(1, math.ceil(_SMALLEST / max(pixels.size)))
    picture = pixels.resize((pixels.width * zoom, pixels.height * zoom), Image.Resampling.NEAREST)
    small, large = _FONT_SIZES
    # In proportion to the writing, as far as that stays legible and doesn't cover the picture.
    tallest = max((number.box[3] for number in page.numbers), default=0) * picture.height / page.height
    font = ImageFont.load_default(size=min(max(round(tallest / 4), small), large))
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

    for number in page.numbers:
        colour = ACCEPTED if number.accepted else DOUBTFUL
        for digit in number.digits:
            left, top, right, bottom = placed(digit.box)
            sure = ACCEPTED if digit.confidence >= THRESHOLD else DOUBTFUL
            draw.rectangle(
                (left - pen, top - pen, right + pen - 1, bottom + pen - 1), outline=sure, width=pen
            )
            middle = ((left + right) / 2, bottom + 3 * pen)
            draw.text(
                middle,
                str(digit.value),
                fill=sure,
                font=font,
                anchor="ma",
                stroke_width=2,
                stroke_fill=_MARGIN_PAPER,
            )
        left, top, right, bottom = placed(number.box)
        width = font.getlength(_label(number)) + line // 2
        x = min(max(left - 3 * pen, 0), canvas.width - width)
        y = top - 3 * pen - line
        draw.rectangle((x, y, x + width, y + line), fill=colour)
        draw.text((x + width / 2, y + line / 2), _label(number), fill="white", font=font, anchor="mm")
    return canvas


def _label(number: Number) -> str:
    return f"{number.text}{'' if number.accepted else '?'}   {percent(number.confidence)}"
