"""Tests Benchmarks/corpus: its options, its report, and the tables that it makes."""
import contextlib
import importlib.util
import io
import json
import math
import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from peers_lib import corpus, corpus_engines, corpus_report, environment
from peers_lib.environment import BENCHMARKS, SPEECH, TINY_MODEL

HAS_PACKAGES = all(importlib.util.find_spec(package) for package in corpus.PACKAGES)

PEER = {"label": "two workers", "is_peer": True, "wall_s": 12.0, "cpu_s": 20.0, "peak_rss_mb": 1800.0, "process_s": 8.0}
SLOW_PEER = {**PEER, "label": "one worker", "wall_s": 11.0, "process_s": 10.0}
OURS = {"label": "emotion-cli", "is_peer": False, "wall_s": 5.0, "cpu_s": 9.5, "peak_rss_mb": 800.0}


def comparison(**facts) -> dict:
    table = {"way": "whole", "is_native": True, "precision": "float32"}
    return {**table, "rows": 3, "times": 0.0, "outputs": {"logits": 1e-6}, **facts}


class Options(unittest.TestCase):
    def refusal(self, *arguments):
        errors = io.StringIO()
        with self.assertRaises(SystemExit) as exit, contextlib.redirect_stderr(errors):
            corpus.parse_arguments(arguments)
        self.assertEqual(exit.exception.code, 2)
        return errors.getvalue()

    def test_defaults(self):
        options = corpus.parse_arguments(["model.onnx"])
        self.assertEqual((options.clips, options.rounds, options.window, options.hop), (200, 3, 1.0, 0.5))

    def test_the_hop_is_half_a_window(self):
        self.assertEqual(corpus.parse_arguments(["--window", "4"]).hop, 2.0)
        self.assertEqual(corpus.parse_arguments(["--window", "4", "--hop", "1"]).hop, 1.0)

    def test_no_more_cores_than_there_are(self):
        with mock.patch.object(os, "sched_getaffinity", return_value={5}):
            self.assertEqual(corpus.parse_arguments([]).cores, 1)

    def test_quick_takes_the_tiny_model_but_not_over_a_named_one(self):
        quick = corpus.parse_arguments(["--quick"])
        self.assertEqual((quick.model, quick.clips, quick.rounds), (str(environment.TINY_MODEL), 20, 1))
        self.assertEqual(corpus.parse_arguments(["--quick", "other.onnx"]).model, "other.onnx")

    def test_what_is_wrong_is_said(self):
        self.assertIn("--clips", self.refusal("--clips", "0"))
        self.assertIn("--clips", self.refusal("--input", "folder", "--clips", "5"))
        self.assertIn("--hop", self.refusal("--hop", "0"))
        self.assertIn("--rounds", self.refusal("--rounds", "-1"))


class Commands(unittest.TestCase):
    def test_windows_are_asked_of_both(self):
        task = corpus_engines.Task(Path("t.csv"), ["hidden_states", "logits"], (4.0, 2.0))
        ours = task.for_us(Path("cli"), Path("m.onnx"), Path("out.npz"))
        self.assertEqual(ours[ours.index("--window") + 1], "4.0")
        self.assertEqual(ours[ours.index("--hop") + 1], "2.0")
        theirs = task.for_peer(Path("m.onnx"), 2, 1, Path("out.npz"))
        self.assertEqual(theirs[4:], ["t.csv", "hidden_states,logits", "4.0", "2.0", "2", "1", "out.npz"])

    def test_without_windows_neither_is_told_of_any(self):
        task = corpus_engines.Task(Path("t.csv"), ["logits"])
        self.assertNotIn("--window", task.for_us(Path("cli"), Path("m.onnx"), Path("out.csv")))
        self.assertEqual(task.for_peer(Path("m.onnx"), 1, 2, Path("o"))[6:8], ["0", "0"])

    def test_the_peer_has_a_worker_a_core_or_a_thread_a_core(self):
        both = self.contestants(2, {})
        self.assertEqual([engine.command[8:10] for engine in both], [["2", "1"], ["1", "2"]])
        self.assertTrue(all(engine.is_peer for engine in both))
        self.assertEqual(len(self.contestants(1, {})), 1)

    def test_ours_scores_from_every_form_of_the_model(self):
        packed = {precision: Path(f"{precision}.packed") for precision in ("float32", "int8")}
        forms = corpus_engines.forms_of_ours(Path("m.onnx"), packed)
        ours = [engine for engine in self.contestants(1, forms) if not engine.is_peer]
        self.assertEqual(
            [(engine.label, engine.command[3]) for engine in ours],
            [
                ("emotion-cli float32, .onnx", "m.onnx"),
                ("emotion-cli float32, packed", "float32.packed"),
                ("emotion-cli int8, packed", "int8.packed"),
            ],
        )
        alone = corpus_engines.forms_of_ours(Path("m.onnx"), {"int16": Path("int16.packed")})
        self.assertEqual(list(alone), ["int16, packed"])

    def contestants(self, cores: int, forms: dict[str, Path]) -> list[corpus_engines.Engine]:
        task = corpus_engines.Task(Path("whole.csv"), ["logits"])
        return corpus_engines.contestants(task, cores, Path("cli"), forms, Path("m.onnx"), Path("w"))


