"""A score as one PNG, drawn by matplotlib."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from shuzi.errors import MissingExtraError
from shuzi.evaluation.label_errors import LABEL_ERRORS
from shuzi.evaluation.metrics import Score, wilson_interval
from shuzi.evaluation.report import headline
from shuzi.shapes import UInt8

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BLUE, _RED, _INK, _FAINT, _LINE = "#2563eb", "#d1293d", "#1c2430", "#66707f", "#dfe3e8"
_LEAST = 1e-5  # unsureness and error below this share are drawn at the diagram's edge
_COLUMNS = 12


def png_report(score: Score, images: UInt8[np.ndarray, "n 28 28"]) -> bytes:
    """The file's bytes; ``images`` are the pictures that were scored. Raises `MissingExtraError`."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise MissingExtraError("A report as PNG") from error
    rows = max(1, math.ceil(len(score.most_wrong) / _COLUMNS))
    style: Any = {  # matplotlib's own type lists every setting that there is
        "font.size": 10,
        "text.color": _INK,
        "axes.edgecolor": _LINE,
        "axes.labelcolor": _FAINT,
        "axes.titlelocation": "left",
        "axes.titleweight": "bold",
        "xtick.color": _FAINT,
        "ytick.color": _FAINT,
    }
    with mpl.rc_context(style):
        figure = Figure(figsize=(15, 7.6 + 1.8 * rows), facecolor="white")
        height = figure.get_figheight()
        top = figure.add_gridspec(
            1, 3, width_ratios=(1.15, 1, 0.8), wspace=0.28, left=0.05, right=0.975, top=1 - 1.9 / height,
            bottom=1 - 6.7 / height,
        )  # fmt: skip
        _headline(figure, score, height)
        _confusion(figure.add_subplot(top[0]), score)
        _reliability(figure.add_subplot(top[1]), score)
        _classes(figure.add_subplot(top[2]), score)
        _mistakes(figure, score, images, rows, height)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=110)
    return buffer.getvalue()


def _headline(figure: Any, score: Score, height: float) -> None:
    # matplotlib takes what stands between two dollar signs for a formula.
    title = f"{score.weights} on {score.data}".replace("$", r"\$")
    figure.text(0.05, 1 - 0.42 / height, title, size=19, weight="bold", va="center")
    figures = headline(score)
    for index, (what, value, remark) in enumerate(figures):
        x = 0.05 + 0.925 * index / len(figures)
        figure.text(x, 1 - 0.82 / height, what, color=_FAINT, va="center")
        figure.text(x, 1 - 1.1 / height, value, size=17, weight="bold", va="center")
        figure.text(x, 1 - 1.36 / height, remark, color=_FAINT, size=8.5, va="center")


def _confusion(axes: Axes, score: Score) -> None:
    count = np.maximum(score.confusion.sum(axis=1, keepdims=True), 1)
    wrong = np.log10(np.maximum(score.confusion / count, 1e-4)) / 4 + 1
    wrong[score.confusion == 0] = np.nan
    np.fill_diagonal(wrong, np.nan)
    axes.imshow(wrong, cmap="Reds", vmin=-0.3, vmax=1.2)
    for (label, answer), n in np.ndenumerate(score.confusion):
        colour = _LINE if n == 0 else _BLUE if label == answer else _INK
        axes.text(answer, label, f"{n:,}", ha="center", va="center", color=colour, size=8.5)
    axes.set(title="Confusion", xlabel="answer", ylabel="label", xticks=range(10), yticks=range(10))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_anchor("N")


def _reliability(axes: Axes, score: Score) -> None:
    unsure = np.array([max(1 - b.confidence, _LEAST) for b in score.bins])
    wrong = np.array([1 - b.accuracy for b in score.bins])
    bounds = np.array([wilson_interval(round(b.n * (1 - b.accuracy)), b.n) for b in score.bins])
    axes.plot([_LEAST, 1], [_LEAST, 1], "--", color=_FAINT, lw=1)
    none = wrong <= 0
    shade = np.where(none, 0.35, 1.0)
    axes.vlines(unsure, np.maximum(bounds[:, 0], _LEAST), bounds[:, 1], color=_BLUE, lw=1.5, alpha=shade)
    axes.plot(unsure[~none], wrong[~none], "o", color=_BLUE)
    axes.plot(unsure[none], np.full(none.sum(), _LEAST), "o", color=_BLUE, mfc="white", clip_on=False)
    ticks = 10.0 ** np.arange(-5, 1)
    names = [f"{100 * tick:g} %" for tick in ticks]
    axes.set(xscale="log", yscale="log", xlim=(_LEAST, 1), ylim=(_LEAST, 1), xlabel="unsure (1 - confidence)")
    axes.set(title="Calibration", ylabel="wrong", box_aspect=1, anchor="N")
    axes.set_xticks(ticks, names, size=8)
    axes.set_yticks(ticks, names, size=8)
    axes.minorticks_off()
    axes.grid(color=_LINE)
    axes.set_axisbelow(True)
    axes.text(0.03, 0.97, "too sure", transform=axes.transAxes, va="top", color=_FAINT, size=9)
    axes.text(0.97, 0.03, "too unsure", transform=axes.transAxes, ha="right", color=_FAINT, size=9)


def _classes(axes: Axes, score: Score) -> None:
    wrong = 100 * (1 - np.nan_to_num(score.per_class, nan=1.0))
    names = ["none" if math.isnan(share) else f"{100 * (1 - share):.2f} %" for share in score.per_class]
    bars = axes.barh(range(10), wrong, color=_RED, height=0.62)
    axes.bar_label(bars, names, padding=4, color=_INK, size=9)
    axes.set(title="Wrong, by class", yticks=range(10), xticks=[], xlim=(0, max(1e-9, wrong.max()) * 1.25))
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _mistakes(
    figure: Any, score: Score, images: UInt8[np.ndarray, "n 28 28"], rows: int, height: float
) -> None:
    figure.text(
        0.05, 1 - 7.3 / height, "Most wrong: label, answer and its confidence", weight="bold", size=12
    )
    if not score.most_wrong:
        figure.text(0.05, 1 - 7.7 / height, "Nothing was answered wrongly.", color=_FAINT)
    grid = figure.add_gridspec(
        rows,
        _COLUMNS,
        left=0.05,
        right=0.975,
        top=1 - 7.45 / height,
        bottom=0.55 / height,
        hspace=0.42,
        wspace=0.12,
    )
    for index, mistake in enumerate(score.most_wrong):
        axes = figure.add_subplot(grid[divmod(index, _COLUMNS)])
        axes.imshow(images[mistake.index], cmap="gray", vmin=0, vmax=255)
        axes.set_axis_off()
        text = f"{mistake.label}, read as {mistake.answer}\n{100 * mistake.confidence:.1f} % sure"
        if score.without_label_errors is not None and mistake.index in LABEL_ERRORS:
            text += f"\n(people see {LABEL_ERRORS[mistake.index][1]})"
        axes.text(0.5, -0.05, text, transform=axes.transAxes, ha="center", va="top", size=9, linespacing=1.3)
