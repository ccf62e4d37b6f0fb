"""A score as something to look at: one HTML page that needs nothing else, or one PNG."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from shuzi.errors import DataError
from shuzi.evaluation.metrics import Score
from shuzi.files import write_whole
from shuzi.shapes import UInt8

SUFFIXES = (".html", ".png")


def check_report_path(path: Path) -> None:
    """Raise `ValueError` for a file name that tells no kind of report, before anything is computed."""
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"A report is a page or a picture: call it {path.stem}.html or {path.stem}.png.")


def write_report(score: Score, images: UInt8[np.ndarray, "n 28 28"], path: Path) -> None:
    """Write a report on a score to ``path``, which ends in .html or .png, whole or not at all.

    ``images`` are the pictures that were scored. Raises `DataError` where the file can't be written, and for
    a PNG `MissingExtraError` without matplotlib.
    """
    check_report_path(path)
    if path.suffix.lower() == ".html":
        from shuzi.evaluation.report_html import html_report

        content = html_report(score, images).encode()
    else:
        from shuzi.evaluation.report_png import png_report

        content = png_report(score, images)
    write_whole(path, content, DataError)


def headline(score: Score) -> list[tuple[str, str, str]]:
    """The figures that a report opens with: what, how much, and a remark."""

    def interval(bounds: tuple[float, float]) -> str:
        return f"95 % interval {100 * bounds[0]:.2f} to {100 * bounds[1]:.2f} %"

    rows = [("accuracy", f"{100 * score.accuracy:.2f} %", interval(score.interval))]
    if score.without_label_errors is not None:
        clean = score.without_label_errors
        rows.append(("without label errors", f"{100 * clean.accuracy:.2f} %", interval(clean.interval)))
    return [
        *rows,
        ("log-loss", f"{score.log_loss:.4f}", "nats a picture"),
        (
            "calibration error",
            f"{100 * score.calibration_error:.2f} %",
            f"{len(score.bins)} bins of equal mass",
        ),
        (
            "kept",
            f"{100 * score.kept_accuracy:.2f} %",
            "right when the least sure 1 % is refused",
        ),
    ]
