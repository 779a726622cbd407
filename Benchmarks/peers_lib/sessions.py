"""The peers' sessions. Each loads a model for a number of threads and maps a signal [1, samples] to outputs by name.

Libraries are imported where they are used, so that a process loads only the one that it measures.
"""
import os
from typing import Protocol

import numpy as np

Outputs = dict[str, np.ndarray]


class Session(Protocol):
    def run(self, signal: np.ndarray) -> Outputs: ...


class OnnxRuntimeSession:
    def __init__(self, model: str, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3  # Errors alone.
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name
        self.outputs = [output.name for output in self.session.get_outputs()]

    def run(self, signal: np.ndarray) -> Outputs:
        return dict(zip(self.outputs, self.session.run(None, {self.input: signal})))


class OpenVinoSession:
    """Without a precision, in that which OpenVINO chooses for this processor where the model leaves it open."""

    def __init__(self, model: str, threads: int, precision: str | None = None) -> None:
        import openvino

        settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1}
        if precision:
            settings["INFERENCE_PRECISION_HINT"] = precision
        compiled = openvino.Core().compile_model(model, "CPU", settings)
        self.outputs = [output.any_name for output in compiled.outputs]
        self.request = compiled.create_infer_request()

    def run(self, signal: np.ndarray) -> Outputs:
        results = self.request.infer({0: signal})
        return {name: results[index].copy() for index, name in enumerate(self.outputs)}


class TorchSession:
    """Reads a checkpoint: what a PyTorch user has in place of an .onnx file."""

    def __init__(self, checkpoint: str, threads: int) -> None:
        import torch

        from network import load_checkpoint

        torch.set_num_threads(threads)
        self.torch = torch
        self.network = load_checkpoint(checkpoint)

    def run(self, signal: np.ndarray) -> Outputs:
        with self.torch.inference_mode():
            outputs = self.network(self.torch.from_numpy(signal))
        return {name: output.numpy() for name, output in outputs.items()}


def open_session(engine: str, model: str, threads: int) -> Session:
    match engine:
        case "onnxruntime" | "onnxruntime-int8":
            return OnnxRuntimeSession(model, threads)
        case "openvino-f32" | "openvino-bf16":
            return OpenVinoSession(model, threads, engine.removeprefix("openvino-"))
        case "openvino-int8" | "openvino-int8-weights":
            return OpenVinoSession(model, threads)
        case "openvino-avx2":
            os.environ["ONEDNN_MAX_CPU_ISA"] = "AVX2"  # Read when the library first computes.
            return OpenVinoSession(model, threads, "f32")
        case "torch":
            return TorchSession(model, threads)
    raise ValueError(engine)
