"""axe-core, the checker of accessibility: fetched once into the user's cache, never committed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import platformdirs
from browsing import missing

PACKAGE = "axe-core@4.14.1"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"  # of the package's axe.min.js


def serious_violations(page: Any) -> list[tuple[str, str, str]]:
    """What axe finds on a page as it stands, if serious or critical: rule, element, what to mend."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (one["id"], one["nodes"][0]["html"][:200], one["nodes"][0]["failureSummary"])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def _source() -> str:
    """The script, from the cache or the npm registry."""
    path = Path(platformdirs.user_cache_dir("shuzi")) / "axe-core-4.14.1.min.js"
    if not path.exists() or _digest(path.read_bytes()) != SHA256:
        script = _fetch()
        if script is None:
            missing("axe-core can't be fetched: it needs npm and the npm registry.")
        assert _digest(script) == SHA256, f"{PACKAGE} isn't what it was: its SHA-256 is {_digest(script)}."
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(script)
    return path.read_text(encoding="utf-8")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _fetch() -> bytes | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        pack = [npm, "pack", "--silent", PACKAGE]
        done = subprocess.run(pack, cwd=folder, capture_output=True, check=False)
        packed = next(Path(folder).glob("*.tgz"), None)
        if done.returncode != 0 or packed is None:
            return None
        with tarfile.open(packed) as archive:
            script = archive.extractfile("package/axe.min.js")
            assert script is not None
            return script.read()
