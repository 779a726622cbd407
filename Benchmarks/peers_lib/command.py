"""The command line, and the order in which a run goes."""
import argparse
import json
import signal
import sys
import tempfile
import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from . import environment, report
from .engines import NETWORK_REQUIREMENTS, Engine, Ours, Peer, child, choose
from .environment import progress
from .errors import PeersError
from .rounds import last_object, run, time_cell, time_start

Number = TypeVar("Number", int, float)

BASE_PACKAGES = ("numpy", "matplotlib")
# The truth is considered wrong if every float32 engine is farther from it than this, relative to the largest number.
AGREEMENT = 1e-3
CLIP_SOURCE = environment.SPEECH / "jfk.wav"
SIGNAL_SPEECH = (environment.SPEECH / "14b01Na.wav", environment.SPEECH / "jfk.wav")


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="Benchmarks/peers",
        description="Time emotion-cli beside ONNX Runtime, OpenVINO and PyTorch on one model, measure how far each is "
        "from float64, how fast it starts and how much memory it takes. Sets up what it needs.",
    )
    parser.add_argument(
        "model",
        nargs="?",
        help=".onnx file, or a folder with model.onnx (default: $EMOTION_MODEL, else a stand-in with random weights)",
    )
    parser.add_argument("--seconds", metavar="S,…", help="lengths of audio (default: 1,5,20)")
    parser.add_argument("--threads", metavar="N,…", help="numbers of threads (default: 1,2)")
    parser.add_argument("--rounds", type=int, metavar="N", help="measurements of each engine in each cell (default: 3)")
    parser.add_argument(
        "--engines",
        metavar="NAME,…",
        default="onnxruntime,openvino-f32,openvino-bf16,torch",
        help="peers to measure, besides emotion-cli (default: %(default)s)",
    )
    parser.add_argument("--golden", metavar="FILE", help="the truth: an .npz of SIGNAL/signal and SIGNAL/<output>")
    parser.add_argument("--packed", metavar="FILE", help="what emotion-cli convert made (default: made for the run)")
    parser.add_argument("--cli", metavar="PATH", help="the emotion-cli to measure (default: built from this checkout)")
    parser.add_argument("--output", metavar="DIR", help="folder for the results (default: the checkout's .build/peers)")
    parser.add_argument("--quick", action="store_true", help="1 s, one round, the tests' tiny model: does it work?")
    parsed = parser.parse_args(arguments)
    parsed.seconds = numbers(parser, "--seconds", parsed.seconds or ("1" if parsed.quick else "1,5,20"), float)
    parsed.threads = numbers(parser, "--threads", parsed.threads or "1,2", int)
    parsed.rounds = parsed.rounds if parsed.rounds is not None else 1 if parsed.quick else 3
    if parsed.rounds < 1:
        parser.error(f"--rounds {parsed.rounds}: at least 1 is needed")
    if parsed.quick and parsed.model is None:
        parsed.model = str(environment.TINY_MODEL)
    return parsed


def numbers(parser: argparse.ArgumentParser, option: str, text: str, kind: type[Number]) -> list[Number]:
    try:
        values = [kind(part) for part in text.split(",")]
    except ValueError:
        values = []
    if not values or min(values) <= 0:
        parser.error(f"{option} {text}: numbers above 0, with commas between them, are needed")
    return values


@dataclass(frozen=True)
class Run:
    """What is measured, and where files go that only the run needs."""

    options: argparse.Namespace
    model: Path
    engines: list[Engine]
    ours: Ours
    work: Path
    has_network: bool  # PyTorch, and what reads the weights into it.

    @property
    def most_threads(self) -> int:
        return max(self.options.threads)


def prepare(options: argparse.Namespace, work: Path) -> Run:
    chosen = choose(options.engines)
    cli, model = environment.prepare(options, BASE_PACKAGES)
    peers = [peer for peer in chosen if environment.install(peer.requirements)]
    has_network = any(peer.name == "torch" for peer in peers)
    checkpoint = work / "checkpoint.pt"
    if has_network:
        progress("giving PyTorch the model's weights")
        run(child("checkpoint", model, checkpoint))
    ours = Ours(cli, model)
    engines = [*(peer.with_model(model, checkpoint) for peer in peers), ours]
    return Run(options, model, engines, ours, work, has_network)


def describe(this: Run, machine: dict[str, object]) -> dict:
    packages = dict.fromkeys(engine.package for engine in this.engines if isinstance(engine, Peer))
    versions = last_object(run(child("versions", *packages)).output)
    return {
        "machine": machine,
        "versions": {**versions, "emotion-cli": environment.our_version(this.ours.cli)},
        "model": {"name": this.model.name, "bytes": this.model.stat().st_size},
        "rounds": this.options.rounds,
        "engines": {engine.name: {"label": engine.label, "float32": engine.is_float32} for engine in this.engines},
    }


