"""The commands, each a few lines over the room that does the work."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 when it did what was asked."""
    parser = argparse.ArgumentParser(prog="course.py", description="Two Voices")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check the course's content, or one case")
    check.add_argument("id", nargs="*", help="ids of cases; all when left out")
    options = parser.parse_args(arguments)
    return _check(options.id)


def _check(ids: Sequence[str]) -> int:
    from .check import run

    files = run.case_files()
    if ids:
        unknown = set(ids) - {run.case_id(path) for path in files}
        if unknown:
            print(f"There is no role-play called {', '.join(sorted(unknown))}.", file=sys.stderr)
            return 2
        files = [path for path in files if run.case_id(path) in ids]
    _, problems = run.check(files)
    for problem in problems:
        print(problem)
    errors = sum(problem.code.startswith("E") for problem in problems)
    print(f"{len(files)} role-plays checked: {errors} errors, {len(problems) - errors} warnings.")
    return 1 if problems else 0
