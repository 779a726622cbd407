"""The results as Markdown."""
from collections.abc import Sequence

from .cells import best_float32, is_ours, peak_share, time, typical_cell
from .formats import error, number, plural, table


def cell_title(cell: dict) -> str:
    return f"{cell['seconds']:g} s, {plural(cell['threads'], 'thread')}"


def time_table(results: dict) -> str:
    engines, cells = results["engines"], results["cells"]
    best = [best_float32(cell, engines) for cell in cells]
    rows = []
    for name, engine in engines.items():
        times = [number(time(cell, name)) for cell in cells]
        shown = [f"**{text}**" if name == fastest else text for text, fastest in zip(times, best)]
        rows.append([engine["label"], *shown])
    return table(["engine", *map(cell_title, cells)], rows)


def ratio_rows(results: dict) -> list[list[str]]:
    """What is compared, and where emotion-cli tells it, the share of the machine's float32 peak."""
    cells = results["cells"]
    rows = [[name, *(number(cell["ratios"][name]) for cell in cells)] for name in cells[0]["ratios"]]
    for name, engine in results["engines"].items():
        if is_ours(name) and engine["precision"] == "float32":
            shares = [peak_share(cell, name) for cell in cells]
            if any(shares):
                rows.append([f"{engine['label']}, share of peak", *map(percent, shares)])
    return rows


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def ratio_table(results: dict) -> str:
    return table(["time to time", *map(cell_title, results["cells"])], ratio_rows(results))


def parity_table(results: dict) -> str:
    parity, cell = results["parity"], typical_cell(results["cells"])
    names = parity["outputs"]
    header = ["engine", f"{cell_title(cell)}, ms"]
    header += [f"{name}, largest" for name in names] + [f"{name}, rms" for name in names]
    rows = []
    for name, engine in results["engines"].items():
        errors = parity["engines"][name]
        largest = [error(errors[output]["largest"]) for output in names]
        typical = [error(errors[output]["rms"]) for output in names]
        rows.append([engine["label"], number(time(cell, name)), *largest, *typical])
    return table(header, rows)


def start_table(results: dict) -> str:
    header = ["engine", "1 s clip, process start to answer, s", "load and first answer of 1 s alone, s"]
    header += ["5 s clip, peak memory, MB"]
    rows = []
    for row in results["start"]["rows"]:
        first_answer = f"{row['first_answer_ms'] / 1e3:.2f}"
        rows.append([row["label"], f"{row['wall_s']:.2f}", first_answer, f"{row['peak_rss_mb']:.0f}"])
    return table(header, rows)


def setting(results: dict) -> list[str]:
    """The machine, then what ran on it."""
    machine = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    return [
        f"{machine['cpu']}; {plural(machine['cores'], 'core')}; {machine['memory_gb']:g} GB; {machine['system']}; "
        f"{machine['date']}; load average at the start {machine['load_average']:g}.\n",
        f"{versions}. Model: {results['model']['name']}, {results['model']['bytes']:,} bytes.",
    ]


def time_parts(results: dict) -> Sequence[str]:
    parts = [
        "## Time\n",
        f"Warm inference in ms: median over {plural(results['rounds'], 'round')} of the medians in one process each, "
        "the engines in turn. Best float32 peer in bold.\n",
        time_table(results),
    ]
    return [*parts, ratio_table(results)] if ratio_rows(results) else parts


def markdown(results: dict) -> str:
    machine, software = setting(results)
    parts = [machine, f"{software}\n", *time_parts(results)]
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
