"""The `shuzi` command: parse, call, print. Each command lives in a module of its own and loads on use."""

from __future__ import annotations

import os
import sys

from cyclopts import App, CycloptsError

from shuzi import __version__
from shuzi.errors import ShuziError

app = App(
    name="shuzi",
    version=__version__,
    help="Read handwritten digits and numbers, train the nets that do it, and see why they work.",
)
for _name, _help in {
    "read": "Read the numbers in pictures.",
    "adapt": "Teach the reader your own handwriting, forms or paper.",
    "data": "Fetch a data set, say where it is, show its first pictures.",
    "recipes": "List the recipes, or show one net layer by layer.",
    "train": "Train a net by a recipe.",
    "evaluate": "Score weights on a data set.",
    "reproduce": "Train every tutorial's system and compare with its claim.",
    "export": "Turn a training run into an ONNX weights file.",
    "explain": "Show what a net does to your digit, layer by layer.",
    "serve": "Serve the page and the HTTP API.",
}.items():
    app.command(f"shuzi.cli.{_name}:{_name}", name=_name, help=_help)


def main() -> None:
    """Run the command line; exit 0 on success, 1 on an error with one sentence, 2 on wrong usage."""
    try:
        code = app(exit_on_error=False, print_error=True, result_action="return_value")
    except CycloptsError:
        sys.exit(2)  # cyclopts has printed what is wrong with the command line
    except ShuziError as error:
        print(f"shuzi: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output went away, as in `shuzi read ... | head`: not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)
