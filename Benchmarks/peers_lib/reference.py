"""The command line of Benchmarks/reference."""
import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import environment
from .engines import child
from .environment import progress
from .errors import PeersError
from .rounds import run

PACKAGES = ("numpy", "onnx", "onnxruntime")
SIGNAL_SUFFIXES = (".wav", ".npy")


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="Benchmarks/reference",
        description="Write a .npz of a signal, the model's outputs for it and every state of the network on the way "
        "there, as ONNX Runtime computes them: what `emotion-cli verify --layers --reference` reads. Sets up what it "
        "needs.",
    )
    parser.add_argument("model", help=".onnx file, or a folder with model.onnx")
    parser.add_argument("output", help="the .npz file to write")
    parser.add_argument("--signal", metavar="FILE", help="16 kHz .wav (16 bits, mono) or float32 .npy (default: noise)")
    parser.add_argument("--seconds", type=float, default=1.0, metavar="S", help="of noise (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="default: %(default)s")
    parser.add_argument(
        "--as-it-is", action="store_true", help="run the graph without ONNX Runtime's optimiser, node by node"
    )
    parser.add_argument("--cli", metavar="PATH", help="the emotion-cli to ask (default: built from this checkout)")
    parsed = parser.parse_args(arguments)
    if parsed.seconds <= 0 or parsed.threads < 1:
        parser.error("--seconds and --threads: numbers above 0 are needed")
    if parsed.signal and Path(parsed.signal).suffix not in SIGNAL_SUFFIXES:
        parser.error(f"--signal {parsed.signal}: a file that ends in {' or '.join(SIGNAL_SUFFIXES)} is needed")
    return parsed


def describe(cli: Path, model: Path) -> dict:
    """What emotion-cli makes of the model: which of the graph's values carry the states."""
    described = subprocess.run([cli, "inspect", model, "--json"], capture_output=True, text=True)
    if described.returncode:
        raise PeersError(described.stderr.strip().splitlines()[-1])
    return json.loads(described.stdout)


def write(options: argparse.Namespace, work: Path) -> None:
    signal = Path(options.signal) if options.signal else None
    if signal is not None and not signal.is_file():
        raise PeersError(f"{signal}: no such file")
    cli, model = environment.prepare(options, PACKAGES)
    states = work / "states.json"
    states.write_text(json.dumps(describe(cli, model)["states"]))
    result = work / "reference.npz"
    run(
        child(
            "states", model, states, signal or f"noise:{options.seconds:g}", options.threads,
            "none" if options.as_it_is else "all", work / "model.onnx", result,
        )
    )
    output = Path(options.output)
    output.write_bytes(result.read_bytes())
    progress(f"wrote {output}")


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        options = parse_arguments(arguments)
        with tempfile.TemporaryDirectory(prefix="reference-") as work:
            write(options, Path(work))
    except (PeersError, OSError) as error:
        print(f"reference: error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
