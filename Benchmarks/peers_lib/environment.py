"""What a run needs before it can measure: the Python environment, emotion-cli, a model, and facts on the machine."""
import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from .errors import PeersError

BENCHMARKS = Path(__file__).resolve().parent.parent
PROJECT = BENCHMARKS.parent
REQUIREMENTS = BENCHMARKS / "requirements.txt"
VIRTUAL_ENVIRONMENT = BENCHMARKS / ".venv"
PYTHON = VIRTUAL_ENVIRONMENT / "bin/python"
SPEECH = PROJECT / "Examples/speech"
TINY_MODEL = PROJECT / "Tests/Fixtures/models/torch1.10-opset11.onnx"

LIST_INSTALLED = """
import importlib.metadata, json
print(json.dumps({d.metadata["Name"].lower(): d.version for d in importlib.metadata.distributions()}))
"""


def progress(line: str) -> None:
    print(f"{Path(sys.argv[0]).name}: {line}", file=sys.stderr, flush=True)


def pinned_versions(requirements: str) -> dict[str, str]:
    """The versions in the text of a requirements file of `name==version` lines."""
    lines = (line.split("#")[0].strip() for line in requirements.splitlines())
    return dict(line.split("==") for line in lines if line)


def outdated(packages: Iterable[str], pinned: dict[str, str], installed: dict[str, str]) -> list[str]:
    """Those of the packages that aren't installed in their pinned version. A build tag such as +cpu doesn't matter."""
    return [name for name in packages if installed.get(name, "").split("+")[0] != pinned[name]]


def installed_packages() -> dict[str, str]:
    listed = subprocess.run([PYTHON, "-c", LIST_INSTALLED], capture_output=True, text=True, check=True)
    return json.loads(listed.stdout)


def make_virtual_environment() -> None:
    if PYTHON.exists():
        return
    progress(f"making a Python environment in {VIRTUAL_ENVIRONMENT.relative_to(PROJECT)}")
    made = subprocess.run([sys.executable, "-m", "venv", VIRTUAL_ENVIRONMENT], capture_output=True, text=True)
    if made.returncode:
        raise PeersError("Python can't make a virtual environment; on Debian, apt-get install python3-venv")


def install(packages: Iterable[str]) -> bool:
    """Installs the packages in their pinned versions; false, after one line on why, where that can't be done."""
    pinned = pinned_versions(REQUIREMENTS.read_text())
    missing = [f"{name}=={pinned[name]}" for name in outdated(packages, pinned, installed_packages())]
    if not missing:
        return True
    progress(f"installing {', '.join(missing)}")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *missing]
    result = subprocess.run(pip, capture_output=True, text=True)
    if result.returncode:
        errors = [line for line in result.stderr.splitlines() if line.startswith("ERROR:")]
        reason = errors[-1].removeprefix("ERROR: ") if errors else f"pip exited with {result.returncode}"
        progress(f"can't install {', '.join(missing)}: {reason}")
    return result.returncode == 0


def build_cli() -> Path:
    """Builds emotion-cli, as it may be older than its source."""
    progress("building emotion-cli")
    build = ["swift", "build", "-c", "release", "--product", "emotion-cli"]
    try:
        result = subprocess.run(build, cwd=PROJECT, capture_output=True, text=True)
    except FileNotFoundError:
        raise PeersError("swift is not on PATH; name a built program with --cli") from None
    if result.returncode:
        errors = [line for line in result.stdout.splitlines() if "error:" in line] or ["see swift build"]
        raise PeersError(f"emotion-cli can't be built: {errors[0]}")
    return PROJECT / ".build/release/emotion-cli"


def prepare(options: argparse.Namespace, packages: Sequence[str]) -> tuple[Path, Path]:
    """The emotion-cli and the model that were asked for; the packages are installed then."""
    cli = Path(options.cli).resolve() if options.cli else build_cli()
    if not cli.is_file():
        raise PeersError(f"{cli}: no such program")
    model = find_model(options.model, cli)
    make_virtual_environment()
    if not install(packages):
        raise PeersError(f"{', '.join(packages)} are needed")
    return cli, model


def find_model(given: str | None, cli: Path) -> Path:
    """The .onnx file to run: the one given, then $EMOTION_MODEL, then a stand-in with random weights."""
    named = given or os.environ.get("EMOTION_MODEL")
    path = Path(named) if named else make_stand_in(cli)
    if path.is_dir():
        path /= "model.onnx"
    if path.suffix != ".onnx" or not path.is_file():
        raise PeersError(f"{path}: an .onnx file, or a folder with model.onnx, is needed: the peers read nothing else")
    return path.resolve()


def make_stand_in(cli: Path) -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "emotion-cli/standin"
    if not (folder / "model.onnx").exists():
        progress(f"no model was named: making a stand-in with random weights in {folder}")
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([cli, "standin", folder], check=True, stdout=sys.stderr)
    return folder


def describe_machine() -> dict[str, object]:
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "load_average": round(os.getloadavg()[0], 2),
    }


def cpu_facts() -> dict[str, str]:
    cpu_info = Path("/proc/cpuinfo")
    lines = cpu_info.read_text().splitlines() if cpu_info.exists() else []
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}


def has_instructions(name: str) -> bool:
    return name in cpu_facts().get("flags", "").split()


def cpu_model() -> str:
    facts = cpu_facts()
    name = facts.get("model name", platform.processor() or platform.machine())
    if "cpu family" not in facts:
        return name
    return f"{name}, family {facts['cpu family']} model {facts['model']}"


def our_version(cli: Path) -> str:
    """The version that emotion-cli gives, and the commit if the sources are a git checkout."""
    version = subprocess.run([cli, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=PROJECT, capture_output=True, text=True)
    return f"{version} ({commit.stdout.strip()})" if commit.returncode == 0 else version
