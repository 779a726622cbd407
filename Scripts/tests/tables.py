"""Tests that pandas and audformat read the tables that emotion-cli writes, and it theirs.

Scripts/tests/test-tables runs it.
"""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import audformat
import numpy as np
import pandas as pd

PROJECT = Path(__file__).resolve().parent.parent.parent
PROGRAM = Path(os.environ.get("EMOTION_CLI", PROJECT / ".build/release/emotion-cli")).resolve()
MODEL = PROJECT / "Tests/Fixtures/models/torch1.10-opset11.onnx"
SPEECH = PROJECT / "Examples/speech"

# Seconds, from the files' own headers: samples over rate.
DURATIONS = {
    "14b01Na.wav": 41162 / 16000,
    "19demarzo_0073.wav": 179080 / 22050,
    "LJ002-0146.wav": 149149 / 22050,
    "jfk.wav": 176000 / 16000,
}
SCORES = ["arousal", "dominance", "valence"]
# Shortest decimals of a float32 lose nothing; what differs is the order of sums on other threads.
SAME = 1e-6


def nanoseconds(seconds: float) -> pd.Timedelta:
    return pd.Timedelta(round(seconds * 1e9), unit="ns")


class Tables(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def predict(self, *arguments: object, result: str = "scores.csv") -> Path:
        path = self.folder / result
        command = [PROGRAM, "predict", "--model", MODEL, "--quiet", "--output", path, *arguments]
        finished = subprocess.run(list(map(str, command)), cwd=SPEECH, capture_output=True, text=True)
        self.assertEqual((finished.returncode, finished.stderr), (0, ""))
        return path

    def assert_segmented(self, frame: pd.DataFrame | pd.Series):
        audformat.assert_index(frame.index)
        self.assertEqual(audformat.index_type(frame.index), audformat.define.IndexType.SEGMENTED)
        self.assertFalse(frame.index.has_duplicates)


class WholeFiles(Tables):
    def test_audformat_reads_a_segmented_index(self):
        frame = audformat.utils.read_csv(self.predict(*DURATIONS))
        self.assert_segmented(frame)
        self.assertEqual(list(frame.columns), SCORES)
        expected = audformat.segmented_index(
            list(DURATIONS), [pd.Timedelta(0)] * 4, [nanoseconds(seconds) for seconds in DURATIONS.values()]
        )
        pd.testing.assert_index_equal(frame.index, expected)
        self.assertTrue(all(dtype == np.float64 for dtype in frame.dtypes))
        self.assertTrue(np.isfinite(frame.to_numpy()).all())

    def test_pandas_reads_the_same_without_being_told_anything(self):
        path = self.predict(*DURATIONS)
        frame = pd.read_csv(path)
        self.assertEqual(list(frame.columns), ["file", "start", "end", *SCORES])
        ends = pd.to_timedelta(frame["end"]).dt.total_seconds()
        np.testing.assert_allclose(ends, list(DURATIONS.values()), rtol=0, atol=1e-9)
        np.testing.assert_array_equal(frame[SCORES], audformat.utils.read_csv(path)[SCORES])

    def test_seconds_where_they_are_asked_for(self):
        frame = pd.read_csv(self.predict("--times", "seconds", *DURATIONS))
        np.testing.assert_allclose(frame["end"], list(DURATIONS.values()), rtol=0, atol=1e-9)

    def test_every_format_has_the_same_numbers(self):
        scores = pd.read_csv(self.predict(*DURATIONS))[SCORES]
        lines = pd.read_json(self.predict(*DURATIONS, result="scores.jsonl"), lines=True)
        array = pd.read_json(self.predict(*DURATIONS, result="scores.json"))
        packed = pd.read_csv(self.predict(*DURATIONS, result="scores.csv.gz"))
        npz = np.load(self.predict(*DURATIONS, result="scores.npz"))
        for other in (lines[SCORES], array[SCORES], packed[SCORES], npz["logits"]):
            np.testing.assert_allclose(other, scores, rtol=0, atol=SAME)
        self.assertEqual(list(npz["file"]), list(DURATIONS))

    def test_an_embedding_is_a_column_a_number(self):
        frame = audformat.utils.read_csv(self.predict("--outputs", "hidden_states,logits", "jfk.wav"))
        self.assert_segmented(frame)
        embedding = [f"hidden_states-{index}" for index in range(len(frame.columns) - len(SCORES))]
        self.assertEqual(list(frame.columns), [*embedding, *SCORES])

    def test_names_that_need_quotes(self):
        name = self.folder / 'a "b", ü\'.wav'
        name.symlink_to(SPEECH / "14b01Na.wav")
        frame = audformat.utils.read_csv(self.predict(name))
        self.assertEqual(list(frame.index.get_level_values("file")), [str(name)])


class Windows(Tables):
    def test_windows_are_segments(self):
        window, hop = 1.0, 0.4
        frame = audformat.utils.read_csv(self.predict("--window", window, "--hop", hop, *DURATIONS))
        self.assert_segmented(frame)
        rows = {
            (file, nanoseconds(index * hop), nanoseconds(index * hop + window))
            for file, seconds in DURATIONS.items()
            for index in range(int((seconds - window) / hop) + 1)
        }
        self.assertEqual(set(frame.index), rows)

    def test_the_hop_is_half_a_window(self):
        frame = audformat.utils.read_csv(self.predict("--window", 2, "jfk.wav"))
        starts = frame.index.get_level_values("start").total_seconds()
        self.assertEqual(list(starts), [float(second) for second in range(10)])

    def test_a_padded_last_window(self):
        frame = audformat.utils.read_csv(self.predict("--window", 2, "--hop", 2, "--pad-last", "jfk.wav"))
        starts = frame.index.get_level_values("start").total_seconds()
        self.assertEqual(list(starts), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0])


