"""What runs in a process of its own, in the environment with the peers: `child.py COMMAND ARGUMENT…`."""
import importlib.metadata
import json
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np

import parity
from sessions import open_session

FEWEST_RUNS = 3
MOST_RUNS = 40
LEAST_BUDGET_S = 4.0
BUDGET_PER_SECOND_OF_AUDIO_S = 0.45


def time_engine(engine: str, model: str, seconds: str, threads: str) -> None:
    """Warm inference of noise: at least three runs, then as many as a few seconds allow."""
    start = time.perf_counter()
    signal = parity.noise(float(seconds))[np.newaxis]
    session = open_session(engine, model, int(threads))
    session.run(signal)
    first_answer = (time.perf_counter() - start) * 1e3
    times: list[float] = []
    stop = time.perf_counter() + max(LEAST_BUDGET_S, BUDGET_PER_SECOND_OF_AUDIO_S * float(seconds))
    while len(times) < FEWEST_RUNS or (time.perf_counter() < stop and len(times) < MOST_RUNS):
        before = time.perf_counter()
        session.run(signal)
        times.append((time.perf_counter() - before) * 1e3)
    result = {"median_ms": statistics.median(times), "minimum_ms": min(times), "runs": len(times)}
    print(json.dumps({**result, "first_answer_ms": first_answer}))


def answer(engine: str, model: str, clip: str, threads: str) -> None:
    """What a user's script does for one file."""
    outputs = open_session(engine, model, int(threads)).run(parity.read_wav(Path(clip))[np.newaxis])
    print(json.dumps({name: row[0].tolist() for name, row in outputs.items() if name.startswith("logits")}))


def outputs(engine: str, model: str, signals: str, threads: str, result: str) -> None:
    session = open_session(engine, model, int(threads))
    rows = [session.run(signal) for signal in parity.read_signals(Path(signals))]
    np.savez(result, **{name: np.concatenate([row[name] for row in rows]) for name in rows[0]})


def make(form: str, model: str, result: str, *speech: str) -> None:
    from forms import FORMS

    FORMS[form](model, result, [Path(path) for path in speech])


def signals(folder: str, *speech: str) -> None:
    parity.write_signals(Path(folder), [Path(path) for path in speech])


def golden(path: str, folder: str, truth: str) -> None:
    parity.unpack_golden(Path(path), Path(folder), Path(truth))


def truth(model: str, folder: str, result: str) -> None:
    np.savez(result, **parity.compute_truth(model, parity.read_signals(Path(folder))))


def output_names(truth: str) -> None:
    print(json.dumps(list(np.load(truth).files)))


def errors(truth: str, result: str) -> None:
    print(json.dumps(parity.errors(dict(np.load(truth)), dict(np.load(result)))))


def states(*arguments: str) -> None:
    import states

    states.write(*arguments)


def versions(*packages: str) -> None:
    print(json.dumps({package: importlib.metadata.version(package) for package in packages}))


def plot(report: str, *pictures: str) -> None:
    from plot import draw

    draw(json.loads(Path(report).read_text()), [Path(picture) for picture in pictures])


def plot_precision(report: str, *pictures: str) -> None:
    from precision_plot import draw

    draw(json.loads(Path(report).read_text()), [Path(picture) for picture in pictures])


def corpus_clips(folder: str, count: str, *sources: str) -> None:
    from corpus_inputs import cut_clips

    cut_clips(Path(folder), int(count), [Path(source) for source in sources])


def corpus_tables(*arguments: str) -> None:
    from corpus_inputs import write_tables

    write_tables(*arguments)


def corpus_score(*arguments: str) -> None:
    from corpus_scores import score

    score(*arguments)


def corpus_compare(*arguments: str) -> None:
    from corpus_scores import compare

    compare(*arguments)


COMMANDS = {
    "time": time_engine,
    "answer": answer,
    "outputs": outputs,
    "make": make,
    "signals": signals,
    "golden": golden,
    "truth": truth,
    "output-names": output_names,
    "errors": errors,
    "states": states,
    "versions": versions,
    "plot": plot,
    "plot-precision": plot_precision,
    "corpus-clips": corpus_clips,
    "corpus-tables": corpus_tables,
    "corpus-score": corpus_score,
    "corpus-compare": corpus_compare,
}

if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # transformers is to look nothing up.
    os.environ.setdefault("NNCF_CI", "1")  # NNCF is to report nothing.
    COMMANDS[sys.argv[1]](*sys.argv[2:])
