"""`shuzi evaluate`: how good weights are on a data set, and where they fail."""

from __future__ import annotations

import json as json_format
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shuzi.evaluation.corruptions import corruption_errors
from shuzi.evaluation.evaluate import open_data, open_entrant, score_entrant
from shuzi.evaluation.metrics import Score
from shuzi.evaluation.report import check_report_path, write_report

_SHOWN_MISTAKES = 8


def evaluate(
    weights: str = "champion",
    /,
    *,
    data: str = "mnist",
    report: Annotated[
        Path | None, Parameter(validator=lambda _, path: path and check_report_path(path))
    ] = None,
    corruptions: Annotated[bool, Parameter(negative=())] = False,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Score weights on a data set: accuracy, confusion, log-loss, calibration, refusal, the worst mistakes.

    On MNIST's test split it also says what remains without the 15 digits whose label people judged wrong.

    Parameters
    ----------
    weights
        The name of shipped weights or of their recipe, an .onnx file, a training run's folder, or a
        .safetensors file in one.
    data
        mnist, fashion-mnist, or the path of your own labelled digits (`shuzi data` tells the formats). Its
        test split is scored; mnist:validation means the validation split, :fit and :train the others.
    report
        Write a report, with pictures of the worst mistakes, to this .html or .png file.
    corruptions
        Also score the same pictures under 15 corruptions in the manner of MNIST-C.
    json
        Print one JSON object instead of tables.
    """
    dataset, split = open_data(data)
    entrant = open_entrant(weights)
    score = score_entrant(entrant, dataset, split)
    errors = (
        dict(corruption_errors(entrant.probabilities, dataset.images, dataset.labels)) if corruptions else {}
    )
    if report is not None:
        write_report(score, dataset.images, report)
        print(f"The report is in {report}", file=sys.stderr)
    if json:
        print(json_format.dumps(_with_corruptions(score.to_dict(), errors)))
        return
    console = Console(highlight=False)
    tables = [_summary(score), _confusion(score)]
    if score.most_wrong:
        tables.append(_mistakes(score))
    if errors:
        tables.append(_corruptions(errors))
    for table in tables:
        console.print(table)
        console.print()


def _with_corruptions(facts: dict[str, Any], errors: dict[str, float]) -> dict[str, Any]:
    if not errors:
        return facts
    return facts | {"corruption_errors": errors, "mean_corruption_error": sum(errors.values()) / len(errors)}


def _summary(score: Score) -> Table:
    table = Table.grid(padding=(0, 3))
    table.title = f"[bold]{escape(score.weights)}[/bold] on {escape(score.data)}, {score.n:,} pictures"
    table.title_justify = "left"
    clean = score.without_label_errors
    rows = [
        ("accuracy", f"[bold]{score.accuracy:.2%}[/bold]", _interval(score.interval)),
        *(
            [("without the 15 label errors", f"{clean.accuracy:.2%}", _interval(clean.interval))]
            if clean is not None
            else []
        ),
        ("log-loss", f"{score.log_loss:.4f}", clean and f"{clean.log_loss:.4f} without the label errors"),
        ("calibration error", f"{score.calibration_error:.2%}", f"{len(score.bins)} bins of equal mass"),
        (
            "refusing the least sure 1 %",
            f"{score.kept_accuracy:.2%}",
            f"of the rest is right: sure to {score.kept_confidence:.1%} and more",
        ),
    ]
    for name, value, remark in rows:
        table.add_row(name, value, f"[dim]{remark}[/dim]" if remark else "")
    return table


def _interval(interval: tuple[float, float]) -> str:
    return f"95 % interval {100 * interval[0]:.2f} to {interval[1]:.2%}"


def _confusion(score: Score) -> Table:
    table = Table(
        box=SIMPLE_HEAD, title="label (row) and answer (column)", title_justify="left", pad_edge=False
    )
    table.add_column("", justify="right", style="bold")
    for digit in range(10):
        table.add_column(str(digit), justify="right")
    table.add_column("right", justify="right")
    for digit, (row, share) in enumerate(
        zip(score.confusion.tolist(), score.per_class.tolist(), strict=True)
    ):
        cells = [
            "[dim]·[/dim]"
            if not count
            else f"[dim]{count}[/dim]"
            if answer == digit
            else f"[red]{count}[/red]"
            for answer, count in enumerate(row)
        ]
        table.add_row(str(digit), *cells, "-" if share != share else f"{share:.2%}")
    return table


def _mistakes(score: Score) -> Table:
    wrong = score.n - round(score.n * score.accuracy)
    title = f"the worst of {wrong:,} mistakes"
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    for name in ("picture", "label", "answer", "confidence", "given to the label"):
        table.add_column(name, justify="right")
    for mistake in score.most_wrong[:_SHOWN_MISTAKES]:
        table.add_row(
            str(mistake.index),
            str(mistake.label),
            str(mistake.answer),
            f"{mistake.confidence:.2%}",
            f"{mistake.probabilities[mistake.label]:.4%}",
        )
    return table


def _corruptions(errors: dict[str, float]) -> Table:
    table = Table(box=SIMPLE_HEAD, title="wrong under corruption", title_justify="left", pad_edge=False)
    table.add_column("corruption")
    table.add_column("wrong", justify="right")
    for name, error in errors.items():
        table.add_row(name.replace("_", " "), f"{error:.2%}")
    table.add_section()
    table.add_row("mean", f"[bold]{sum(errors.values()) / len(errors):.2%}[/bold]")
    return table
