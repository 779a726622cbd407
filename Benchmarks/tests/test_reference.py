"""Tests Benchmarks/reference: its options, and the states that it takes from a graph."""
import contextlib
import importlib.util
import io
import sys
import tempfile
import unittest
from pathlib import Path

from peers_lib import reference
from peers_lib.environment import BENCHMARKS, TINY_MODEL

HAS_RUNTIME = all(importlib.util.find_spec(package) for package in reference.PACKAGES)


class Options(unittest.TestCase):
    def refusal(self, *arguments):
        errors = io.StringIO()
        with self.assertRaises(SystemExit) as exit, contextlib.redirect_stderr(errors):
            reference.parse_arguments(["model.onnx", "out.npz", *arguments])
        self.assertEqual(exit.exception.code, 2)
        return errors.getvalue()

    def test_defaults(self):
        options = reference.parse_arguments(["model.onnx", "out.npz"])
        self.assertEqual((options.seconds, options.threads, options.signal, options.as_it_is), (1, 1, None, False))

    def test_what_is_wrong_is_said(self):
        self.assertIn("--seconds", self.refusal("--seconds", "0"))
        self.assertIn("--threads", self.refusal("--threads", "0"))
        self.assertIn("a.mp3", self.refusal("--signal", "a.mp3"))

    def test_a_missing_signal_is_one_line(self):
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            self.assertEqual(reference.main(["model.onnx", "out.npz", "--signal", "/nonexistent.wav"]), 1)
        self.assertEqual(errors.getvalue(), "reference: error: /nonexistent.wav: no such file\n")


@unittest.skipUnless(HAS_RUNTIME, "needs the environment of Benchmarks/peers")
class StatesOfAGraph(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sys.path.insert(0, str(BENCHMARKS / "peers_lib"))

    def test_values_inside_become_arrays(self):
        import json

        import numpy as np
        import onnx

        import states
        from sessions import OnnxRuntimeSession

        convolution = next(node for node in onnx.load(TINY_MODEL).graph.node if node.op_type == "Conv")
        places = [
            {"name": "first", "value": convolution.output[0], "isChannelMajor": True},
            {"name": "hidden_states", "value": "hidden_states", "isChannelMajor": False},
        ]
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            (work / "places.json").write_text(json.dumps(places))
            result = str(work / "result.npz")
            states.write(
                str(TINY_MODEL), str(work / "places.json"), "noise:0.1", "1", "none", str(work / "m.onnx"), result
            )
            arrays = dict(np.load(result))
        self.assertEqual(set(arrays), {"signal", "first", "hidden_states"})
        self.assertEqual(arrays["signal"].shape, (1, 1600))
        self.assertEqual(arrays["first"].shape, (1, 319, 32))
        whole = OnnxRuntimeSession(str(TINY_MODEL), 1).run(arrays["signal"])["hidden_states"]
        # Two orders of summing float32.
        self.assertLess(np.abs(whole - arrays["hidden_states"]).max(), 1e-5)


if __name__ == "__main__":
    unittest.main()
