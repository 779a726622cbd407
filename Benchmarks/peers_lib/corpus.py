"""The command line of Benchmarks/corpus."""
import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import corpus_report, environment
from .command import stop
from .corpus_engines import Engine, Task, contestants, forms_of_ours
from .engines import OUR_PRECISIONS, child, choose_precisions
from .environment import progress
from .errors import PeersError
from .options import KEEP
from .preparation import made_folder, packed
from .rounds import last_object, median_of, run

PACKAGES = ("numpy", "onnx", "onnxruntime", "pandas", "audformat", "audinterface", "audonnx")
VERSIONS = ("audinterface", "audonnx", "onnxruntime")


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="Benchmarks/corpus",
        description="Score a corpus by emotion-cli and by audonnx in audinterface: how far the results are from each "
        "other, as they are, in windows and in segments, how fast both are and how much memory they take. Sets up "
        "what it needs.",
    )
    parser.add_argument(
        "model",
        nargs="?",
        help=".onnx file, or a folder with model.onnx (default: $EMOTION_MODEL, else a stand-in with random weights)",
    )
    parser.add_argument("--input", metavar="PATH", help="a folder of audio files, or a table with file[,start,end]")
    parser.add_argument("--clips", type=int, metavar="N", help="instead, this many of bundled speech (default: 200)")
    parser.add_argument("--window", type=float, default=1.0, metavar="S", help="default: %(default)s")
    parser.add_argument("--hop", type=float, metavar="S", help="default: half the window")
    parser.add_argument("--rounds", type=int, metavar="N", help="0 compares the results alone (default: 3)")
    parser.add_argument("--cores", type=int, metavar="N", help="for each engine (default: 2, or 1 if there is only one)")
    parser.add_argument(
        "--precisions",
        metavar="NAME,…",
        default=",".join(OUR_PRECISIONS),
        help="those of emotion-cli (default: %(default)s)",
    )
    parser.add_argument("--keep", metavar="DIR", help=KEEP)
    parser.add_argument("--cli", metavar="PATH", help="the emotion-cli to measure (default: built from this checkout)")
    parser.add_argument("--output", metavar="DIR", help="folder for results (default: the checkout's .build/corpus)")
    parser.add_argument("--quick", action="store_true", help="20 clips, one round, the tests' tiny model")
    parsed = parser.parse_args(arguments)
    if parsed.input and parsed.clips is not None:
        parser.error("--clips: the corpus is that of --input")
    parsed.clips = parsed.clips if parsed.clips is not None else 20 if parsed.quick else 200
    parsed.rounds = parsed.rounds if parsed.rounds is not None else 1 if parsed.quick else 3
    parsed.cores = parsed.cores if parsed.cores is not None else min(2, len(os.sched_getaffinity(0)))
    parsed.hop = parsed.hop if parsed.hop is not None else parsed.window / 2
    if parsed.clips < 1 or parsed.cores < 1 or parsed.rounds < 0:
        parser.error("--clips and --cores: numbers above 0 are needed, and --rounds from 0 on")
    if parsed.window <= 0 or parsed.hop <= 0:
        parser.error("--window and --hop: seconds above 0 are needed")
    if parsed.quick and parsed.model is None:
        parsed.model = str(environment.TINY_MODEL)
    return parsed


def find_outputs(cli: Path, model: Path) -> tuple[str, list[str]]:
    """The embedding and the heads."""
    architecture = json.loads(run([str(cli), "inspect", str(model), "--json"]).output)["architecture"]
    return architecture["pooledOutput"], [head["output"] for head in architecture["heads"]]


def task_for(table: dict, outputs: list[str], options: argparse.Namespace) -> Task:
    windows = (options.window, options.hop) if table["way"] == "windows" else None
    return Task(Path(table["path"]), outputs, windows)


