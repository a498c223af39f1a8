"""The two lock files: how they are made, and how a test makes them again elsewhere.

The test lock holds the learner's whole lock at the same versions, so an environment for tests is one for learners too.
"""

import subprocess
import sys
from pathlib import Path

LOCKS = {"requirements.lock": ("build",), "requirements-test.lock": ("build", "test")}
HOW = "# Made by: .venv/bin/python -m twovoices.launch lock. Every file's hash is checked when it is installed. Not edited by hand.\n"


def compile_command(groups: tuple[str, ...], *more: str) -> list[str]:
    """Return the command that resolves the project and some of its dependency groups, without naming where packages come from."""
    chosen = [word for group in groups for word in ("--group", group)]
    return [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *chosen, "--only-binary", ":all:", "--no-header",
            "--no-emit-index-url", "--no-emit-find-links", "--quiet", *more]  # fmt: skip


def make_command(name: str, groups: tuple[str, ...], first: str, upgrade: bool = False) -> list[str]:
    """Return the command that writes one lock, for every system and Python, within the lock that was made first."""
    more = ["--universal", "--python-version", "3.11", "--generate-hashes", "--output-file", name]
    more += ["--constraint", first] if first else []
    return compile_command(groups, *more, *(["--upgrade"] if upgrade else []))


def make(course: Path, upgrade: bool = False) -> int:
    """Write both locks, keeping versions that still fit unless asked to upgrade; return the exit code."""
    first = ""
    for name, groups in LOCKS.items():
        done = subprocess.run(make_command(name, groups, first, upgrade), cwd=course, check=False)
        if done.returncode:
            return done.returncode
        lock = course / name
        lock.write_text(HOW + lock.read_text("utf-8").removeprefix(HOW), "utf-8", newline="\n")
        first = name
    return 0
