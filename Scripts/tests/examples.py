"""Tests those parts of Examples that need nothing but Python. Scripts/tests/test-examples runs it."""
import contextlib
import importlib.util
import io
import json
import os
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path
from types import ModuleType

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "Examples"


def load(path: str) -> ModuleType:
    """A script as a module; what it imports only when it runs is not needed."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, EXAMPLES / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class LabelsOfEmoDB(unittest.TestCase):
    emodb = load("tutorial/emodb_labels.py")

    def test_a_name_says_who_and_what(self):
        self.assertEqual(self.emodb.label("03a01Fa.wav"), ("03", "happiness"))
        self.assertEqual(self.emodb.label("14b01Na.wav"), ("14", "neutral"))
        self.assertEqual(self.emodb.label("16b10Wb.wav"), ("16", "anger"))

    def test_other_names_say_nothing(self):
        for name in ("jfk.wav", "03a01Xa.wav", "3a01Fa.wav", "03a01Fa.flac", "x03a01Fa.wav", "03c01Fa.wav"):
            self.assertIsNone(self.emodb.label(name), name)

    def test_the_table_of_a_folder(self):
        table, notes = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(table), contextlib.redirect_stderr(notes):
            status = self.emodb.main([str(EXAMPLES / "speech")])
        self.assertEqual((status, table.getvalue()), (0, "file,speaker,emotion\n14b01Na.wav,14,neutral\n"))
        self.assertIn("left out 3 files", notes.getvalue())

    def test_no_folder_is_an_error(self):
        with contextlib.redirect_stderr(io.StringIO()) as errors:
            self.assertEqual(self.emodb.main(["/nonexistent"]), 2)
        self.assertIn("emodb_labels: error:", errors.getvalue())


class Spark(unittest.TestCase):
    spark = load("spark/score.py")
    labels = ["arousal", "dominance", "valence"]

    def command(self, *options: str) -> list[str]:
        return shlex.split(self.spark.worker_command(self.spark.parse_arguments(["in.csv", "out", *options])))

    def test_the_worker_gets_what_it_needs(self):
        self.assertEqual(self.command(), ["emotion-cli", "worker", "--jobs", "1", "--threads", "1"])
        files = ["--model", "a b.packed", "--root", "/data"]
        self.assertEqual(self.command(*files)[6:], files)
        self.assertEqual(self.command("--embeddings")[6:], ["--outputs", "hidden_states,logits"])

    def test_a_row_without_times_asks_for_the_whole_file(self):
        for row in ({"file": "a.wav"}, {"file": "a.wav", "start": None, "end": ""}):
            self.assertEqual(json.loads(self.spark.request(row, 7)), {"id": 7, "file": "a.wav"})

    def test_times_are_passed_on_as_they_are(self):
        row = {"file": "a.wav", "start": "0 days 00:00:01.5", "end": "2.5", "speaker": "x"}
        wanted = {"id": 0, "file": "a.wav", "start": "0 days 00:00:01.5", "end": "2.5"}
        self.assertEqual(json.loads(self.spark.request(row, 0)), wanted)

    def test_answers_and_failures_fill_the_same_columns(self):
        line = '{"id": 3, "file": "a.wav", "start": 0.0, "end": 2.5, "arousal": 0.1, "dominance": 0.2, "valence": 0.3}'
        self.assertEqual(self.spark.answer(line, self.labels), (3, "a.wav", 0.0, 2.5, 0.1, 0.2, 0.3, None, None))
        failure = self.spark.answer('{"id": 4, "error": "b.wav: no such file"}', self.labels)
        self.assertEqual(failure, (4, *[None] * 7, "b.wav: no such file"))
        self.assertEqual(len(self.spark.schema(self.labels).split(", ")), len(failure))


class SlurmArray(unittest.TestCase):
    def run_script(self, **variables: str) -> tuple[int, str]:
        """Runs it with an emotion-cli that prints its arguments."""
        with tempfile.TemporaryDirectory() as folder:
            stub = Path(folder) / "emotion-cli"
            stub.write_text('#!/bin/sh\necho "$@"\n')
            stub.chmod(0o755)
            environment = {"PATH": f"{folder}:{os.environ['PATH']}", **variables}
            script = [EXAMPLES / "slurm-array.sh", "in.csv", "out"]
            finished = subprocess.run(script, cwd=folder, env=environment, capture_output=True, text=True)
            return finished.returncode, finished.stdout + finished.stderr

    def test_a_task_is_a_shard_with_a_file_of_its_own(self):
        task = {"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "16", "SLURM_CPUS_PER_TASK": "4"}
        status, said = self.run_script(**task)
        self.assertEqual(status, 0, said)
        self.assertIn("--shard 3/16 --resume --jobs 4 --threads 1 --output out/shard-00003.csv in.csv", said)

    def test_outside_of_an_array_it_says_what_is_missing(self):
        status, said = self.run_script()
        self.assertNotEqual(status, 0)
        self.assertIn("sbatch --array", said)


if __name__ == "__main__":
    unittest.main()
