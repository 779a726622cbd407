"""The engines as commands: what to run to time one, to get one answer, or to get the outputs for many signals."""
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .environment import BENCHMARKS, PYTHON
from .errors import PeersError

Command = list[str]


@dataclass(frozen=True)
class Peer:
    """An engine that is a Python library. `session` names its class in sessions.py."""

    name: str
    label: str
    is_float32: bool
    package: str
    requirements: tuple[str, ...]
    model: Path | None = None

    def with_model(self, onnx: Path, checkpoint: Path) -> "Peer":
        model = checkpoint if self.name == "torch" else onnx
        return Peer(self.name, self.label, self.is_float32, self.package, self.requirements, model)

    def timing(self, seconds: float, threads: int) -> Command:
        return child("time", self.name, self.model, seconds, threads)

    def answer(self, clip: Path, threads: int) -> Command:
        return child("answer", self.name, self.model, clip, threads)

    def outputs(self, signals: Path, names: Sequence[str], threads: int, result: Path) -> Command:
        return child("outputs", self.name, self.model, signals, threads, result)


@dataclass(frozen=True)
class Ours:
    """emotion-cli, from an .onnx file or a packed model."""

    cli: Path
    model: Path
    name: str = "emotion-cli"
    label: str = "emotion-cli"
    is_float32: bool = True

    def command(self, subcommand: str, threads: int) -> Command:
        return [str(self.cli), subcommand, "--model", str(self.model), "--threads", str(threads)]

    def timing(self, seconds: float, threads: int) -> Command:
        return [*self.command("bench", threads), "--seconds", f"{seconds:g}", "--json"]

    def answer(self, clip: Path, threads: int) -> Command:
        return [*self.command("predict", threads), "--format", "json", str(clip)]

    def outputs(self, signals: Path, names: Sequence[str], threads: int, result: Path) -> Command:
        options = ["--format", "npz", "--outputs", ",".join(names), "--force", "--output", str(result)]
        return [*self.command("predict", threads), *options, *map(str, sorted(signals.glob("*.npy")))]


Engine = Peer | Ours

# What reading the network's weights from the .onnx into PyTorch needs: for the torch peer and for the float64 truth.
NETWORK_REQUIREMENTS = ("torch", "transformers", "onnx")

PEERS = (
    Peer("onnxruntime", "ONNX Runtime", True, "onnxruntime", ("onnxruntime",)),
    Peer("openvino-f32", "OpenVINO f32", True, "openvino", ("openvino",)),
    Peer("openvino-bf16", "OpenVINO bf16", False, "openvino", ("openvino",)),
    Peer("torch", "PyTorch", True, "torch", NETWORK_REQUIREMENTS),
)


def choose(names: str) -> list[Peer]:
    """The peers in a list with commas, in the order of the table."""
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    known = {peer.name for peer in PEERS}
    if not wanted <= known:
        unknown, all_names = ", ".join(sorted(wanted - known)), ", ".join(peer.name for peer in PEERS)
        raise PeersError(f"--engines: no engine is called {unknown}; there are {all_names}")
    return [peer for peer in PEERS if peer.name in wanted]


def child(*arguments: object) -> Command:
    """A command of child.py, in the environment that was set up."""
    script = BENCHMARKS / "peers_lib/child.py"
    return [str(PYTHON), str(script), *map(str, arguments)]
