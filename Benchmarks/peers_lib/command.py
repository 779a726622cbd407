"""The order in which a run goes."""
import json
import signal
import sys
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path

from . import cells, environment, report
from .engines import Engine, Ours, Peer, child
from .environment import progress
from .errors import PeersError
from .options import parse_arguments
from .preparation import Run, prepare
from .rounds import last_object, run, time_cell, time_start
from .truth import measure_parity

CLIP_SOURCE = environment.SPEECH / "jfk.wav"


def describe(this: Run, machine: dict[str, object]) -> dict:
    peers = [engine for engine in this.engines if isinstance(engine, Peer)]
    packages = dict.fromkeys(package for peer in peers for package in peer.requirements)
    versions = last_object(run(child("versions", *packages)).output)
    return {
        "machine": machine,
        "versions": {**versions, "emotion-cli": environment.our_version(this.cli)},
        "model": {"name": this.model.name, "bytes": this.model.stat().st_size},
        "rounds": this.options.rounds,
        "engines": {
            engine.name: {"label": engine.label, "precision": engine.precision, "instructions": engine.instructions}
            for engine in this.engines
        },
    }


def cut_clip(seconds: int, path: Path) -> Path:
    with wave.open(str(CLIP_SOURCE)) as source, wave.open(str(path), "wb") as clip:
        clip.setparams(source.getparams())
        clip.writeframes(source.readframes(seconds * source.getframerate()))
    return path


def starters(this: Run) -> list[tuple[str, Engine]]:
    """By label: the engines that aren't held to anything, ours packed, and ours from the .onnx file."""
    found = []
    for engine in this.engines:
        if engine.instructions:
            continue
        if isinstance(engine, Peer):
            found.append((engine.label, engine))
            continue
        if engine.precision == "float32":
            found.append((f"{engine.label}, .onnx", Ours(this.cli, this.model)))
        found.append((f"{engine.label}, packed", engine))
    return found


def measure_start(this: Run) -> dict:
    short, long = cut_clip(1, this.work / "1s.wav"), cut_clip(5, this.work / "5s.wav")
    rows = time_start(starters(this), short, long, this.most_threads, this.options.rounds)
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
        cell["best_float32"] = cells.best_float32(cell, results["engines"])
        cell["ratios"] = cells.ratios(cell, results["engines"])
    results["start"] = measure_start(this)
    return results


def write(results: dict, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    data, text = folder / "peers.json", folder / "peers.md"
    data.write_text(json.dumps(results, indent=1) + "\n")
    text.write_text(report.markdown(results))
    drawn = {"plot": "peers"}
    if results["parity"]:
        drawn["plot-precision"] = "precision"
    written = [text, data]
    for command, name in drawn.items():
        pictures = [folder / f"{name}.svg", folder / f"{name}.png"]
        run(child(command, data, *pictures))
        written += pictures
    progress(f"wrote {', '.join(map(str, written))}")


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
