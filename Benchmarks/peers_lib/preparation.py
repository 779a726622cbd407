"""What a run measures: the peers that can be had, ours, and the models that are made for them."""
import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import environment
from .engines import AVX2_PRECISIONS, Command, Engine, Ours, Peer, child, choose, choose_precisions, in_order
from .environment import progress
from .errors import PeersError
from .rounds import run

BASE_PACKAGES = ("numpy", "matplotlib")
SPEECH = (environment.SPEECH / "14b01Na.wav", environment.SPEECH / "jfk.wav")  # At 16 kHz.


@dataclass(frozen=True)
class Run:
    """What is measured, and where files go that only the run needs."""

    options: argparse.Namespace
    model: Path
    engines: list[Engine]
    cli: Path
    work: Path

    @property
    def most_threads(self) -> int:
        return max(self.options.threads)

    @property
    def has_network(self) -> bool:
        """PyTorch, and what reads the weights into it."""
        return any(engine.name == "torch" for engine in self.engines)


def prepare(options: argparse.Namespace, work: Path) -> Run:
    wanted, precisions = choose(options.engines), choose_precisions(options.precisions)
    cli, model = environment.prepare(options, BASE_PACKAGES)
    folder = made_folder(options, work)
    peers = [peer for peer in map(lambda peer: ready(peer, model, folder), wanted) if peer]
    ours = our_engines(cli, model, precisions, peers, folder)
    return Run(options, model, in_order([*peers, *ours]), cli, work)


def made_folder(options: argparse.Namespace, work: Path) -> Path:
    """Where the models go that are made for the run."""
    folder = Path(options.keep).resolve() if options.keep else work / "made"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def ready(peer: Peer, model: Path, folder: Path) -> Peer | None:
    """The peer with the model that it reads; none, after one line on why, where it can't be had."""
    if peer.instructions and not environment.has_instructions(peer.instructions):
        progress(f"{peer.label} is left out: this processor has no {peer.instructions.upper()}")
        return None
    if not environment.install(peer.requirements):
        return None
    if not peer.made:
        return replace(peer, model=model)
    try:
        own = made(folder / f"{peer.name}{peer.made}", lambda path: child("make", peer.name, model, path, *SPEECH))
    except PeersError as error:
        progress(f"{peer.label} is left out: {error}")
        return None
    return replace(peer, model=own)


def our_engines(cli: Path, model: Path, precisions: Sequence[str], peers: Sequence[Peer], folder: Path) -> list[Ours]:
    """Ours in each precision, and held to AVX2 if a peer is."""
    ours = [Ours(cli, packed(cli, model, precision, folder), precision) for precision in precisions]
    if any(peer.instructions == "avx2" for peer in peers):
        ours += [replace(one, instructions="avx2") for one in ours if one.precision in AVX2_PRECISIONS]
    return ours


def packed(cli: Path, model: Path, precision: str, folder: Path) -> Path:
    convert = [str(cli), "convert", "--precision", precision, str(model)]
    return made(folder / f"{precision}.packed", lambda path: [*convert, str(path)])


def made(path: Path, command: Callable[[Path], Command]) -> Path:
    """The file, which the command makes if it isn't there: in a folder of its own, so that no half of one stays."""
    if path.exists():
        return path
    progress(f"making {path.name}")
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        run(command(Path(folder) / path.name))
        for file in sorted(Path(folder).iterdir()):
            file.rename(path.parent / file.name)
    return path
