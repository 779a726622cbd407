"""The weights of an .onnx file, for the network in PyTorch.

Biases, norms and convolutions keep PyTorch's names in an export. The weight of a Linear layer may lose its name: it is
the matrix of the MatMul whose product the named bias is added to, transposed. The positional convolution may have its
weight norm folded: any weight v is its own norm g times v / |v|.
"""
from collections.abc import Iterator

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from network import HEADS, EmotionNetwork, Sizes, empty_network, set_weights
from parity import EMBEDDING

BODY = "wav2vec2."
POSITIONAL = "wav2vec2.encoder.pos_conv_embed.conv."
WEIGHT_NORM = POSITIONAL + "parametrizations.weight.original"


class Graph:
    """What of an ONNX graph is needed to find its weights and sizes."""

    def __init__(self, path: str) -> None:
        graph = onnx.load(path).graph
        self.nodes = list(graph.node)
        self.producers = {output: node for node in self.nodes for output in node.output}
        self.signal = graph.input[0].name
        self.outputs = [output.name for output in graph.output]
        self.tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
        for node in self.nodes:
            if node.op_type == "Constant":
                self.tensors[node.output[0]] = numpy_helper.to_array(attribute(node, "value"))

    def sums_with(self, suffix: str) -> Iterator[tuple[str, onnx.NodeProto, str]]:
        """Each Add of a tensor whose name ends so: that name, the node, and its other input."""
        for node in self.nodes:
            if node.op_type == "Add":
                for name, other in (node.input, node.input[::-1]):
                    if name.endswith(suffix) and name in self.tensors:
                        yield name, node, other

    def linear_weights(self) -> dict[str, np.ndarray]:
        """The weights of Linear layers by PyTorch's names and in its layout, [out, in]."""
        weights = {}
        for bias, _, product in self.sums_with(".bias"):
            node = self.producers.get(product)
            if node is not None and node.op_type == "MatMul" and node.input[1] in self.tensors:
                weights[bias.removesuffix("bias") + "weight"] = self.tensors[node.input[1]].T
        return weights

    def convolution(self, bias: str) -> onnx.NodeProto:
        return next(node for node in self.nodes if node.op_type == "Conv" and bias in node.input)

    def attention_scale(self) -> float:
        """The constant that queries, or the products of queries and keys, are multiplied by."""
        queries = {node.output[0] for _, node, _ in self.sums_with("q_proj.bias")}
        for node in self.nodes:
            if node.op_type != "Mul":
                continue
            for scaled, name in (node.input, node.input[::-1]):
                constant, source = self.tensors.get(name), self.producers.get(scaled)
                if constant is None or constant.size != 1 or source is None:
                    continue
                if scaled in queries or source.op_type == "MatMul":
                    return float(constant.item())
        raise ValueError("no attention scale was found in the graph")

    def normalises_input(self) -> bool:
        return any(node.op_type == "ReduceMean" and self.signal in node.input for node in self.nodes)

    def sizes(self) -> Sizes:
        prefix = BODY + "feature_extractor.conv_layers."
        biases = [f"{prefix}{index}.conv.bias" for index in range(count(self.tensors, prefix))]
        extractor = [self.convolution(bias) for bias in biases]
        layers = BODY + "encoder.layers."
        hidden = self.tensors[POSITIONAL + "bias"].size
        positional = self.convolution(POSITIONAL + "bias")
        return Sizes(
            hidden=hidden,
            layers=count(self.tensors, layers),
            heads=round(hidden * self.attention_scale() ** 2),
            feed_forward=self.tensors[layers + "0.feed_forward.intermediate_dense.bias"].size,
            channels=[self.tensors[bias].size for bias in biases],
            kernels=[attribute(node, "kernel_shape")[0] for node in extractor],
            strides=[attribute(node, "strides")[0] for node in extractor],
            positional_kernel=attribute(positional, "kernel_shape")[0],
            positional_groups=attribute(positional, "group"),
            normalises_input=self.normalises_input(),
            labels={
                output: self.tensors[HEADS[output] + ".out_proj.bias"].size
                for output in self.outputs
                if output != EMBEDDING
            },
        )

    def weight_norm(self) -> dict[str, np.ndarray]:
        """The positional convolution's g [1, 1, kernel] and v [out, in, kernel], in double precision."""
        old_g, old_v = (self.tensors.get(POSITIONAL + name) for name in ("weight_g", "weight_v"))
        if old_g is None or old_v is None:
            weight = self.tensors.get(self.convolution(POSITIONAL + "bias").input[1])
            if weight is None:
                return {}
            old_v = weight.astype(np.float64)
            old_g = np.sqrt((old_v**2).sum(axis=(0, 1), keepdims=True))
        return {WEIGHT_NORM + "0": old_g, WEIGHT_NORM + "1": old_v}

    def weights(self) -> dict[str, np.ndarray]:
        return {**self.linear_weights(), **self.weight_norm(), **self.tensors}


def attribute(node: onnx.NodeProto, name: str) -> object:
    return onnx.helper.get_attribute_value(next(a for a in node.attribute if a.name == name))


def count(names: dict[str, np.ndarray], prefix: str) -> int:
    """How many numbers follow the prefix in the names."""
    return len({name.removeprefix(prefix).split(".")[0] for name in names if name.startswith(prefix)})


def read_network(path: str, dtype: torch.dtype) -> EmotionNetwork:
    """The network of an .onnx file, every parameter set from the file."""
    graph = Graph(path)
    weights, network = graph.weights(), empty_network(graph.sizes())
    state = {}
    for name, parameter in network.state_dict().items():
        if name not in weights:
            raise ValueError(f"{name}: no such weight was found in {path}")
        if weights[name].shape != tuple(parameter.shape):
            raise ValueError(f"{name}: {list(weights[name].shape)} in the file, {list(parameter.shape)} in the network")
        state[name] = torch.tensor(weights[name], dtype=dtype)
    return set_weights(network, state)