def compare(
    task: Task, table: dict, cli: Path, models: dict[str, Path], peer: Path, cores: int, work: Path
) -> list[dict]:
    """For each precision, how far it is from the peer on a table."""
    progress(f"comparing {corpus_report.WAYS[table['way']]}, {table['recordings']} recordings")
    ours, theirs = work / "ours.npz", work / "theirs.npz"
    run(task.for_peer(peer, 1, cores, theirs))
    found = []
    for precision, model in models.items():
        run(task.for_us(cli, model, ours))
        facts = last_object(run(child("corpus-compare", ours, theirs, ",".join(task.outputs))).output)
        found.append({**table, "precision": precision, **facts})
    return found


def measure(engines: Sequence[Engine], rounds: int) -> list[dict]:
    measured: list[list[dict]] = [[] for _ in engines]
    for number in range(rounds):
        for engine, values in zip(engines, measured):
            finished = run(engine.command)
            facts = last_object(finished.output) if engine.is_peer else {}
            whole = {"wall_s": finished.wall_s, "cpu_s": finished.cpu_s, "peak_rss_mb": finished.peak_rss_mb}
            values.append({**whole, **facts})
            progress(f"round {number + 1}: {engine.label} {finished.wall_s:.1f} s")
    return [
        {
            "label": engine.label,
            "is_peer": engine.is_peer,
            **{key: median_of(values, key) for key in values[0]},
            "rounds": values,
        }
        for engine, values in zip(engines, measured)
        if values
    ]


def make_corpus(options: argparse.Namespace, work: Path) -> tuple[Path, str]:
    """Where the corpus is, and what to call it."""
    if options.input:
        source = Path(options.input).resolve()
        if not source.exists():
            raise PeersError(f"{source}: no such folder or table")
        return source, source.name
    folder = work / "clips"
    folder.mkdir()
    run(child("corpus-clips", folder, options.clips, *sorted(environment.SPEECH.glob("*.wav"))))
    return folder, "clips of 1 to 4 s of the bundled speech"


def run_all(options: argparse.Namespace, work: Path) -> dict:
    precisions = choose_precisions(options.precisions)
    machine = environment.describe_machine()
    cli, model = environment.prepare(options, PACKAGES)
    folder = made_folder(options, work)
    models = {precision: packed(cli, model, precision, folder) for precision in precisions}
    source, name = make_corpus(options, work)
    facts = last_object(run(child("corpus-tables", source, work, options.window)).output)
    embedding, heads = find_outputs(cli, model)
    outputs = [embedding, *heads]
    # Every process from here on has these cores and no others.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
    agreement = []
    for table in facts.pop("tables"):
        task = task_for(table, outputs, options)
        agreement += compare(task, table, cli, models, model, options.cores, work)
    throughput = []
    if options.rounds:
        task, forms = Task(work / "whole.csv", heads), forms_of_ours(model, models)
        throughput = measure(contestants(task, options.cores, cli, forms, model, work), options.rounds)
    versions = last_object(run(child("versions", *VERSIONS)).output)
    return {
        "machine": machine,
        "versions": {**versions, "emotion-cli": environment.our_version(cli)},
        "model": {"name": model.name, "bytes": model.stat().st_size},
        "corpus": name,
        **facts,
        "window": options.window,
        "hop": options.hop,
        "rounds": options.rounds,
        "cores": options.cores,
        "outputs": outputs,
        "agreement": agreement,
        "throughput": throughput,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, stop)
    try:
        options = parse_arguments(arguments)
        with tempfile.TemporaryDirectory(prefix="corpus-") as work:
            results = run_all(options, Path(work))
        folder = Path(options.output or environment.PROJECT / ".build/corpus")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "corpus.json").write_text(json.dumps(results, indent=1) + "\n")
        (folder / "corpus.md").write_text(corpus_report.markdown(results))
        print(corpus_report.markdown(results), end="")
        failures = corpus_report.disagreements(results["agreement"])
        for failure in failures:
            print(f"corpus: error: {failure}", file=sys.stderr)
        return 1 if failures else 0
    except (PeersError, OSError) as error:
        print(f"corpus: error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
