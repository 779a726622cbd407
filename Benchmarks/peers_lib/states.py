"""A network's states as ONNX Runtime computes them: the graph's own values, made outputs."""
import json
from pathlib import Path

import numpy as np

import parity

Places = list[dict[str, object]]


def with_outputs(model: str, places: Places, result: Path) -> None:
    """Writes the model with the values that carry states among its outputs."""
    import onnx

    graph = onnx.load(model)
    declared = {output.name for output in graph.graph.output}
    for place in places:
        if place["value"] not in declared:
            declared.add(place["value"])
            graph.graph.output.append(onnx.helper.make_empty_tensor_value_info(place["value"]))
    onnx.save(graph, result)


def compute(model: Path, signal: np.ndarray, threads: int, optimisation: str) -> dict[str, np.ndarray]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3  # Errors alone.
    if optimisation == "none":
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {session.get_inputs()[0].name: signal})))


def time_major(value: np.ndarray, is_channel_major: bool) -> np.ndarray:
    return np.ascontiguousarray(value.swapaxes(-1, -2)) if is_channel_major else value


def read_signal(source: str) -> np.ndarray:
    """[1, samples], of a file or of this many seconds of noise."""
    if source.startswith("noise:"):
        return parity.noise(float(source.removeprefix("noise:")))[np.newaxis]
    path = Path(source)
    signal = parity.read_wav(path) if path.suffix == ".wav" else np.load(path)
    return signal.astype(np.float32).reshape(1, -1)


def write(model: str, places: str, signal: str, threads: str, optimisation: str, work: str, result: str) -> None:
    """`places` is a .json file with what `emotion-cli inspect --json` calls states."""
    chosen = json.loads(Path(places).read_text())
    samples = read_signal(signal)
    with_outputs(model, chosen, Path(work))
    values = compute(Path(work), samples, int(threads), optimisation)
    states = {place["name"]: time_major(values[place["value"]], place["isChannelMajor"]) for place in chosen}
    np.savez(result, signal=samples, **states)
