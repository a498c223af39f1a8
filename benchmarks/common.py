"""What the benchmarks share: a fixed loop to set other figures beside, and one way to print them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

TOP = Path(__file__).parents[1]
HEADER = ("what", "n", "min", "median", "p95", "goal")


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


def row(what: str, times: Sequence[float], goal: str = "") -> tuple[str, ...]:
    """One line of the table, in milliseconds."""
    figures = (min(times), statistics.median(times), p95(times))
    return (what, str(len(times)), *(f"{1000 * seconds:,.1f} ms" for seconds in figures), goal)


def report(title: str, rows: Sequence[tuple[str, ...]], header: Sequence[str] = HEADER) -> None:
    """Print a Markdown table, with the reference loop as measured in this run as its last row."""
    loop = row("reference loop", [timed(reference_loop) for _ in range(7)])
    last = (*loop, *[""] * (len(header) - len(loop))) if tuple(header) == HEADER else None
    print(f"\n### {title}\n")
    print(f"| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for line in (*rows, *([last] if last else [])):
        print(f"| {' | '.join(line)} |")
    if last is None:
        print(f"\nReference loop in this run: median {loop[3]} (min {loop[2]}, p95 {loop[4]}).")
