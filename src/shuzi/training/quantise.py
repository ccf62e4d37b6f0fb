"""A detector's ONNX file -> the same net in 8 bits: half as large as in float16, and read twice as fast."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static

from shuzi.shapes import UInt8


def quantise(graph: bytes, takes: str, pictures: list[UInt8[np.ndarray, ...]]) -> bytes:
    """Round weights (a scale for each channel) and what flows between the convolutions to 8 bits.

    `takes` is the input's name. The ranges of what flows are those that occur on `pictures`. The last
    convolution and what follows stay in float32: logits and boxes have wide ranges, and it costs next to
    nothing.
    """
    nodes = list(onnx.load_from_string(graph).graph.node)
    last = max(place for place, node in enumerate(nodes) if node.op_type == "Conv")
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # it advises to prepare the graph, which has nothing left to fold
    try:
        with tempfile.TemporaryDirectory() as folder:
            before, after = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
            before.write_bytes(graph)
            quantize_static(
                before,
                after,
                _Pictures(takes, pictures),
                per_channel=True,
                weight_type=QuantType.QInt8,
                activation_type=QuantType.QUInt8,
                op_types_to_quantize=["Conv", "Relu", "Add", "Resize"],
                nodes_to_exclude=[node.name for node in nodes[last:]],
            )
            return after.read_bytes()
    finally:
        root.setLevel(level)


class _Pictures(CalibrationDataReader):  # type: ignore[misc]  # the package has no types
    def __init__(self, takes: str, pictures: list[UInt8[np.ndarray, ...]]) -> None:
        self.rest: Iterator[dict[str, np.ndarray]] = iter([{takes: picture[None]} for picture in pictures])

    def get_next(self) -> dict[str, np.ndarray] | None:
        """The next picture as the runtime's input, or None."""
        return next(self.rest, None)
