"""UNIPEN is read from its text format, in folders and archives, and its writers are kept apart."""

from __future__ import annotations

import io
import string
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from shuzi.data import unipen
from shuzi.data.stroke_files import load_strokes, save_strokes
from shuzi.data.trajectories import pack
from shuzi.data.unipen_files import open_distribution
from shuzi.data.unipen_format import Piece, ink, parse
from shuzi.errors import DataError

SHARED = Path(__file__).parents[3] / "shared" / "data" / "unipen"

# A distribution of our own: two writers of one contributor. The document is included from the ink's file.
DOC = """.VERSION 1.0
.COMMENT 12 34 these numbers are no points
.COORD T X Y
.HIERARCHY CHARACTER
"""
INK = """.INCLUDE abc/abc.doc
.WRITER_ID anna
.PEN_DOWN
0 10 100
1 10 0
.PEN_UP
2 500 500
.PEN_DOWN
3 100 100
4 140 100
5 120 20
.PEN_UP
.PEN_DOWN
6 105 60
7 135 60
.PEN_UP
"""
SHEET = """.VERSION 1.0
.INCLUDE abc/data/anna.dat
.SEGMENT CHARACTER 0 OK "1"
.SEGMENT CHARACTER 1-2 OK "7"
.SEGMENT CHARACTER 2 BAD "-"
.SEGMENT WORD 0-2 OK "17"
"""
FILES = {
    "data/1a/abc/anna.dat": SHEET,
    "data/1d/abc/bert.dat": SHEET.replace('"7"', r'"\""'),
    "data/1a/cea/other.dat": SHEET,
    "include/abc/abc.doc": DOC,
    "include/abc/data/anna.dat": INK,
}


def nothing(name: str) -> str:
    raise DataError(f"{name} is not there")


def write_folder(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / "train_r01_v07" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "latin-1")
    return root


def write_tar(path: Path, files: dict[str, str], prefix: str = "./") -> Path:
    with tarfile.open(path, f"w:{path.suffix[1:]}") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(prefix + name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode("latin-1")))
    return path


def test_ink_is_read_by_its_columns_and_components_are_counted_pen_down_only() -> None:
    trajectory = parse(SHEET, lambda name: {"abc/abc.doc": DOC, "abc/data/anna.dat": INK}[name])
    assert [len(component) for component in trajectory.components] == [2, 3, 2]
    assert trajectory.components[0].tolist() == [[10, 100], [10, 0]]
    assert [segment.label for segment in trajectory.segments] == ["1", "7", "-", "17"]
    assert [len(stroke) for stroke in ink(trajectory, trajectory.segments[1])] == [3, 2]


@pytest.mark.parametrize(
    ("delineation", "pieces"),
    [
        ("4", (Piece(4),)),
        ("2-4", (Piece(2), Piece(3), Piece(4))),
        ("1,4", (Piece(1), Piece(4))),
        ("1:5-2:7", (Piece(1, 5), Piece(2, 0, 7))),
        ("3:2-3:4", (Piece(3, 2, 4),)),
    ],
)
def test_components_may_be_listed_joined_and_cut(delineation: str, pieces: tuple[Piece, ...]) -> None:
    assert parse(f'.SEGMENT CHARACTER {delineation} OK "x"', nothing).segments[0].pieces == pieces


@pytest.mark.parametrize(("written", "label"), [(r"\"", '"'), (r"\\", "\\"), ("a b", "a b"), ("", "")])
def test_labels_may_hold_quotes_backslashes_and_spaces(written: str, label: str) -> None:
    assert parse(f'.SEGMENT CHARACTER 0 OK "{written}"', nothing).segments[0].label == label


@pytest.mark.parametrize(
    "text",
    [
        ".PEN_DOWN\n1 2 3\n",
        ".PEN_DOWN\n1 two\n",
        ".PEN_DOWN\n1 nan\n",
        ".PEN_DOWN\n1 1e30\n",
        ".COORD X T\n",
        ".COORD X Y X\n",
        ".SEGMENT CHARACTER\n",
        ".SEGMENT CHARACTER 0 OK unquoted\n",
        '.SEGMENT CHARACTER 3-1 OK "a"\n',
        '.SEGMENT CHARACTER 0-999999999 OK "a"\n',
        '.SEGMENT CHARACTER x OK "a"\n',
        ".INCLUDE nowhere.doc\n",
    ],
)
def test_what_does_not_keep_to_the_format_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        parse(text, nothing)


def test_files_that_include_themselves_are_refused() -> None:
    with pytest.raises(DataError, match="deep"):
        parse(".INCLUDE me", lambda name: ".INCLUDE me")


