"""How far the engines are from float64."""
import json
from pathlib import Path

from .engines import NETWORK_REQUIREMENTS, child
from .environment import progress
from .errors import PeersError
from .preparation import SPEECH, Run
from .rounds import last_object, run

# The truth is considered wrong if every float32 engine is farther from it than this, relative to the largest number.
AGREEMENT = 1e-3


def measure_parity(this: Run) -> dict | None:
    if not this.has_network and not this.options.golden:
        progress(f"parity is left out: float64 needs {', '.join(NETWORK_REQUIREMENTS)} (engine torch), or --golden")
        return None
    signals, truth = this.work / "signals", this.work / "truth.npz"
    signals.mkdir()
    write_truth(this, signals, truth)
    names = json.loads(run(child("output-names", truth)).output)
    engines = {}
    for engine in this.engines:
        progress(f"parity: {engine.label}")
        result = this.work / f"{engine.name}.npz"
        run(engine.outputs(signals, names, this.most_threads, result))
        engines[engine.name] = last_object(run(child("errors", truth, result)).output)
    check_truth(engines, {engine.name for engine in this.engines if engine.precision == "float32"})
    source = Path(this.options.golden).name if this.options.golden else "PyTorch in float64 with the file's weights"
    return {
        "signals": [path.stem for path in sorted(signals.glob("*.npy"))],
        "truth": source,
        "outputs": names,
        "engines": engines,
    }


def write_truth(this: Run, signals: Path, truth: Path) -> None:
    """The signals, and what the outputs for them are."""
    if this.options.golden:
        run(child("golden", this.options.golden, signals, truth))
        return
    progress("computing float64")
    run(child("signals", signals, *SPEECH))
    run(child("truth", this.model, signals, truth))


def check_truth(engines: dict, float32: set[str]) -> None:
    """If no float32 engine agrees with the truth, the truth is another network's."""
    for output in next(iter(engines.values())):
        nearest = min((engines[name][output]["relative"] for name in float32), default=0)
        if nearest > AGREEMENT:
            raise PeersError(f"no engine agrees with float64 on {output}: the reference doesn't belong to this model")
