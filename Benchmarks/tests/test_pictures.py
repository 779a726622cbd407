"""Tests the picture of error against time: where its labels are, and what is on its axes."""
import importlib.util
import itertools
import sys
import tempfile
import unittest
from pathlib import Path

from peers_lib.environment import BENCHMARKS

HAS_MATPLOTLIB = all(importlib.util.find_spec(package) for package in ("matplotlib", "numpy"))

# Label, ms, rms, and whether it is held to fewer instructions; five of them are close together.
ENGINES = {
    "onnxruntime": ("ONNX Runtime", 565, 1.0e-6, None),
    "openvino-f32": ("OpenVINO f32", 570, 1.1e-6, None),
    "torch": ("PyTorch", 640, 9e-7, None),
    "emotion-cli-float32": ("emotion-cli float32", 560, 6.9e-7, None),
    "openvino-avx2": ("OpenVINO f32, AVX2", 575, 1.1e-6, "avx2"),
    "emotion-cli-int8": ("emotion-cli int8", 150, 2e-3, None),
}


def results() -> dict:
    engines = {
        name: {"label": label, "precision": "", "instructions": held} for name, (label, _, _, held) in ENGINES.items()
    }
    errors = {name: {"hidden_states": {"rms": rms}} for name, (_, _, rms, _) in ENGINES.items()}
    times = {name: {"median_ms": milliseconds} for name, (_, milliseconds, _, _) in ENGINES.items()}
    cells = [{"seconds": 5, "threads": 1, "engines": times}]
    return {"engines": engines, "cells": cells, "parity": {"engines": errors}}


@unittest.skipUnless(HAS_MATPLOTLIB, "needs the environment of Benchmarks/peers")
class PrecisionPlot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sys.path.insert(0, str(BENCHMARKS / "peers_lib"))

    def test_no_label_is_on_another_or_on_a_point(self):
        import matplotlib.pyplot as plt
        from matplotlib.text import Text

        from labels import overlap, place

        figure, axes = plt.subplots()
        axes.set(xscale="log", yscale="log", xlim=(100, 1000), ylim=(1e-7, 1e-2))
        points = [(label, x, y) for label, x, y, _ in ENGINES.values()]
        boxes = place(axes, points)
        figure.draw_without_rendering()
        self.assertEqual([text.get_text() for text in axes.texts], [label for label, *_ in points])
        for first, second in itertools.combinations(boxes.values(), 2):
            self.assertFalse(overlap(first, second))
        scale = 72 / figure.dpi
        for text, (label, x, y) in itertools.product(axes.texts, points):
            left, bottom, right, top = (scale * edge for edge in Text.get_window_extent(text).extents)
            across, up = scale * axes.transData.transform((x, y))
            self.assertFalse(left < across < right and bottom < up < top, f"{text.get_text()} on {label}")
        plt.close(figure)

    def test_the_picture_names_every_engine_and_is_the_same_each_time(self):
        from precision_plot import draw

        with tempfile.TemporaryDirectory() as folder:
            pictures = [Path(folder) / name for name in ("first.svg", "second.svg", "first.png")]
            draw(results(), pictures[:1])
            draw(results(), pictures[1:])
            first, second = (picture.read_text() for picture in pictures[:2])
            self.assertEqual(first, second)
            self.assertTrue(pictures[2].stat().st_size)
        for label, *_ in ENGINES.values():
            self.assertIn(f">{label}<", first)
        self.assertIn("5 s of audio on 1 thread", first)

    def test_powers_of_ten(self):
        from precision_plot import power_of_ten

        self.assertEqual([power_of_ten(tick) for tick in (1e-6, 1e-10, 1.0, 100.0)], ["10⁻⁶", "10⁻¹⁰", "10⁰", "10²"])


if __name__ == "__main__":
    unittest.main()
