"""Tests which engines a run measures: choices, versions, models that are made, the order of the tables."""
import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from peers_lib import command, environment, preparation
from peers_lib.engines import PEERS, Ours, choose, choose_precisions, in_order
from peers_lib.errors import PeersError
from peers_lib.options import parse_arguments
from peers_lib.preparation import Run
from peers_lib.truth import check_truth

CLI, MODEL = Path("cli"), Path("m.onnx")


def peer(name: str):
    return choose(name)[0]


class Environment(unittest.TestCase):
    def test_pinned_versions(self):
        text = "# a comment\nnumpy==2.4.6\ntorch==2.13.0  # the CPU's\n\n"
        self.assertEqual(environment.pinned_versions(text), {"numpy": "2.4.6", "torch": "2.13.0"})

    def test_every_requirement_is_pinned(self):
        pinned = environment.pinned_versions(environment.REQUIREMENTS.read_text())
        for each in PEERS:
            self.assertLessEqual(set(each.requirements), set(pinned))

    def test_outdated_ignores_build_tags(self):
        pinned = {"numpy": "2.4.6", "torch": "2.13.0", "onnx": "1.23.2"}
        installed = {"torch": "2.13.0+cpu", "onnx": "1.20.0"}
        self.assertEqual(environment.outdated(pinned, pinned, installed), ["numpy", "onnx"])


class Options(unittest.TestCase):
    def test_choices_come_in_the_order_of_the_table(self):
        self.assertEqual([each.name for each in choose("torch, onnxruntime")], ["onnxruntime", "torch"])
        self.assertEqual(choose_precisions("int8,float32"), ["float32", "int8"])

    def test_what_is_unknown_is_refused(self):
        with self.assertRaisesRegex(PeersError, "--engines: there is no tflite; there are onnxruntime"):
            choose("onnxruntime,tflite")
        with self.assertRaisesRegex(PeersError, "--precisions: there is no bf16; there are float32, int16, int8"):
            choose_precisions("bf16")

    def test_quick_takes_the_tiny_model_but_not_over_a_named_one(self):
        quick = parse_arguments(["--quick"])
        self.assertEqual((quick.model, quick.seconds, quick.rounds), (str(environment.TINY_MODEL), [1.0], 1))
        self.assertEqual(parse_arguments(["--quick", "other.onnx"]).model, "other.onnx")

    def test_all_engines_and_precisions_are_measured_if_none_are_named(self):
        options = parse_arguments([])
        self.assertEqual(choose(options.engines), list(PEERS))
        self.assertEqual(choose_precisions(options.precisions), ["float32", "int16", "int8"])


class Order(unittest.TestCase):
    def test_by_precision_with_ours_last_and_those_held_to_avx2_at_the_end(self):
        ours = [Ours(CLI, MODEL, "int8"), Ours(CLI, MODEL, instructions="avx2"), Ours(CLI, MODEL)]
        engines = in_order([*choose("openvino-avx2,openvino-bf16,onnxruntime,onnxruntime-int8"), *ours])
        self.assertEqual(
            [engine.label for engine in engines],
            [
                "ONNX Runtime",
                "emotion-cli float32",
                "OpenVINO bf16",
                "ONNX Runtime int8",
                "emotion-cli int8",
                "OpenVINO f32, AVX2",
                "emotion-cli float32, AVX2",
            ],
        )


