"""`shuzi reproduce`: train every tutorial's system and compare with its claim."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from shuzi.evaluation.reproduce import Reproduction


def reproduce(
    *names: str,
    seeds: int = 3,
    out: Path | None = None,
    json_: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> None:
    """Train every tutorial's system and its mended twin, and compare with the tutorial's claim.

    "if peeked" is the best epoch on test data, which several tutorials report; "own pictures" is the share
    of drawn pictures read right when they are made 28x28 as the tutorial does it, or framed as MNIST is.

    Parameters
    ----------
    names
        Recipes to train; by default all that come from a tutorial.
    seeds
        How many runs of each.
    out
        A folder to keep the runs in.
    json_
        Print JSON instead of a table.
    """
    try:
        from shuzi.evaluation.reproduce import reproduce as run_all
    except ModuleNotFoundError as error:
        from shuzi.errors import MissingExtraError

        raise MissingExtraError("Reproducing the tutorials") from error

    results = run_all(
        names or None, seeds=seeds, out=out, say=lambda line: print(line, file=sys.stderr, flush=True)
    )
    if json_:
        print(json.dumps([result.to_dict() for result in results], indent=2))
    else:
        Console().print(_table(results))


def _table(results: Sequence[Reproduction]) -> Table:
    table = Table(title="Test accuracy, mean (lowest to highest seed)")
    for heading in ("recipe", "tutorial claims", "ours", "if peeked", "own pictures", "seconds"):
        table.add_column(heading, justify="left" if heading in ("recipe", "tutorial claims") else "right")
    for result in results:
        table.add_row(
            result.recipe,
            result.claim,
            _spread(result.accuracy) + ("" if result.as_expected else " [red](unexpected)[/red]"),
            f"{statistics.mean(result.peeked):.2%}",
            f"{statistics.mean(result.own_pictures):.1%}",
            f"{statistics.mean(result.seconds):.1f}",
        )
    return table


def _spread(values: Sequence[float]) -> str:
    mean = f"{statistics.mean(values):.2%}"
    return mean if len(values) == 1 else f"{mean} ({100 * min(values):.2f}-{100 * max(values):.2f})"
