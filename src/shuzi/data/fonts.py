"""Fonts under open licences, handwriting and Chinese, fetched by npm into the user's cache when wanted.

They are training material only: neither they nor pictures of them are part of shuzi. Each package is pinned
by its SHA-256, and what its package.json says of the licence is checked all the same.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from shuzi.data.sources import cache_folder
from shuzi.errors import DataError

VERSION = "5.3.0"
_LIST = resources.files("shuzi.data").joinpath("font_families.txt").read_text("ascii")
FAMILIES = dict(line.split() for line in _LIST.splitlines() if not line.startswith("#"))
"""Families whose digits look written by hand, with the SHA-256 of their npm package."""

CHINESE = {
    "noto-sans-sc": "05a7abac78a6cac4bd1361e7b24c680ee820fcc2f22cf5cc92673f4cd12771c5",
    "noto-serif-sc": "e46d02fdaba2e816c8cdbc38188c80830b5f6af75fff207d0204e25d23d48fd4",
    "zcool-kuaile": "1e708b9f87a9e933e11c9137b4aa891c3e3105beee047ddfe75d23466c887dc1",
    "ma-shan-zheng": "4c0f2b5660299782e09e6415d1885469b35fd3aeac7711a703757f823f909c1b",
    "long-cang": "f37d7fc6e0ed15718e03fe9edd5f8b0117d6d011d23c15bf2d35b7b00f9c4e26",
    "zhi-mang-xing": "903fe57d53c97001563dfa380e91c3ceaacc2f65485f93c4741d34470aedb0b9",
    "liu-jian-mao-cao": "bbffc6b7e13b1e10eff328df1d9b16ba2697b6237b34b67e9aa0450fb0b9a621",
}
"""Families with Chinese characters, three as forms are printed and four as people write, with the same."""

_BOLD_TOO = ("noto-sans-sc", "noto-serif-sc")
_LICENCES = ("OFL-1.1", "Apache-2.0")
_MOST_BYTES = 1 << 23  # of a file in a package
_MOST_OF_PACKAGE = 1 << 27  # a Chinese family has up to 86 million bytes, in all its weights
_NPM_SECONDS = 300


def font_files(cache: Path | None = None) -> dict[str, bytes]:
    """Return each family's regular Latin font (.woff), from the cache or fetched by npm.

    Raises DataError when npm isn't there, can't fetch, or brings anything but the pinned packages.
    """
    return {family: unpack_font(package, family) for family, package in _packages(FAMILIES, cache).items()}


def chinese_font_files(cache: Path | None = None) -> dict[str, list[tuple[str, bytes]]]:
    """Return each Chinese font by name and weight, in pieces: the characters that a piece has, and its .woff.

    Raises DataError as `font_files` does.
    """
    return {
        f"{family}-{weight}": unpack_pieces(package, family, weight)
        for family, package in _packages(CHINESE, cache).items()
        for weight in ((400, 700) if family in _BOLD_TOO else (400,))
    }


def unpack_font(package: bytes, family: str) -> bytes:
    """Take the regular Latin font out of an npm package, in memory; DataError when the licence is another."""
    with _opened(package, family) as archive:
        return _member(archive, f"package/files/{family}-latin-400-normal.woff")


def unpack_pieces(package: bytes, family: str, weight: int) -> list[tuple[str, bytes]]:
    """Take the pieces of a Chinese font out of an npm package, in memory; DataError as `unpack_font`."""
    with _opened(package, family) as archive:
        ranges = json.loads(_member(archive, "package/unicode.json"))
        pieces = []
        for piece, listed in ranges.items():
            if not re.fullmatch(r"\[\d+\]", piece):  # the others are named by their script: latin, vietnamese
                continue
            name = f"package/files/{family}-{piece.strip('[]')}-{weight}-normal.woff"
            pieces.append((_characters(listed), _member(archive, name)))
        return pieces


def _characters(listed: str) -> str:
    """What a CSS unicode-range such as "U+4e00-4e02,U+5e74" names."""
    ends = [part.strip()[2:].partition("-") for part in listed.split(",")]
    return "".join(chr(code) for a, _, b in ends for code in range(int(a, 16), int(b or a, 16) + 1))


@contextmanager
def _opened(package: bytes, family: str) -> Generator[tarfile.TarFile]:
    try:
        with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:
            licence = json.loads(_member(archive, "package/package.json")).get("license")
            if licence not in _LICENCES:
                raise DataError(
                    f"The font {family} is under {licence}, not {' or '.join(_LICENCES)}: it isn't used."
                )
            yield archive
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, KeyError) as error:
        raise DataError(f"The font package {family} is damaged ({error}): fetch it again.") from error


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.getmember(name)
    stream = archive.extractfile(member) if member.size <= _MOST_BYTES else None
    if stream is None:
        raise DataError(f"{name} is not a file of at most {_MOST_BYTES:,} bytes: the package isn't used.")
    return stream.read()


def _packages(pins: Mapping[str, str], cache: Path | None) -> dict[str, bytes]:
    """The npm package of each family, from the cache or fetched; `pins` are their SHA-256."""
    home = (cache or cache_folder()) / "fonts"
    packages: dict[str, bytes] = {}
    for family, sha256 in pins.items():
        path = home / f"{family}-{VERSION}.tgz"
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() == sha256:
            packages[family] = content
    fetched = _fetch({family: sha256 for family, sha256 in pins.items() if family not in packages})
    for family, content in fetched.items():
        _store(content, home / f"{family}-{VERSION}.tgz")
    packages |= fetched
    return {family: packages[family] for family in pins}


def _fetch(pins: Mapping[str, str]) -> dict[str, bytes]:
    if not pins:
        return {}
    npm = shutil.which("npm")
    without = "install Node.js with npm, or leave the fonts out of the mixture"
    if npm is None:
        raise DataError(f"Fonts are fetched by npm, which is not installed: {without}.")
    packages = [f"@fontsource/{family}@{VERSION}" for family in pins]
    several = f"{packages[0]} and {len(packages) - 1} more" if len(packages) > 1 else packages[0]
    try:
        with tempfile.TemporaryDirectory(prefix="shuzi-npm-") as folder:
            # Nothing of the packages is run, and npm's cache goes with the folder.
            command = [npm, "pack", *packages, "--ignore-scripts", "--cache", f"{folder}/cache"]
            done = subprocess.run(
                command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=_NPM_SECONDS
            )
            if done.returncode:
                raise DataError(f"npm could not fetch {several}: check the network, or {without}.")
            found = {}
            for archive in Path(folder).glob("*.tgz"):
                with archive.open("rb") as stream:
                    content = stream.read(_MOST_OF_PACKAGE)
                found[hashlib.sha256(content).hexdigest()] = content
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DataError(f"npm did not finish fetching {several} ({error}): {without}.") from error
    for sha256, package in zip(pins.values(), packages, strict=True):
        if sha256 not in found:
            raise DataError(f"npm brought another {package} than the pinned one: {without}.")
    return {family: found[sha256] for family, sha256 in pins.items()}


def _store(content: bytes, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            part.write_bytes(content)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{path} can't be written ({error.strerror or error}); make room there.") from error
