"""``course.py test``: everything a change must pass, with pytest's count last."""

import importlib.util
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKS = (
    ("style", ["ruff", "check", "."]),
    ("layout", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("layers", ["lint-imports"]),
)


def run(course: Path, words: list[str]) -> int:
    """Run every check and every test, or, with words, pytest alone with them.

    Returns
    -------
    int
        0 if everything passed, else the exit code of the first check that failed.
    """
    if words:
        return subprocess.run([sys.executable, "-m", "pytest", *words], cwd=course, check=False).returncode
    worst = 0
    for name, command in CHECKS:
        begun = time.monotonic()
        done = subprocess.run(_command(command), cwd=course, check=False, capture_output=True, text=True)
        print(f"{name:8} {'passed' if not done.returncode else 'FAILED'}  {time.monotonic() - begun:.0f} s", flush=True)
        if done.returncode:
            print(done.stdout + done.stderr, flush=True)
            worst = worst or done.returncode
    with tempfile.TemporaryDirectory(prefix="twovoices-tests-", ignore_cleanup_errors=True) as folder:
        # A folder of its own: pytest's usual one is shared with every other run on the computer, and they tidy it up.
        parallel = ["-n", "auto", "--dist", "loadfile", "--basetemp", str(Path(folder) / "t")]
        tests = subprocess.run([sys.executable, "-m", "pytest", *parallel], cwd=course, check=False)
    return worst or tests.returncode


def _command(words: list[str]) -> list[str]:
    if importlib.util.find_spec(words[0]):
        return [sys.executable, "-m", *words]
    # No module to run by name: its script stands beside this Python.
    return [str(Path(sys.executable).with_name(words[0])), *words[1:]]
