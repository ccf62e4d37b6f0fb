"""mnist.pkl.gz read without unpickling: no name in the file is ever looked up, no object of its choice made.

A pickle is a program that may call anything. This reader admits only programs that build tuples and lists of
plain numeric arrays, in two steps. First every instruction is listed, without running any, and compared with
the few kinds that such pickles consist of. Then the names by which numpy's arrays are pickled stand for
inert recorders below, so that not even numpy runs on what the file says; arrays are made afterwards, from
bytes whose type, shape and length have been checked.
"""

from __future__ import annotations

import io
import math
import pickle
import pickletools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from shuzi.data.limits import read_limited
from shuzi.data.parts import Part, make_part
from shuzi.errors import DataError
from shuzi.shapes import Shaped

# The original unpacks to 220 MB: 70,000 pictures as float32.
_LIMIT = 1 << 29
_MOST_INSTRUCTIONS = 10_000
# First those of protocols 0 and 1, which Python 2 wrote by default, then those of protocols 2 to 5.
_ALLOWED = """
    MARK STOP GLOBAL REDUCE BUILD TUPLE EMPTY_TUPLE LIST EMPTY_LIST APPEND APPENDS NONE INT LONG
    BININT BININT1 BININT2 STRING BINSTRING SHORT_BINSTRING UNICODE BINUNICODE
    PUT BINPUT LONG_BINPUT GET BINGET LONG_BINGET
    PROTO TUPLE1 TUPLE2 TUPLE3 NEWTRUE NEWFALSE LONG1 BINBYTES SHORT_BINBYTES SHORT_BINUNICODE
    BINBYTES8 STACK_GLOBAL MEMOIZE FRAME BYTEARRAY8
"""
_INSTRUCTIONS = frozenset(_ALLOWED.split())


class _Recorded:
    """What a pickle says of an array: its state as ndarray.__setstate__ or _frombuffer would be given it."""

    def __init__(self) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _DtypeName(_Recorded):
    """What a pickle says of a dtype: its name, and its byte order as state."""

    def __init__(self, name: Any) -> None:
        super().__init__()
        self.name = name


def _reconstruct(*_: Any) -> _Recorded:
    return _Recorded()


def _from_buffer(buffer: Any, dtype: Any, shape: Any, order: Any) -> _Recorded:
    array = _Recorded()
    array.state = (1, shape, dtype, order == "F", buffer)
    return array


def _dtype(name: Any, *_: Any) -> _DtypeName:
    return _DtypeName(name)


def _latin1(text: Any, encoding: Any) -> bytes:
    """Bytes, the way Python 3 writes them under the old protocols: as text to encode."""
    if not isinstance(text, str) or encoding != "latin1":
        raise pickle.UnpicklingError("bytes are written in an unknown way")
    return text.encode("latin1")


def _never_called(*_: Any) -> None:
    raise pickle.UnpicklingError("an array is built in an unknown way")


# numpy 2 moved the module numpy.core to numpy._core; pickles have either.
_STAND_INS: dict[tuple[str, str], Callable[..., Any]] = {
    ("numpy", "ndarray"): _never_called,  # only ever an argument
    ("numpy", "dtype"): _dtype,
    ("_codecs", "encode"): _latin1,
    **{
        (f"numpy.{core}.{module}", name): stand_in
        for core in ("core", "_core")
        for module, name, stand_in in (
            ("multiarray", "_reconstruct", _reconstruct),
            ("numeric", "_frombuffer", _from_buffer),
        )
    },
}


