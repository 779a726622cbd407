"""A table of recordings scored by audonnx in audinterface, and two results compared."""
import json
import time

import numpy as np

RATE = 16_000


def silence() -> np.ndarray:
    return np.zeros((1, RATE), dtype=np.float32)


def score(model: str, table: str, outputs: str, window: str, hop: str, workers: str, threads: str, result: str) -> None:
    """Writes a .npz of files, start and end (seconds) and the outputs, [rows, n]. A window of 0 is none."""
    begin = time.perf_counter()
    import audformat
    import audinterface
    import audonnx

    network = audonnx.Model(model, num_workers=int(threads))
    names = outputs.split(",")

    def scores(signal: np.ndarray, rate: int) -> np.ndarray:
        # audonnx itself joins outputs only where the file gives their sizes.
        values = network(signal, rate, outputs=names)
        return np.concatenate([values[name] for name in names], axis=-1)

    widths = {name: values.shape[-1] for name, values in network(silence(), RATE, outputs=names).items()}
    feature = audinterface.Feature(
        [f"{name}-{number}" for name, width in widths.items() for number in range(width)],
        process_func=scores,
        sampling_rate=RATE,
        resample=True,
        channels=0,  # mixdown=True alone takes the first channel too; emotion-cli gets --channel 1
        win_dur=float(window) or None,
        hop_dur=float(hop) or None,
        num_workers=int(workers),
    )
    index = audformat.utils.read_csv(table)
    ready = time.perf_counter()
    frame = feature.process_index(index)
    done = time.perf_counter()
    write(result, frame, widths)
    print(json.dumps({"start_s": ready - begin, "process_s": done - ready, "rows": len(frame)}))


def write(result: str, frame, widths: dict[str, int]) -> None:
    edges = np.cumsum([0, *widths.values()])
    values = frame.to_numpy(dtype=np.float32)
    arrays = {name: values[:, edges[place] : edges[place + 1]] for place, name in enumerate(widths)}
    times = {level: frame.index.get_level_values(level).total_seconds().to_numpy() for level in ("start", "end")}
    np.savez(result, files=frame.index.get_level_values("file").to_numpy(dtype=str), **times, **arrays)


def compare(ours: str, theirs: str, outputs: str) -> None:
    """Prints the largest differences of times and outputs between emotion-cli's .npz and one that `score` wrote. They
    are to have the same rows in the same order."""
    first, second = np.load(ours), np.load(theirs)
    if list(first["file"]) != list(second["files"]):
        counts = f"{len(first['file'])} rows of emotion-cli, {len(second['files'])} of audinterface"
        print(json.dumps({"error": f"{counts}, or not of the same files"}))
        return
    times = max((np.abs(first[level] - second[level]).max() for level in ("start", "end")), default=0.0)
    values = {name: float(np.abs(first[name] - second[name]).max()) for name in outputs.split(",")}
    print(json.dumps({"rows": len(first["file"]), "times": float(times), "outputs": values}))
