"""How long `import twovoices` takes in a fresh Python, and what first use adds to it."""

from __future__ import annotations

import subprocess
import sys

from common import Row, report

ROUNDS = 15
STEPS = {
    "import twovoices": ("import twovoices", "150 ms"),
    "… and the code behind a conversation": ("import twovoices.activities.opening", ""),
    "… and the widgets": ("import twovoices; twovoices.play", ""),
    "for comparison: import ipywidgets": ("import ipywidgets", ""),
}
CODE = "import time; begun = time.perf_counter(); {}; print(time.perf_counter() - begun)"


def fresh(statement: str) -> float:
    command = [sys.executable, "-c", CODE.format(statement)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    rows = []
    for what, (statement, goal) in STEPS.items():
        fresh(statement)  # compiled once, so that every round finds the same .pyc files
        rows.append(Row(what, [fresh(statement) for _ in range(ROUNDS)], goal))
    report("Import, fresh processes", rows)


if __name__ == "__main__":
    main()
