"""What is read off the cells of a run: each has the times of all engines for one length of audio on some threads."""
from collections.abc import Sequence

OURS = "emotion-cli"
# Ours over a peer's, besides float32 over the best float32 peer.
PAIRS = (
    ("emotion-cli-int16", "openvino-bf16"),
    ("emotion-cli-int8", "openvino-bf16"),
    ("emotion-cli-int8", "onnxruntime-int8"),
    ("emotion-cli-float32-avx2", "openvino-avx2"),
    ("emotion-cli-int16-avx2", "openvino-avx2"),
)


def is_ours(name: str) -> bool:
    return name.startswith(OURS)


def best_float32(cell: dict, engines: dict) -> str | None:
    """The fastest of the peers that compute in float32 with all the processor's instructions."""
    peers = [
        name
        for name in cell["engines"]
        if not is_ours(name) and engines[name]["precision"] == "float32" and not engines[name]["instructions"]
    ]
    return min(peers, key=lambda name: time(cell, name), default=None)


def time(cell: dict, name: str) -> float:
    return cell["engines"][name]["median_ms"]


def ratios(cell: dict, engines: dict) -> dict[str, float]:
    """Our times over the peers', by what is compared, as far as both were measured."""
    found = {}
    ours, best = f"{OURS}-float32", best_float32(cell, engines)
    if ours in engines and best:
        found[f"{engines[ours]['label']} to the best float32 peer"] = time(cell, ours) / time(cell, best)
    for ours, peer in PAIRS:
        if ours in engines and peer in engines:
            found[f"{engines[ours]['label']} to {engines[peer]['label']}"] = time(cell, ours) / time(cell, peer)
    return found


def peak_share(cell: dict, name: str) -> float | None:
    """The median over the rounds of the share of the machine's peak that emotion-cli says it reached."""
    rounds = cell["engines"][name]["rounds"]
    shares = sorted(measurement["peak_share"] for measurement in rounds if "peak_share" in measurement)
    return shares[len(shares) // 2] if shares else None


def typical_cell(cells: Sequence[dict]) -> dict:
    """The cell whose times stand beside the errors: that nearest to 5 s on one thread."""
    return min(cells, key=lambda cell: (abs(cell["seconds"] - 5), cell["threads"]))
