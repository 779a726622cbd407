"""Measurements: one process each, the engines in turn, medians over the rounds."""
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .engines import Command, Engine
from .environment import progress
from .errors import PeersError


@dataclass(frozen=True)
class Finished:
    """A process that ended well."""

    output: str
    wall_s: float
    peak_rss_mb: float  # 10^6 bytes
    cpu_s: float = 0.0  # Of all its threads.


def run(command: Command) -> Finished:
    """Runs a command to its end. Its peak memory is what the kernel saw, from outside."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            lines = errors.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
            raise PeersError(f"{name_of(command)} failed with {process.returncode}: {lines[-1]}")
        output.seek(0)
        peak, cpu = usage.ru_maxrss * 1024 / 1e6, usage.ru_utime + usage.ru_stime
        return Finished(output.read().decode(), wall, peak, cpu)


def name_of(command: Command) -> str:
    """The program and its first arguments: of a Python script, the script's name and what it was asked."""
    words = command[1:] if command[0].endswith("python") else command
    return " ".join([Path(words[0]).name, *words[1:3]])


def last_object(output: str) -> dict:
    """The JSON object on the last line."""
    return json.loads(output.strip().splitlines()[-1])


def timing_in(finished: Finished) -> dict:
    """What a timing command printed, without the model's path, and its process's memory."""
    printed = last_object(finished.output)
    printed.pop("model", None)
    return {**printed, "peak_rss_mb": finished.peak_rss_mb}


def time_cell(engines: Sequence[Engine], seconds: float, threads: int, rounds: int) -> dict[str, object]:
    """Warm inference of a number of seconds of audio on a number of threads, for each engine."""
    measured: dict[str, list[dict[str, object]]] = {engine.name: [] for engine in engines}
    for number in range(rounds):
        for engine in engines:
            measured[engine.name].append(timing_in(run(engine.timing(seconds, threads))))
            milliseconds = measured[engine.name][-1]["median_ms"]
            progress(f"{seconds:g} s, threads {threads}, round {number + 1}: {engine.label} {milliseconds:.1f} ms")
    times = {name: {"median_ms": median_of(values, "median_ms"), "rounds": values} for name, values in measured.items()}
    return {"seconds": seconds, "threads": threads, "engines": times}


def median_of(measurements: Sequence[dict[str, object]], key: str) -> float:
    return statistics.median(float(measurement[key]) for measurement in measurements)


def time_start(
    engines: Sequence[tuple[str, Engine]], short_clip: Path, long_clip: Path, threads: int, rounds: int
) -> list[dict[str, object]]:
    """Of engines by label: from process start to printed answer for the short clip, from load to first answer without
    the rest of the process, and peak memory for the long clip."""
    measured: list[list[dict[str, float]]] = [[] for _ in engines]
    for _, engine in engines:
        run(engine.answer(short_clip, threads))  # Brings the files into the page cache.
    for number in range(rounds):
        for (label, engine), values in zip(engines, measured):
            wall = run(engine.answer(short_clip, threads)).wall_s
            peak = run(engine.answer(long_clip, threads)).peak_rss_mb
            first = last_object(run(engine.timing(1, threads)).output)["first_answer_ms"]
            values.append({"wall_s": wall, "first_answer_ms": first, "peak_rss_mb": peak})
            progress(f"start, round {number + 1}: {label} {wall:.2f} s, {peak:.0f} MB")
    return [
        {
            "engine": engine.name,
            "label": label,
            **{key: median_of(values, key) for key in values[0]},
            "rounds": values,
        }
        for (label, engine), values in zip(engines, measured)
    ]
