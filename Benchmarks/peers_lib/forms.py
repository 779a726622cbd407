"""The forms of the model that peers read, made from the .onnx file by each library's own tool."""
from collections.abc import Callable
from pathlib import Path

import numpy as np

from parity import SAMPLE_RATE, read_wav

CALIBRATION_SECONDS = 2


def checkpoint(model: str, result: str, speech: list[Path]) -> None:
    import torch

    from network import save_checkpoint
    from onnx_weights import read_network

    save_checkpoint(read_network(model, torch.float32), result)


def onnxruntime_int8(model: str, result: str, speech: list[Path]) -> None:
    """The weights of matrix products as signed 8-bit integers, a scale for each column; activations while it runs."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(model, result, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8)


def openvino_int8_weights(model: str, result: str, speech: list[Path]) -> None:
    """The weights as 8-bit integers; they become numbers of the precision that OpenVINO computes in."""
    import nncf
    import openvino

    compressed = nncf.compress_weights(openvino.Core().read_model(model))
    openvino.save_model(compressed, result, compress_to_fp16=False)


def openvino_int8(model: str, result: str, speech: list[Path]) -> None:
    """Weights and activations as 8-bit integers, whose ranges are those on pieces of speech."""
    import nncf
    import openvino

    clips = pieces(speech)
    quantised = nncf.quantize(
        openvino.Core().read_model(model),
        nncf.Dataset(clips),
        model_type=nncf.ModelType.TRANSFORMER,
        subset_size=len(clips),
    )
    openvino.save_model(quantised, result, compress_to_fp16=False)


def pieces(speech: list[Path]) -> list[np.ndarray]:
    """The recordings in pieces of two seconds, each [1, samples], without what remains."""
    length = CALIBRATION_SECONDS * SAMPLE_RATE
    signals = map(read_wav, speech)
    return [
        signal[np.newaxis, start : start + length]
        for signal in signals
        for start in range(0, len(signal) - length + 1, length)
    ]


FORMS: dict[str, Callable[[str, str, list[Path]], None]] = {
    "torch": checkpoint,
    "onnxruntime-int8": onnxruntime_int8,
    "openvino-int8-weights": openvino_int8_weights,
    "openvino-int8": openvino_int8,
}
