"""``grade``: from an inbox to marks, autograded notebooks and feedback, many learners at a time.

Files first, then rows, then the journal's line: a run that is killed at any point leaves nobody half marked who is not
marked again by the next one, and marking again stores the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from datetime import datetime
from pathlib import Path

import filelock
import msgspec

from .. import answers
from . import fast, files, intake, preparing, settings, store
from .arrivals import IntakeError, shown
from .fast import Result, Submission
from .journal import FOLDER, Change, Journal, Line
from .preparing import Prepared
from .settings import CannotGrade, Settings
from .store import Standing

ORPHAN_SECONDS = 2.0
SOME = 16  # hand-ins to a job, and to a transaction
READ_ONLY, OWN = 0o444, 0o644
SHARED = 0o664


class Done(msgspec.Struct):
    """What a run did for one assignment.

    Attributes
    ----------
    marked, again, refreshed, same
        Learners marked for the first time, marked anew, given new feedback alone, left as they were.
    unmarked
        Why someone got no mark, by learner.
    """

    assignment: str
    marked: list[str] = []
    again: list[str] = []
    refreshed: list[str] = []
    same: list[str] = []
    unmarked: dict[str, str] = {}

    @property
    def count(self) -> int:
        """How many learners have been seen to."""
        return sum(map(len, (self.marked, self.again, self.refreshed, self.same, self.unmarked)))


class Waiting(msgspec.Struct):
    """A submission that is to be marked, or given new feedback when only ``shown`` changed."""

    submission: Submission
    stamp: datetime | None
    beside: dict[str, bytes]
    marked: str
    shown: str
    standing: Standing | None
    only_feedback: bool


Told = Callable[[int, int], None]


def grade(
    course: Settings,
    assignment: str,
    jobs: int,
    told: Told = lambda done, of: None,
    executor: Executor | None = None,
) -> Done:
    """Mark everyone in ``submitted/`` whose answers, key or released notebook are not those of their present mark.

    Parameters
    ----------
    jobs
        Processes to spread the work over; 1 works in this one.
    told
        Called with how many are done, of how many.
    executor
        Used in place of processes of our own.

    Raises
    ------
    CannotGrade
        When nobody can be marked as things stand.
    """
    prepared = preparing.prepare(course, assignment)
    journal = Journal(course.root, assignment)
    done = Done(assignment)
    with store.connect(course.database) as connection:
        before = store.standing(connection, assignment)
        learners = [manifest.learner for manifest in intake.manifests(course.root, assignment)]
        waiting: dict[str, Waiting] = {}

        def submissions() -> Iterator[Submission]:
            # Read when their turn comes, so that memory stays the same however many there are.
            for learner in learners:
                one = _look_at(course, prepared, journal, learner, before.get(learner), done)
                if one is not None:
                    waiting[learner] = one
                    yield one.submission

        told(0, len(learners))
        common = files.alongside(course.path(course.source, assignment), course.ignore)
        with _spread(executor, jobs, len(learners)) as spread:
            for results in fast.grade_all(prepared.bundle, submissions(), spread, SOME):
                _store(course, prepared, connection, journal, done, common, waiting, results)
                for result in results:
                    del waiting[result.learner]
                told(done.count, len(learners))
        told(len(learners), len(learners))
    return done


@contextlib.contextmanager
def _spread(executor: Executor | None, jobs: int, count: int) -> Iterator[Executor | None]:
    if executor is not None or jobs < 2 or count <= SOME:
        yield executor
        return
    with ProcessPoolExecutor(min(jobs, -(-count // SOME)), initializer=_leave_with, initargs=(os.getpid(),)) as pool:
        yield pool


def _leave_with(parent: int) -> None:
    """Let a worker end when the run that started it is gone: one that was killed tells its workers nothing."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(ORPHAN_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _look_at(
    course: Settings, prepared: Prepared, journal: Journal, learner: str, standing: Standing | None, done: Done
) -> Waiting | None:
    """One learner's submission if there is something to do for it."""
    bundle = prepared.bundle
    submitted = course.path(course.submitted, bundle.assignment, learner)
    try:
        events, data = _verified(course, submitted, bundle.assignment, learner)
        stamp = settings.timestamp(data.get(intake.TIMESTAMP, b""))
    except (IntakeError, OSError, ValueError) as error:
        reason = str(error) if isinstance(error, IntakeError) else f"{learner}: {shown(str(error))}"
        done.unmarked[learner] = reason.removeprefix(f"{learner}: ")
        return None
    extension = standing.extension if standing else None
    due = prepared.template.duedate
    late = max(0.0, (stamp - due - extension if extension else stamp - due).total_seconds()) if due and stamp else 0.0
    entered = {place: row.entered for place, row in standing.rows.items()} if standing else {}
    key = _hash(data[answers.NAME])
    marked = _hash(bundle.key, key, data.get(intake.TIMESTAMP, b""), repr(late))
    shown_key = _hash(marked, *(f"{place}{row}" for place, row in sorted(entered.items()) if row != fast.Entered()))
    last = journal.last.get(learner)
    same = (
        last is not None
        and last.marked == marked
        and standing is not None
        and last.scores == {f"{book}/{name}": row.automatic for (book, name), row in _graded(prepared, standing)}
        and all(path.is_file() for path in _outputs(course, prepared, learner))
    )
    if same and last is not None and last.shown == shown_key:
        done.same.append(learner)
        return None
    submission = Submission(learner, events, late, entered, key)
    return Waiting(submission, stamp, data, marked, shown_key, standing, same)


