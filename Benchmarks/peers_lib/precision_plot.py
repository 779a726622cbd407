"""Error against time as a picture: a labelled point for each engine and precision, both axes logarithmic."""
import math
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

from cells import is_ours, time, typical_cell
from formats import plural
from labels import place
from parity import EMBEDDING
from style import FLOAT32_PEER, OUR_COLOUR, STYLE, save

SIZE = (7.6, 4.4)  # Inches.
MARKER_SIZE = 7
# What is left free beside the outermost points, as a factor: on the left, on the right, below and above.
ROOM = (1.35, 1.55, 3.0, 2.2)
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def draw(results: dict, pictures: list[Path]) -> None:
    plt.rcParams.update(STYLE)
    figure, axes = plt.subplots(figsize=SIZE, layout="constrained")
    cell = typical_cell(results["cells"])
    points = find_points(results, cell)
    for label, x, y, ours, held in points:
        colour = OUR_COLOUR if ours else FLOAT32_PEER
        marker, face = "o" if ours else "s", "none" if held else colour
        axes.plot(x, y, marker, markersize=MARKER_SIZE, color=colour, markerfacecolor=face, markeredgewidth=1.5)
    set_axes(axes, cell, [x for _, x, *_ in points], [y for _, _, y, *_ in points])
    place(axes, [(label, x, y) for label, x, y, *_ in points])
    save(figure, pictures)


def find_points(results: dict, cell: dict) -> list[tuple[str, float, float, bool, bool]]:
    """Label, milliseconds, error, whether it is ours, and whether it is held to fewer instructions than there are."""
    errors = results["parity"]["engines"]
    return [
        (engine["label"], time(cell, name), errors[name][EMBEDDING]["rms"], is_ours(name), bool(engine["instructions"]))
        for name, engine in results["engines"].items()
    ]


def set_axes(axes: Axes, cell: dict, times: list[float], errors: list[float]) -> None:
    axes.set(xscale="log", yscale="log")
    left, right, below, above = ROOM
    axes.set_xlim(min(times) / left, max(times) * right)
    axes.set_ylim(min(errors) / below, max(errors) * above)
    low, high = axes.get_xlim()
    ticks = [digit * 10**power for power in range(-1, 6) for digit in (1, 2, 3, 5)]
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if low <= tick <= high]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:g}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda tick, _: power_of_ten(tick)))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_formatter(NullFormatter())
    axes.minorticks_off()
    axes.grid(alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title("further left is faster, further down is more exact", loc="left", fontsize=9)
    audio = f"{cell['seconds']:g} s of audio on {plural(cell['threads'], 'thread')}"
    axes.set_xlabel(f"time of one inference of {audio}, ms")
    axes.set_ylabel("error of the embedding: rms from float64")


def power_of_ten(tick: float) -> str:
    return "10" + str(round(math.log10(tick))).translate(SUPERSCRIPTS)
