"""The OpenAPI document is true: schemathesis tries every address with good and bad data, with all checks."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
MODULE = "schemathesis.cli"


def test_schemathesis_finds_nothing(served, tmp_path):
    start = f"import sys; from {MODULE} import schemathesis; sys.exit(schemathesis())"
    options = ["--checks", "all", "--max-examples", "2", "--seed", "7", "--workers", "2", "--no-color"]
    config = ["--config-file", str(HERE / "schemathesis.toml")]
    command = [sys.executable, "-c", start, *config, "run", f"{served.url}openapi.json", *options]
    env = os.environ | {"SCHEMATHESIS_HOOKS": "schema_hooks", "PYTHONPATH": str(HERE)}
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