class _ArraysOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _STAND_INS[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it calls {module}.{name}") from None


def read_pickle(path: Path) -> dict[str, Part]:
    """The parts ``fit``, ``validation`` and ``test`` of an mnist.pkl.gz (50,000, 10,000 and 10,000 digits).

    The file holds three pairs of arrays: pictures (N,784), 0..1 or 0..255, and labels (N,). Raises DataError
    for anything else, above all for a pickle that would call a function.
    """
    loaded = load_arrays(read_limited(path, _LIMIT), str(path))
    pairs = [pair for pair in loaded if isinstance(pair, tuple | list) and len(pair) == 2]
    if len(loaded) != 3 or len(pairs) != 3:
        raise DataError(f"{path} should hold three pairs of pictures and labels: fit, validation and test.")
    parts = {}
    for name, (images, labels) in zip(("fit", "validation", "test"), pairs, strict=True):
        if not isinstance(images, np.ndarray) or not isinstance(labels, np.ndarray):
            raise DataError(f"{path} should hold arrays of pictures and of labels as its {name} pair.")
        parts[name] = make_part(images, labels, str(path))
    return parts


def load_arrays(content: bytes, name: str = "the pickle") -> tuple[Any, ...] | list[Any]:
    """The tuple or list of numeric arrays that the pickle ``content`` describes; DataError for all else."""
    try:
        _check_instructions(content)
        # encoding="bytes": Python 2 wrote an array's content as a string.
        loaded = _ArraysOnly(io.BytesIO(content), encoding="bytes").load()
        if not isinstance(loaded, tuple | list):
            raise ValueError(f"it holds {type(loaded).__name__}")
        return type(loaded)(_arrays_for(item) for item in loaded)
    # The instructions' order and arguments are the file's, so they can fail in any of these ways.
    except (
        pickle.UnpicklingError,
        ArithmeticError,
        AttributeError,
        EOFError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        raise DataError(
            f"{name} is refused: a pickle may hold arrays of numbers and nothing else ({error}); "
            "save the arrays as .npz instead."
        ) from error


def _check_instructions(content: bytes) -> None:
    """Refuse instructions that arrays don't need, and sizes that would take memory before they fail."""
    frame = len(content)  # where the one that is being read ends
    for count, (instruction, argument, place) in enumerate(pickletools.genops(content)):
        # What lies across a frame's end makes Python's unpickler free memory that is still in use.
        if (place or 0) > frame:
            raise pickle.UnpicklingError("a frame ends within an instruction")
        if place == frame:
            frame = len(content)
        if instruction.name == "FRAME":
            frame = (place or 0) + 9 + int(argument or 0)
        if instruction.name not in _INSTRUCTIONS:
            raise pickle.UnpicklingError(f"it uses the instruction {instruction.name}")
        # The unpickler's memo is an array as long as the largest index that is put there.
        index = int(argument or 0) if instruction.name in ("PUT", "LONG_BINPUT") else 0
        if max(count, index) > _MOST_INSTRUCTIONS:
            raise pickle.UnpicklingError("it has too many instructions")


def _arrays_for(recorded: Any, depth: int = 1) -> Any:
    if isinstance(recorded, tuple | list) and len(recorded) <= 3 and depth < 3:
        return type(recorded)(_arrays_for(item, depth + 1) for item in recorded)
    if type(recorded) is _Recorded:
        return _array(recorded)
    raise ValueError(f"it holds {type(recorded).__name__}")


def _array(recorded: _Recorded) -> Shaped[np.ndarray, ...]:
    _, shape, dtype_name, fortran, content = recorded.state
    dtype = _plain_dtype(dtype_name)
    if not isinstance(shape, tuple) or not all(type(size) is int and size >= 0 for size in shape):
        raise ValueError("an array has no shape")
    if not isinstance(content, bytes | bytearray) or len(content) != math.prod(shape) * dtype.itemsize:
        raise ValueError("an array's content does not fit its shape")
    return np.frombuffer(content, dtype).reshape(shape, order="F" if fortran else "C")


def _plain_dtype(recorded: Any) -> np.dtype[Any]:
    if not isinstance(recorded, _DtypeName):
        raise ValueError("an array has no type")
    name = recorded.name.decode("ascii") if isinstance(recorded.name, bytes) else recorded.name
    if name not in ("b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"):
        raise ValueError(f"an array has the type {name!r}")
    order = recorded.state[1] if recorded.state is not None else "|"
    order = order.decode("ascii") if isinstance(order, bytes) else order
    if order not in ("<", ">", "|", "="):
        raise ValueError(f"an array has the byte order {order!r}")
    return np.dtype(order + name)