class Agreement(unittest.TestCase):
    def test_within_the_limits(self):
        resampled = comparison(is_native=False, outputs={"logits": 4e-3})
        self.assertEqual(corpus_report.disagreements([comparison(), resampled]), [])

    def test_beyond_them(self):
        lines = corpus_report.disagreements(
            [
                comparison(outputs={"hidden_states": 2e-5, "logits": 1e-6}),
                comparison(is_native=False, way="segments", outputs={"logits": 6e-3}),
                comparison(times=1e-3),
                comparison(way="windows", error="3 rows of emotion-cli, 4 of audinterface"),
                comparison(outputs={"logits": math.nan}),
            ]
        )
        self.assertEqual(
            lines,
            [
                "recordings as they are, 16 kHz, float32: hidden_states differs by 2.0e-5, more than 1.0e-5",
                "random segments, resampled, float32: logits differs by 6.0e-3, more than 5.0e-3",
                "recordings as they are, 16 kHz, float32: times differ by 1.0e-3 s, more than a sample",
                "windows, 16 kHz, float32: 3 rows of emotion-cli, 4 of audinterface",
                "recordings as they are, 16 kHz, float32: logits differs by nan, more than 1.0e-5",
            ],
        )

    def test_other_precisions_are_shown_but_not_held_to_a_limit(self):
        far = comparison(precision="int8", outputs={"logits": 3e-2})
        self.assertEqual(corpus_report.disagreements([far]), [])
        lines = corpus_report.agreement_table({"outputs": ["logits"], "agreement": [far]}).splitlines()
        self.assertEqual(lines[2], "| recordings as they are | 16 kHz | int8 | 3 | 3.0e-2 | 0.0 | – |")
        nothing = comparison(precision="int8", outputs={"logits": math.nan})
        self.assertIn("logits differs by nan", corpus_report.disagreements([nothing])[0])

    def test_every_row_of_the_table_has_as_many_columns_as_the_header(self):
        results = {"outputs": ["logits"], "agreement": [comparison(), comparison(error="none")]}
        lines = corpus_report.agreement_table(results).splitlines()
        self.assertEqual(len({line.count("|") for line in lines}), 1)
        self.assertEqual(lines[2], "| recordings as they are | 16 kHz | float32 | 3 | 1.0e-6 | 0.0 | 1.0e-5 |")
        self.assertEqual(lines[3], "| recordings as they are | 16 kHz | float32 | – | – | – | 1.0e-5 |")


class Throughput(unittest.TestCase):
    results = {"seconds": 100.0, "throughput": [PEER, SLOW_PEER, OURS]}

    def test_the_best_peer_is_the_fastest_without_its_start(self):
        self.assertEqual(corpus_report.best_peer(self.results["throughput"])["label"], "two workers")

    def test_ratios_count_our_start_always(self):
        [(label, whole, alone)] = corpus_report.ratios(self.results)
        self.assertEqual(label, "emotion-cli")
        self.assertAlmostEqual(whole, 12 / 5)
        self.assertAlmostEqual(alone, 8 / 5)

    def test_table(self):
        lines = corpus_report.throughput_table(self.results).splitlines()
        self.assertEqual(lines[2], "| **two workers** | 12.0 | 20.0 | 8.33 | 12.5 | 1800 |")
        self.assertEqual(lines[4], "| emotion-cli | 5.0 | 9.5 | 20.0 | – | 800 |")