@pytest.mark.parametrize("kind", ["folder", ".gz", ".xz", "zip"])
def test_folder_and_archives_give_the_same_characters(kind: str, tmp_path: Path) -> None:
    if kind == "folder":
        source = write_folder(tmp_path / "unpacked", FILES)
    elif kind == "zip":
        source = tmp_path / "unipen.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for name, text in FILES.items():
                archive.writestr(f"CDROM/{name}", text)
    else:
        source = write_tar(tmp_path / f"unipen.tar{kind}", FILES)
    path = unipen.import_unipen(source, tmp_path / "cache")
    assert [file.name for file in (tmp_path / "cache").iterdir()] == ["unipen.npz"]
    strokes = load_strokes(path)
    assert strokes.labels.tolist() == ["1", "7", "1", '"']
    assert strokes.writer_names == ("abc/anna", "abc/bert")
    assert strokes.writers.tolist() == [0, 0, 1, 1]
    seven = strokes.take(np.array([1]))
    # y points up in UNIPEN and down here, and the longer side becomes 1000.
    assert seven.points.tolist() == [[0, 0], [500, 0], [250, 1000], [62, 500], [438, 500]]
    assert seven.stroke_lengths.tolist() == [3, 2]


def test_a_broken_file_is_left_out_and_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broken = SHEET.replace("1-2", "1-9").replace(" 0 ", " 8 ")
    source = write_folder(
        tmp_path / "in", FILES | {"data/1a/abc/zoe.dat": broken, "data/1b/abc/x.dat": ".COORD"}
    )
    strokes = load_strokes(unipen.import_unipen(source, tmp_path))
    assert strokes.writer_names == ("abc/anna", "abc/bert")
    assert "data/1a/abc/zoe.dat was left out" in caplog.text
    assert "data/1b/abc/x.dat was left out" in caplog.text


