"""`python -m shuzi.serving.finish FOLDER` exports a run's net and scores it, in a process of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from shuzi.data.mnist import load_dataset
from shuzi.errors import ShuziError
from shuzi.evaluation.card import export_run
from shuzi.evaluation.evaluate import open_entrant, score_entrant
from shuzi.files import write_whole
from shuzi.serving.runfolder import SCORE, WEIGHTS


def main() -> None:
    """Leave weights.onnx, its card weights.json, and score.json in the folder."""
    folder = Path(sys.argv[1])
    try:
        path, card = export_run(folder, out=folder / WEIGHTS)
        write_whole(folder / SCORE, json.dumps(_score(path, card["recipe"]["data"]["source"])).encode())
    except ShuziError as error:
        sys.exit(f"shuzi: {error}")


def _score(path: Path, source: str) -> dict[str, Any]:
    test = load_dataset(source, "test")
    score = score_entrant(open_entrant(path), test, "test").to_dict()
    mistakes = [
        {
            "image": test.images[mistake["index"]].tolist(),
            "label": mistake["label"],
            "answer": mistake["answer"],
            "confidence": mistake["confidence"],
        }
        for mistake in score["most_wrong"]
    ]
    kept = {name: score[name] for name in ("accuracy", "interval", "confusion", "per_class")}
    return kept | {"mistakes": mistakes}


if __name__ == "__main__":
    main()
