"""The commands, each a few lines over the room that does the work. Each room is loaded when its command runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from .content.errors import ContentError, NotFound


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 when it did what was asked, 1 when it found faults, 2 when it could not."""
    parser = argparse.ArgumentParser(prog="course.py", description="Two Voices, a course for clinicians.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    one = commands.add_parser("try", help="play a conversation, or do any other practice, as plain text")
    one.add_argument("id", help="its id, for example priya-party")

    one = commands.add_parser("hand-in", help="pack an exercise to hand in")
    one.add_argument("number", help="the exercise's number, for example 02")
    one.add_argument("--id", dest="learner", default="", help="the id your instructor gave you (asked when left out)")
    one.add_argument("--to", type=Path, default=None, help="folder for the zip (default: beside the exercise)")

    one = commands.add_parser("intake", help="take hand-ins from a folder into nbgrader's submitted/")
    one.add_argument(
        "--from", dest="inbox", type=Path, default=Path("inbox"), help="folder of zips or folders (default: inbox)"
    )

    one = commands.add_parser("grade", help="mark what was handed in, and say what a person must look at")
    one.add_argument("number", nargs="?", default="", help="the exercise's number, for example 02 (default: all)")
    one.add_argument(
        "--from", dest="places", type=Path, nargs="+", default=[], metavar="FOLDER_OR_ZIP",
        help="folders of hand-ins, zips, or an LMS's zip of all (default: inbox)",
    )  # fmt: skip
    one.add_argument("--jobs", type=int, default=0, help="processes (default: one for each core)")
    one.add_argument("--roster", type=Path, default=None, help="CSV of who is who: learner, first_name, lms_id ...")
    one.add_argument("--second-readers", action="store_true", help="also list a tenth, and all flags, to be read twice")
    one.add_argument("--seed", default="", help="draw that tenth by this seed (default: one that is kept)")

    one = commands.add_parser("export", help="write the gradebook as a table")
    one.add_argument("--to", dest="kind", choices=["gradebook", "competencies", "moodle"], default="gradebook")
    one.add_argument("file", type=Path, nargs="?", default=None, help="the file to write (default: export/KIND.csv)")
    one.add_argument("--assignment", action="append", default=[], help="only this exercise (may be repeated)")

    one = commands.add_parser("check", help="check the course's content, or the cases named")
    one.add_argument("id", nargs="*", help="ids of cases; all content when left out")
    one.add_argument("--shape", action="store_true", help="show what gives best replies away to a guesser")

    one = commands.add_parser("new", help="begin a new role-play from a pattern")
    one.add_argument("kind", choices=["roleplay"])
    one.add_argument("id", help="its id, for example sam-later")

    one = commands.add_parser("print", help="a page to print or look at")
    one.add_argument("kind", choices=["chart", "outline", "brief", "handout", "schema"])
    one.add_argument("id", nargs="?", default="", help="the case or handout (not needed for schema)")

    options = parser.parse_args(arguments)
    try:
        return {
            "try": _try,
            "hand-in": _hand_in,
            "intake": _intake,
            "grade": _grade,
            "export": _export,
            "check": _check,
            "new": _new,
            "print": _print,
        }[options.command](options)
    except (ContentError, NotFound) as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of a pipe left, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _try(options: argparse.Namespace) -> int:
    from . import terminal
    from .activities import opening

    page = opening.anything(options.id)
    terminal.run(page.show, page.press)
    return 0


def _hand_in(options: argparse.Namespace) -> int:
    from .grading import handing_in

    return handing_in.run(options.number, options.learner, options.to)


def _intake(options: argparse.Namespace) -> int:
    from .grading import taking_in

    return taking_in.run(Path.cwd(), options.inbox)


def _grade(options: argparse.Namespace) -> int:
    from .grading import running
    from .grading.settings import CannotGrade

    try:
        return running.run(
            Path.cwd(),
            options.number,
            options.places,
            options.jobs,
            options.roster,
            options.second_readers,
            options.seed,
        )
    except CannotGrade as error:
        print(error, file=sys.stderr)
        return 2


def _export(options: argparse.Namespace) -> int:
    from .grading import exporting
    from .grading.settings import CannotGrade

    try:
        return exporting.run(Path.cwd(), options.kind, options.file, options.assignment)
    except CannotGrade as error:
        print(error, file=sys.stderr)
        return 2


def _check(options: argparse.Namespace) -> int:
    from .check import kinds, lessons, overlays, run, shape

    files = run.case_files()
    if options.id:
        unknown = sorted(set(options.id) - {run.case_id(path) for path in files})
        if unknown:
            raise NotFound(f"There is no role-play called {', '.join(unknown)}.")
    if options.shape:
        print(shape.page(shape.cases(files), options.id))
        return 0
    if options.id:
        files = [path for path in files if run.case_id(path) in options.id]
    _, problems = run.check(files)
    other = overlays.problems(kinds.KINDS, options.id) if options.id else [*kinds.check(), *lessons.check()]
    problems = [*other, *problems]
    for problem in problems:
        print(problem)
    errors = sum(problem.code.startswith("E") for problem in problems)
    what = f"{len(files)} role-plays" if options.id else f"{len(files)} role-plays and all other content"
    print(f"{what} checked: {errors} errors, {len(problems) - errors} warnings.")
    return 1 if problems else 0


def _new(options: argparse.Namespace) -> int:
    from .authoring import skeleton

    print(skeleton.write(options.id))
    return 0


def _print(options: argparse.Namespace) -> int:
    from .authoring import pages

    print(pages.make(options.kind, options.id))
    return 0
