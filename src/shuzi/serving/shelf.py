"""The weights that requests may name: those shipped, and "run:ID" for a net that was trained here.

A name never becomes a path: what isn't on the shelf doesn't exist.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi import Request

from shuzi.errors import WeightsError
from shuzi.models import CHAMPION, FOLDER, shipped
from shuzi.onnx_files import MAX_CARD_BYTES
from shuzi.serving.runfolder import WEIGHTS, run_folders

RUN = "run:"


class Shelf:
    """`runs` is the folder that holds the training runs' folders."""

    def __init__(self, runs: Path) -> None:
        self._runs = runs
        self._shipped = frozenset(shipped())

    def find(self, name: str) -> str:
        """What `load_classifier` takes for a name; raises `WeightsError` where there are no such weights."""
        return name if name in self._shipped else str(self.file(name))

    def file(self, name: str) -> Path:
        """The file of a trained run's weights; raises `WeightsError` where there is none of that name."""
        for folder in run_folders(self._runs):
            if name == RUN + folder.name and (folder / WEIGHTS).is_file():
                return folder / WEIGHTS
        raise WeightsError("There are no weights of that name: GET /v1/models lists those there are.")

    def models(self) -> list[dict[str, Any]]:
        """All weights, the champion first: what GET /v1/models says of each."""
        names = sorted(shipped(), key=lambda name: (name != CHAMPION, name))
        known = [_facts(name, FOLDER / f"{name}.json", shipped=True) for name in names]
        trained = [
            _facts(RUN + folder.name, (folder / WEIGHTS).with_suffix(".json"), shipped=False)
            for folder in run_folders(self._runs)
            if (folder / WEIGHTS).is_file()
        ]
        return known + trained


def find_weights(request: Request, name: str) -> str:
    """What `load_classifier` takes for the weights that a request names."""
    shelf: Shelf = request.app.state.shelf
    return shelf.find(name)


def _facts(name: str, path: Path, *, shipped: bool) -> dict[str, Any]:
    card = _card(path)
    return {
        "name": name,
        "title": card.get("title", name),
        "parameters": card.get("parameters"),
        "accuracy": card.get("scores", {}).get("accuracy"),
        "shipped": shipped,
        "default": name == CHAMPION,
        "own_picture": card.get("recipe", {}).get("source", {}).get("own_picture", "frame"),
    }


def _card(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            card = json.loads(file.read(MAX_CARD_BYTES))
    except (OSError, ValueError):
        return {}
    return card if isinstance(card, dict) else {}
