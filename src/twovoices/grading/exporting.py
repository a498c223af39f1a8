"""The gradebook as tables, through the csv module: nothing in a name can break a line or become a formula.

Pure but for :func:`run`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from . import marking, rubric
from .feedback import points
from .marking import Unmarked
from .rubric import RowMark
from .settings import CannotGrade

# What spreadsheets take for the beginning of a formula, also after blanks and in its wide form.
ACTING = "=+-@\uff1d\uff0b\uff0d\uff20"
KINDS = ("gradebook", "competencies", "moodle")
# nbgrader's own columns, in its order, so that whatever reads its export reads this one.
PLAIN = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip


class CellMark(msgspec.Struct, frozen=True):
    """One marked cell of one learner; ``score`` as nbgrader counts it, ``given`` ``None`` while it waits."""

    name: str
    maximum: float
    score: float
    given: float | None
    comment: str | None = None


class Record(msgspec.Struct, frozen=True):
    """One learner and one assignment; ``cells`` empty and ``handed_in`` false where nothing came."""

    assignment: str
    learner: str
    first_name: str
    last_name: str
    email: str
    duedate: str
    timestamp: str
    maximum: float
    handed_in: bool
    penalty: float
    cells: tuple[CellMark, ...]
    status: str = ""
    titles: dict[str, str] = {}

    @property
    def raw(self) -> float:
        """All points, as nbgrader counts them."""
        return sum(cell.score for cell in self.cells)

    def of(self, *kinds: str) -> list[CellMark]:
        """The cells of some kinds; of none that marking does not know."""
        return [cell for cell in self.cells if _parts(cell.name)[0] in kinds]

    @property
    def rows(self) -> list[RowMark]:
        """The rubric's rows."""
        return [RowMark(self.titles.get(c.name, c.name), c.given, c.maximum) for c in self.of("written")]

    @property
    def flagged(self) -> bool:
        """Whether a grader has set a flag."""
        return any(rubric.flags(cell.comment) for cell in self.cells)


def _parts(name: str) -> tuple[str, str, str | None]:
    try:
        return marking.parts(name)
    except Unmarked:
        return "other", name, None


def safe(words: object) -> object:
    """Text that no spreadsheet takes for a formula: with an apostrophe before it where it would. Numbers stay numbers."""
    if not isinstance(words, str) or not words:
        return words
    bare = words.lstrip()
    return f"'{words}" if words[0] in "\t\r\n" or (bare and bare[0] in ACTING) else words


def written(rows: Iterable[Sequence[object]], *, excel: bool) -> bytes:
    """A table's bytes: UTF-8, CRLF as RFC 4180 has it.

    Parameters
    ----------
    excel
        Begin with a byte order mark. Without it Excel takes UTF-8 for the system's old encoding and spoils every
        accent; other readers skip it. Moodle's import asks for the encoding and needs none.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig" if excel else "utf-8", "backslashreplace")


def gradebook(records: Iterable[Record]) -> bytes:
    """One line for each learner and assignment: nbgrader's columns, then the two marks by their own names."""
    head = [*PLAIN, "judgement", "judgement_max", "written", "written_max", "band", "rows_to_revise", "status"]
    return written([head, *map(_gradebook_row, records)], excel=True)


def _gradebook_row(record: Record) -> list[object]:
    judged, rows = record.of("roleplay", "quiz"), record.rows
    band, weak = _band(record)
    return [
        record.assignment,
        record.duedate,
        record.timestamp,
        record.learner,
        record.last_name,
        record.first_name,
        record.email,
        record.raw,
        record.penalty,
        max(0.0, record.raw - record.penalty),
        record.maximum,
        _number(sum(cell.score for cell in judged) if record.handed_in else None),
        _number(sum(cell.maximum for cell in judged) if record.handed_in else None),
        _number(_written(record)),
        rubric.WRITTEN_POINTS if rows else "",
        band,
        "; ".join(weak),
        _status(record),
    ]


def _written(record: Record) -> float | None:
    """The written mark; none while it waits or is returned."""
    return None if record.flagged else rubric.written_mark(record.rows)


def _band(record: Record) -> tuple[str, tuple[str, ...]]:
    if record.flagged:
        return "", ()
    return rubric.band(record.rows) or ("", ())


def _status(record: Record) -> str:
    if not record.handed_in:
        return "nothing handed in"
    if record.flagged:
        return record.status or "returned"
    return "written work waits to be read" if any(row.points is None for row in record.rows) else "marked"


def competencies(records: Iterable[Record]) -> bytes:
    """One line for each learner, assignment and competency that its conversation shows."""
    head = [
        "assignment",
        "student_id",
        "last_name",
        "first_name",
        "case",
        "competency",
        "judgement",
        "judgement_max",
        "share",
    ]
    return written([head, *_competency_rows(records)], excel=True)


def _competency_rows(records: Iterable[Record]) -> Iterator[list[object]]:
    for record in records:
        for cell in record.of("roleplay"):
            _, case, competency = _parts(cell.name)
            share = cell.score / cell.maximum if cell.maximum else 0.0
            yield [
                record.assignment, record.learner, record.last_name, record.first_name, case, competency or "",
                _number(cell.score), _number(cell.maximum), round(share, 4),
            ]  # fmt: skip


def moodle(records: Iterable[Record]) -> bytes:
    """One line for each learner, columns for Moodle's gradebook import (Grades, Import, CSV file).

    A mark that is not there yet is an empty cell, which Moodle's import leaves alone.
    """
    found = list(records)
    assignments = list(dict.fromkeys(record.assignment for record in found))
    by_learner: dict[str, dict[str, Record]] = {}
    for record in found:
        by_learner.setdefault(record.learner, {})[record.assignment] = record
    head = ["ID number", "First name", "Last name", "Email address"]
    for name in assignments:
        head += [f"{name}: judgement", f"{name}: written practice", f"{name}: off for lateness", f"{name}: status"]
    rows: list[list[object]] = []
    for learner, handed in by_learner.items():
        person = next(iter(handed.values()))
        row: list[object] = [learner, person.first_name, person.last_name, person.email]
        for name in assignments:
            one = handed.get(name)
            if one is None or not one.handed_in:
                row += ["", "", "", "nothing handed in"]
                continue
            judged = sum(cell.score for cell in one.of("roleplay", "quiz"))
            off = _number(one.penalty) if one.penalty else ""
            row += [_number(judged), _number(_written(one)), off, _status(one)]
        rows.append(row)
    return written([head, *rows], excel=False)


def _number(value: float | None) -> str:
    return "" if value is None else points(value)


def run(course: Path, kind: str, file: Path | None, assignments: Sequence[str]) -> int:
    """Write one table from the gradebook, and say where it is."""
    from . import export_plugins, settings

    found = settings.load(course)
    if not found.database.is_file():
        raise CannotGrade(f"There is no gradebook at {found.database} yet. Grade first: course.py grade")
    names = [found.assignment(name) for name in assignments]
    path = file or course / "export" / f"{kind}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    count = export_plugins.export(found, kind, path, names)
    print(f"{count} lines written to {path}.")
    return 0
