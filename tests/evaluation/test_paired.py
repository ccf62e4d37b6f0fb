"""The sign test, by its definition and in words."""

import numpy as np
import pytest

from shuzi.evaluation.paired import Paired


def test_counts_and_words():
    before = np.array([True] * 200 + [False] * 80)
    after = before.copy()
    after[:6], after[200:221] = False, True
    paired = Paired.of(before, after)
    assert paired == Paired(280, 200, 215, 21, 6)
    assert paired.p == pytest.approx(0.005925, abs=1e-6)
    assert str(paired) == (
        "280 pictures: 200 right before (71.4%), 215 after (76.8%);"
        " better on 21, worse on 6: better (p = 0.006)"
    )


@pytest.mark.parametrize(
    ("better", "worse", "p", "verdict"),
    [
        (0, 0, 1.0, "no clear difference"),
        (5, 0, 0.0625, "no clear difference"),
        (6, 0, 0.03125, "better"),
        (0, 6, 0.03125, "worse"),
        (3, 3, 1.0, "no clear difference"),
    ],
)
def test_exact_chances(better, worse, p, verdict):
    paired = Paired(20, 10, 10 + better - worse, better, worse)
    assert (paired.p, paired.verdict) == (p, verdict)


def test_many_pictures_do_not_overflow():
    assert Paired(5000, 0, 0, 2600, 2400).p == pytest.approx(0.0049, abs=2e-4)