def _verified(
    course: Settings, submitted: Path, assignment: str, learner: str
) -> tuple[tuple[answers.Event, ...], dict[str, bytes]]:
    """The learner's events, and the bytes of what lies in the folder."""
    events = intake.verified_events(course.root, submitted, assignment, learner)
    return events, {name: (submitted / name).read_bytes() for name in (answers.NAME, intake.TIMESTAMP)}


def _graded(prepared: Prepared, standing: Standing) -> Iterator[tuple[tuple[str, str], store.Row]]:
    for cell in prepared.bundle.cells:
        if cell.maximum is not None:
            place = (cell.notebook, cell.name)
            yield place, standing.rows.get(place, store.Row())


def _outputs(course: Settings, prepared: Prepared, learner: str) -> Iterator[Path]:
    assignment = prepared.bundle.assignment
    for name in prepared.bundle.notebooks:
        yield course.path(course.autograded, assignment, learner) / f"{name}.ipynb"
        yield course.path(course.feedback, assignment, learner) / f"{name}.html"


def _store(
    course: Settings,
    prepared: Prepared,
    connection: sqlite3.Connection,
    journal: Journal,
    done: Done,
    common: dict[str, bytes],
    waiting: dict[str, Waiting],
    results: Sequence[Result],
) -> None:
    """Store what some submissions came to: files, then rows, then the journal."""
    fine: list[Result] = []
    for result in results:
        if result.unmarked:
            done.unmarked[result.learner] = result.unmarked
            continue
        try:
            _put(course, prepared, common, waiting[result.learner], result)
        except OSError as error:
            done.unmarked[result.learner] = (
                f"its files could not be written ({shown(error.strerror or str(error))}: {error.filename}). Mend that "
                "and grade again."
            )
            continue
        fine.append(result)
    whole = [result for result in fine if not waiting[result.learner].only_feedback]
    late = [
        result
        for result in fine
        if waiting[result.learner].only_feedback and waiting[result.learner].submission.seconds_late
    ]
    if whole:
        store.write(connection, prepared.template, whole, {r.learner: waiting[r.learner].stamp for r in whole})
    if late:
        store.renew_penalties(connection, prepared.template, late)
    journal.write([_line(waiting[result.learner], result, journal) for result in fine])
    for result in fine:
        one = waiting[result.learner]
        list_of = done.refreshed if one.only_feedback else done.again if one.standing else done.marked
        list_of.append(result.learner)


def _put(course: Settings, prepared: Prepared, common: dict[str, bytes], one: Waiting, result: Result) -> None:
    assignment = prepared.bundle.assignment
    beside = {name: data for name, data in one.beside.items() if not files.ignored(name, course.ignore)} | common
    shared = course.groupshared
    if not one.only_feedback:
        files.put(
            course.path(course.autograded, assignment, result.learner),
            beside | {f"{name}.ipynb": data for name, data in result.autograded.items()},
            SHARED if shared else READ_ONLY,
            shared,
        )
    files.put(
        course.path(course.feedback, assignment, result.learner),
        beside | {f"{name}.html": data for name, data in result.feedback.items()},
        SHARED if shared else OWN,
        shared,
    )


def _line(one: Waiting, result: Result, journal: Journal) -> Line:
    """The journal's line, with every automatic score that is another than before."""
    scores = {f"{book}/{name}": score for (book, name), score in result.scores.items()}
    last = journal.last.get(result.learner)
    rows = {f"{book}/{name}": row for (book, name), row in (one.standing.rows if one.standing else {}).items()}
    before = last.scores if last else {name: row.automatic for name, row in rows.items()}
    known = last is not None or one.standing is not None
    changes = [
        Change(name, before.get(name), score, rows[name].manual if name in rows else None)
        for name, score in scores.items()
        if known and before.get(name) != score
    ]
    return Line(
        learner=result.learner,
        marked=one.marked,
        answers=one.submission.key,
        shown=one.shown,
        scores=scores,
        look=result.look,
        changes=changes,
    )


def _hash(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


@contextlib.contextmanager
def alone(course: Settings) -> Iterator[None]:
    """One grading run at a time.

    Raises
    ------
    CannotGrade
        When another is going on.
    """
    folder = course.root / FOLDER
    folder.mkdir(exist_ok=True)
    try:
        with filelock.FileLock(folder / "lock", timeout=0):
            yield
    except filelock.Timeout:
        raise CannotGrade("Another grading run is going on in this course. Wait until it is done.") from None


class Progress:
    """How far a run is and how long it may take: one line that renews itself on a terminal, else a line now and then."""

    def __init__(self, what: str) -> None:
        self._what, self._begun, self._said, self._over = what, time.monotonic(), 0.0, False

    def __call__(self, done: int, of: int) -> None:
        """Say how many are done, of how many."""
        if done == of and self._over:
            return
        self._over = done == of
        now = time.monotonic()
        live = sys.stdout.isatty()
        if not of or (done not in (0, of) and now - self._said < (0.2 if live else 5)):
            return
        self._said = now
        spent = now - self._begun
        left = f", about {spent / done * (of - done):.0f} s left" if 0 < done < of else ""
        end = f" in {spent:.1f} s" if done == of else ""
        line = f"{self._what}: {done} of {of}{left}{end}"
        print(f"\r{line:<70}" if live else line, end="\n" if not live or done == of else "", flush=True)