class OurEngines(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for precision in ("float32", "int16", "int8"):
            (self.folder / f"{precision}.packed").touch()

    def names(self, precisions: str, peers: str) -> list[str]:
        ours = preparation.our_engines(CLI, MODEL, choose_precisions(precisions), choose(peers), self.folder)
        return [engine.name for engine in ours]

    def test_one_for_each_precision(self):
        self.assertEqual(self.names("float32,int8", "onnxruntime"), ["emotion-cli-float32", "emotion-cli-int8"])

    def test_beside_a_peer_held_to_avx2_ours_is_held_to_it_too_but_not_in_int8(self):
        self.assertEqual(self.names("int16,int8", "openvino-avx2")[2:], ["emotion-cli-int16-avx2"])

    def test_each_computes_from_its_own_packed_model_with_the_instructions_that_it_is_held_to(self):
        [_, held] = preparation.our_engines(CLI, MODEL, ["int16"], choose("openvino-avx2"), self.folder)
        for made in (held.timing(1, 2), held.answer(Path("a.wav"), 2), held.outputs(self.folder, ["x"], 2, Path("o"))):
            self.assertEqual(made[made.index("--model") + 1], str(self.folder / "int16.packed"))
            self.assertEqual(made[made.index("--instructions") + 1], "avx2")

    def test_starts_are_of_packed_models_and_of_the_onnx_file_in_float32_and_of_none_that_is_held(self):
        ours = preparation.our_engines(CLI, MODEL, ["float32", "int8"], choose("openvino-avx2"), self.folder)
        this = Run(parse_arguments([]), MODEL, [*choose("onnxruntime,openvino-avx2"), *ours], CLI, self.folder)
        self.assertEqual(
            [(label, engine.model) for label, engine in command.starters(this)],
            [
                ("ONNX Runtime", None),
                ("emotion-cli float32, .onnx", MODEL),
                ("emotion-cli float32, packed", self.folder / "float32.packed"),
                ("emotion-cli int8, packed", self.folder / "int8.packed"),
            ],
        )


class ModelsThatAreMade(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "made.xml"

    def make(self, script: str) -> Path:
        with contextlib.redirect_stderr(io.StringIO()):
            return preparation.made(self.path, lambda path: [sys.executable, "-c", script, str(path)])

    def test_what_is_there_is_used(self):
        self.path.write_text("kept")
        self.assertEqual(self.make("raise SystemExit(1)").read_text(), "kept")

    def test_all_that_the_command_writes_is_kept(self):
        self.make("import sys; [open(sys.argv[1][:-4] + end, 'w').write(end) for end in ('.xml', '.bin')]")
        self.assertEqual(sorted(file.name for file in self.path.parent.iterdir()), ["made.bin", "made.xml"])

    def test_nothing_stays_of_one_that_fails(self):
        with self.assertRaises(PeersError):
            self.make("import sys; open(sys.argv[1], 'w').write('half'); sys.exit('no room')")
        self.assertEqual(list(self.path.parent.iterdir()), [])

    def test_a_peer_whose_model_cant_be_made_is_left_out_with_a_reason(self):
        errors = io.StringIO()
        with (
            mock.patch.object(environment, "install", return_value=True),
            mock.patch.object(preparation, "made", side_effect=PeersError("no room")),
            contextlib.redirect_stderr(errors),
        ):
            self.assertIsNone(preparation.ready(peer("openvino-int8"), MODEL, self.path.parent))
        self.assertIn("OpenVINO int8 is left out: no room", errors.getvalue())

    def test_a_peer_held_to_avx2_is_left_out_without_it(self):
        errors, facts = io.StringIO(), {"flags": "sse2"}
        with mock.patch.object(environment, "cpu_facts", return_value=facts), contextlib.redirect_stderr(errors):
            self.assertIsNone(preparation.ready(peer("openvino-avx2"), MODEL, self.path.parent))
        self.assertIn("OpenVINO f32, AVX2 is left out: this processor has no AVX2", errors.getvalue())


class Truth(unittest.TestCase):
    def test_a_truth_that_no_engine_agrees_with_is_refused(self):
        near, far = {"logits": {"relative": 1e-6}}, {"logits": {"relative": 0.2}}
        check_truth({"onnxruntime": near, "openvino-bf16": far}, {"onnxruntime"})
        check_truth({"openvino-bf16": far}, set())
        with self.assertRaisesRegex(PeersError, "doesn't belong to this model"):
            check_truth({"onnxruntime": far, "emotion-cli-float32": far}, {"onnxruntime", "emotion-cli-float32"})


if __name__ == "__main__":
    unittest.main()
