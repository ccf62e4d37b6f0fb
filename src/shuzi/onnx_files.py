"""ONNX files and their cards, which are untrusted: of limited size, and complete in themselves."""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from pathlib import Path
from typing import Any

import onnxruntime

from shuzi.errors import WeightsError

MAX_BYTES = 64 * 2**20
MAX_CARD_BYTES = 2**20

# A tensor kept outside of the file has an entry with the key "location" (ONNX, StringStringEntryProto): the
# key's length, 8, and then the word. Protobuf may write that 8 with zero bytes behind it, hence the \x00.
_EXTERNAL_DATA = re.compile(rb"[\x08\x00]location")

# A property of the model under which a file holds a second net, in base64.
SECOND = "shuzi.close_up"


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """Load a net that uses so many threads; `WeightsError` where that can't be done."""
    return _session(read_graph(path), path, threads)


def open_second(
    session: onnxruntime.InferenceSession, path: Path, threads: int
) -> onnxruntime.InferenceSession | None:
    """The second net that a file holds, if there is one; `WeightsError` where it can't be loaded."""
    held = session.get_modelmeta().custom_metadata_map.get(SECOND)
    if held is None:
        return None
    try:
        graph = base64.b64decode(held, validate=True)
    except (binascii.Error, ValueError):
        raise WeightsError(f"The second net in {path} is damaged: adapt again.") from None
    return _session(_whole(graph, path), path, threads)


def _session(graph: bytes, path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_mem_pattern = False  # a plan of the memory for each size of picture would be kept
    options.log_severity_level = 4  # what goes wrong is raised below; the log would only repeat it
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime raises many types, RuntimeError and its own, for a bad file
        raise WeightsError(f"{path} is not an ONNX file that can be run: {brief(error)}.") from None


def read_graph(path: Path) -> bytes:
    """The bytes of an ONNX file, of limited size and without data elsewhere; `WeightsError` otherwise."""
    return _whole(_read(path, MAX_BYTES), path)


def _whole(graph: bytes, path: Path) -> bytes:
    if _EXTERNAL_DATA.search(graph):
        raise WeightsError(f"{path} keeps data in other files: export it again as one single file.")
    return graph


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the name
        reason = getattr(error, "strerror", None) or error
        raise WeightsError(f"The weights file {path} can't be opened: {reason}.") from None
    if not 0 < len(data) <= limit:
        raise WeightsError(
            f"{path} is {'over ' + str(limit >> 20) + ' MiB' if data else 'empty'}: not weights."
        )
    return data


def read_card(path: Path) -> dict[str, Any]:
    """The card beside a weights file, {} where there is none; `WeightsError` where it is no card."""
    if not os.path.isfile(path):
        return {}
    try:
        card = json.loads(_read(path, MAX_CARD_BYTES))
    except (ValueError, RecursionError):
        card = None
    if not isinstance(card, dict):
        raise WeightsError(f"The model card {path} is not a JSON object: mend or remove it.")
    return card


def brief(error: Exception) -> str:
    """The first line of what an error says, for a sentence."""
    return (
        str(error).strip().splitlines()[0].rstrip(".")[:200] if str(error).strip() else type(error).__name__
    )
