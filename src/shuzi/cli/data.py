"""`shuzi data`: fetch a data set, say where it is and what it holds, show its first pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
from cyclopts import Parameter
from cyclopts.validators import Number

from shuzi.data.contact_sheet import MAX_COUNT, contact_sheet, save_png
from shuzi.data.overview import Overview, overview
from shuzi.errors import DataError


def data(
    name: str = "mnist",
    /,
    *,
    data_dir: Path | None = None,
    show: Path | None = None,
    count: Annotated[int, Parameter(validator=Number(gte=1, lte=MAX_COUNT))] = 50,
    source: Annotated[Path | None, Parameter(name="--from")] = None,
) -> None:
    """Fetch a data set, say where it is, how many pictures it has of each digit, and show the first ones.

    Every file is checked against its SHA-256. What isn't found in a folder is fetched into the user's cache.

    Parameters
    ----------
    name
        mnist, fashion-mnist, or the path of your own data: an IDX images file, .npz, .pkl.gz, .csv, or a
        folder of IDX files or of pictures in subfolders 0 to 9.
    data_dir
        A folder that holds the data set's files, raw or .gz, to look into first. The environment variable
        SHUZI_DATA does the same.
    show
        Write a contact sheet to this PNG file: the first pictures with their labels.
    count
        How many pictures the contact sheet shows.
    source
        With the name unipen: the folder or archive of the UNIPEN distribution (Zenodo, doi
        10.5281/zenodo.1195803) to read its pen strokes from, once; recipes that train on them need it.
    """
    if name == "unipen":
        _import_strokes(source)
        return
    if source is not None:
        raise DataError(
            "--from goes with the name unipen only: other data sets are fetched or named by path."
        )
    found = overview(name, data_dir)
    print(f"{found.name} is in {', '.join(map(str, found.places))}")
    print(table(found))
    if show is not None:
        split, part = next(iter(found.parts.items()))
        shown = min(count, len(part.images))
        save_png(contact_sheet(part, f"{found.name}, {split}: the first {shown} pictures", count), show)
        print(f"The first {shown} pictures of {split} are in {show}")


def _import_strokes(source: Path | None) -> None:
    from shuzi.data.unipen import digits, import_unipen, letters

    if source is not None:
        print(f"unipen is in {import_unipen(source)}")
    for kind, load in {"digits": digits, "letters": letters}.items():
        parts = {split: len(load(split)) for split in ("fit", "validation")}
        print(f"{kind:<8}" + "  ".join(f"{split} {count:,}" for split, count in parts.items()))


def table(found: Overview) -> str:
    """Pictures in each split, and of each label, as lines of text; parts of ``train`` are indented."""
    lines = [f"{'split':<14}{'pictures':>9}" + "".join(f"{digit:>7}" for digit in range(10))]
    for split, part in found.parts.items():
        label = f"  {split}" if split in ("fit", "validation") and "train" in found.parts else split
        counts = (
            "".join(f"{count:>7,}" for count in np.bincount(part.labels, minlength=10))
            if (part.labels is not None)
            else "  without labels"
        )
        lines.append(f"{label:<14}{len(part.images):>9,}{counts}")
    return "\n".join(lines)