class Segments(Tables):
    def test_a_table_of_audformat_comes_back_as_it_was(self):
        index = audformat.segmented_index(
            ["jfk.wav", "jfk.wav", "14b01Na.wav"], ["0.25s", "1.5s", "0.1s"], ["1.2345625s", "3s", "1.89825s"]
        )
        table = self.folder / "segments.csv"
        index.to_frame(index=False).to_csv(table, index=False)
        frame = audformat.utils.read_csv(self.predict("--root", SPEECH, table))
        pd.testing.assert_index_equal(frame.index, index)

    def test_an_end_that_is_not_given_is_the_files(self):
        index = audformat.segmented_index(["jfk.wav", "LJ002-0146.wav"], ["3s", "0s"], [pd.NaT, pd.NaT])
        table = self.folder / "segments.csv"
        index.to_frame(index=False).to_csv(table, index=False)
        frame = audformat.utils.read_csv(self.predict("--root", SPEECH, table))
        self.assert_segmented(frame)
        ends = [nanoseconds(DURATIONS[file]) for file in ("jfk.wav", "LJ002-0146.wav")]
        self.assertEqual(list(frame.index.get_level_values("end")), ends)

    def test_windows_within_segments(self):
        index = audformat.segmented_index(["jfk.wav"], ["1.5s"], ["4s"])
        table = self.folder / "segments.csv"
        index.to_frame(index=False).to_csv(table, index=False)
        frame = audformat.utils.read_csv(self.predict("--root", SPEECH, "--window", 1, "--hop", 0.5, table))
        starts = frame.index.get_level_values("start").total_seconds()
        self.assertEqual(list(starts), [1.5, 2.0, 2.5, 3.0])

    def test_a_filewise_table_is_whole_files(self):
        table = self.folder / "files.csv"
        audformat.filewise_index(list(DURATIONS)).to_frame(index=False).to_csv(table, index=False)
        frame = audformat.utils.read_csv(self.predict("--root", SPEECH, table))
        self.assertEqual(list(frame.index.get_level_values("file")), list(DURATIONS))


if __name__ == "__main__":
    if not PROGRAM.is_file():
        sys.exit(f"{PROGRAM} is not there; build it with swift build -c release, or name one in EMOTION_CLI")
    unittest.main()
