"""`shuzi recipes`: list the recipes, or show one net layer by layer and draw it."""

from __future__ import annotations

import dataclasses
import json as json_format
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shuzi.errors import MissingExtraError, RecipeError
from shuzi.training.recipe import Recipe, load_recipe, recipe_names

if TYPE_CHECKING:
    from shuzi.nets.summary import Summary

_WAYS = {
    "frame": "framed as MNIST's digits are",
    "squeeze": "squeezed into 28x28 whole, inverted",
    "squeeze-uninverted": "squeezed into 28x28 whole, neither inverted nor centred",
    "alpha": "a drawing's transparency squeezed into 28x28",
}


def recipes(
    name: str | None = None,
    /,
    *,
    draw: Path | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """List the recipes, or show one: its net layer by layer, where it comes from and what it reaches.

    Parameters
    ----------
    name
        A recipe's name or a TOML file; without it all recipes are listed.
    draw
        Draw the recipe's net into this SVG file.
    json
        Print JSON instead of tables.
    """
    if name is None:
        if draw is not None:
            raise RecipeError("Say which recipe's net to draw: `shuzi recipes NAME --draw FILE.svg`.")
        _list_all(json)
        return
    recipe = load_recipe(name)
    summary = _summarise(recipe)
    if draw is not None:
        _draw(recipe, summary, draw)
    if json:
        print(json_format.dumps(_facts(recipe, summary)))
    else:
        _show(recipe, summary)


def _list_all(json: bool) -> None:
    found = [load_recipe(name) for name in recipe_names()]
    try:
        parameters: list[int | None] = [_summarise(recipe).parameters for recipe in found]
    except MissingExtraError as error:
        # The list is of use without torch too, which alone knows how many parameters a net has.
        print(f"shuzi: {error}", file=sys.stderr)
        parameters = [None] * len(found)
    if json:
        print(json_format.dumps([_brief(r, count) for r, count in zip(found, parameters, strict=True)]))
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("recipe", style="bold", no_wrap=True)
    table.add_column("parameters", justify="right")
    table.add_column("expected", justify="right", no_wrap=True)
    table.add_column("what, and where it comes from")
    for recipe, count in zip(found, parameters, strict=True):
        table.add_row(
            recipe.name,
            "" if count is None else f"{count:,}",
            f"{recipe.expected.accuracy:.2f} %",
            f"{escape(recipe.title)}\n[dim]{escape(_origin(recipe))}[/dim]",
        )
    _print(table)


def _summarise(recipe: Recipe) -> Summary:
    try:
        from shuzi.nets import build
        from shuzi.nets.summary import summarise
    except ModuleNotFoundError as error:
        raise MissingExtraError("Building a net") from error
    return summarise(build(recipe.net))


def _draw(recipe: Recipe, summary: Summary, path: Path) -> None:
    from shuzi.errors import DataError
    from shuzi.files import write_whole
    from shuzi.nets.diagram import draw

    if path.suffix.lower() != ".svg":
        raise RecipeError(f"A net is drawn as SVG: call it {path.stem}.svg.")
    write_whole(path, draw(summary, recipe.title).encode(), DataError)
    print(f"The drawing is in {path}", file=sys.stderr)


def _show(recipe: Recipe, summary: Summary) -> None:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_footer=True)
    table.add_column("layer", "all")
    table.add_column("kind")
    table.add_column("gives")
    table.add_column("parameters", f"{summary.parameters:,}", justify="right")
    table.add_column("FLOPs", f"{summary.flops:,}", justify="right")
    table.add_row("", "[dim]the picture[/dim]", "1 x 28 x 28", "", "")
    for layer in summary.layers:
        counts = (f"{n:,}" if n else "[dim]·[/dim]" for n in (layer.parameters, 2 * layer.multiply_adds))
        table.add_row(escape(layer.name), escape(layer.kind), " x ".join(map(str, layer.shape)), *counts)
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    fault, expected = recipe.source.fault, recipe.expected
    rows = [
        ("from", _origin(recipe)),
        ("claims", recipe.source.claim),
        ("mended", fault.removeprefix("Mended: ")) if fault.startswith("Mended: ") else ("fault", fault),
        ("own picture", _WAYS[recipe.source.own_picture]),
        ("expected", f"{expected.accuracy:g} % of MNIST's test digits, give or take {expected.tolerance:g}"),
        ("training", _training(recipe)),
    ]
    for key, value in rows:
        if value:
            facts.add_row(key, escape(value))
    _print(f"[bold]{escape(recipe.title)}[/bold]", facts, table)


def _training(recipe: Recipe) -> str:
    optimiser, schedule = recipe.optimiser, recipe.schedule
    return (
        f"{recipe.data.source} {recipe.data.train}, {optimiser.kind} {optimiser.learning_rate:g}, "
        f"batch {optimiser.batch}, {schedule.epochs:g} epochs, keeps the {recipe.select}"
    )


def _origin(recipe: Recipe) -> str:
    return recipe.source.tutorial or "shuzi's own"


def _brief(recipe: Recipe, parameters: int | None) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "title": recipe.title,
        "parameters": parameters,
        "expected": dataclasses.asdict(recipe.expected),
        "source": dataclasses.asdict(recipe.source),
    }


def _facts(recipe: Recipe, summary: Summary) -> dict[str, Any]:
    return _brief(recipe, summary.parameters) | {
        "flops": summary.flops,
        "layers": [dataclasses.asdict(layer) for layer in summary.layers],
        "recipe": dataclasses.asdict(recipe),
    }


def _print(*things: Any) -> None:
    console = Console(highlight=False)
    for thing in things:
        console.print(thing)
