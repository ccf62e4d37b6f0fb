"""What a line of a scene says: digits with what people write between and around them."""

from __future__ import annotations

import numpy as np

# A text is a list of tokens: "0".."9"; a name of scenes.marks; "letter", a handwritten one; "symbol", one of
# UNIPEN's; "print", a printed word; " ", a gap; a Chinese character, printed;
# "unit", "units", one of them at random, or two; one of LETTERS, that letter by hand.
Text = list[str]

_CURRENCY = ("$", "euro", "pound", "yen", "#", "(", "letter", "symbol", "=", "-")
_MEASURES = ("kg", "cm", "m", "mm", "km", "ml")
LETTERS = frozenset("".join(_MEASURES))
_COUNTED = "个件号页人吨米度岁时"
_BENFORD = np.log10(1 + 1 / np.arange(1, 10))
# No single stroke: it would be a 1.
_TRAILING = (
    "=",
    "=",
    "-",
    "-",
    "-",
    "long",
    "tail",
    "tail",
    "//",
    ".",
    ".",
    ",",
    "comma tail",
    "loop",
    "euro",
    "symbol",
    "letter",
    "x",
)


def number(rng: np.random.Generator) -> Text:
    """A number as people write it: plain, an amount, a date, a code with gaps."""
    kind = rng.random()
    if kind < 0.5:
        text = list((_digits if kind < 0.3 else quantity)(rng, int(rng.integers(1, 10))))
    elif kind < 0.78:
        text = _amount(rng)
    elif kind < 0.88:
        mark = str(rng.choice(["/", "/", "/", "-", "-", "-", ".", ".", ".", ".", " ", " ", ":"]))
        parts = [_digits(rng, int(n)) for n in rng.choice([1, 2, 2, 3, 4], rng.integers(2, 4))]
        text = [token for part in parts for token in (*part, mark)][:-1]
    else:
        text = []
        for digit in _digits(rng, int(rng.integers(2, 9))):
            text += [digit] + (
                [str(rng.choice([" ", " ", "-", ".", "letter"]))] if rng.random() < 0.2 else []
            )
    if rng.random() < 0.12:
        text = _with_units(rng)
    elif rng.random() < 0.2:
        text = _with_signs(rng)
    if rng.random() < 0.15:
        text = [str(rng.choice(_CURRENCY))] * int(rng.choice([1, 1, 2])) + text
    if rng.random() < 0.08:
        return ["(", *text, ")"]
    if rng.random() < 0.36:
        text = text + [str(rng.choice(_TRAILING)) for _ in range(rng.choice([1, 1, 2]))]
    return text


def words(rng: np.random.Generator) -> Text:
    """No number: handwritten letters, signs, or printed words."""
    kind = rng.random()
    if kind < 0.5:
        return ["print", " "] * int(rng.integers(1, 5))
    if kind < 0.9:
        return ["letter"] * int(rng.integers(3, 9))
    return [str(rng.choice(_TRAILING)) for _ in range(rng.integers(1, 4))]


def label(rng: np.random.Generator) -> Text:
    """A printed word before a number, as forms have it."""
    return ["print", " "] if rng.random() < 0.7 else ["print", ":", " "]


def quantity(rng: np.random.Generator, count: int) -> str:
    """The digits of a sum: the first as often as Benford (1938) found it, and often zeros at the end."""
    digits = str(rng.choice(9, p=_BENFORD) + 1) + _digits(rng, count - 1)
    zeros = int(rng.integers(1, count)) if count > 1 and rng.random() < 0.25 else 0
    return digits[: count - zeros] + "0" * zeros


def _digits(rng: np.random.Generator, count: int) -> str:
    """Digits at random, with runs of one digit and zeros at the end as amounts have them."""
    digits = [str(d) for d in rng.integers(0, 10, count)]
    if not digits:
        return ""
    if rng.random() < 0.2:
        zeros = int(rng.integers(1, count + 1))
        digits[-zeros:] = ["0"] * zeros
    if rng.random() < 0.15:
        start = int(rng.integers(0, count))
        digits[start : start + 3] = [digits[start]] * len(digits[start : start + 3])
    if rng.random() < 0.08:  # several 1s side by side are the hardest to tell apart
        start = int(rng.integers(0, count))
        digits[start : start + 3] = ["1"] * len(digits[start : start + 3])
    return "".join(digits)


def _with_units(rng: np.random.Generator) -> Text:
    """A date, a sum or a quantity as it is filled in on a Chinese form."""
    kind = rng.random()
    if kind < 0.4:
        parts = [(_digits(rng, int(rng.choice([2, 4, 4]))), "年")]
        parts += [(_digits(rng, int(rng.integers(1, 3))), unit) for unit in "月日"]
    elif kind < 0.6:
        parts = [(quantity(rng, int(rng.integers(1, 6))), str(rng.choice(["元", "元", "万", "￥"])))]
        parts += [(_digits(rng, 1), unit) for unit in "角分" if rng.random() < 0.4]
    else:
        # 12号楼3单元1031室: any character may stand beside a digit.
        parts = [
            (_digits(rng, int(rng.integers(1, 5))), str(rng.choice(["unit", "unit", "units", *_COUNTED])))
            for _ in range(rng.choice([1, 1, 2, 3]))
        ]
    text = [token for digits, unit in parts for token in (*digits, unit)]
    return [str(rng.choice(["第", "￥", "unit", "units"])), *text] if rng.random() < 0.3 else text


def _with_signs(rng: np.random.Generator) -> Text:
    """A score, a percentage, a sum that is worked out, or a quantity with its measure."""
    kind = rng.random()
    first = _digits(rng, int(rng.integers(1, 4)))
    if kind < 0.25:
        whole = str(rng.choice(["100", "10", "20", "50", "60", "120", "150"]))
        return [*first, "/", *(whole if rng.random() < 0.5 else _digits(rng, 2))]
    if kind < 0.5:
        return [*first, *([".", *_digits(rng, 1)] if rng.random() < 0.3 else []), "%"]
    if kind < 0.75:
        sign = str(rng.choice(["+", "+", "-", "x", "x", "div"]))
        result = ["=", *_digits(rng, int(rng.integers(1, 4)))] if rng.random() < 0.8 else []
        return [*first, sign, *_digits(rng, int(rng.integers(1, 3))), *result]
    return [*first, *([" "] if rng.random() < 0.3 else []), *str(rng.choice(_MEASURES))]


def _amount(rng: np.random.Generator) -> Text:
    digits = quantity(rng, int(rng.integers(3, 8)))
    mark = str(rng.choice([".", ".", ",", " ", "'"]))
    text: Text = []
    for index, digit in enumerate(digits):
        if index and (len(digits) - index) % 3 == 0:
            text.append(mark)
        text.append(digit)
    if rng.random() < 0.3:
        text += [str(rng.choice([",", ".", "-"])), *_digits(rng, 2)]
    return text
