"""UNIPEN: real handwriting of many countries as pen strokes (CC BY 4.0, doi 10.5281/zenodo.1195803).

`import_unipen` reads the distribution as published once and keeps its isolated characters in the user's
cache; `load_unipen` gives them back, those of some writers for fitting and of others for validation.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import string
from collections import defaultdict
from pathlib import Path

import numpy as np

from shuzi.data.sources import cache_folder
from shuzi.data.stroke_files import load_strokes, save_strokes
from shuzi.data.trajectories import Strokes, concatenate, pack
from shuzi.data.unipen_files import Distribution, open_distribution
from shuzi.data.unipen_format import Trajectory, ink, parse
from shuzi.errors import DataError
from shuzi.shapes import Bool, Float32

_log = logging.getLogger("shuzi.data")

# These contributors count components in another way than the rest, so their segments point at wrong ink.
LEFT_OUT = frozenset({"cea", "pri", "tos"})
VALIDATION_SHARE = 0.15
# Look-alikes of digits, which can't teach or measure refusal.
LOOK_ALIKES = frozenset("oOIlijSsZzBbgq")
# A file that has more broken segments than this is not worth the risk of wrong labels.
_MOST_BROKEN = 0.1
# What the cache's file can hold.
_MOST_STROKES, _MOST_POINTS = 255, 65_535
# No digit is flatter than this, height over width, nor has less ink than this in longer sides.
_FLATTEST = 0.45
_SHORTEST = {"1": 0.9, "4": 1.5, "7": 1.15}
_UPSIDE_DOWN = np.array([1, -1], np.float32)


def import_unipen(path: Path, cache: Path | None = None) -> Path:
    """Read the UNIPEN distribution at `path` into the cache and return the file written there.

    `path` is a folder or archive of the distribution (with data/ and include/), or a folder of ready-made
    ``unipen-*.npz``. Files that don't keep to the format are left out, with a warning. Raises DataError when
    nothing can be used.
    """
    ready = sorted(path.glob("unipen-*.npz")) if path.is_dir() else []
    if ready:
        strokes = concatenate([load_strokes(file) for file in ready])
    else:
        with open_distribution(path) as distribution:
            strokes, problems = read_distribution(distribution)
        for problem in problems[:5]:
            _log.warning("UNIPEN: %s", problem)
        if len(problems) > 5:
            _log.warning("UNIPEN: %d more files were left out.", len(problems) - 5)
    if not len(strokes):
        raise DataError(
            f"{path} holds no isolated characters of UNIPEN; name the folder or archive of train_r01_v07, "
            "which has data/1a, data/1b, data/1c and include."
        )
    target = (cache or cache_folder()) / "unipen.npz"
    save_strokes(strokes, target)
    return target


def read_distribution(distribution: Distribution) -> tuple[Strokes, list[str]]:
    """Read all isolated characters; the second result says, a sentence each, which files were left out."""
    found: list[tuple[str, list[Float32[np.ndarray, "_ 2"]]]] = []
    sheets: list[str] = []
    problems: list[str] = []

    def include(name: str) -> str:
        if f"include/{name}" not in distribution.names:
            raise DataError(f"include/{name} is not there")
        return distribution.text(f"include/{name}")

    for name in sorted(distribution.names):
        # data/1a/aga/dawnmrsh.dat is the sheet aga/dawnmrsh.
        folder, _, sheet = name.removesuffix(".dat").partition("/")
        sheet = sheet.partition("/")[2]
        if folder != "data" or sheet.partition("/")[0] in LEFT_OUT:
            continue
        try:
            characters = _characters(parse(distribution.text(name), include))
        except DataError as error:
            problems.append(f"{name} was left out: {error}.")
            continue
        found += characters
        sheets += [sheet] * len(characters)
    return pack([strokes for _, strokes in found], [label for label, _ in found], sheets), problems


def _characters(trajectory: Trajectory) -> list[tuple[str, list[Float32[np.ndarray, "_ 2"]]]]:
    """Each single character with its strokes, y down; DataError if many name ink that isn't there."""
    characters: list[tuple[str, list[Float32[np.ndarray, "_ 2"]]]] = []
    broken = 0
    for segment in trajectory.segments:
        if segment.level != "CHARACTER" or len(segment.label) != 1 or segment.quality == "BAD":
            continue
        try:
            strokes = [stroke * _UPSIDE_DOWN for stroke in ink(trajectory, segment) if len(stroke)]
        except DataError:
            broken += 1
            continue
        if 0 < len(strokes) <= _MOST_STROKES and max(map(len, strokes)) <= _MOST_POINTS:
            characters.append((segment.label, strokes))
    if broken > _MOST_BROKEN * len(trajectory.segments):
        raise DataError(f"{broken} of {len(trajectory.segments)} segments name ink that isn't there")
    return characters


