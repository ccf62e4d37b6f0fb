"""Handwriting fonts come from pinned packages only, and their digits can be drawn with any pen."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageFont

from shuzi.data import fonts
from shuzi.data.glyphs import draw_glyphs, read_glyphs
from shuzi.data.ink import Ink
from shuzi.data.strokes import Hand
from shuzi.errors import DataError

LICENSED = json.dumps({"license": "OFL-1.1"}).encode()
PLAIN = Hand(pen_width_sd=0.0, ink=Ink(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0))


def package(licence: str = "OFL-1.1", font: bytes = b"font", family: str = "own") -> bytes:
    contents = {"package.json": json.dumps({"license": licence}).encode()}
    return pack({**contents, f"files/{family}-latin-400-normal.woff": font})


def pack(contents: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def test_only_open_licences_are_taken() -> None:
    assert fonts.unpack_font(package("Apache-2.0"), "own") == b"font"
    assert fonts.unpack_font(package(), "own") == b"font"
    with pytest.raises(DataError, match="under Proprietary"):
        fonts.unpack_font(package("Proprietary"), "own")
    for damaged in (b"", b"no archive", package()[:60], package(family="other")):
        with pytest.raises(DataError):
            fonts.unpack_font(damaged, "own")


def test_the_pieces_of_a_chinese_font_say_which_characters_they_have() -> None:
    names = {"[0]": "U+4e00-4e02,U+5e74", "[10]": "U+ffe5", "latin": "U+20-7e"}
    files = {f"files/own-{piece}-700-normal.woff": f"piece {piece}".encode() for piece in (0, 10)}
    content = pack({"package.json": LICENSED, "unicode.json": json.dumps(names).encode(), **files})
    assert fonts.unpack_pieces(content, "own", 700) == [("一丁丂年", b"piece 0"), ("￥", b"piece 10")]
    for damaged in (pack({"package.json": LICENSED}), content[:100], pack({"package.json": b"{"})):
        with pytest.raises(DataError, match="damaged"):
            fonts.unpack_pieces(damaged, "own", 700)
    with pytest.raises(DataError, match="damaged"):
        fonts.unpack_pieces(content, "own", 400)


def test_packages_in_the_cache_are_checked_and_used_without_npm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    content = package()
    monkeypatch.setattr(fonts, "FAMILIES", {"own": hashlib.sha256(content).hexdigest()})
    path = tmp_path / "fonts" / f"own-{fonts.VERSION}.tgz"
    path.parent.mkdir()
    path.write_bytes(content)
    assert fonts.font_files(tmp_path) == {"own": b"font"}
    path.write_bytes(content + b"x")
    with pytest.raises(DataError, match="npm, which is not installed"):
        fonts.font_files(tmp_path)


def test_npm_that_fails_or_brings_something_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(fonts, "FAMILIES", {"own": "0" * 64})
    with pytest.raises(DataError, match="could not fetch"):
        fonts.font_files(tmp_path)
    npm.write_text("#!/bin/sh\necho other > own.tgz\n")
    with pytest.raises(DataError, match="than the pinned one"):
        fonts.font_files(tmp_path)
    assert not (tmp_path / "fonts").exists()


def test_a_real_family_is_fetched_and_its_digits_are_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "FAMILIES", {"kalam": fonts.FAMILIES["kalam"]})
    files = fonts.font_files(tmp_path)
    assert [path.name for path in (tmp_path / "fonts").iterdir()] == [f"kalam-{fonts.VERSION}.tgz"]
    glyphs = read_glyphs(files)
    assert glyphs.labels.tolist() == list(range(10))
    images = draw_glyphs(glyphs, np.repeat(np.arange(10), 20), np.random.default_rng(0), PLAIN)
    assert images.shape == (200, 28, 28)
    ink = (images > 100).sum((1, 2))
    assert 20 < ink.min() < ink.max() < 300


def test_pens_differ_and_digits_are_framed() -> None:
    # Pillow's own font: not handwriting, but here without fetching.
    own = ImageFont.load_default(20)
    assert isinstance(own, ImageFont.FreeTypeFont)
    glyphs = read_glyphs({"own": own.font_bytes})
    thin, thick = (
        draw_glyphs(
            glyphs,
            np.repeat(np.arange(10), 30),
            np.random.default_rng(0),
            Hand(pen_width=width, pen_width_sd=0.0, ink=PLAIN.ink),
        )
        for width in (1.2, 5.0)
    )
    assert thick.mean() > 1.4 * thin.mean()
    sides = [np.ptp(np.argwhere(image > 100), axis=0).max() + 1 for image in thick]
    assert 17 <= min(sides) <= max(sides) <= 24
    centre = thick.sum(1) @ np.arange(28) / thick.sum((1, 2))
    assert np.abs(centre - 14).max() < 1.5


def test_what_is_no_font_is_refused() -> None:
    with pytest.raises(DataError, match="can't be opened"):
        read_glyphs({"own": b"no font"})
