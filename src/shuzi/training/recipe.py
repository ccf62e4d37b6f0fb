"""Recipes: everything that determines a training run, in one TOML file each (see `src/shuzi/recipes`)."""

from __future__ import annotations

import dataclasses
import difflib
import json
import tomllib
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from shuzi.errors import RecipeError

_FOLDER = Path(__file__).parent.parent / "recipes"

BUDGETS = {"2s": "blink", "10s": "sprint", "1m": "minute", "10m": "small", "best": "record"}
"""How long one is willing to train on two cores -> the recipe that makes the most of it."""


@dataclass(frozen=True)
class Source:
    """Where a recipe comes from: the tutorial, what it claims, and what it gets wrong."""

    tutorial: str = ""
    claim: str = ""
    """The tutorial's claim in words, for example "over 98 %"."""
    fault: str = ""
    """One or two sentences: what the tutorial gets wrong, or in a ``-fixed`` twin what was mended."""
    own_picture: Literal["frame", "squeeze", "squeeze-uninverted", "alpha"] = "frame"
    """How one's own picture becomes 28x28: framed as MNIST is, or as the tutorial does it."""


@dataclass(frozen=True)
class DataSettings:
    """What is trained on."""

    source: str = "mnist"
    """The data set: a name or a path that `shuzi data` knows."""
    train: Literal["train", "fit", "first-50000", "random-50000"] = "fit"
    """The part trained on. With "fit", validation is by writer; with the 50000s it is the other 10,000 of
    `train`, as two tutorials do; with "train" nothing is left to validate on."""
    scale: Literal["unit", "signed", "standard"] = "unit"
    """Pixels as [0, 1], as [-1, 1], or less MNIST's mean 0.1307 and divided by its deviation 0.3081."""
    shuffle: Literal["epoch", "once", "never"] = "epoch"
    add: str = ""
    """More labelled digits to train on: "corrections" (those made on the page of `shuzi serve`), or a data
    set's name or path. Few count more, so that they make a twentieth of an epoch where they can."""


@dataclass(frozen=True)
class ExtraSettings:
    """Digits from beyond the data set, mixed into every epoch. See `shuzi.data.extra`."""

    share: float = 0.0
    """Of all pictures trained on; 0 means none."""
    pool: int = 150_000
    """How many are drawn ahead; each epoch takes its share of them at random."""
    unipen: float = 0.5
    """Part of the pool: pen strokes of UNIPEN's writers, drawn with pens of all kinds."""
    invented: float = 0.3
    """Part of the pool: digits drawn by program in shapes that MNIST lacks."""
    fonts: float = 0.2
    """Part of the pool: handwriting fonts under open licences."""
    nothing: float = 0.0
    """Part of the pool: letters, scribbles and bare pictures, for which the net learns to find every digit as
    unlikely."""


@dataclass(frozen=True)
class AugmentSettings:
    """Random changes of each training picture; all 0 means none. See `shuzi.data.augment`."""

    rotate: float = 0.0
    """Degrees, uniform in +-."""
    shift: float = 0.0
    """Pixels in x and y, uniform in +-."""
    zoom: float = 0.0
    """Width and height each by a factor uniform in 1 +-."""
    shear: float = 0.0
    """Pixels sideways per pixel of height, uniform in +-."""
    elastic: float = 0.0
    """Standard deviation, in pixels, of a smooth random displacement."""
    texture: float = 0.0
    """Share of pictures put through a random 3x3 filter, so that shape counts more than ink."""
    light: float = 0.0
    """Share of pictures under uneven light: paper that isn't black, ink that isn't white."""
    noise: float = 0.0
    """Share of pictures with grain in every pixel."""
    lines: float = 0.0
    """Share of pictures crossed by up to three straight lines."""


@dataclass(frozen=True)
class OptimiserSettings:
    """How weights are updated."""

    kind: Literal["sgd", "adam", "adamw", "rmsprop"] = "sgd"
    learning_rate: float = 0.1
    """The highest rate that the schedule reaches."""
    batch: int = 128
    weight_decay: float = 0.0
    beta2: float = 0.999
    """Of adam and adamw: the decay of the mean squared gradient; short runs want it lower."""


@dataclass(frozen=True)
class ScheduleSettings:
    """How long training lasts and how the learning rate goes."""

    epochs: float = 10
    """Passes over the data; a fraction such as 0.6 ends within the last one."""
    decay: Literal["constant", "linear", "cosine"] = "constant"
    warmup: float = 0.0
    """Share of all steps in which the rate rises linearly from 0."""
    average: float = 0.0
    """Decay per step of an exponential moving average of the weights, used instead of them; 0: none."""


@dataclass(frozen=True)
class LossSettings:
    """What is minimised."""

    kind: Literal["cross-entropy", "squared-error"] = "cross-entropy"
    """"squared-error" takes the digit as a number (the Paddle tutorial); the net then has one output."""
    label_smoothing: float = 0.0
    decode: Literal["class", "truncate", "round"] = "class"
    """How outputs become a digit: the likeliest class, or one value truncated or rounded."""


