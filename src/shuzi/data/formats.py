"""Which reader a path needs: the one place that knows all formats of labelled digits.

| format | module | what it looks like |
|---|---|---|
| IDX, raw or .gz | idx | a file ...images-idx3-ubyte with its labels beside it, or a folder of such pairs |
| numpy archive | npz | .npz with x_train, y_train, x_test, y_test (Keras), or images and labels |
| pickle | pickled | mnist.pkl.gz: three pairs of arrays |
| table | tables | .csv with a label and 784 pixels a line, or a folder with train.csv and test.csv |
| pictures | folders | a folder with subfolders 0 to 9, or those in train and test |
"""

from __future__ import annotations

from pathlib import Path

from shuzi.data.folders import holds_classes, read_folder
from shuzi.data.idx import labels_path, parse_images, parse_labels
from shuzi.data.limits import read_limited
from shuzi.data.npz import read_npz
from shuzi.data.parts import Part, make_part
from shuzi.data.pickled import read_pickle
from shuzi.data.tables import read_csv
from shuzi.errors import DataError

_BY_SUFFIX = {
    ".npz": read_npz,
    ".pkl": read_pickle,
    ".pickle": read_pickle,
    ".csv": read_csv,
}
# MNIST's own test files are called t10k.
_IDX_PARTS = (("train", "train"), ("t10k", "test"), ("test", "test"))


def read_parts(path: Path) -> dict[str, Part]:
    """The labelled digits at ``path`` in any format that shuzi reads.

    Keys are ``all`` for data without a split of their own, else some of ``train``, ``fit``, ``validation``
    and ``test``. Raises DataError where ``path`` is missing, of no known format, or damaged.
    """
    if path.is_dir():
        return _read_dir(path)
    if not path.exists():
        raise DataError(f"There is no file or folder {path}; check the path.")
    reader = _BY_SUFFIX.get(Path(path.name.lower().removesuffix(".gz")).suffix)
    if reader is not None:
        return reader(path)
    if "idx" in path.name.lower() or "ubyte" in path.name.lower():
        return {"all": _read_idx(path)}
    raise DataError(
        f"{path} is of no format that shuzi reads: give an IDX images file, .npz, .pkl.gz, .csv, or a folder "
        "of IDX files or of pictures in subfolders 0 to 9."
    )


def _read_dir(folder: Path) -> dict[str, Part]:
    if holds_classes(folder):
        return read_folder(folder)
    tables = {name: folder / f"{name}.csv" for name in ("train", "test")}
    if any(path.is_file() for path in tables.values()):
        return {name: read_csv(path)["all"] for name, path in tables.items() if path.is_file()}
    parts: dict[str, Part] = {}
    names = {path.name.removesuffix(".gz") for path in folder.glob("*images*idx3*") if path.is_file()}
    for name in sorted(names):
        part = next((part for word, part in _IDX_PARTS if word in name), "all")
        if part in parts or "all" in parts:
            raise DataError(f"{folder} holds IDX files of several data sets; name the images file to read.")
        raw = folder / name
        parts[part] = _read_idx(raw if raw.is_file() else folder / f"{name}.gz")
    if not parts:
        raise DataError(
            f"{folder} holds no digits that shuzi can read: neither subfolders 0 to 9, nor train.csv, "
            "nor ...images-idx3-ubyte."
        )
    return parts


def _read_idx(images: Path) -> Part:
    pictures = parse_images(read_limited(images), str(images))
    labels = labels_path(images)
    return make_part(pictures, parse_labels(read_limited(labels), str(labels)), str(images))
