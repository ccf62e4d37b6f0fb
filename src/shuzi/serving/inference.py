"""The Open Inference Protocol's `infer`, in a reading process: tensors in and out, as JSON or as bytes."""

from __future__ import annotations

import base64
import binascii
import json
import math
import struct
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from shuzi.errors import ReadingError
from shuzi.pages import open_document
from shuzi.reading.confidence import THRESHOLD
from shuzi.serving.jobs import Limits, Result
from shuzi.serving.reading import MAX_IMAGES, digits_from, load_reader, parse_json

LENGTH_HEADER = "Inference-Header-Content-Length"
MAX_PICTURES = 64  # of one request to the reader
_BYTES_LENGTH = struct.Struct("<I")  # before each element of a BYTES tensor in binary data
_DTYPES: dict[str, np.dtype[Any]] = {"FP32": np.dtype("<f4"), "INT64": np.dtype("<i8")}
_OPTIONS = ("digits", "pattern", "check", "threshold")

Tensor: TypeAlias = np.ndarray | list[bytes]


@dataclass(frozen=True)
class _Output:
    datatype: str
    shape: list[int]
    values: Tensor


@dataclass(frozen=True)
class _Request:
    sent: dict[str, Any]
    binary: bytes

    @property
    def parameters(self) -> dict[str, Any]:
        found = self.sent.get("parameters", {})
        return found if isinstance(found, dict) else {}


def infer(options: dict[str, Any], body: bytes, limits: Limits) -> Result:
    """Answer an inference request. `options`: model; weights; header_length, of the JSON part, or None."""
    request = _parse(options["header_length"], body)
    wanted = _wanted(request)
    if options["model"] == "reader":
        outputs, facts = _read(request, options["weights"], limits)
    else:
        outputs, facts = _classify(request, options["weights"])
    return _respond(request, options["model"], outputs, wanted, facts)


def _parse(header_length: str | None, body: bytes) -> _Request:
    length = len(body)
    if header_length is not None:
        if not (header_length.isascii() and header_length.isdigit()) or int(header_length) > len(body):
            raise ReadingError(f"{LENGTH_HEADER} is not the length of the JSON part: send it in bytes.")
        length = int(header_length)
    sent = parse_json(body[:length])
    if not isinstance(sent, dict) or not isinstance(sent.get("id", ""), str):
        raise ReadingError("An inference request is a JSON object, and its id a string.")
    return _Request(sent, body[length:])


def _input(request: _Request, name: str, datatype: str) -> tuple[list[int], Any, bytes | None]:
    """The shape of the one input, its JSON data, and its binary data instead of them."""
    inputs = request.sent.get("inputs")
    tensor = inputs[0] if isinstance(inputs, list) and len(inputs) == 1 else None
    if not isinstance(tensor, dict) or (tensor.get("name"), tensor.get("datatype")) != (name, datatype):
        raise ReadingError(f'This model takes one input, "{name}" of datatype {datatype}.')
    shape = tensor.get("shape")
    if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape):
        raise ReadingError("The input's shape is a list of whole numbers.")
    parameters = tensor.get("parameters", {})
    size = parameters.get("binary_data_size") if isinstance(parameters, dict) else None
    if size is None:
        if request.binary:
            raise ReadingError("There are bytes behind the JSON: say how many in binary_data_size.")
        return shape, tensor.get("data"), None
    if type(size) is not int or size != len(request.binary):
        raise ReadingError("binary_data_size is not the number of bytes behind the JSON.")
    return shape, None, request.binary


def _classify(request: _Request, weights: str) -> tuple[dict[str, _Output], dict[str, int]]:
    shape, data, binary = _input(request, "image", "UINT8")
    if len(shape) != 3 or shape[1:] != [28, 28] or not 1 <= shape[0] <= MAX_IMAGES:
        raise ReadingError(f'The shape of "image" is [n, 28, 28], with n from 1 to {MAX_IMAGES:,}.')
    if binary is not None:
        if len(binary) != math.prod(shape):
            raise ReadingError("The binary data are not as long as the shape says.")
        images = np.frombuffer(binary, np.uint8).reshape(shape)
    else:
        images = digits_from(_reshaped(data, shape))
    probabilities = load_reader(weights).classifier.probabilities(images)
    n = len(images)
    outputs = {
        "probabilities": _Output("FP32", [n, 10], probabilities),
        "digit": _Output("INT64", [n], probabilities.argmax(axis=1).astype(np.int64)),
    }
    return outputs, {"digits": n}


def _reshaped(data: Any, shape: list[int]) -> Any:
    """Data may be nested or flat; both hold the elements row by row."""
    if isinstance(data, list) and len(data) == math.prod(shape) and not isinstance(data[0], list):
        array = np.array(data, dtype=object)
        if array.shape == (len(data),):
            return array.reshape(shape).tolist()
    if not isinstance(data, list) or len(data) != shape[0]:
        raise ReadingError("The data have not as many elements as the shape says.")
    return data


