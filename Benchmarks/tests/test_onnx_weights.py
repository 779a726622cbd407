"""Tests the float64 truth against the goldens, and PyTorch's float32 against ONNX Runtime."""
import importlib.util
import sys
import tempfile
import unittest
from pathlib import Path

from peers_lib.environment import BENCHMARKS, PROJECT

PACKAGES = ("numpy", "onnx", "onnxruntime", "torch", "transformers")
HAS_PEERS = all(importlib.util.find_spec(package) for package in PACKAGES)
MODELS = sorted((PROJECT / "Tests/Fixtures/models").glob("*.onnx"))

# Where the export has the positional convolution's weight norm as it was, its weights are the golden's own.
EXACT_TOLERANCE = 1e-12
EXACT = ("torch1.10-opset11-unfolded", "torch2.13-opset18-dynamo")
# Where it was folded, the product was rounded to float32; the spiky model magnifies that.
FOLDED_TOLERANCE = 5e-7
SPIKY_TOLERANCE = 3e-6
# Two float32 engines on numbers of about 1.
FLOAT32_TOLERANCE = 1e-5


def truth_tolerance(model: str) -> float:
    if model in EXACT:
        return EXACT_TOLERANCE
    return SPIKY_TOLERANCE if model.endswith("spiky") else FOLDED_TOLERANCE


@unittest.skipUnless(HAS_PEERS, "needs the environment of Benchmarks/peers")
class NetworkOfAnExport(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sys.path.insert(0, str(BENCHMARKS / "peers_lib"))

    def test_there_are_models(self):
        self.assertEqual(len(MODELS), 8)

    def test_float64_agrees_with_every_golden(self):
        import numpy as np
        import parity

        for model in MODELS:
            golden = np.load(model.with_suffix(".golden.npz"))
            names = [name.removesuffix("/signal") for name in golden.files if name.endswith("/signal")]
            truth = parity.compute_truth(str(model), [golden[f"{name}/signal"] for name in names])
            self.assertGreaterEqual(len(truth), 2)
            for output, rows in truth.items():
                expected = np.concatenate([golden[f"{name}/{output}"] for name in names])
                with self.subTest(model=model.stem, output=output):
                    self.assertLess(np.abs(rows - expected).max(), truth_tolerance(model.stem))

    def test_a_checkpoint_agrees_with_onnxruntime(self):
        import numpy as np
        import parity
        import torch
        from network import save_checkpoint
        from onnx_weights import read_network
        from sessions import open_session

        signal = parity.noise(1)[np.newaxis]
        for model in (path for path in MODELS if "spiky" not in path.stem):
            with tempfile.TemporaryDirectory() as folder:
                checkpoint = str(Path(folder) / "checkpoint.pt")
                save_checkpoint(read_network(str(model), torch.float32), checkpoint)
                ours = open_session("torch", checkpoint, 1).run(signal)
                theirs = open_session("onnxruntime", str(model), 1).run(signal)
            self.assertEqual(set(ours), set(theirs))
            for output in theirs:
                with self.subTest(model=model.stem, output=output):
                    self.assertLess(np.abs(ours[output] - theirs[output]).max(), FLOAT32_TOLERANCE)


if __name__ == "__main__":
    unittest.main()
