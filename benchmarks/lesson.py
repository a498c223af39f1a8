"""A lesson in a fresh kernel: from Run All to the first widget, and the kernel's peak memory.

`python benchmarks/lesson.py [NOTEBOOK]`; without one, the first lesson with a widget, or a single cell that shows a case.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from common import TOP, Row, report
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

ROUNDS = 7
WIDGET = "application/vnd.jupyter.widget-view+json"
CELL = 'import twovoices\n\ntwovoices.play("late-colleague")'
MEMORY = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


def cells(path: Path | None) -> list[str]:
    """Code cells in order."""
    if path is None:
        return [CELL]
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def lesson() -> Path | None:
    """The first notebook with a call of the course in it."""
    for path in sorted((TOP / "notebooks").glob("*.ipynb")):
        if any("twovoices" in source for source in cells(path)):
            return path
    return None


def run(client: BlockingKernelClient, source: str) -> tuple[bool, str]:
    """Run one cell; say whether it showed a widget, and what it printed."""
    shown, printed = False, ""
    sent = client.execute(source)
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != sent:
            continue
        content = message["content"]
        match message["msg_type"]:
            case "execute_result" | "display_data":
                shown = shown or WIDGET in content["data"]
            case "stream":
                printed += content["text"]
            case "error":
                raise SystemExit(f"The cell failed: {content['ename']}: {content['evalue']}")
            case "status" if content["execution_state"] == "idle":
                return shown, printed


def measure(sources: list[str], folder: str) -> tuple[float, float, float, float]:
    """Seconds to a ready kernel, from there to the first widget, both together; peak memory in MiB."""
    manager = KernelManager()
    begun = time.perf_counter()
    manager.start_kernel(cwd=folder, env={**os.environ, "TWOVOICES_ANSWERS": folder})
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        ready = time.perf_counter()
        if not any(run(client, source)[0] for source in sources):
            raise SystemExit("No cell showed a widget.")
        shown = time.perf_counter()
        memory = int(run(client, MEMORY)[1]) / 1024
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return ready - begun, shown - ready, shown - begun, memory


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else lesson()
    sources = cells(path)
    with tempfile.TemporaryDirectory() as folder:
        measure(sources, folder)
        figures = [measure(sources, folder) for _ in range(ROUNDS)]
    start, widget, both, memory = zip(*figures, strict=True)
    rows = [
        Row("kernel start", start),
        Row("Run All to first widget", widget, "1,500 ms"),
        Row("both", both),
    ]
    report(f"{path.name if path else 'One cell with a role-play'} in a fresh kernel", rows)
    print(f"\nPeak memory of the kernel: {max(memory):.0f} MiB.")


if __name__ == "__main__":
    main()