def load_unipen(split: str = "all", characters: str | None = None, data_dir: Path | None = None) -> Strokes:
    """Give back imported characters: of the writers for `fit`, for `validation`, or of `all`.

    `characters` limits them to these, for example ``string.digits``. Looked for in `data_dir` or SHUZI_DATA
    (a file unipen.npz, or a folder unipen/ of ready-made ones), then in the user's cache. Raises DataError
    when UNIPEN was not imported.
    """
    if split not in ("all", "fit", "validation"):
        raise DataError(f"UNIPEN has no split {split!r}: take fit, validation or all.")
    strokes = _load(data_dir)
    chosen = np.ones(len(strokes), bool) if characters is None else np.isin(strokes.labels, list(characters))
    if split != "all":
        chosen &= is_validation(strokes) == (split == "validation")
    return strokes.take(chosen)


def digits(split: str = "all", data_dir: Path | None = None) -> Strokes:
    """The digits 0 to 9 of one split, without those whose strokes can't be the whole digit."""
    strokes = load_unipen(split, string.digits, data_dir)
    if not len(strokes):
        return strokes
    width, height = strokes.sides().T
    # Segments that lost a stroke: of a 4, 5 or 7 a flat bar or an angle is left, of a 0 its slash.
    shortest = np.array([_SHORTEST.get(str(label), 1.3) for label in strokes.labels])
    whole = strokes.ink_lengths() > shortest * np.maximum(width, height)
    return strokes.take(whole & (height > _FLATTEST * width))


def letters(split: str = "all", data_dir: Path | None = None) -> Strokes:
    """The Latin letters of one split, without those that look like a digit."""
    return load_unipen(split, "".join(sorted(set(string.ascii_letters) - LOOK_ALIKES)), data_dir)


def is_validation(strokes: Strokes) -> Bool[np.ndarray, " c"]:
    """Say which characters are by writers for validation: about 15 % of every contributor that has enough.

    Writers go by the hash of their name, so the choice is the same everywhere. A contributor with so few
    writers that none fits is for fitting alone.
    """
    groups = np.array([writer_of(name) for name in strokes.writer_names])[strokes.writers]
    names, group, counts = np.unique(groups, return_inverse=True, return_counts=True)
    contributor = [str(name).partition("/")[0] for name in names]
    total: dict[str, int] = defaultdict(int)
    for name, count in zip(contributor, counts, strict=True):
        total[name] += int(count)
    chosen = np.zeros(len(names), bool)
    taken: dict[str, int] = defaultdict(int)
    for index in sorted(range(len(names)), key=lambda i: hashlib.sha256(str(names[i]).encode()).digest()):
        name, after = contributor[index], taken[contributor[index]] + int(counts[index])
        # The one that crosses the line is in, unless it is a writer of a quarter of everything.
        if taken[name] < VALIDATION_SHARE * total[name] and after <= total[name] / 4:
            chosen[index] = True
            taken[name] = after
    return np.asarray(chosen[group])


def writer_of(sheet: str) -> str:
    """Name the person (or, where that isn't known, the smallest group sure to hold them) behind a sheet.

    Most contributors have one file a writer. Apple's (apa, apb, app) number their sheets across all three, a
    writer's one after the other; val's and imp's files are several a writer.
    """
    source, _, rest = sheet.partition("/")
    if source in ("apa", "apb", "app"):
        return "apple/" + re.sub(r"\D", "", rest.rpartition("/")[2])[:-2]
    if source == "imp":
        return "imp/all"
    if source in ("art", "val"):
        return f"{source}/{re.sub(r'[0-9].*$', '', rest) if source == 'val' else rest[:5]}"
    return sheet


def _load(data_dir: Path | None) -> Strokes:
    named = data_dir or (Path(os.environ["SHUZI_DATA"]) if os.environ.get("SHUZI_DATA") else None)
    for folder in [named, cache_folder()] if named else [cache_folder()]:
        if (folder / "unipen.npz").is_file():
            return load_strokes(folder / "unipen.npz")
        ready = sorted((folder / "unipen").glob("unipen-*.npz"))
        if ready:
            return concatenate([load_strokes(file) for file in ready])
    raise DataError(
        "UNIPEN has not been imported: get train_r01_v07 from https://doi.org/10.5281/zenodo.1195803, then "
        "run `shuzi data unipen --from FOLDER_OR_ARCHIVE`."
    )
