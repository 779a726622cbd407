"""Tests what a run says: ratios, numbers, tables."""
import unittest

from peers_lib import cells, formats, report

ENGINES = {
    "onnxruntime": {"label": "ONNX Runtime", "precision": "float32", "instructions": None},
    "openvino-f32": {"label": "OpenVINO f32", "precision": "float32", "instructions": None},
    "emotion-cli-float32": {"label": "emotion-cli float32", "precision": "float32", "instructions": None},
    "openvino-bf16": {"label": "OpenVINO bf16", "precision": "bf16", "instructions": None},
    "emotion-cli-int8": {"label": "emotion-cli int8", "precision": "int8", "instructions": None},
    "openvino-avx2": {"label": "OpenVINO f32, AVX2", "precision": "float32", "instructions": "avx2"},
    "emotion-cli-int16-avx2": {"label": "emotion-cli int16, AVX2", "precision": "int16", "instructions": "avx2"},
}


def cell(seconds: float, threads: int, **times: float) -> dict:
    named = {name.replace("_", "-"): {"median_ms": time, "rounds": [{}]} for name, time in times.items()}
    return {"seconds": seconds, "threads": threads, "engines": named}


def five_seconds() -> dict:
    found = cell(
        5,
        1,
        onnxruntime=565,
        openvino_f32=570.4,
        emotion_cli_float32=400,
        openvino_bf16=312,
        emotion_cli_int8=156,
        openvino_avx2=500,
        emotion_cli_int16_avx2=450,
    )
    return {**found, "ratios": cells.ratios(found, ENGINES)}


class Ratios(unittest.TestCase):
    def test_best_peer_is_float32_with_all_instructions_and_not_ours(self):
        self.assertEqual(cells.best_float32(five_seconds(), ENGINES), "onnxruntime")

    def test_ratios_are_ours_over_the_peers_as_far_as_both_were_measured(self):
        self.assertEqual(
            five_seconds()["ratios"],
            {
                "emotion-cli float32 to the best float32 peer": 400 / 565,
                "emotion-cli int8 to OpenVINO bf16": 0.5,
                "emotion-cli int16, AVX2 to OpenVINO f32, AVX2": 0.9,
            },
        )

    def test_no_float32_peer_no_ratio(self):
        names = ("openvino-bf16", "openvino-avx2", "emotion-cli-float32")
        engines = {name: ENGINES[name] for name in names}
        alone = cell(1, 1, openvino_bf16=60, openvino_avx2=100, emotion_cli_float32=80)
        self.assertIsNone(cells.best_float32(alone, engines))
        self.assertEqual(cells.ratios(alone, engines), {})

    def test_typical_is_the_cell_nearest_to_5_seconds_on_one_thread(self):
        several = [cell(1, 1), cell(5, 2), cell(5, 1), cell(20, 1)]
        self.assertIs(cells.typical_cell(several), several[2])


class Numbers(unittest.TestCase):
    def test_significant_digits(self):
        for value, text in [(0.708, "0.708"), (1.549, "1.55"), (35.12, "35.1"), (124.4, "124"), (2660.4, "2660")]:
            self.assertEqual(formats.number(value), text)
        self.assertEqual(formats.number(None), "–")

    def test_errors(self):
        self.assertEqual(formats.error(1.23e-6), "1.2e-6")
        self.assertEqual(formats.error(0), "0.0")
        self.assertEqual(formats.error(3e-12), "3.0e-12")


class Tables(unittest.TestCase):
    def test_time_table_has_a_row_for_each_engine_and_marks_the_best_float32_peer(self):
        lines = report.time_table({"engines": ENGINES, "cells": [five_seconds()]}).splitlines()
        self.assertEqual(lines[0], "| engine | 5 s, 1 thread |")
        self.assertEqual(lines[2:4], ["| ONNX Runtime | **565** |", "| OpenVINO f32 | 570 |"])
        self.assertEqual(len(lines), 2 + len(ENGINES))

    def test_share_of_peak_is_shown_where_it_is_known(self):
        known = five_seconds()
        known["engines"]["emotion-cli-float32"]["rounds"] = [{"peak_share": share} for share in (0.9, 0.86, 0.7)]
        lines = report.ratio_table({"engines": ENGINES, "cells": [known, five_seconds()]}).splitlines()
        self.assertEqual(lines[2], "| emotion-cli float32 to the best float32 peer | 0.708 | 0.708 |")
        self.assertEqual(lines[-1], "| emotion-cli float32, share of peak | 86 % | – |")

    def test_without_anything_to_compare_there_is_no_table_of_it(self):
        engines = {"openvino-bf16": ENGINES["openvino-bf16"]}
        alone = {**cell(1, 1, openvino_bf16=60), "ratios": {}}
        results = {"engines": engines, "cells": [alone], "rounds": 1}
        self.assertNotIn("time to time", "".join(report.time_parts(results)))

    def test_every_row_has_as_many_columns_as_the_header(self):
        errors = {"logits": {"largest": 1e-6, "rms": 1e-7}}
        parity = {"outputs": ["logits"], "engines": {name: errors for name in ENGINES}}
        row = {"label": "ONNX Runtime", "wall_s": 1.5, "first_answer_ms": 1100.0, "peak_rss_mb": 1770.2}
        start = {"threads": 2, "rows": [row]}
        results = {"engines": ENGINES, "cells": [five_seconds()], "parity": parity, "start": start}
        tables = (report.time_table, report.ratio_table, report.parity_table, report.start_table)
        for table in tables:
            self.assertEqual(len({line.count("|") for line in table(results).splitlines()}), 1)


if __name__ == "__main__":
    unittest.main()
