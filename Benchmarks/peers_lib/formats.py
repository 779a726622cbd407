"""Numbers and tables as text."""
from collections.abc import Sequence


def number(value: float | None, digits: int = 3) -> str:
    """So many significant digits, never an exponent, and all digits before the point."""
    if value is None:
        return "–"
    before_point = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    return f"{value:.{max(0, digits - before_point)}f}"


def error(value: float) -> str:
    return f"{value:.1e}".replace("e-0", "e-").replace("e+00", "")


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
