"""A digit cut out by its box, through what touches it, and what the classifier's opinion on it is worth."""

import numpy as np
import pytest
from handwriting import a_clear_digit, write

import shuzi
from shuzi.models import load_classifier
from shuzi.reading.blending import blend
from shuzi.reading.clear import Line, cut_ink
from shuzi.reading.cutout import cut_out
from shuzi.reading.ink import find_ink

HEIGHT, MARGIN = 60, 30


def joined(text):
    """Digits that a bar through all of them joins, and the box of each."""
    page = np.asarray(write(text, height=HEIGHT, margin=MARGIN, gap=4)).copy()
    page[MARGIN + 30 : MARGIN + 34, MARGIN + 4 : -MARGIN - 4] = (20, 30, 90)
    widths = []
    for value in text:
        rows, columns = np.nonzero(a_clear_digit(int(value)))
        widths.append(max(2, round((np.ptp(columns) + 1) * HEIGHT / (np.ptp(rows) + 1))))
    left = MARGIN + np.cumsum([0, *(width + 4 for width in widths)])
    return page, [
        (int(x), MARGIN, int(x) + width, MARGIN + HEIGHT) for x, width in zip(left, widths, strict=False)
    ]


def test_what_touches_a_digit_is_cut_through():
    page, boxes = joined("273")
    images = np.stack([cut_out(page, box) for box in boxes])
    assert shuzi.classify(images).argmax(axis=1).tolist() == [2, 7, 3]


def test_no_ink_in_the_box_gives_zeros_and_the_box_may_leave_the_picture():
    page, _ = joined("27")
    assert not cut_out(page, (0, 0, 20, 20)).any()
    assert cut_out(page, (-5, -5, page.shape[1] + 9, page.shape[0] + 9)).any()


@pytest.mark.parametrize(("doubt", "changes"), [(0.4, True), (0.05, False)])
def test_a_doubtful_digit_is_shown_to_the_classifier(doubt, changes):
    page, boxes = joined("273")
    values = np.full((3, 10), doubt / 9, np.float32)
    values[[0, 1, 2], [2, 7, 3]] = 1 - doubt
    framed = [
        np.zeros((28, 28), np.uint8).copy,
        lambda: cut_out(page, boxes[1]),
        lambda: cut_out(page, boxes[2]),
    ]
    seen = Line(boxes, framed, np.full(3, 0.99, np.float32), values, 1.0)
    classifier = load_classifier()
    blended = blend(seen, cut_ink(find_ink(page)).classified(classifier), classifier)
    assert np.array_equal(blended.values[0], values[0])  # nothing was cut out
    assert (blended.values[1, 7] > values[1, 7] + 0.05) == changes
    np.testing.assert_allclose(blended.values.sum(axis=1), 1, atol=1e-5)
