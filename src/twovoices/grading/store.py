"""Rows in nbgrader's gradebook, written directly: the rows nbgrader would write, many learners in one transaction.

Plain nbgrader opens the database a dozen times and commits three dozen times for each submission, which is most of what
it costs. The tables are those of nbgrader 0.9 (``nbgrader.api``); :func:`connect` refuses others.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from .fast import Cell, Entered, Result
from .settings import CannotGrade

Connection = sqlite3.Connection
STAMP = "%Y-%m-%d %H:%M:%S.%f"
EPOCH = datetime(1970, 1, 1)
PATIENCE = 60  # s to wait for formgrader to finish writing
WANTED = {
    "assignment": {"id", "name", "duedate", "course_id"},
    "submitted_assignment": {"id", "assignment_id", "student_id", "timestamp", "extension"},
    "submitted_notebook": {"id", "assignment_id", "notebook_id", "flagged", "late_submission_penalty"},
    "grade": {
        "id", "notebook_id", "cell_id", "auto_score", "manual_score", "extra_credit", "needs_manual_grade",
    },
    "comment": {"id", "notebook_id", "cell_id", "auto_comment", "manual_comment"},
    "student": {"id", "first_name", "last_name", "email", "lms_user_id"},
}  # fmt: skip


class Row(msgspec.Struct):
    """What stands in the gradebook for one learner and one cell."""

    automatic: float | None = None
    manual: float | None = None
    extra: float | None = None
    waiting: bool = False
    automatic_comment: str | None = None
    manual_comment: str | None = None

    @property
    def entered(self) -> Entered:
        """What a person has entered."""
        return Entered(self.manual, self.extra, self.manual_comment)


class Standing(msgspec.Struct):
    """What stands in the gradebook for one learner and one assignment."""

    timestamp: datetime | None
    extension: timedelta | None
    rows: dict[tuple[str, str], Row] = {}
    penalties: dict[str, float | None] = {}


class Template(msgspec.Struct, frozen=True):
    """One assignment as the gradebook recorded it when it was generated.

    Attributes
    ----------
    notebooks, ids
        Row ids of notebooks by name, and of base cells by notebook, cell and kind (``grade`` or ``comment``).
    sources
        Sources of cells by notebook and cell: what the released notebook must hold.
    """

    id: str
    duedate: datetime | None
    notebooks: dict[str, str]
    cells: tuple[Cell, ...]
    ids: dict[tuple[str, str, str], str]
    sources: dict[str, dict[str, str]]


@contextmanager
def connect(path: Path) -> Iterator[sqlite3.Connection]:
    """The gradebook, open.

    Raises
    ------
    CannotGrade
        When its tables are not those of the nbgrader this course is made for.
    """
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
        for table, wanted in WANTED.items():
            found = {name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}
            if not wanted <= found:
                raise CannotGrade(
                    f"{path} is not a gradebook of nbgrader 0.9 (its table {table} lacks "
                    f"{', '.join(sorted(wanted - found))}). Back it up, then run `nbgrader db upgrade`."
                )
        yield connection


def template(connection: sqlite3.Connection, assignment: str) -> Template | None:
    """The assignment's cells; ``None`` when the gradebook does not know it."""
    found = connection.execute("SELECT id, duedate FROM assignment WHERE name = ?", [assignment]).fetchone()
    if found is None:
        return None
    notebooks = dict(connection.execute("SELECT name, id FROM notebook WHERE assignment_id = ?", [found[0]]))
    ids: dict[tuple[str, str, str], str] = {}
    maxima: dict[tuple[str, str], float] = {}
    sources: dict[str, dict[str, str]] = {}
    for notebook, notebook_id in notebooks.items():
        rows = connection.execute(
            "SELECT c.id, c.name, c.type, coalesce(g.max_score, t.max_score) FROM base_cell c "
            "LEFT JOIN grade_cells g ON g.id = c.id LEFT JOIN task_cells t ON t.id = c.id WHERE c.notebook_id = ?",
            [notebook_id],
        )
        for cell_id, name, kind, maximum in rows:
            if kind in ("GradeCell", "TaskCell"):
                ids[notebook, name, "grade"] = cell_id
                maxima[notebook, name] = maximum
            if kind in ("SolutionCell", "TaskCell"):
                ids[notebook, name, "comment"] = cell_id
        sources[notebook] = dict(
            connection.execute("SELECT name, source FROM source_cell WHERE notebook_id = ?", [notebook_id])
        )
    names = dict.fromkeys((notebook, name) for notebook, name, _ in ids)
    cells = tuple(
        Cell(notebook, name, maxima.get((notebook, name)), (notebook, name, "comment") in ids)
        for notebook, name in sorted(names)
    )
    return Template(found[0], _moment(found[1]), notebooks, cells, ids, sources)


def standing(connection: sqlite3.Connection, assignment: str) -> dict[str, Standing]:
    """What stands for every learner of an assignment, by learner; read in three queries however many there are."""
    learners: dict[str, Standing] = {}
    places: dict[str, tuple[Standing, str]] = {}
    query = (
        "SELECT s.student_id, s.timestamp, s.extension, n.id, b.name, n.late_submission_penalty "
        "FROM submitted_assignment s JOIN assignment a ON a.id = s.assignment_id "
        "JOIN submitted_notebook n ON n.assignment_id = s.id JOIN notebook b ON b.id = n.notebook_id WHERE a.name = ?"
    )
    for learner, stamp, extension, notebook_id, notebook, penalty in connection.execute(query, [assignment]):
        if learner not in learners:
            more = _moment(extension)
            learners[learner] = Standing(_moment(stamp), more - EPOCH if more else None, {}, {})
        learners[learner].penalties[notebook] = penalty
        places[notebook_id] = (learners[learner], notebook)
    for notebook_id, name, automatic, manual, extra, waiting in connection.execute(
        f"SELECT g.notebook_id, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade {_rows_of('grade')}",
        [assignment],
    ):
        found, notebook = places[notebook_id]
        found.rows[notebook, name] = Row(automatic, manual, extra, bool(waiting))
    for notebook_id, name, automatic, manual in connection.execute(
        f"SELECT g.notebook_id, c.name, g.auto_comment, g.manual_comment {_rows_of('comment')}", [assignment]
    ):
        found, notebook = places[notebook_id]
        row = found.rows.setdefault((notebook, name), Row())
        row.automatic_comment, row.manual_comment = automatic, manual
    return learners


