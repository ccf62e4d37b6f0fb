"""A regressor's value becomes the digit that the tutorial makes of it, or none."""

import pytest
import torch

from shuzi.training.decoding import to_logits


@pytest.mark.parametrize(
    ("decode", "value", "digit"),
    [
        ("truncate", 3.1, 3),
        ("truncate", 3.99, 3),
        ("truncate", 0.4, 0),
        ("truncate", 9.9, 9),
        ("round", 3.4, 3),
        ("round", 3.6, 4),
        ("round", -0.4, 0),
        ("round", 9.4, 9),
    ],
)
def test_the_digit_that_is_meant_wins(decode, value, digit):
    logits = to_logits(torch.tensor([[value]]), decode)[0]
    others = torch.cat([logits[:digit], logits[digit + 1 :]])
    assert logits[digit] > others.max()
    assert torch.all(others == others[0])


@pytest.mark.parametrize(("decode", "value"), [("truncate", 10.2), ("truncate", -1.5), ("round", 9.7)])
def test_a_value_that_is_no_digit_makes_all_equally_likely(decode, value):
    logits = to_logits(torch.tensor([[value]]), decode)
    assert torch.all(logits.softmax(1) == 0.1)


def test_logits_stay_as_they_are():
    logits = torch.randn(5, 10)
    assert to_logits(logits, "class") is logits