def measure_parity(this: Run) -> dict | None:
    if not this.has_network and not this.options.golden:
        progress(f"parity is left out: float64 needs {', '.join(NETWORK_REQUIREMENTS)} (engine torch), or --golden")
        return None
    signals, truth = this.work / "signals", this.work / "truth.npz"
    signals.mkdir()
    if this.options.golden:
        run(child("golden", this.options.golden, signals, truth))
    else:
        progress("computing float64")
        run(child("signals", signals, *SIGNAL_SPEECH))
        run(child("truth", this.model, signals, truth))
    names = json.loads(run(child("output-names", truth)).output)
    engines = {}
    for engine in this.engines:
        progress(f"parity: {engine.label}")
        result = this.work / f"{engine.name}.npz"
        run(engine.outputs(signals, names, this.most_threads, result))
        engines[engine.name] = last_object(run(child("errors", truth, result)).output)
    check_truth(engines, {engine.name for engine in this.engines if engine.is_float32})
    source = Path(this.options.golden).name if this.options.golden else "PyTorch in float64 with the file's weights"
    return {
        "signals": [path.stem for path in sorted(signals.glob("*.npy"))],
        "truth": source,
        "outputs": names,
        "engines": engines,
    }


def check_truth(engines: dict, float32: set[str]) -> None:
    """If no float32 engine agrees with the truth, the truth is another network's."""
    for output in next(iter(engines.values())):
        nearest = min(engines[name][output]["relative"] for name in float32)
        if nearest > AGREEMENT:
            raise PeersError(f"no engine agrees with float64 on {output}: the reference doesn't belong to this model")


def cut_clip(seconds: int, path: Path) -> Path:
    with wave.open(str(CLIP_SOURCE)) as source, wave.open(str(path), "wb") as clip:
        clip.setparams(source.getparams())
        clip.writeframes(source.readframes(seconds * source.getframerate()))
    return path


def packed_model(this: Run) -> Path | None:
    """The packed model that was named, or one made for the run if this emotion-cli can."""
    if this.options.packed:
        return Path(this.options.packed).resolve()
    if not environment.has_subcommand(this.ours.cli, "convert"):
        return None
    packed = this.work / "model.packed"
    run([str(this.ours.cli), "convert", str(this.model), str(packed)])
    return packed


def measure_start(this: Run) -> dict:
    contestants: list[Engine] = [*this.engines[:-1], replace(this.ours, label="emotion-cli, .onnx")]
    if packed := packed_model(this):
        contestants.append(replace(this.ours, model=packed, name="emotion-cli-packed", label="emotion-cli, packed"))
    short, long = cut_clip(1, this.work / "1s.wav"), cut_clip(5, this.work / "5s.wav")
    rows = time_start(contestants, short, long, this.most_threads, this.options.rounds)
    return {"threads": this.most_threads, "rows": rows}


def measure(this: Run, machine: dict[str, object]) -> dict:
    results = describe(this, machine)
    results["parity"] = measure_parity(this)
    results["cells"] = [
        time_cell(this.engines, seconds, threads, this.options.rounds)
        for seconds in this.options.seconds
        for threads in this.options.threads
    ]
    for cell in results["cells"]:
        cell["best_float32"] = report.best_float32(cell, results["engines"])
        cell["ratio"] = report.ratio(cell, results["engines"])
    results["start"] = measure_start(this)
    return results


def write(results: dict, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    data, text = folder / "peers.json", folder / "peers.md"
    data.write_text(json.dumps(results, indent=1) + "\n")
    text.write_text(report.markdown(results))
    pictures = [folder / "peers.svg", folder / "peers.png"]
    run(child("plot", data, *pictures))
    progress(f"wrote {', '.join(map(str, (text, data, *pictures)))}")


def stop(number: int, _: object) -> None:
    """Ends the run by way of its clean-up, which removes gigabytes."""
    sys.exit(128 + number)


def main(arguments: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, stop)
    try:
        options = parse_arguments(arguments)
        with tempfile.TemporaryDirectory(prefix="peers-") as work:
            machine = environment.describe_machine()  # Before anything here adds to its load.
            results = measure(prepare(options, Path(work)), machine)
        write(results, Path(options.output or environment.PROJECT / ".build/peers"))
        print(report.markdown(results), end="")
    except PeersError as error:
        print(f"peers: error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
