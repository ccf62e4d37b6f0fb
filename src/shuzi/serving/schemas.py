"""The API's JSON, for checking what comes in and for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Pixel = Annotated[int, Field(ge=0, le=255)]
Row = Annotated[list[Pixel], Field(min_length=28, max_length=28)]
Digit28 = Annotated[
    list[Row], Field(min_length=28, max_length=28, description="28 rows, white ink on black.")
]
Label = Annotated[int, Field(ge=0, le=9)]
Probability = Annotated[float, Field(ge=0, le=1)]


class Model(BaseModel):
    """Weights that can be used."""

    name: str
    title: str
    parameters: int | None
    accuracy: float | None
    shipped: bool
    default: bool
    own_picture: str


class ModelList(BaseModel):
    models: list[Model]


class DigitRead(BaseModel):
    value: Label
    confidence: Probability
    box: Annotated[list[int], Field(min_length=4, max_length=4)]
    probabilities: list[Probability] | None = None
    image: Digit28 | None = None


class Alternative(BaseModel):
    text: str
    confidence: Probability


class NumberRead(BaseModel):
    text: str
    confidence: Probability
    accepted: bool
    box: Annotated[list[int], Field(min_length=4, max_length=4, description="x, y, width, height")]
    digits: list[DigitRead]
    alternatives: list[Alternative]


class PageRead(BaseModel):
    """One page: what `shuzi read --format json` prints of it."""

    source: str | None
    page: int
    width: int | None
    height: int | None
    numbers: list[NumberRead]
    error: str | None


class ReadResult(BaseModel):
    pages: list[PageRead]


class Prediction(BaseModel):
    digit: Label
    confidence: Probability
    probabilities: list[Probability]
    image: Digit28


class ClassifyResult(BaseModel):
    weights: str
    predictions: list[Prediction]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _RunRequest(_Strict):
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    epochs: Annotated[float, Field(gt=0, le=1000)] | None = None
    corrections: bool = False


class RecipeRun(_RunRequest):
    """A run by a recipe that GET /v1/recipes names."""

    recipe: Annotated[str, Field(min_length=1, max_length=100)]


class BudgetRun(_RunRequest):
    """A run of the best recipe for a time."""

    budget: Literal["2s", "10s", "1m", "10m", "best"]


class Run(BaseModel):
    """A training run. `seconds_left` is an estimate; `live` is given for one run only."""

    id: str
    recipe: str
    title: str
    seed: int
    status: Literal["queued", "running", "done", "interrupted", "failed"]
    error: str | None
    started: str
    seconds: float | None
    step: int | None
    steps: int | None
    samples_per_second: float | None
    seconds_left: float | None
    history: list[dict[str, Any]]
    live: list[dict[str, Any]] | None = None
    weights: str | None
    test_accuracy: float | None


class RunList(BaseModel):
    runs: list[Run]


class Mistake(BaseModel):
    image: Digit28
    label: int
    answer: int
    confidence: float


class RunScore(BaseModel):
    accuracy: float
    interval: list[float]
    confusion: list[list[int]]
    per_class: list[float | None]
    mistakes: list[Mistake]


class RecipeFacts(BaseModel):
    name: str
    title: str
    parameters: int | None
    expected: dict[str, Any]
    source: dict[str, Any]


class RecipeList(BaseModel):
    available: bool
    install: str
    recipes: list[RecipeFacts]
    budgets: list[str]


class CorrectionRequest(_Strict):
    """A digit that was answered wrongly, and what it is."""

    image: Digit28
    label: Label
    answer: Label | None = None
    weights: Annotated[str, Field(max_length=200)] = "champion"
    picture: Annotated[str | None, Field(max_length=700_000, description="The PNG it came from, base64.")] = (
        None
    )


class CorrectionKept(BaseModel):
    id: int
    image: Digit28
    label: Label
    answer: Label | None
    weights: str
    created: str


class CorrectionList(BaseModel):
    corrections: list[CorrectionKept]
