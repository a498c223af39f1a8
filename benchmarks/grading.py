"""Plain nbgrader against ``course.py grade`` on the same hand-ins: per minute, memory, and that the results are equal.

``python benchmarks/grading.py`` prints the table for docs/evidence.md; ``--count 20`` is a smaller run. Each way runs as
an instructor would run it, from a start of Python to its last file, on the same two cores.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import hand_ins
import same

REPOSITORY = Path(__file__).resolve().parents[1]
NUMBER = "02"


@dataclass
class Measured:
    """What one way took: seconds by the clock, seconds of computing, and memory at its most, all processes together."""

    seconds: float
    computing: float
    megabytes: float


def course(folder: Path, config: str | None = None) -> Path:
    """A course of its own with the repository's content."""
    for name in ("solutions", "exercises"):
        shutil.copytree(REPOSITORY / name, folder / name)
    (folder / "nbgrader_config.py").write_text(config or (REPOSITORY / "nbgrader_config.py").read_text())
    return folder


def run(folder: Path, *commands: Sequence[str]) -> Measured:
    """Run commands one after the other in a folder, and measure them together."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    before, begun, peak = os.times(), time.perf_counter(), 0.0
    for command in commands:
        with tempfile.TemporaryFile() as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command], cwd=folder, env={**os.environ, "PATH": path}, stdout=log, stderr=log
            )
            watch = _Watch(process.pid)
            code = process.wait()
            peak = max(peak, watch.stop())
            if code:
                log.seek(0)
                sys.exit(f"{' '.join(command)} failed:\n{log.read().decode(errors='replace')[-3000:]}")
    after = os.times()
    computing = after.children_user + after.children_system - before.children_user - before.children_system
    return Measured(time.perf_counter() - begun, computing, peak)


class _Watch(threading.Thread):
    """Watches the memory of a process and all below it, shared pages counted once (proportional set size)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._peak, self._over = pid, 0, threading.Event()
        self.start()

    def run(self) -> None:
        """Look every twentieth of a second."""
        while not self._over.wait(0.05):
            self._peak = max(self._peak, sum(_memory(pid) for pid in _below(self._pid)))

    def stop(self) -> float:
        """The most there was, in MB."""
        self._over.set()
        self.join()
        return self._peak / 1024


def _below(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:
                continue
    return found


def _memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def main() -> None:
    """Measure, compare, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--stock", type=int, default=0, help="so many also by nbgrader as it comes, with kernels")
    parser.add_argument("--keep", type=Path, default=None, help="work in this folder and leave it")
    options = parser.parse_args()
    top = options.keep or Path(tempfile.mkdtemp(prefix="grading-"))
    try:
        measure(top, options.count, options.jobs, options.seed, options.stock)
    finally:
        if options.keep is None:
            shutil.rmtree(top, ignore_errors=True)


def measure(top: Path, count: int, jobs: int, seed: int, stock: int) -> None:
    """Grade the same hand-ins both ways in a folder."""
    (released,) = (REPOSITORY / "exercises").glob(f"{NUMBER}*")
    name = released.name
    plain, ours, whole = (course(top / one) for one in ("plain", "ours", "whole"))
    hand_ins.fill(top / "inbox", released, count, seed)
    run(plain, ["nbgrader", "generate_assignment", name, "--force"])
    run(plain, ["twovoices", "intake", "--from", str(top / "inbox")])
    for one in (ours, whole):
        shutil.copy(plain / "gradebook.db", one)
    for folder in ("submitted", ".intake"):
        shutil.copytree(plain / folder, ours / folder)
    shutil.copytree(top / "inbox", whole / "inbox")

    slow = run(plain, ["nbgrader", "autograde", name], ["nbgrader", "generate_feedback", name])
    fast = run(ours, ["twovoices", "grade", NUMBER, "--jobs", str(jobs)])
    all_in = run(whole, ["twovoices", "grade", NUMBER, "--jobs", str(jobs)])
    unlike = [*same.differences(plain, ours), *same.differences(plain, whole)]

    print("| way | hand-ins | s | per minute | times | computing, ms each | memory at most, MB |")
    print("|---|---|---|---|---|---|---|")
    if stock:
        print(_row("nbgrader as it comes (a kernel each, its own feedback)", _stock(top, stock), stock, slow, count))
    print(_row("plain `nbgrader autograde` + `generate_feedback`", slow, count, slow, count))
    print(_row(f"`course.py grade`, {jobs} processes", fast, count, slow, count))
    print(_row("the same from the inbox, intake included", all_in, count, slow, count))
    rows, files = same.count(plain)
    if unlike:
        sys.exit(f"\n{len(unlike)} differences, for example:\n  " + "\n  ".join(unlike[:10]))
    print(f"\nAll {rows} gradebook rows and {files} files are equal, apart from row ids.")


def _stock(top: Path, count: int) -> Measured:
    """The first hand-ins by nbgrader with none of our steps but the folders' names."""
    config, _, _ = (REPOSITORY / "nbgrader_config.py").read_text().partition("# The release also gets")
    folder = course(top / "stock", config)
    shutil.copy(top / "whole" / "gradebook.db", folder)
    for learner in sorted((top / "plain" / "submitted").iterdir())[:count]:
        shutil.copytree(learner, folder / "submitted" / learner.name)
    (name,) = (path.name for path in (folder / "exercises").glob(f"{NUMBER}*"))
    return run(folder, ["nbgrader", "autograde", name], ["nbgrader", "generate_feedback", name])


def _row(way: str, found: Measured, count: int, slow: Measured, of: int) -> str:
    speed, plain = count / found.seconds * 60, of / slow.seconds * 60
    return (
        f"| {way} | {count} | {found.seconds:.1f} | {speed:.0f} | {speed / plain:.1f} | "
        f"{found.computing / count * 1000:.0f} | {found.megabytes:.0f} |"
    )


if __name__ == "__main__":
    main()
