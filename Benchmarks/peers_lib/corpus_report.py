"""What was found on a corpus, as Markdown."""
import math

from .formats import error, number, plural, table
from .report import setting

# Asked of float32: the same network on the same samples; then on samples of two different resamplers.
SAME_SAMPLES = 1e-5
OTHER_RESAMPLER = 5e-3
# Of the rows' times, in seconds: audinterface moves them by up to a sample of the file, whose rate may be 8 kHz.
SAME_TIME = 1 / 8_000

WAYS = {"whole": "recordings as they are", "windows": "windows", "segments": "random segments"}


def limit(comparison: dict) -> float:
    """Without end for the other precisions, whose distance is shown alone."""
    if comparison["precision"] != "float32":
        return math.inf
    return SAME_SAMPLES if comparison["is_native"] else OTHER_RESAMPLER


def title(comparison: dict) -> list[str]:
    return [WAYS[comparison["way"]], "16 kHz" if comparison["is_native"] else "resampled", comparison["precision"]]


def disagreements(comparisons: list[dict]) -> list[str]:
    """A line for each comparison that is beyond its limit."""
    lines = []
    for comparison in comparisons:
        name = ", ".join(title(comparison))
        if "error" in comparison:
            lines.append(f"{name}: {comparison['error']}")
            continue
        for output, largest in comparison["outputs"].items():
            # A NaN is not agreement either.
            if not largest <= limit(comparison):
                lines.append(f"{name}: {output} differs by {error(largest)}, more than {error(limit(comparison))}")
        if not comparison["times"] <= SAME_TIME:
            lines.append(f"{name}: times differ by {error(comparison['times'])} s, more than a sample")
    return lines


def agreement_table(results: dict) -> str:
    outputs = results["outputs"]
    rows = []
    for comparison in results["agreement"]:
        found = ["–"] * (len(outputs) + 2)
        if "error" not in comparison:
            largest = [error(comparison["outputs"][name]) for name in outputs]
            found = [str(comparison["rows"]), *largest, f"{1e6 * comparison['times']:.1f}"]
        asked = limit(comparison)
        rows.append([*title(comparison), *found, error(asked) if math.isfinite(asked) else "–"])
    header = ["input", "rate", "emotion-cli", "rows", *(f"{name}, largest" for name in outputs), "times, µs", "asked"]
    return table(header, rows)


def best_peer(engines: list[dict]) -> dict:
    """The fastest configuration of the peer, by the time that it takes without its start."""
    return min((engine for engine in engines if engine["is_peer"]), key=lambda engine: engine["process_s"])


def speeds(engine: dict, seconds: float) -> tuple[float, float | None]:
    """Seconds of audio per second, of the whole process, and without its start where that is known."""
    process = engine.get("process_s")
    return seconds / engine["wall_s"], seconds / process if process else None


def ratios(results: dict) -> list[tuple[str, float, float]]:
    """For each of ours: how many times as fast as the best peer, process for process, and if the peer's start isn't
    counted but ours is."""
    seconds, best = results["seconds"], best_peer(results["throughput"])
    whole, alone = speeds(best, seconds)
    ours = {engine["label"]: speeds(engine, seconds)[0] for engine in results["throughput"] if not engine["is_peer"]}
    return [(label, speed / whole, speed / alone) for label, speed in ours.items()]


def throughput_table(results: dict) -> str:
    best = best_peer(results["throughput"])["label"]
    rows = []
    for engine in results["throughput"]:
        whole, alone = speeds(engine, results["seconds"])
        label = f"**{engine['label']}**" if engine["label"] == best else engine["label"]
        times = [f"{engine['wall_s']:.1f}", f"{engine['cpu_s']:.1f}"]
        rows.append([label, *times, number(whole), number(alone), f"{engine['peak_rss_mb']:.0f}"])
    header = ["engine", "whole process, s", "CPU time, s", "audio s per s", "audio s per s without its start"]
    return table([*header, "peak memory, MB"], rows)


def markdown(results: dict) -> str:
    rounds = results["rounds"]
    machine, software = setting(results)
    parts = [
        machine,
        f"{software} Corpus: {results['corpus']}, {plural(results['recordings'], 'recording')}, "
        f"{results['seconds']:.0f} s of audio.\n",
        "## Agreement\n",
        f"Largest differences between emotion-cli and audonnx in audinterface, which reads the same tables; windows of "
        f"{results['window']:g} s every {results['hop']:g} s.\n",
        agreement_table(results),
    ]
    if results["throughput"]:
        parts += [
            "## Throughput\n",
            f"All recordings as they are, the scores alone; median over {plural(rounds, 'round')}, the engines in "
            f"turn, each on {plural(results['cores'], 'core')}. Best peer in bold.\n",
            throughput_table(results),
            *(
                f"{label}: {whole:.2f} times as fast as the best peer, process for process; "
                f"{alone:.2f} times if the peer's start isn't counted.\n"
                for label, whole, alone in ratios(results)
            ),
        ]
    return "\n".join(parts)