@unittest.skipUnless(HAS_PACKAGES, "needs the environment of Benchmarks/corpus")
class Tables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sys.path.insert(0, str(BENCHMARKS / "peers_lib"))

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.clips = self.folder / "clips"
        self.clips.mkdir()

    def tables(self, source: Path, window: float) -> dict:
        from corpus_inputs import write_tables

        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            write_tables(str(source), str(self.folder), str(window))
        return json.loads(printed.getvalue())

    def test_clips_are_the_same_each_time(self):
        import soundfile

        from corpus_inputs import cut_clips

        other = self.folder / "other"
        other.mkdir()
        sources = sorted(SPEECH.glob("*.wav"))
        for folder in (self.clips, other):
            cut_clips(folder, 8, sources)
        for clip in sorted(self.clips.iterdir()):
            self.assertEqual(clip.read_bytes(), (other / clip.name).read_bytes())
            self.assertTrue(0.99 <= soundfile.info(clip).duration <= 4)
        self.assertEqual({soundfile.info(clip).samplerate for clip in self.clips.iterdir()}, {16_000, 22_050})

    def test_a_folder_becomes_tables_by_way_and_rate(self):
        import audformat

        from corpus_inputs import cut_clips

        cut_clips(self.clips, 8, sorted(SPEECH.glob("*.wav")))
        (self.clips / "notes.txt").write_text("no audio")
        facts = self.tables(self.clips, 2.0)
        self.assertEqual(facts["recordings"], 8)
        rows = {(table["way"], table["is_native"]): table["recordings"] for table in facts["tables"]}
        self.assertEqual((rows["whole", True], rows["whole", False]), (4, 4))
        self.assertLess(rows["windows", True] + rows["windows", False], 8)
        self.assertEqual(rows["segments", True] + rows["segments", False], 16)
        for table in facts["tables"]:
            index = audformat.utils.read_csv(table["path"])
            ends = index.get_level_values("end")
            self.assertEqual(bool(ends.isna().any()), table["way"] != "segments")

    def test_a_table_is_relative_to_its_folder(self):
        import audformat

        from corpus_inputs import cut_clips

        cut_clips(self.clips, 2, [SPEECH / "jfk.wav"])
        names = sorted(clip.name for clip in self.clips.iterdir())
        table = self.clips / "table.csv"
        table.write_text(f"file,start,end\n{names[0]},00:00:00.25,00:00:00.75\n{names[1]},0 days,\n")
        self.tables(table, 0.5)
        index = audformat.utils.read_csv(str(self.folder / "whole.csv"))
        self.assertEqual(list(index.get_level_values("file")), [str(self.clips / name) for name in names])

    def test_a_score_compared_with_itself_and_with_another(self):
        import numpy as np

        from corpus_scores import compare, score

        table, theirs = self.folder / "table.csv", self.folder / "theirs.npz"
        table.write_text(f"file,start,end\n{SPEECH / 'jfk.wav'},0 days,0 days 00:00:03\n")
        with contextlib.redirect_stdout(io.StringIO()):
            score(str(TINY_MODEL), str(table), "hidden_states,logits", "1.0", "0.5", "1", "1", str(theirs))
        arrays = dict(np.load(theirs))
        self.assertEqual(list(arrays["start"]), [0.0, 0.5, 1.0, 1.5, 2.0])
        self.assertEqual((arrays["hidden_states"].shape, arrays["logits"].shape), ((5, 64), (5, 3)))

        def differences(**changes) -> dict:
            rows = {**arrays, **changes}
            ours = self.folder / "ours.npz"
            write_npz(ours, {"file" if name == "files" else name: array for name, array in rows.items()})
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                compare(str(ours), str(theirs), "hidden_states,logits")
            return json.loads(printed.getvalue())

        self.assertEqual(differences(), {"rows": 5, "times": 0.0, "outputs": {"hidden_states": 0.0, "logits": 0.0}})
        self.assertAlmostEqual(differences(logits=arrays["logits"] + 0.5)["outputs"]["logits"], 0.5, places=6)
        self.assertAlmostEqual(differences(start=arrays["start"] + 0.25)["times"], 0.25)
        self.assertIn("4 rows of emotion-cli, 5", differences(files=arrays["files"][1:])["error"])


def write_npz(path: Path, arrays: dict) -> None:
    """As np.savez, which has no way to name an array `file`."""
    import zipfile

    import numpy as np

    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as entry:
                np.lib.format.write_array(entry, np.asanyarray(array))


if __name__ == "__main__":
    unittest.main()
