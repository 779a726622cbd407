"""Who scores a table of recordings, and by which command."""
from dataclasses import dataclass
from pathlib import Path

from .engines import OURS, Command, child
from .formats import plural


@dataclass(frozen=True)
class Task:
    """A table of recordings, and what is wanted of it."""

    table: Path
    outputs: list[str]
    windows: tuple[float, float] | None = None  # Length and hop, in seconds.

    def for_peer(self, model: Path, workers: int, threads: int, result: Path) -> Command:
        window, hop = self.windows or (0, 0)
        return child(
            "corpus-score", model, self.table, ",".join(self.outputs), window, hop, workers, threads, result
        )

    def for_us(self, cli: Path, model: Path, result: Path) -> Command:
        """With the program's own choice of jobs and threads."""
        # The first channel, which is what audinterface takes.
        scoring = [str(cli), "predict", "--model", str(model), "--outputs", ",".join(self.outputs)]
        scoring += ["--channel", "1", "--quiet"]
        windows = ["--window", str(self.windows[0]), "--hop", str(self.windows[1])] if self.windows else []
        return [*scoring, *windows, "--restart", "--force", "--output", str(result), str(self.table)]


@dataclass(frozen=True)
class Engine:
    """One way to score a table on a number of cores."""

    label: str
    command: Command
    is_peer: bool


def contestants(task: Task, cores: int, cli: Path, forms: dict[str, Path], peer: Path, work: Path) -> list[Engine]:
    """The peer with a worker for each core, and with all cores for one worker; ours from each form of the model."""
    engines = []
    for workers, threads in dict.fromkeys([(cores, 1), (1, cores)]):
        label = f"audinterface, {plural(workers, 'worker')} of {plural(threads, 'thread')}"
        engines.append(Engine(label, task.for_peer(peer, workers, threads, work / "scores.npz"), is_peer=True))
    for form, model in forms.items():
        command = task.for_us(cli, model, work / "scores.csv")
        engines.append(Engine(f"{OURS} {form}", command, is_peer=False))
    return engines


def forms_of_ours(model: Path, packed: dict[str, Path]) -> dict[str, Path]:
    """What emotion-cli scores with, by what to call it: the .onnx file, where float32 is wanted, and the packed models,
    by their precisions."""
    from_onnx = {"float32, .onnx": model} if "float32" in packed else {}
    return {**from_onnx, **{f"{precision}, packed": path for precision, path in packed.items()}}
