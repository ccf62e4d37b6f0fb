"""An ONNX graph -> the steps that a picture goes through, small nodes joined into what people call a layer.

An exporter writes a division by 255 as three nodes and a space-to-depth as five, and stores weights as
float16 with a Cast before each. A `Step` is one thing to look at: its `kind` says how it computes (and is
what /v1/inside gives), its `key` which sentence explains it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from shuzi.errors import MissingExtraError, WeightsError

try:
    import onnx
except ModuleNotFoundError as error:
    raise MissingExtraError("Looking into a net", "serve") from error

_ARRANGING = {"Cast", "Identity", "Dropout", "Unsqueeze", "Squeeze", "Reshape", "Flatten", "Transpose"}
_ARITHMETIC = {"Add", "Sub", "Mul", "Div", "Pow", "Clip", "Neg"}
_KINDS = {
    "Conv": "conv",
    "MaxPool": "pool",
    "AveragePool": "pool",
    "GlobalAveragePool": "mean",
    "ReduceMean": "mean",
    "Relu": "relu",
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
    "Gemm": "linear",
    "MatMul": "linear",
    "Softmax": "softmax",
    "Add": "add",
}
# What each kind may say besides, for the sum that explains a value to be a simple one: attribute -> values.
_SIMPLE: dict[str, dict[str, tuple[Any, ...]]] = {
    "Conv": {"auto_pad": (b"NOTSET", b"VALID")},
    "MaxPool": {"auto_pad": (b"NOTSET", b"VALID"), "ceil_mode": (0,), "dilations": ([1, 1],)},
    "AveragePool": {"auto_pad": (b"NOTSET", b"VALID"), "ceil_mode": (0,), "pads": ([0, 0, 0, 0],)},
    "Gemm": {"alpha": (1.0,), "beta": (1.0,), "transA": (0,)},
}


@dataclass(frozen=True)
class Node:
    """One operation of the graph; `constants` and `variables` are the names of what goes in."""

    op: str
    inputs: tuple[str, ...]
    variables: tuple[str, ...]
    output: str
    attributes: dict[str, Any]


@dataclass(frozen=True)
class Step:
    """Nodes that make one layer together. What goes in and comes out are names of values in the graph."""

    kind: str
    nodes: tuple[Node, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """What goes in, weights and other constants left out."""
        return self.nodes[0].variables

    @property
    def output(self) -> str:
        """What comes out."""
        return self.nodes[-1].output


def parse(graph: bytes, name: str) -> onnx.ModelProto:
    """The bytes of an ONNX file, which shuzi.models has checked, as onnx's own object."""
    try:
        return onnx.load_model_from_string(graph)
    except Exception as error:  # protobuf raises its own types, which differ between its versions
        raise WeightsError(f"The weights {name!r} can't be looked into: they are no ONNX file.") from error


def find_steps(model: onnx.ModelProto) -> tuple[list[Step], set[str]]:
    """The steps from the picture to the probabilities, in order, and the names of all constants they use.

    A constant is what doesn't depend on the picture: stored weights, and what is computed from them. The
    number of pictures, from which older exporters compute the shape of a layer, is one here: it is 1.
    """
    constants = {weights.name for weights in model.graph.initializer}
    nodes: list[Node] = []
    for proto in model.graph.node:
        inputs = tuple(name for name in proto.input if name)
        variables = tuple(name for name in inputs if name not in constants)
        if not variables or proto.op_type in ("Shape", "Size"):
            constants.update(proto.output)
            continue
        attributes = {one.name: onnx.helper.get_attribute_value(one) for one in proto.attribute}
        nodes.append(Node(proto.op_type, inputs, variables, proto.output[0], attributes))
    used = [name for node in nodes for name in node.variables]
    steps: list[Step] = []
    for node in nodes:
        last = steps[-1] if steps else None
        joins = (
            last is not None
            and node.variables == (last.output,)
            and used.count(last.output) == 1
            and _family(node) is not None
            and _family(node) == _family(last.nodes[-1])
        )
        if joins and last is not None:
            steps[-1] = Step(last.kind, (*last.nodes, node))
        else:
            steps.append(Step(_kind(node), (node,)))
    needed = {name for node in nodes for name in node.inputs} & constants
    return steps, needed


def stored_constants(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    """The numbers that are stored in a graph, by their names."""
    return {weights.name: onnx.numpy_helper.to_array(weights) for weights in model.graph.initializer}


def with_outputs(model: onnx.ModelProto, names: list[str]) -> bytes:
    """The graph as a file's bytes, with these values among what it gives."""
    present = {output.name for output in model.graph.output}
    model.graph.output.extend(onnx.ValueInfoProto(name=one) for one in names if one not in present)
    return bytes(model.SerializeToString())


def _family(node: Node) -> str | None:
    """Operations of one family are joined where one follows the other: reordering, and arithmetic."""
    if node.op in _ARRANGING:
        return "arranging"
    return "arithmetic" if node.op in _ARITHMETIC and len(node.variables) == 1 else None


def _kind(node: Node) -> str:
    family = _family(node)
    if family is not None:
        return "reshape" if family == "arranging" else "scale"
    if len(node.variables) != (2 if node.op == "Add" else 1) or not _simple(node):
        return "other"
    return _KINDS.get(node.op, "other")


def _simple(node: Node) -> bool:
    allowed = _SIMPLE.get(node.op, {})
    if node.op == "Conv" and node.inputs[0] != node.variables[0]:
        return False
    if node.op in ("Gemm", "MatMul") and node.inputs[0] != node.variables[0]:
        return False
    return all(node.attributes.get(name, values[0]) in values for name, values in allowed.items())
