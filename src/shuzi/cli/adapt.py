"""`shuzi adapt`: teach the reader a user's own handwriting, forms or paper."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number as InRange

from shuzi.errors import DataError, MissingExtraError, ShuziError
from shuzi.models import READER

_FEWEST = 8  # pictures: with fewer no difference could ever be told from chance
_ADVICE = {
    "better": "Use it: shuzi read --weights {out}",
    "worse": "Keep the weights that you began with.",
    "no clear difference": "Keep the weights that you began with, or label more pictures.",
}


def adapt(
    labelled: Path,
    /,
    *,
    out: Path = Path("adapted.onnx"),
    held_out: Annotated[float, Parameter(validator=InRange(gt=0, lte=0.9))] = 0.3,
    weights: str = READER,
    rounds: Annotated[int, Parameter(validator=InRange(gte=1, lte=100))] = 4,
    seed: int = 0,
    threads: Annotated[int, Parameter(validator=InRange(gte=1, lte=256))] = 2,
) -> None:
    """Adapt the reader to your own labelled pictures, and say whether it became better.

    A part of the pictures is held out: it decides nothing and only tells how many pictures are read right
    before and after, and whether that may be chance. The result is a weights file for `shuzi read --weights`,
    with a model card beside it.

    Parameters
    ----------
    labelled
        A CSV file with the columns file and label, or a folder with such a labels.csv; or corrections, those
        made on the page of `shuzi serve`. A label is all digits of the picture in reading order; other
        characters don't count. Where a column group or writer says who wrote what, the pictures held out are
        by others than those learnt from.
    out
        The file to write, an .onnx file.
    held_out
        The share of pictures that is held out.
    weights
        What to begin with: the shipped reader, or the result of an earlier adaptation.
    rounds
        How many times to go through the pictures; each finds boxes for more of them.
    seed
        Decides which pictures are held out, and the order of the others.
    threads
        How many cores to use.
    """
    if out.suffix != ".onnx" or out.is_dir() or not out.parent.is_dir():
        raise ShuziError(f"{out} can't be written: name an .onnx file in a folder that exists.")
    with TemporaryDirectory(prefix="shuzi-") as folder:
        if labelled == Path("corrections") and not labelled.exists():
            labelled = _unpacked_corrections(Path(folder))
        _adapt(labelled, out, held_out, weights, rounds, seed, threads)


def _unpacked_corrections(folder: Path) -> Path:
    from shuzi.data.corrections import count_corrections, export_corrections

    if not count_corrections():
        raise DataError("There are no corrections yet: make some on the page of `shuzi serve`.")
    with zipfile.ZipFile(io.BytesIO(export_corrections())) as archive:
        archive.extractall(folder)  # our own file, of names that are numbers
    return folder


def _adapt(
    labelled: Path, out: Path, held_out: float, weights: str, rounds: int, seed: int, threads: int
) -> None:
    from shuzi.data.labelled import read_labels, split_off

    pictures = read_labels(labelled)
    if len(pictures) < _FEWEST:
        raise DataError(f"Only {len(pictures)} pictures are labelled: label at least {_FEWEST}.")
    learning, others = split_off(pictures, held_out, seed)
    try:
        from shuzi.evaluation.adaptation import adapt_reader
    except ModuleNotFoundError as error:
        raise MissingExtraError("Adapting") from error

    def tell(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    tell(f"{len(learning)} pictures to learn from, {len(others)} held out")
    result = adapt_reader(
        learning, others, out, weights, rounds=rounds, seed=seed, threads=threads, tell=tell
    )
    print(f"held out, {result.held_out}")
    tell(_ADVICE[result.held_out.verdict].format(out=out))
    print(out)
