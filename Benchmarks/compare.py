#!/usr/bin/env python3
"""Time emotion-cli against ONNX Runtime on one model, and measure how far each is from float64.

    pip install onnxruntime numpy
    python3 Benchmarks/compare.py MODEL.onnx [--golden GOLDEN.npz] [--seconds 1,5,20] [--threads 1,2] [--rounds 3]

The two are timed in turn, round by round, one process each, so that their ratio holds on a machine whose speed drifts;
the figures are medians over the rounds of the medians in each process. A golden has, for each signal NAME,
NAME/signal float32 [1, samples] and NAME/<output> float64.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
CLI = HERE.parent / ".build/release/emotion-cli"


def open_session(model, threads):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads, options.log_severity_level = threads, 1, 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def time_onnxruntime(model, seconds, threads):
    """The median of a few warm runs, in milliseconds."""
    session = open_session(model, threads)
    name = session.get_inputs()[0].name
    noise = np.random.default_rng(1).standard_normal((1, int(16000 * seconds))).astype(np.float32)
    session.run(None, {name: noise})
    times = []
    for _ in range(5):
        start = time.perf_counter()
        session.run(None, {name: noise})
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def measure(command):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"compare.py: error: {command[0]} failed: {result.stderr.strip()}")
    return json.loads(result.stdout.strip().splitlines()[-1])["median_ms"]


def compare_times(model, seconds, threads, rounds):
    ours, theirs = [], []
    for _ in range(rounds):
        theirs.append(measure([sys.executable, __file__, model, "--child", f"{seconds},{threads}"]))
        ours.append(measure([HERE / "emotion-cli-median", model, seconds, threads]))
    ours, theirs = statistics.median(ours), statistics.median(theirs)
    print(f"| {seconds:g} s | {threads} | {theirs:.0f} | {ours:.0f} | {ours / theirs:.2f} |", flush=True)


def compare_errors(model, golden):
    golden = np.load(golden)
    session = open_session(model, 1)
    outputs = [output.name for output in session.get_outputs()]
    signals = sorted({key.split("/")[0] for key in golden.files if key.endswith("/signal")})
    theirs = {name: session.run(None, {session.get_inputs()[0].name: golden[f"{name}/signal"]}) for name in signals}
    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{folder}/{index}.npy" for index, _ in enumerate(signals)]
        for path, name in zip(paths, signals):
            np.save(path, golden[f"{name}/signal"][0])
        subprocess.run([CLI, "predict", "--model", model, "--outputs", ",".join(outputs), "--output",
                        f"{folder}/out.npz", *paths], check=True)
        ours = dict(np.load(f"{folder}/out.npz"))
    print("\n| output | largest error, ONNX Runtime | emotion-cli | root mean square, ONNX Runtime | emotion-cli |")
    print("| --- | --- | --- | --- | --- |")
    for index, output in enumerate(outputs):
        truth = [golden[f"{name}/{output}"][0] for name in signals]
        errors = [np.concatenate([theirs[name][index][0] - exact for name, exact in zip(signals, truth)]),
                  np.concatenate([row - exact for row, exact in zip(ours[output], truth)])]
        largest = [f"{np.abs(error).max():.2e}" for error in errors]
        typical = [f"{np.sqrt(np.mean(error ** 2)):.2e}" for error in errors]
        print(f"| {output} | {' | '.join(largest)} | {' | '.join(typical)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--golden")
    parser.add_argument("--seconds", default="1,5,20")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        seconds, threads = arguments.child.split(",")
        print(json.dumps({"median_ms": time_onnxruntime(arguments.model, float(seconds), int(threads))}))
        return
    print("| audio | threads | ONNX Runtime, ms | emotion-cli, ms | ratio |\n| --- | --- | --- | --- | --- |")
    for seconds in map(float, filter(None, arguments.seconds.split(","))):
        for threads in map(int, arguments.threads.split(",")):
            compare_times(arguments.model, seconds, threads, arguments.rounds)
    if arguments.golden:
        compare_errors(arguments.model, arguments.golden)


if __name__ == "__main__":
    main()
