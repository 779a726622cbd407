"""Tests the signals that errors are measured on, and the pieces of speech that ranges are taken from."""
import importlib.util
import sys
import tempfile
import unittest
from pathlib import Path

from peers_lib.environment import BENCHMARKS
from peers_lib.preparation import SPEECH


@unittest.skipUnless(importlib.util.find_spec("numpy"), "needs the environment of Benchmarks/peers")
class Signals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sys.path.insert(0, str(BENCHMARKS / "peers_lib"))

    def test_there_are_twelve(self):
        import numpy as np

        import parity

        with tempfile.TemporaryDirectory() as folder:
            parity.write_signals(Path(folder), list(SPEECH))
            signals = {path.stem: np.load(path) for path in Path(folder).glob("*.npy")}
        self.assertEqual(len(signals), 12)
        self.assertTrue(all(signal.dtype == np.float32 and signal.ndim == 1 for signal in signals.values()))
        for name, signal in signals.items():
            _, _, samples = name.partition(" ")
            if samples:
                self.assertEqual(len(signal), int(samples), name)
        self.assertEqual(np.abs(signals["zeros 16000"]).max(), 0)
        self.assertAlmostEqual(signals["loud 8000"].std(), 5, places=1)
        self.assertAlmostEqual(signals["quiet 8000"].std(), 1e-4, places=5)
        self.assertAlmostEqual(signals["offset 8000"].mean(), 0.3, places=2)

    def test_pieces_are_of_two_seconds(self):
        from forms import pieces

        self.assertEqual([piece.shape for piece in pieces(list(SPEECH))], [(1, 32_000)] * 6)


if __name__ == "__main__":
    unittest.main()