@dataclass(frozen=True)
class Expected:
    """What the recipe should reach."""

    accuracy: float = 0.0
    """Percent of the test set, mean over seeds."""
    tolerance: float = 0.3
    """Percentage points."""


@dataclass(frozen=True)
class Recipe:
    """One training run, but for its seed. Two runs of a recipe and a seed give the same weights."""

    name: str
    title: str
    net: dict[str, Any]
    source: Source = field(default_factory=Source)
    data: DataSettings = field(default_factory=DataSettings)
    extra: ExtraSettings = field(default_factory=ExtraSettings)
    augment: AugmentSettings = field(default_factory=AugmentSettings)
    optimiser: OptimiserSettings = field(default_factory=OptimiserSettings)
    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)
    loss: LossSettings = field(default_factory=LossSettings)
    expected: Expected = field(default_factory=Expected)
    select: Literal["best", "last"] = "last"
    """Which epoch's weights are kept as the result: the best on validation, or the last."""
    temperature: float = 1.0
    """What logits are divided by when a run that left no digits to validate on is exported: the temperature
    that the same recipe wants on validation digits when it trains on "fit"."""
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    """"auto" computes in bfloat16 where the processor does so in hardware."""


def recipe_names() -> list[str]:
    """Names of the recipes that come with shuzi, sorted."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load_recipe(name_or_path: str | Path, settings: Sequence[str] = ()) -> Recipe:
    """Read a recipe by its name or from a TOML file, and change settings given as "section.key=value".

    >>> load_recipe("keras-mlp-512", ["schedule.epochs=2"]).schedule.epochs
    2.0

    Raises `RecipeError` for an unknown recipe, key or value, with the nearest known one.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = _FOLDER / f"{name_or_path}.toml"
        if str(name_or_path) not in recipe_names():
            near = difflib.get_close_matches(str(name_or_path), recipe_names(), n=1)
            hint = f"did you mean {near[0]!r}?" if near else "`shuzi recipes` lists them."
            raise RecipeError(f"There is no recipe {str(name_or_path)!r}: {hint}")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"The recipe {path} can't be read: {error}.") from error
    table.setdefault("name", path.stem)
    for setting in settings:
        _change(table, setting)
    return parse_recipe(table)


def parse_recipe(table: Mapping[str, Any]) -> Recipe:
    """Check a recipe given as nested tables (of TOML or JSON); raises `RecipeError` as `load_recipe` does."""
    return typing.cast(Recipe, _parse(Recipe, table, "recipe"))


def _change(table: dict[str, Any], setting: str) -> None:
    key, equals, text = setting.partition("=")
    if not equals:
        raise RecipeError(f"{setting!r} is not a setting: write section.key=value, as in schedule.epochs=2.")
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        value = text  # a bare word, as in precision=float32
    *sections, last = key.strip().split(".")
    for section in sections:
        table = table.setdefault(section, {})
        if not isinstance(table, dict):
            raise RecipeError(f"{key!r} is not a setting: {section!r} has no parts.")
    table[last] = value


def _parse(cls: type, table: Any, where: str) -> Any:
    if not isinstance(table, Mapping):
        raise RecipeError(f"{where} must be a table of settings, not {table!r}.")
    types = typing.get_type_hints(cls)
    for key in table:
        if key not in types:
            near = difflib.get_close_matches(key, types, n=1)
            raise RecipeError(
                f"{where} has no setting {key!r}: "
                + (f"did you mean {near[0]!r}?" if near else f"it has {', '.join(types)}.")
            )
    missing = [f.name for f in dataclasses.fields(cls) if f.name not in table and _required(f)]
    if missing:
        raise RecipeError(f"{where} lacks {missing[0]!r}: every recipe needs it.")
    values = {}
    for key, value in table.items():
        kind = types[key]
        if dataclasses.is_dataclass(kind):
            values[key] = _parse(typing.cast(type, kind), value, key)
        else:
            values[key] = _value(kind, value, f"{where}.{key}")
    return cls(**values)


def _required(item: dataclasses.Field[Any]) -> bool:
    return item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING


def _value(kind: Any, value: Any, where: str) -> Any:
    if typing.get_origin(kind) is Literal:
        if value not in typing.get_args(kind):
            choices = ", ".join(map(str, typing.get_args(kind)))
            raise RecipeError(f"{where} can't be {value!r}: choose one of {choices}.")
        return value
    if typing.get_origin(kind) is dict:
        if not isinstance(value, Mapping):
            raise RecipeError(f"{where} must be a table of settings, not {value!r}.")
        return dict(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not kind:
        raise RecipeError(f"{where} must be of type {kind.__name__}, not {value!r}.")
    if kind in (int, float) and value < 0:
        raise RecipeError(f"{where} can't be negative: {value!r}.")
    return value
