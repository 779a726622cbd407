"""The options of Benchmarks/peers."""
import argparse
from collections.abc import Sequence
from typing import TypeVar

from . import environment
from .engines import OUR_PRECISIONS, PEERS

Number = TypeVar("Number", int, float)

KEEP = "folder for what is made of the model; what is there is used (default: a temporary one)"


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="Benchmarks/peers",
        description="Time emotion-cli beside ONNX Runtime, OpenVINO and PyTorch on one model, measure how far each is "
        "from float64, how fast it starts and how much memory it takes. Sets up what it needs.",
    )
    parser.add_argument(
        "model",
        nargs="?",
        help=".onnx file, or a folder with model.onnx (default: $EMOTION_MODEL, else a stand-in with random weights)",
    )
    parser.add_argument("--seconds", metavar="S,…", help="lengths of audio (default: 1,5,20)")
    parser.add_argument("--threads", metavar="N,…", help="numbers of threads (default: 1,2)")
    parser.add_argument("--rounds", type=int, metavar="N", help="measurements of each engine in each cell (default: 3)")
    parser.add_argument(
        "--engines",
        metavar="NAME,…",
        default=",".join(peer.name for peer in PEERS),
        help="peers to measure, besides emotion-cli (default: %(default)s)",
    )
    parser.add_argument(
        "--precisions",
        metavar="NAME,…",
        default=",".join(OUR_PRECISIONS),
        help="those of emotion-cli; beside openvino-avx2 also float32 and int16 with AVX2 (default: %(default)s)",
    )
    parser.add_argument("--golden", metavar="FILE", help="the truth: an .npz of SIGNAL/signal and SIGNAL/<output>")
    parser.add_argument("--keep", metavar="DIR", help=KEEP)
    parser.add_argument("--cli", metavar="PATH", help="the emotion-cli to measure (default: built from this checkout)")
    parser.add_argument("--output", metavar="DIR", help="folder for the results (default: the checkout's .build/peers)")
    parser.add_argument("--quick", action="store_true", help="1 s, one round, the tests' tiny model: does it work?")
    parsed = parser.parse_args(arguments)
    parsed.seconds = numbers(parser, "--seconds", parsed.seconds or ("1" if parsed.quick else "1,5,20"), float)
    parsed.threads = numbers(parser, "--threads", parsed.threads or "1,2", int)
    parsed.rounds = parsed.rounds if parsed.rounds is not None else 1 if parsed.quick else 3
    if parsed.rounds < 1:
        parser.error(f"--rounds {parsed.rounds}: at least 1 is needed")
    if parsed.quick and parsed.model is None:
        parsed.model = str(environment.TINY_MODEL)
    return parsed


def numbers(parser: argparse.ArgumentParser, option: str, text: str, kind: type[Number]) -> list[Number]:
    try:
        values = [kind(part) for part in text.split(",")]
    except ValueError:
        values = []
    if not values or min(values) <= 0:
        parser.error(f"{option} {text}: numbers above 0, with commas between them, are needed")
    return values
