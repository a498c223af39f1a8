"""``course.py grade``: intake, marking, feedback and the last page, for one assignment or for all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from . import batch, flags, intake, preparing, report, roster, settings, store, taking_in
from .journal import FOLDER, Journal
from .lms import UNPACKED, Sources
from .roster import Roster
from .settings import CannotGrade, Settings
from .taking_in import Outcome

PAGES = "grading"


def run(
    course: Path,
    number: str = "",
    places: Sequence[Path] = (),
    jobs: int = 0,
    people: Path | None = None,
    seconds: bool = False,
    seed: str = "",
) -> int:
    """Grade, and say what a person must look at; returns the exit code.

    Parameters
    ----------
    number
        Beginning of an assignment's name; every assignment with hand-ins when empty.
    places
        Folders of hand-ins, zips, or an LMS's zip of all; ``inbox/`` when left out.
    jobs
        Processes; as many as there are cores when 0.
    people
        A roster.
    seconds
        Write the list for second readers, too.
    seed
        For that list: draws the same tenth again.
    """
    found = settings.load(course)
    known = roster.load(people) if people else None
    only = found.assignment(number) if number else ""
    missing = [place for place in places if not place.exists()]
    if missing:
        raise CannotGrade(f"There is no {missing[0]}. Name a folder of hand-ins or a zip with --from.")
    with batch.alone(found):
        for name in [only] if only else found.released():
            _remember(found, name)
        inbox = found.root / "inbox"
        outcome = take_in(found.root, places or [inbox], known, only) if places or inbox.is_dir() else None
        lines = list(report.intake(outcome)) if outcome else []
        wanted = [only] if only else [name for name in found.released() if intake.manifests(course, name)]
        if not wanted:
            lines.append("Nobody has handed anything in yet: put hand-ins into inbox/, or name a place with --from.")
        wrong = bool(outcome and outcome.refused)
        for name in wanted:
            wrong = _one(found, name, jobs or os.cpu_count() or 1, known, (seconds, seed), lines) or wrong
        lines += ["Next: read written work in formgrader, grade again (new feedback for what you marked), then export."]
        _tell(course, only, lines)
        for name in wanted:
            Journal(course, name).told()
    return 1 if wrong else 0


def _remember(found: Settings, assignment: str) -> None:
    """Note on which answers flags stand, before new answers come in."""
    if preparing.known(found, assignment) is not None:
        with store.connect(found.database) as connection:
            flags.remember(found.root, assignment, store.standing(connection, assignment))


def take_in(root: Path, places: Sequence[Path], known: Roster | None, only: str) -> Outcome:
    """Take in what lies in some places, whatever form an LMS gave it.

    Parameters
    ----------
    known
        Who is who, where a roster was given.
    only
        What hand-ins are taken for that do not say it.
    """
    sources = Sources(root / FOLDER / UNPACKED, known, only)
    sources.add(places)
    outcome = taking_in.everything(root, sources.paths, sources.read)
    outcome.refused[:0] = sources.refused
    outcome.look += [line for origin, line in sorted(sources.look.items())]
    sources.clear()
    return outcome


def _one(
    found: Settings,
    assignment: str,
    jobs: int,
    known: Roster | None,
    second: tuple[bool, str],
    lines: list[str],
) -> bool:
    """Grade one assignment; whether something went wrong that a person must put right."""
    try:
        if preparing.known(found, assignment) is None:
            _say(f"{assignment} is not in the gradebook yet; nbgrader enters it (once, some seconds).")
        done = batch.grade(found, assignment, jobs, batch.Progress(assignment))
    except CannotGrade as error:
        lines += [f"== {assignment}", f"NOBODY WAS MARKED: {error}"]
        return True
    with store.connect(found.database) as connection:
        if known:
            store.enrol(connection, ((p.learner, p.first_name, p.last_name, p.email, p.lms_id) for p in known.people))
        template = store.template(connection, assignment)
        standing = store.standing(connection, assignment)
        assert template is not None
        maxima = {(c.notebook, c.name): c.maximum for c in template.cells if c.maximum is not None}
        told = report.state(found.root, done, standing, maxima, known)
        lines += report.page(told)
        if second[0]:
            lines += _second(found, assignment, connection, second[1])
    return report.to_do(told)


def _second(found: Settings, assignment: str, connection: store.Connection, seed: str) -> Iterable[str]:
    from ..activities import release

    source = release.read_source(found.path(found.source, assignment))
    listed, seed = flags.second_readers(connection, found.root, assignment, source, seed)
    path = found.root / PAGES / f"{assignment}_second_reading.csv"
    try:
        before = flags.entered(path.read_text(encoding="utf-8-sig"))
    except OSError:
        before = {}
    for one in listed:
        one.second = {name: level for name, level in before.get(one.submission, {}).items() if name in one.first}
    path.parent.mkdir(exist_ok=True)
    path.write_text(flags.table(listed, seed), encoding="utf-8-sig", newline="")
    yield f"{len(listed)} to be read twice (a tenth by chance, seed {seed}, and all flags): {path}"
    yield from _titled("Two readers two levels apart or more", flags.apart(listed))


def _titled(title: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if not number:
            yield f"{title}:"
        yield f"  {line}"


def _tell(course: Path, only: str, lines: Sequence[str]) -> None:
    for line in lines:
        _say(line)
    path = course / PAGES / f"{only or 'all'}_last_page.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="backslashreplace")
    _say(f"This page is also in {path.relative_to(course)}.")


def _say(line: str) -> None:
    """Print, whatever the terminal can show."""
    encoding = sys.stdout.encoding or "utf-8"
    print(line.encode(encoding, "backslashreplace").decode(encoding))
