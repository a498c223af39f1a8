"""Whether two graded courses hold the same: every gradebook row but for row ids, and every file with its permissions."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

# Each table's rows by what they mean; row ids are drawn at random and stand nowhere here.
ROWS = {
    "course": "SELECT id FROM course",
    "student": "SELECT * FROM student",
    "assignment": "SELECT name, duedate, course_id FROM assignment",
    "notebook": "SELECT n.name, a.name, n.kernelspec FROM notebook n JOIN assignment a ON a.id = n.assignment_id",
    "base_cell": "SELECT n.name, c.name, c.type FROM base_cell c JOIN notebook n ON n.id = c.notebook_id",
    "grade_cells": "SELECT c.name, g.max_score, g.cell_type FROM grade_cells g JOIN base_cell c ON c.id = g.id",
    "solution_cells": "SELECT c.name FROM solution_cells s JOIN base_cell c ON c.id = s.id",
    "task_cells": "SELECT c.name, t.max_score, t.cell_type FROM task_cells t JOIN base_cell c ON c.id = t.id",
    "source_cell": (
        "SELECT n.name, s.name, s.cell_type, s.locked, s.source, s.checksum FROM source_cell s "
        "JOIN notebook n ON n.id = s.notebook_id"
    ),
    "submitted_assignment": (
        "SELECT a.name, s.student_id, s.timestamp, s.extension FROM submitted_assignment s "
        "JOIN assignment a ON a.id = s.assignment_id"
    ),
    "submitted_notebook": (
        "SELECT s.student_id, b.name, n.flagged, n.late_submission_penalty FROM submitted_notebook n "
        "JOIN submitted_assignment s ON s.id = n.assignment_id JOIN notebook b ON b.id = n.notebook_id"
    ),
    "grade": (
        "SELECT s.student_id, b.name, c.name, c.type, g.auto_score, typeof(g.auto_score), g.manual_score, g.extra_credit, "
        "g.needs_manual_grade FROM grade g JOIN base_cell c ON c.id = g.cell_id "
        "JOIN submitted_notebook n ON n.id = g.notebook_id JOIN notebook b ON b.id = n.notebook_id "
        "JOIN submitted_assignment s ON s.id = n.assignment_id"
    ),
    "comment": (
        "SELECT s.student_id, b.name, c.name, c.type, g.auto_comment, g.manual_comment FROM comment g "
        "JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id "
        "JOIN notebook b ON b.id = n.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id"
    ),
    "alembic_version": "SELECT version_num FROM alembic_version",
}


def rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of a gradebook, by table."""
    with closing(sqlite3.connect(database)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert tables == set(ROWS), tables ^ set(ROWS)
        found = {table: sorted(connection.execute(query), key=repr) for table, query in ROWS.items()}
        for table, listed in found.items():
            (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert count == len(listed), f"{table} has rows that belong to nothing"
    return found


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Permissions and bytes of every file under a folder."""
    return {
        path.relative_to(folder).as_posix(): (stat.S_IMODE(path.stat().st_mode), path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def differences(one: Path, other: Path) -> Iterator[str]:
    """What two graded courses do not have in common."""
    ours, theirs = rows(one / "gradebook.db"), rows(other / "gradebook.db")
    for table in ROWS:
        unlike = set(ours[table]) ^ set(theirs[table])
        if ours[table] != theirs[table]:
            yield f"{table}: {len(unlike)} rows differ, for example {min(unlike, key=repr, default='in number')}"
    for folder in ("autograded", "feedback"):
        left, right = files(one / folder), files(other / folder)
        for name in sorted(left.keys() | right.keys()):
            if left.get(name) != right.get(name):
                yield f"{folder}/{name}"


def count(course: Path) -> tuple[int, int]:
    """Rows and files that were compared."""
    number = sum(len(listed) for listed in rows(course / "gradebook.db").values())
    return number, sum(len(files(course / folder)) for folder in ("autograded", "feedback"))
