"""The tables as nbgrader's ``ExportPlugin``s: ``nbgrader export --exporter=twovoices.grading.export_plugins.Moodle``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.plugins import ExportPlugin
from sqlalchemy import select

from ..activities import release
from . import exporting, flags, rubric
from .exporting import CellMark, Record
from .settings import CannotGrade, Settings

TABLES: dict[str, Callable[[Iterable[Record]], bytes]] = {
    "gradebook": exporting.gradebook,
    "competencies": exporting.competencies,
    "moodle": exporting.moodle,
}


class _Table(ExportPlugin):  # type: ignore[misc]
    """One of the tables; ``--to``, ``--assignment`` and ``--student`` as nbgrader's own exporter takes them."""

    kind = "gradebook"
    default = "grades.csv"

    def export(self, gradebook: Any) -> None:
        """Write the table."""
        place = Path(self.to or self.default)
        root, released = Path.cwd(), "exercises"
        coursedir = getattr(self.parent, "coursedir", None)
        if coursedir is not None:
            root, released = Path(coursedir.root), coursedir.release_directory
        found = records(
            gradebook,
            Settings(root, release=released),
            [str(n) for n in self.assignment],
            [str(n) for n in self.student],
        )
        place.write_bytes(TABLES[self.kind](found))
        self.log.info("Exported %s to %s", self.kind, place)


class Gradebook(_Table):
    """nbgrader's columns, then judgement and written practice."""


class Competencies(_Table):
    """A line for each competency."""

    kind, default = "competencies", "competencies.csv"


class Moodle(_Table):
    """A line for each learner, for Moodle's import."""

    kind, default = "moodle", "moodle.csv"


def export(course: Settings, kind: str, path: Path, assignments: Sequence[str]) -> int:
    """Write one table of a course's gradebook; returns how many learners' lines it was made from."""
    with api.Gradebook(f"sqlite:///{course.database}", course.course_id) as gradebook:
        found = list(records(gradebook, course, assignments, ()))
    try:
        path.write_bytes(TABLES[kind](found))
    except OSError as error:
        raise CannotGrade(
            f"{path} cannot be written ({error.strerror}). Close it in Excel, or name another file."
        ) from error
    return len(found)


def records(gradebook: Any, course: Settings, assignments: Sequence[str], learners: Sequence[str]) -> Iterator[Record]:
    """Every learner and assignment of a gradebook, also where nothing was handed in, as nbgrader exports them."""
    for assignment in gradebook.assignments:
        if assignments and assignment.name not in assignments:
            continue
        cells = _cells(gradebook, assignment.id)
        titles = _titles(course, assignment.name)
        handed = {submission.student_id: submission for submission in assignment.submissions}
        penalties = dict(
            gradebook.db.execute(
                select(api.SubmittedAssignment.student_id, api.SubmittedAssignment.late_submission_penalty).where(
                    api.SubmittedAssignment.assignment_id == assignment.id
                )
            ).all()
        )
        for student in gradebook.students:
            if learners and student.id not in learners:
                continue
            submission = handed.get(student.id)
            found = cells.get(student.id, [])
            flagged = any(rubric.flags(cell.comment) for cell in found)
            yield Record(
                assignment=assignment.name,
                learner=student.id,
                first_name=student.first_name or "",
                last_name=student.last_name or "",
                email=student.email or "",
                duedate=str(assignment.duedate or ""),
                timestamp=str(submission.timestamp or "") if submission else "",
                maximum=assignment.max_score,
                handed_in=submission is not None,
                penalty=penalties.get(student.id) or 0.0,
                cells=tuple(found),
                status=flags.returned(course.root, assignment.name, student.id) if flagged else "",
                titles=titles,
            )


def _cells(gradebook: Any, assignment_id: str) -> dict[str, list[CellMark]]:
    """Marked cells by learner, in two queries."""
    of_assignment = (
        (api.SubmittedNotebook, api.SubmittedNotebook.id == api.Grade.notebook_id),
        (api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id),
    )
    comments: dict[tuple[str, str], str | None] = {
        (notebook, name): words
        for notebook, name, words in gradebook.db.execute(
            select(api.Comment.notebook_id, api.BaseCell.name, api.Comment.manual_comment)
            .join(api.BaseCell, api.BaseCell.id == api.Comment.cell_id)
            .where(api.Comment.manual_comment.is_not(None))
        )
    }
    query = select(
        api.SubmittedAssignment.student_id,
        api.Grade.notebook_id,
        api.BaseCell.name,
        api.Grade.max_score,
        api.Grade.score,
        api.Grade.auto_score,
        api.Grade.manual_score,
    ).select_from(api.Grade)
    for target, on in of_assignment:
        query = query.join(target, on)
    query = query.join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id).where(
        api.SubmittedAssignment.assignment_id == assignment_id
    )
    found: dict[str, list[CellMark]] = {}
    for learner, notebook, name, maximum, score, automatic, manual in gradebook.db.execute(
        query.order_by(api.BaseCell.name)
    ):
        given = automatic if manual is None else manual
        found.setdefault(learner, []).append(CellMark(name, maximum, score, given, comments.get((notebook, name))))
    return found


def _titles(course: Settings, assignment: str) -> dict[str, str]:
    """The rubric's row titles by cell, from what was released."""
    released = release.find(course.path(course.release, assignment))
    return {
        f"written-{name}-{row.id}": row.title
        for name, marked in (released.written if released else {}).items()
        if marked.written is not None
        for row in marked.written.rubric
    }
