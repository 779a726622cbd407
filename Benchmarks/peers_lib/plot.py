"""The times as a picture: a panel for each length of audio and number of threads, a bar for each engine."""
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from cells import is_ours
from formats import number, plural
from style import FLOAT32_PEER, LOWER_PRECISION_PEER, OUR_COLOUR, STYLE, save

# Sizes in inches, but for ROOM_FOR_NUMBERS, which is relative to the longest bar.
PANEL_WIDTH = 3.0
ROOM_FOR_LABELS = 1.6
BAR_HEIGHT = 0.34
ROOM_FOR_TITLES = 0.85
ROOM_FOR_NUMBERS = 1.28
PADDING = 0.1


def draw(results: dict, pictures: list[Path]) -> None:
    plt.rcParams.update(STYLE)
    cells = results["cells"]
    durations = sorted({cell["seconds"] for cell in cells})
    threads = sorted({cell["threads"] for cell in cells})
    bars = len(results["engines"])
    size = (ROOM_FOR_LABELS + PANEL_WIDTH * len(durations), len(threads) * (BAR_HEIGHT * bars + ROOM_FOR_TITLES) + 0.4)
    figure, panels = plt.subplots(len(threads), len(durations), figsize=size, squeeze=False, layout="constrained")
    figure.get_layout_engine().set(w_pad=PADDING, h_pad=PADDING)
    for cell in cells:
        column, row = durations.index(cell["seconds"]), threads.index(cell["threads"])
        draw_cell(panels[row][column], cell, results["engines"], names=column == 0, unit=row == len(threads) - 1)
    save(figure, pictures)


def draw_cell(panel: Axes, cell: dict, engines: dict, names: bool, unit: bool) -> None:
    times = [cell["engines"][name]["median_ms"] for name in engines]
    rows = list(range(len(engines)))
    drawn = panel.barh(rows, times, height=0.72, color=[colour(name, engines) for name in engines])
    panel.bar_label(drawn, [number(time) for time in times], padding=3)
    panel.set_title(f"{cell['seconds']:g} s of audio, {plural(cell['threads'], 'thread')}", fontsize=9)
    panel.set_yticks(rows, [engine["label"] for engine in engines.values()] if names else [])
    panel.invert_yaxis()
    panel.set_xlim(0, max(times) * ROOM_FOR_NUMBERS)
    panel.locator_params(axis="x", nbins=4)
    panel.tick_params(axis="y", length=0)
    panel.spines[["top", "right"]].set_visible(False)
    if unit:
        panel.set_xlabel("time of one inference, ms")


def colour(name: str, engines: dict) -> str:
    if is_ours(name):
        return OUR_COLOUR
    return FLOAT32_PEER if engines[name]["precision"] == "float32" else LOWER_PRECISION_PEER