def test_archives_can_neither_reach_out_nor_exhaust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "evil.tar"
    with tarfile.open(source, "w") as archive:
        link = tarfile.TarInfo("data/1a/abc/link.dat")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with open_distribution(source) as distribution:
        assert distribution.names == frozenset()
    with pytest.raises(DataError, match="no isolated characters"):
        unipen.import_unipen(source, tmp_path)
    outside = {"data/1a/abc/../../../../include/a.dat": SHEET}
    assert unipen.import_unipen(write_tar(tmp_path / "a.tar.gz", FILES | outside), tmp_path).is_file()
    assert not (tmp_path / "include").exists()
    monkeypatch.setattr("shuzi.data.unipen_files.MAX_TOTAL_BYTES", 100)
    with pytest.raises(DataError, match="GiB"):
        unipen.import_unipen(write_tar(tmp_path / "b.tar.gz", FILES), tmp_path)
    monkeypatch.setattr("shuzi.data.unipen_files.MAX_FILES", 2)
    with pytest.raises(DataError, match="more than 2 files"):
        unipen.import_unipen(write_folder(tmp_path / "many", FILES), tmp_path)
    monkeypatch.setattr("shuzi.data.unipen_files.MAX_FILE_BYTES", 10)
    with pytest.raises(DataError):
        unipen.import_unipen(write_folder(tmp_path / "many", {"data/1a/abc/anna.dat": SHEET}), tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"no archive", b"PK\x05\x06" + bytes(10), b"\xfd7zXZ\x00\x00broken"]
)
def test_what_is_no_distribution_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "unipen.tar.xz"
    path.write_bytes(content)
    with pytest.raises(DataError):
        unipen.import_unipen(path, tmp_path)
    with pytest.raises(DataError):
        unipen.import_unipen(tmp_path / "nowhere", tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["unipen.tar.xz"]


def test_a_damaged_file_of_strokes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "unipen.npz"
    strokes = pack([[np.float32([[0, 0], [3, 9]])]], ["1"], ["abc/anna"])
    save_strokes(strokes, path)
    good = path.read_bytes()
    assert load_strokes(path).points.tolist() == [[0, 0], [333, 1000]]
    for damaged in (b"", good[: len(good) // 2], good[:-80] + bytes(80)):
        path.write_bytes(damaged)
        with pytest.raises(DataError):
            load_strokes(path)
    np.savez(path, points=np.zeros((1, 2), np.int16), stroke_lengths=np.array([1]), sources=np.array(["a"]))
    with pytest.raises(DataError, match="strokes_per_character"):
        load_strokes(path)
    arrays = {"points": np.zeros((3, 2), np.int16), "stroke_lengths": np.array([2]), "source": np.array([0])}
    arrays |= {"strokes_per_character": np.array([1]), "characters": np.array(["1"])}
    np.savez(path, **arrays, sources=np.array(["a"]))
    with pytest.raises(DataError, match="don't fit together"):
        load_strokes(path)
    np.savez(path, **arrays, sources=np.array([{}], object))
    with pytest.raises(DataError):
        load_strokes(path)


def test_writers_are_split_and_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zigzag = [np.float32([[0, 0], [6, 3], [0, 6], [6, 9]])]
    sheets = [f"{source}/{n:02}" for source in ("aga", "ibm") for n in range(20) for _ in range(10)]
    sheets += ["val/gresai30", "val/gresai31"] * 20
    labels = list("0123456789" * 44)
    save_strokes(pack([zigzag] * len(sheets), labels, sheets), tmp_path / "unipen.npz")
    monkeypatch.setenv("SHUZI_DATA", str(tmp_path))
    fit, validation = unipen.load_unipen("fit"), unipen.load_unipen("validation")
    assert len(fit) + len(validation) == len(sheets)
    names = [{s.writer_names[w] for w in np.unique(s.writers)} for s in (fit, validation)]
    assert not names[0] & names[1]
    for source in ("aga", "ibm"):
        assert 0.15 <= np.mean(validation.sources == source) * len(validation) / 200 <= 0.25
    # Two sheets by one person can't be split.
    assert not np.any(validation.sources == "val")
    assert set(unipen.digits("validation").labels) == set(string.digits)
    with pytest.raises(DataError, match="no split"):
        unipen.load_unipen("test")


def test_digits_that_lost_a_stroke_are_left_out(tmp_path: Path) -> None:
    bar = [np.float32([[0, 0], [3, 9]])]
    corner = [np.float32([[0, 0], [5, 0], [2, 9]])]
    flat = [np.float32([[0, 0], [9, 1], [0, 2]])]
    characters = [bar, bar, corner, corner, flat]
    save_strokes(pack(characters, list("14745"), ["a/b"] * 5), tmp_path / "unipen.npz")
    assert unipen.digits(data_dir=tmp_path).labels.tolist() == ["1", "7", "4"]


def test_a_writer_is_known_behind_several_sheets() -> None:
    assert unipen.writer_of("apb/apb13/app1364") == unipen.writer_of("apa/apa13/app1357")
    assert unipen.writer_of("apb/apb13/app1364") != unipen.writer_of("apb/apb14/app1425")
    assert (
        unipen.writer_of("val/gresai30")
        == unipen.writer_of("val/gresai39")
        != unipen.writer_of("val/yannis30")
    )
    assert (
        unipen.writer_of("art/art01trn")
        == unipen.writer_of("art/art01tst")
        != unipen.writer_of("art/art03trn")
    )
    assert unipen.writer_of("aga/annzchrl") == "aga/annzchrl"


def test_letters_leave_out_what_looks_like_a_digit(tmp_path: Path) -> None:
    bar = [np.float32([[0, 0], [3, 9]])]
    save_strokes(
        pack([bar] * 62, list(string.ascii_letters + string.digits), ["a/b"] * 62), tmp_path / "unipen.npz"
    )
    assert set(unipen.letters(data_dir=tmp_path).labels) == set(string.ascii_letters) - set("oOIlijSsZzBbgq")


def test_missing_unipen_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("SHUZI_DATA", raising=False)
    with pytest.raises(DataError, match="shuzi data unipen --from"):
        unipen.load_unipen()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the part of UNIPEN is not beside the repository")
def test_the_published_files_give_what_was_made_from_them_by_others(tmp_path: Path) -> None:
    with open_distribution(SHARED / "unipen-raw-part.tar.xz") as distribution:
        wanted = {n for n in distribution.names if "1a/imp" in n or "1a/art" in n or n.startswith("include")}
        ours, problems = unipen.read_distribution(replace(distribution, names=frozenset(wanted)))
    assert problems == []
    theirs = load_strokes(SHARED / "unipen-digits.npz")
    theirs = theirs.take(np.isin(theirs.sources, ["imp", "art"]))
    assert len(ours) == len(theirs) == 427

    def described(strokes):
        ends = np.cumsum(strokes.strokes_per_character)
        lengths = [tuple(part) for part in np.split(strokes.stroke_lengths, ends[:-1])]
        names = [strokes.writer_names[writer] for writer in strokes.writers]
        return sorted(
            zip(names, strokes.labels.tolist(), lengths, strokes.sides().round().tolist(), strict=True)
        )

    for mine, other in zip(described(ours), described(theirs), strict=True):
        assert mine[:3] == other[:3]
        assert np.allclose(mine[3], other[3], atol=1.5)
