"""What the benchmarks share: a fixed loop to set other figures beside, and one way to print them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).parents[1]
HEADER = ("what", "n", "min", "median", "p95", "median in loops", "goal")


class Row(NamedTuple):
    """One line of a table: what was timed, each time in seconds, and the goal in words."""

    what: str
    times: Sequence[float]
    goal: str = ""


def timed(action: Callable[[], object]) -> float:
    """Seconds one call takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def reference_loop() -> None:
    """A fixed piece of plain Python; how long it takes says how fast this machine is just now."""
    table: dict[tuple[int, int], int] = {}
    for number in range(200_000):
        key = (number % 97, number % 89)
        table[key] = table.get(key, 0) + number


def p95(times: Sequence[float]) -> float:
    """The smallest time that at least 95 % of all times do not exceed."""
    ordered = sorted(times)
    return ordered[max(0, -(-95 * len(ordered) // 100) - 1)]


def milliseconds(seconds: float) -> str:
    """A time as the tables show it."""
    return f"{1000 * seconds:,.1f} ms"


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table."""
    print(f"\n### {title}\n")
    for line in (header, ["---"] * len(header), *rows):
        print(f"| {' | '.join(line)} |")


def report(title: str, rows: Sequence[Row]) -> None:
    """Print times as a table, with the reference loop, as measured before and after them, as its last row."""
    loops = Row("reference loop", [*_before, *_loop()])
    unit = statistics.median(loops.times)
    lines = []
    for row in (*rows, loops):
        middle = statistics.median(row.times)
        figures = [milliseconds(seconds) for seconds in (min(row.times), middle, p95(row.times))]
        lines.append([row.what, str(len(row.times)), *figures, f"{middle / unit:.2f}", row.goal])
    table(title, HEADER, lines)


def report_loop() -> None:
    """Say in a sentence what :func:`report` says in its last row."""
    times = [*_before, *_loop()]
    print(
        f"\nReference loop in this run: median {milliseconds(statistics.median(times))}, min {milliseconds(min(times))}."
    )


def _loop() -> list[float]:
    return [timed(reference_loop) for _ in range(7)]


_before = _loop()
