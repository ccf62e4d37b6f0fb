"""Handwriting fonts under open licences, fetched by npm into the user's cache when wanted.

They are training material only: neither they nor pictures of them are part of shuzi. Each package is pinned
by its SHA-256, and what its package.json says of the licence is checked all the same.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from importlib import resources
from pathlib import Path

from shuzi.data.sources import cache_folder
from shuzi.errors import DataError

VERSION = "5.3.0"
_LIST = resources.files("shuzi.data").joinpath("font_families.txt").read_text("ascii")
FAMILIES = dict(line.split() for line in _LIST.splitlines() if not line.startswith("#"))
"""Families whose digits look written by hand, with the SHA-256 of their npm package."""

_LICENCES = ("OFL-1.1", "Apache-2.0")
_MOST_BYTES = 1 << 23
_NPM_SECONDS = 300


def font_files(cache: Path | None = None) -> dict[str, bytes]:
    """Return each family's regular Latin font (.woff), from the cache or fetched by npm.

    Raises DataError when npm isn't there, can't fetch, or brings anything but the pinned packages.
    """
    home = (cache or cache_folder()) / "fonts"
    packages: dict[str, bytes] = {}
    for family, sha256 in FAMILIES.items():
        path = home / f"{family}-{VERSION}.tgz"
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() == sha256:
            packages[family] = content
    fetched = _fetch([family for family in FAMILIES if family not in packages])
    for family, content in fetched.items():
        _store(content, home / f"{family}-{VERSION}.tgz")
    packages |= fetched
    return {family: unpack_font(packages[family], family) for family in FAMILIES}


def unpack_font(package: bytes, family: str) -> bytes:
    """Take the regular Latin font out of an npm package, in memory; DataError when the licence is another."""
    try:
        with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:
            licence = json.loads(_member(archive, "package/package.json")).get("license")
            if licence not in _LICENCES:
                raise DataError(
                    f"The font {family} is under {licence}, not {' or '.join(_LICENCES)}: it isn't used."
                )
            return _member(archive, f"package/files/{family}-latin-400-normal.woff")
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, KeyError) as error:
        raise DataError(f"The font package {family} is damaged ({error}): fetch it again.") from error


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.getmember(name)
    stream = archive.extractfile(member) if member.size <= _MOST_BYTES else None
    if stream is None:
        raise DataError(f"{name} is not a file of at most {_MOST_BYTES:,} bytes: the package isn't used.")
    return stream.read()


def _fetch(families: list[str]) -> dict[str, bytes]:
    if not families:
        return {}
    npm = shutil.which("npm")
    without = "install Node.js with npm, or leave the fonts out of the mixture"
    if npm is None:
        raise DataError(f"Handwriting fonts are fetched by npm, which is not installed: {without}.")
    packages = [f"@fontsource/{family}@{VERSION}" for family in families]
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
                    content = stream.read(_MOST_BYTES)
                found[hashlib.sha256(content).hexdigest()] = content
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DataError(f"npm did not finish fetching {several} ({error}): {without}.") from error
    for family, package in zip(families, packages, strict=True):
        if FAMILIES[family] not in found:
            raise DataError(f"npm brought another {package} than the pinned one: {without}.")
    return {family: found[FAMILIES[family]] for family in families}


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
