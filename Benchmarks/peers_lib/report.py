"""The results as Markdown."""
from collections.abc import Sequence

OURS = "emotion-cli"


def best_float32(cell: dict, engines: dict) -> str | None:
    """The fastest of the peers that compute in float32."""
    peers = [name for name in cell["engines"] if name != OURS and engines[name]["float32"]]
    return min(peers, key=lambda name: cell["engines"][name]["median_ms"], default=None)


def ratio(cell: dict, engines: dict) -> float | None:
    """Our time over the best float32 peer's."""
    best = best_float32(cell, engines)
    return cell["engines"][OURS]["median_ms"] / cell["engines"][best]["median_ms"] if best else None


def number(value: float | None, digits: int = 3) -> str:
    """So many significant digits, never an exponent, and all digits before the point."""
    if value is None:
        return "–"
    before_point = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    return f"{value:.{max(0, digits - before_point)}f}"


def error(value: float) -> str:
    return f"{value:.1e}".replace("e-0", "e-").replace("e+00", "")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def time_table(results: dict) -> str:
    engines = results["engines"]
    shares = any("peak_share" in measurement for cell in results["cells"] for measurement in our_rounds(cell))
    header = ["audio", "threads", *(engine["label"] for engine in engines.values()), "ratio to the best float32 peer"]
    rows = []
    for cell in results["cells"]:
        best = best_float32(cell, engines)
        times = {name: number(cell["engines"][name]["median_ms"]) for name in engines}
        shown = [f"**{times[name]}**" if name == best else times[name] for name in engines]
        rows.append([f"{cell['seconds']:g} s", str(cell["threads"]), *shown, number(ratio(cell, engines))])
        if shares:
            rows[-1].append(peak_share(cell))
    return table([*header, "share of peak"] if shares else header, rows)


def our_rounds(cell: dict) -> list[dict]:
    return cell["engines"][OURS]["rounds"]


def peak_share(cell: dict) -> str:
    """The median over the rounds of the share of the machine's peak that emotion-cli says it reached."""
    shares = sorted(measurement["peak_share"] for measurement in our_rounds(cell) if "peak_share" in measurement)
    return f"{100 * shares[len(shares) // 2]:.0f} %" if shares else "–"


def typical_cell(cells: Sequence[dict]) -> dict:
    """The cell whose times stand beside the errors: that nearest to 5 s on one thread."""
    return min(cells, key=lambda cell: (abs(cell["seconds"] - 5), cell["threads"]))


def parity_table(results: dict) -> str:
    parity, cell = results["parity"], typical_cell(results["cells"])
    names = parity["outputs"]
    header = ["engine", f"{cell['seconds']:g} s, {plural(cell['threads'], 'thread')}, ms"]
    header += [f"{name}, largest" for name in names] + [f"{name}, rms" for name in names]
    rows = []
    for name, engine in results["engines"].items():
        errors = parity["engines"][name]
        largest = [error(errors[output]["largest"]) for output in names]
        typical = [error(errors[output]["rms"]) for output in names]
        rows.append([engine["label"], number(cell["engines"][name]["median_ms"]), *largest, *typical])
    return table(header, rows)


def start_table(results: dict) -> str:
    header = ["engine", "1 s clip, process start to answer, s", "load and first answer of 1 s alone, s"]
    header += ["5 s clip, peak memory, MB"]
    rows = []
    for row in results["start"]["rows"]:
        first_answer = f"{row['first_answer_ms'] / 1e3:.2f}"
        rows.append([row["label"], f"{row['wall_s']:.2f}", first_answer, f"{row['peak_rss_mb']:.0f}"])
    return table(header, rows)


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def setting(results: dict) -> list[str]:
    """The machine, then what ran on it."""
    machine = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    return [
        f"{machine['cpu']}; {plural(machine['cores'], 'core')}; {machine['memory_gb']:g} GB; {machine['system']}; "
        f"{machine['date']}; load average at the start {machine['load_average']:g}.\n",
        f"{versions}. Model: {results['model']['name']}, {results['model']['bytes']:,} bytes.",
    ]


def markdown(results: dict) -> str:
    rounds = results["rounds"]
    machine, software = setting(results)
    parts = [
        machine,
        f"{software}\n",
        "## Time\n",
        f"Warm inference in ms: median over {plural(rounds, 'round')} of the medians in one process each, the engines "
        "in turn. Best float32 peer in bold.\n",
        time_table(results),
    ]
    if parity := results.get("parity"):
        parts += [
            "## Distance from float64\n",
            f"Over {', '.join(parity['signals'])}; truth is {parity['truth']}.\n",
            parity_table(results),
        ]
    if start := results.get("start"):
        parts += [
            "## Start and memory\n",
            f"Whole processes on {plural(start['threads'], 'thread')}, files in the page cache; a library's process is "
            "Python with nothing but that library and NumPy.\n",
            start_table(results),
        ]
    return "\n".join(parts)
