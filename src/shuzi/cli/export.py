"""`shuzi export`: turn training runs into an ONNX weights file with its card."""

from __future__ import annotations

import sys
from pathlib import Path


def export(run: Path, /, *more: Path, out: Path | None = None) -> None:
    """Turn a training run into an ONNX weights file that reading needs no torch for.

    Several runs become one file that answers with the mean of their logits: nets that differ make fewer
    mistakes together.

    The file takes uint8 pictures and gives calibrated probabilities. It is written only if onnxruntime then
    answers all test digits as torch does. Its model card, a JSON file of the same name, says how it was
    trained and what it scores.

    Parameters
    ----------
    run
        The folder that `shuzi train` left.
    more
        Folders of runs to join with it.
    out
        The file to write; by default RECIPE.onnx in the first run's folder.
    """
    try:
        from shuzi.evaluation.card import export_run
    except ModuleNotFoundError as error:
        from shuzi.errors import MissingExtraError

        raise MissingExtraError("Export") from error

    path, card = export_run(run, *more, out=out)
    parity = card["parity"]
    print(path)
    print(
        f"{card['parameters']:,} parameters, {path.stat().st_size / 1024:,.0f} KiB, "
        f"test {card['scores']['accuracy']:.2%}, "
        f"{parity['same_answers']:,} of {parity['pictures']:,} answers as in torch, "
        f"largest difference {parity['largest_difference']:.1e}",
        file=sys.stderr,
    )
