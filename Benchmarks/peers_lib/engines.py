"""The engines as commands: what to run to time one, to get one answer, or to get the outputs for many signals."""
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .cells import OURS, is_ours
from .environment import BENCHMARKS, PYTHON
from .errors import PeersError

Command = list[str]

# In the order of the tables.
PRECISIONS = ("float32", "bf16", "int16", "int8")
OUR_PRECISIONS = ("float32", "int16", "int8")
# Those that are measured beside the peer that is held to AVX2.
AVX2_PRECISIONS = ("float32", "int16")


@dataclass(frozen=True)
class Peer:
    """An engine that is a Python library. sessions.py opens it by its name."""

    name: str
    label: str
    precision: str
    requirements: tuple[str, ...]
    made: str = ""  # The extension of the file that it reads, if that is made from the .onnx file; forms.py makes it.
    instructions: str | None = None  # What it is held to.
    model: Path | None = None

    def timing(self, seconds: float, threads: int) -> Command:
        return child("time", self.name, self.model, seconds, threads)

    def answer(self, clip: Path, threads: int) -> Command:
        return child("answer", self.name, self.model, clip, threads)

    def outputs(self, signals: Path, names: Sequence[str], threads: int, result: Path) -> Command:
        return child("outputs", self.name, self.model, signals, threads, result)


@dataclass(frozen=True)
class Ours:
    """emotion-cli, from a packed model, which has its precision, or an .onnx file."""

    cli: Path
    model: Path
    precision: str = "float32"
    instructions: str | None = None

    @property
    def name(self) -> str:
        return "-".join([OURS, self.precision, *([self.instructions] if self.instructions else [])])

    @property
    def label(self) -> str:
        return ", ".join([f"{OURS} {self.precision}", *([self.instructions.upper()] if self.instructions else [])])

    def command(self, subcommand: str, threads: int) -> Command:
        held = ["--instructions", self.instructions] if self.instructions else []
        return [str(self.cli), subcommand, "--model", str(self.model), "--threads", str(threads), *held]

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
    Peer("onnxruntime", "ONNX Runtime", "float32", ("onnxruntime",)),
    Peer("openvino-f32", "OpenVINO f32", "float32", ("openvino",)),
    Peer("torch", "PyTorch", "float32", NETWORK_REQUIREMENTS, made=".pt"),
    Peer("openvino-bf16", "OpenVINO bf16", "bf16", ("openvino",)),
    Peer("onnxruntime-int8", "ONNX Runtime int8", "int8", ("onnxruntime", "onnx"), made=".onnx"),
    Peer("openvino-int8-weights", "OpenVINO int8 weights", "int8", ("openvino", "nncf"), made=".xml"),
    Peer("openvino-int8", "OpenVINO int8", "int8", ("openvino", "nncf"), made=".xml"),
    Peer("openvino-avx2", "OpenVINO f32, AVX2", "float32", ("openvino",), instructions="avx2"),
)


def choose(names: str) -> list[Peer]:
    """The peers in a list with commas, in the order of the table."""
    wanted = listed("--engines", names, [peer.name for peer in PEERS])
    return [peer for peer in PEERS if peer.name in wanted]


def choose_precisions(names: str) -> list[str]:
    """Ours, in the order of the table."""
    wanted = listed("--precisions", names, OUR_PRECISIONS)
    return [precision for precision in OUR_PRECISIONS if precision in wanted]


def listed(option: str, names: str, known: Sequence[str]) -> set[str]:
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    if unknown := sorted(wanted - set(known)):
        raise PeersError(f"{option}: there is no {', '.join(unknown)}; there are {', '.join(known)}")
    return wanted


def in_order(engines: Sequence[Engine]) -> list[Engine]:
    """By precision, ours after the peers; then those that are held to fewer instructions."""
    return sorted(
        engines,
        key=lambda engine: (bool(engine.instructions), PRECISIONS.index(engine.precision), is_ours(engine.name)),
    )


def child(*arguments: object) -> Command:
    """A command of child.py, in the environment that was set up."""
    script = BENCHMARKS / "peers_lib/child.py"
    return [str(PYTHON), str(script), *map(str, arguments)]
