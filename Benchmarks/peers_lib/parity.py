"""How far outputs are from float64. Signals are .npy files [samples]; outputs are .npz files of [signals, n] by name,
the signals in the order of their file names."""
import wave
from pathlib import Path

import numpy as np

Outputs = dict[str, np.ndarray]
SAMPLE_RATE = 16_000
EMBEDDING = "hidden_states"


def read_wav(path: Path) -> np.ndarray:
    """The signal of a WAV file with 16-bit samples in one channel."""
    with wave.open(str(path)) as file:
        return (np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768).astype(np.float32)


def noise(seconds: float) -> np.ndarray:
    return noise_samples(int(SAMPLE_RATE * seconds))


def noise_samples(count: int) -> np.ndarray:
    return np.random.default_rng(1).standard_normal(count).astype(np.float32)


def made_signals() -> Outputs:
    """By name, with the number of samples: noise, from the shortest that the network takes, nothing, and noise that is
    loud, quiet and on an offset."""
    half_second = noise_samples(8_000)
    return {
        **{f"noise {count}": noise_samples(count) for count in (400, 16_000, 25_391, 80_000)},
        "zeros 16000": np.zeros(16_000, dtype=np.float32),
        "loud 8000": 5 * half_second,
        "quiet 8000": np.float32(1e-4) * half_second,
        "offset 8000": np.float32(0.3) + np.float32(0.1) * half_second,
    }


def speech_signals(path: Path) -> Outputs:
    """A recording, and a second from its middle."""
    signal = read_wav(path)
    start = (len(signal) - SAMPLE_RATE) // 2
    return {path.stem: signal, f"{path.stem} {SAMPLE_RATE}": signal[start : start + SAMPLE_RATE]}


def write_signals(folder: Path, speech: list[Path]) -> None:
    signals = made_signals()
    for path in speech:
        signals |= speech_signals(path)
    for name, signal in signals.items():
        np.save(folder / f"{name}.npy", signal)


def read_signals(folder: Path) -> list[np.ndarray]:
    """Each [1, samples]."""
    return [np.load(path)[np.newaxis] for path in sorted(folder.glob("*.npy"))]


def unpack_golden(golden: Path, folder: Path, truth: Path) -> None:
    """Takes the signals, and the float64 outputs for them, from SIGNAL/signal and SIGNAL/<output> in a golden."""
    arrays = np.load(golden)
    signals = sorted(name.removesuffix("/signal") for name in arrays.files if name.endswith("/signal"))
    prefix = signals[0] + "/"
    outputs = [name.removeprefix(prefix) for name in arrays.files if name.startswith(prefix)]
    outputs.remove("signal")
    for signal in signals:
        np.save(folder / f"{signal}.npy", arrays[f"{signal}/signal"][0])
    order = [path.stem for path in sorted(folder.glob("*.npy"))]
    np.savez(truth, **{name: np.concatenate([arrays[f"{signal}/{name}"] for signal in order]) for name in outputs})


def compute_truth(model: str, signals: list[np.ndarray]) -> Outputs:
    """What PyTorch computes in float64 with the .onnx file's weights."""
    import torch

    from onnx_weights import read_network

    network = read_network(model, torch.float64)
    with torch.inference_mode():
        rows = [network(torch.from_numpy(signal.astype(np.float64))) for signal in signals]
    return {name: np.concatenate([row[name].numpy() for row in rows]) for name in rows[0]}


def errors(truth: Outputs, outputs: Outputs) -> dict[str, dict[str, float]]:
    """By output: the largest error, the same relative to the largest number, and the root mean square of all."""
    return {name: distances(exact, outputs[name] - exact) for name, exact in truth.items()}


def distances(exact: np.ndarray, error: np.ndarray) -> dict[str, float]:
    largest = float(np.abs(error).max())
    return {
        "largest": largest,
        "relative": largest / float(np.abs(exact).max()),
        "rms": float(np.sqrt((error**2).mean())),
    }