def _read(request: _Request, weights: str, limits: Limits) -> tuple[dict[str, _Output], dict[str, int]]:
    shape, data, binary = _input(request, "image_bytes", "BYTES")
    if len(shape) != 1 or not 1 <= shape[0] <= MAX_PICTURES:
        raise ReadingError(f'The shape of "image_bytes" is [n], with n from 1 to {MAX_PICTURES}.')
    files = _split(binary) if binary is not None else _from_base64(data)
    if len(files) != shape[0]:
        raise ReadingError("The data have not as many elements as the shape says.")
    asked = {name: request.parameters[name] for name in _OPTIONS if name in request.parameters}
    _check_options(asked)
    reader = load_reader(weights)
    texts, confidences, count = [], [], 0
    for file in files:
        with open_document(file, most_pages=1, most_pixels=limits.pixels) as document:
            page = reader.read(document.page(1), **({"threshold": THRESHOLD} | asked))
        texts.append(str(page).encode())
        confidences.append(min((number.confidence for number in page.numbers), default=0.0))
        count += len(page.numbers)
    n = len(files)
    outputs = {
        "text": _Output("BYTES", [n], texts),
        "confidence": _Output("FP32", [n], np.array(confidences, np.float32)),
    }
    return outputs, {"pages": n, "numbers": count}


def _check_options(asked: dict[str, Any]) -> None:
    kinds = {"digits": (int, str), "pattern": (str,), "check": (str,), "threshold": (int, float)}
    for name, value in asked.items():
        if not isinstance(value, kinds[name]) or isinstance(value, bool):
            raise ReadingError(f"The parameter {name} is of the wrong type.")


def _split(binary: bytes) -> list[bytes]:
    """The elements of a BYTES tensor: each has its length before it."""
    files, place = [], 0
    while place < len(binary):
        if place + 4 > len(binary):
            raise ReadingError("The binary data end within an element.")
        (length,) = _BYTES_LENGTH.unpack_from(binary, place)
        place += 4 + length
        if place > len(binary):
            raise ReadingError("The binary data end within an element.")
        files.append(binary[place - length : place])
    return files


def _from_base64(data: Any) -> list[bytes]:
    if not isinstance(data, list) or not all(isinstance(text, str) for text in data):
        raise ReadingError("In JSON the data are a list of files as base64; binary data need none.")
    try:
        return [base64.b64decode(text, validate=True) for text in data]
    except (binascii.Error, ValueError):
        raise ReadingError("An element of the data is not base64.") from None


def _wanted(request: _Request) -> list[tuple[str, dict[str, Any]]] | None:
    """The names and parameters of the outputs asked for; None for all of them."""
    outputs = request.sent.get("outputs")
    if outputs is None or outputs == []:
        return None
    wanted = []
    for output in outputs if isinstance(outputs, list) else [None]:
        if not isinstance(output, dict) or not isinstance(output.get("name"), str):
            raise ReadingError("outputs is a list of objects, each with a name.")
        parameters = output.get("parameters", {})
        if not isinstance(parameters, dict):
            raise ReadingError("The parameters of an output are an object.")
        wanted.append((output["name"], parameters))
    if len({name for name, _ in wanted}) < len(wanted):
        raise ReadingError("An output is asked for twice.")
    return wanted


def _respond(
    request: _Request,
    model: str,
    outputs: dict[str, _Output],
    wanted: list[tuple[str, dict[str, Any]]] | None,
    facts: dict[str, int],
) -> Result:
    told, tail = [], b""
    binary_by_default = request.parameters.get("binary_data_output") is True
    for name, parameters in [(name, {}) for name in outputs] if wanted is None else wanted:
        if name not in outputs:
            raise ReadingError(f"This model has no output {name!r}: it has {', '.join(outputs)}.")
        output = outputs[name]
        if "classification" in parameters:
            output = _ranked(output, parameters["classification"])
        tensor: dict[str, Any] = {"name": name, "datatype": output.datatype, "shape": output.shape}
        if parameters.get("binary_data", binary_by_default) is True:
            data = _to_bytes(output)
            tensor["parameters"] = {"binary_data_size": len(data)}
            tail += data
        else:
            tensor["data"] = _to_json(output)
        told.append(tensor)
    answer: dict[str, Any] = {"model_name": model, "model_version": "1", "outputs": told}
    if "id" in request.sent:
        answer["id"] = request.sent["id"]
    head = json.dumps(answer).encode()
    if not tail:
        return Result(head, facts=facts)
    headers = {LENGTH_HEADER: str(len(head)), "Content-Type": "application/octet-stream"}
    return Result(head + tail, headers=headers, facts=facts)


def _ranked(output: _Output, count: Any) -> _Output:
    """The classification extension: the likeliest classes of each row as "value:index:label"."""
    if output.datatype != "FP32" or len(output.shape) != 2 or type(count) is not int or count < 1:
        raise ReadingError("classification is a whole number from 1, and for probabilities only.")
    rows = np.asarray(output.values)
    best = np.argsort(-rows, axis=1, kind="stable")[:, :count]
    texts = [f"{rows[i, k]:f}:{k}:{k}".encode() for i, row in enumerate(best) for k in row]
    return _Output("BYTES", list(best.shape), texts)


def _to_bytes(output: _Output) -> bytes:
    if isinstance(output.values, list):
        return b"".join(_BYTES_LENGTH.pack(len(text)) + text for text in output.values)
    return bytes(output.values.astype(_DTYPES[output.datatype]).tobytes())


def _to_json(output: _Output) -> list[Any]:
    if isinstance(output.values, list):
        return [text.decode() for text in output.values]
    return list(output.values.ravel().tolist())
