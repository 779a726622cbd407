"""Tests what needs nothing but Python: tables, ratios, versions, choices."""
import unittest

from peers_lib import environment, report
from peers_lib.command import check_truth, parse_arguments
from peers_lib.engines import choose
from peers_lib.errors import PeersError

ENGINES = {
    "onnxruntime": {"label": "ONNX Runtime", "float32": True},
    "openvino-f32": {"label": "OpenVINO f32", "float32": True},
    "openvino-bf16": {"label": "OpenVINO bf16", "float32": False},
    "emotion-cli": {"label": "emotion-cli", "float32": True},
}


def cell(seconds: float, threads: int, **times: float) -> dict:
    named = {name.replace("_", "-"): {"median_ms": time, "rounds": [{}]} for name, time in times.items()}
    return {"seconds": seconds, "threads": threads, "engines": named}


FIVE_SECONDS = cell(5, 1, onnxruntime=565, openvino_f32=570.4, openvino_bf16=312, emotion_cli=400)


class Ratios(unittest.TestCase):
    def test_best_peer_is_float32_and_not_ours(self):
        self.assertEqual(report.best_float32(FIVE_SECONDS, ENGINES), "onnxruntime")

    def test_ratio_is_ours_over_the_best(self):
        self.assertAlmostEqual(report.ratio(FIVE_SECONDS, ENGINES), 400 / 565)

    def test_no_float32_peer_no_ratio(self):
        alone = cell(1, 1, openvino_bf16=60, emotion_cli=80)
        self.assertIsNone(report.best_float32(alone, ENGINES))
        self.assertIsNone(report.ratio(alone, ENGINES))


class Numbers(unittest.TestCase):
    def test_significant_digits(self):
        for value, text in [(0.708, "0.708"), (1.549, "1.55"), (35.12, "35.1"), (124.4, "124"), (2660.4, "2660")]:
            self.assertEqual(report.number(value), text)
        self.assertEqual(report.number(None), "–")

    def test_errors(self):
        self.assertEqual(report.error(1.23e-6), "1.2e-6")
        self.assertEqual(report.error(0), "0.0")
        self.assertEqual(report.error(3e-12), "3.0e-12")


class Tables(unittest.TestCase):
    def test_time_table_marks_the_best_float32_peer(self):
        lines = report.time_table({"engines": ENGINES, "cells": [FIVE_SECONDS]}).splitlines()
        self.assertEqual(len(lines), 3)
        self.assertEqual(lines[2], "| 5 s | 1 | **565** | 570 | 312 | 400 | 0.708 |")

    def test_share_of_peak_is_shown_where_it_is_known(self):
        known = cell(5, 1, onnxruntime=565, openvino_f32=570, openvino_bf16=312, emotion_cli=400)
        known["engines"]["emotion-cli"]["rounds"] = [{"peak_share": share} for share in (0.9, 0.86, 0.7)]
        lines = report.time_table({"engines": ENGINES, "cells": [known]}).splitlines()
        self.assertTrue(lines[0].endswith("| share of peak |"))
        self.assertTrue(lines[2].endswith("| 86 % |"))

    def test_every_row_has_as_many_columns_as_the_header(self):
        errors = {"logits": {"largest": 1e-6, "rms": 1e-7}}
        parity = {"outputs": ["logits"], "engines": {name: errors for name in ENGINES}}
        row = {"label": "ONNX Runtime", "wall_s": 1.5, "first_answer_ms": 1100.0, "peak_rss_mb": 1770.2}
        start = {"threads": 2, "rows": [row]}
        results = {"engines": ENGINES, "cells": [FIVE_SECONDS], "parity": parity, "start": start}
        for table in (report.time_table(results), report.parity_table(results), report.start_table(results)):
            self.assertEqual(len({line.count("|") for line in table.splitlines()}), 1)

    def test_parity_stands_beside_the_time_nearest_to_5_seconds_on_one_thread(self):
        cells = [cell(1, 1), cell(5, 2), cell(5, 1), cell(20, 1)]
        self.assertIs(report.typical_cell(cells), cells[2])


class Environment(unittest.TestCase):
    def test_pinned_versions(self):
        text = "# a comment\nnumpy==2.4.6\ntorch==2.13.0  # the CPU's\n\n"
        self.assertEqual(environment.pinned_versions(text), {"numpy": "2.4.6", "torch": "2.13.0"})

    def test_every_requirement_is_pinned(self):
        pinned = environment.pinned_versions(environment.REQUIREMENTS.read_text())
        for peer in choose("onnxruntime,openvino-f32,torch"):
            self.assertLessEqual(set(peer.requirements), set(pinned))

    def test_outdated_ignores_build_tags(self):
        pinned = {"numpy": "2.4.6", "torch": "2.13.0", "onnx": "1.23.2"}
        installed = {"torch": "2.13.0+cpu", "onnx": "1.20.0"}
        self.assertEqual(environment.outdated(pinned, pinned, installed), ["numpy", "onnx"])


class Options(unittest.TestCase):
    def test_engines_come_in_the_order_of_the_table(self):
        self.assertEqual([peer.name for peer in choose("torch, onnxruntime")], ["onnxruntime", "torch"])

    def test_unknown_engine_is_refused(self):
        with self.assertRaisesRegex(PeersError, "no engine is called tflite; there are onnxruntime"):
            choose("onnxruntime,tflite")

    def test_quick_takes_the_tiny_model_but_not_over_a_named_one(self):
        quick = parse_arguments(["--quick"])
        self.assertEqual((quick.model, quick.seconds, quick.rounds), (str(environment.TINY_MODEL), [1.0], 1))
        self.assertEqual(parse_arguments(["--quick", "other.onnx"]).model, "other.onnx")


class Truth(unittest.TestCase):
    def test_a_truth_that_no_engine_agrees_with_is_refused(self):
        near, far = {"logits": {"relative": 1e-6}}, {"logits": {"relative": 0.2}}
        check_truth({"onnxruntime": near, "emotion-cli": far}, {"onnxruntime", "emotion-cli"})
        with self.assertRaisesRegex(PeersError, "doesn't belong to this model"):
            check_truth({"onnxruntime": far, "emotion-cli": far}, {"onnxruntime", "emotion-cli"})


if __name__ == "__main__":
    unittest.main()