def _rows_of(table: str) -> str:
    return (
        f"FROM {table} g JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id "
        "JOIN submitted_assignment s ON s.id = n.assignment_id JOIN assignment a ON a.id = s.assignment_id "
        "WHERE a.name = ?"
    )


def write(
    connection: sqlite3.Connection,
    found: Template,
    results: Sequence[Result],
    stamps: Mapping[str, datetime | None],
) -> None:
    """Store results: all of them, or none when anything goes wrong.

    What a person has entered stays. A manual score, or the lack of any, leaves the cell to be looked at, by nbgrader's
    own rule; it is decided in the database, since a grader may be entering scores meanwhile.
    """
    learners = [result.learner for result in results]
    connection.execute("BEGIN IMMEDIATE")
    try:
        # nbgrader opens the gradebook once without the course's name while it saves scores, which leaves this row.
        connection.execute("INSERT OR IGNORE INTO course (id) VALUES ('default_course')")
        connection.executemany("INSERT OR IGNORE INTO student (id) VALUES (?)", [[name] for name in learners])
        connection.executemany(
            "INSERT INTO submitted_assignment (id, assignment_id, student_id, timestamp) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (assignment_id, student_id) DO UPDATE SET timestamp = coalesce(excluded.timestamp, timestamp)",
            [[_id(), found.id, name, _stamp(stamps[name])] for name in learners],
        )
        submissions = {name: _submission(connection, found.id, name) for name in learners}
        connection.executemany(
            "INSERT INTO submitted_notebook (id, assignment_id, notebook_id, flagged, late_submission_penalty) "
            "VALUES (?, ?, ?, 0, ?) ON CONFLICT (notebook_id, assignment_id) "
            "DO UPDATE SET late_submission_penalty = excluded.late_submission_penalty",
            [
                [_id(), submissions[result.learner], found.notebooks[notebook], penalty]
                for result in results
                for notebook, penalty in result.penalties.items()
            ],
        )
        notebooks: dict[tuple[str, str], str] = {
            (submission, notebook): row
            for submission in submissions.values()
            for row, notebook in connection.execute(
                "SELECT id, notebook_id FROM submitted_notebook WHERE assignment_id = ?", [submission]
            )
        }

        def place(result: Result, notebook: str) -> str:
            return notebooks[submissions[result.learner], found.notebooks[notebook]]

        connection.executemany(
            "INSERT INTO grade (id, notebook_id, cell_id, auto_score, needs_manual_grade) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (cell_id, notebook_id) DO UPDATE SET auto_score = excluded.auto_score, "
            "needs_manual_grade = (manual_score IS NOT NULL OR excluded.auto_score IS NULL)",
            [
                [_id(), place(result, notebook), found.ids[notebook, name, "grade"], score, score is None]
                for result in results
                for (notebook, name), score in result.scores.items()
            ],
        )
        connection.executemany(
            "INSERT INTO comment (id, notebook_id, cell_id, auto_comment) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (cell_id, notebook_id) DO UPDATE SET auto_comment = excluded.auto_comment",
            [
                [_id(), place(result, notebook), found.ids[notebook, name, "comment"], words]
                for result in results
                for (notebook, name), words in result.comments.items()
            ],
        )
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _submission(connection: sqlite3.Connection, assignment_id: str, learner: str) -> str:
    query = "SELECT id FROM submitted_assignment WHERE assignment_id = ? AND student_id = ?"
    (found,) = connection.execute(query, [assignment_id, learner]).fetchone()
    return str(found)


def renew_penalties(connection: sqlite3.Connection, found: Template, results: Sequence[Result]) -> None:
    """Store what lateness takes off, where a person's marks have changed the score it is taken from."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "UPDATE submitted_notebook SET late_submission_penalty = ? WHERE notebook_id = ? AND assignment_id = "
        "(SELECT id FROM submitted_assignment WHERE assignment_id = ? AND student_id = ?)",
        [
            [penalty, found.notebooks[notebook], found.id, result.learner]
            for result in results
            for notebook, penalty in result.penalties.items()
        ],
    )
    connection.execute("COMMIT")


def enrol(connection: sqlite3.Connection, people: Iterable[tuple[str, str, str, str, str]]) -> None:
    """Enter people into the gradebook: id, first name, last name, e-mail and LMS id; an empty field changes nothing."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO student (id, first_name, last_name, email, lms_user_id) "
        "VALUES (?1, nullif(?2, ''), nullif(?3, ''), nullif(?4, ''), nullif(?5, '')) ON CONFLICT (id) DO UPDATE SET "
        "first_name = coalesce(excluded.first_name, first_name), last_name = coalesce(excluded.last_name, last_name), "
        "email = coalesce(excluded.email, email), lms_user_id = coalesce(excluded.lms_user_id, lms_user_id)",
        list(people),
    )
    connection.execute("COMMIT")


def _id() -> str:
    return uuid.uuid4().hex


def _stamp(at: datetime | None) -> str | None:
    return at.strftime(STAMP) if at else None


def _moment(words: str | None) -> datetime | None:
    return datetime.fromisoformat(words) if words else None
