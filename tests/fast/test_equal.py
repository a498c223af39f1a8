"""The batch grader leaves exactly what plain nbgrader leaves: every row, every file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from .conftest import ASSIGNMENT, EARLY, Course

QUIZ, ROW = "quiz-m02-judgement", "written-m02-written-row-2"
pytestmark = pytest.mark.xdist_group("fast")


def nbgrader(folder: Path, *arguments: str) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_row_and_file_equals_plain_nbgrader_through_a_mended_key_manual_marks_and_lateness(
    course: Course, tmp_path: Path
) -> None:
    import same

    config = course.folder / "nbgrader_config.py"
    config.write_text(config.read_text() + 'c.LateSubmissionPlugin.penalty_method = "zero"\n')
    (course.folder / "solutions" / ASSIGNMENT / "picture.png").write_bytes(b"not really one")
    course.hand_in(*(f"learner-{number}" for number in range(6)))
    course.hand_in("late", "late-with-leave", at=EARLY + timedelta(days=2), seed=300)
    due = (EARLY + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
    course.sql("UPDATE assignment SET duedate = ?", due)
    assert course.grade() == 0
    # The time that nbgrader's Interval keeps in SQLite: so long after 1970.
    leave = (datetime(1970, 1, 1) + timedelta(days=3)).strftime("%Y-%m-%d %H:%M:%S.%f")
    course.sql("UPDATE submitted_assignment SET extension = ? WHERE student_id = 'late-with-leave'", leave)
    standing = course.standing()
    writer = next(name for name in sorted(standing) if standing[name].rows[ASSIGNMENT, ROW].automatic is None)
    course.enter(writer, ROW, 3, "One thing worked.\n\n*And* a <next> try.")
    course.enter("late", QUIZ, 7)
    course.mend_key()

    plain = tmp_path / "plain"
    shutil.copytree(course.folder, plain)
    nbgrader(plain, "autograde", ASSIGNMENT, "--force")
    nbgrader(plain, "generate_feedback", ASSIGNMENT, "--force")
    assert course.grade() == 0
    assert list(same.differences(plain, course.folder)) == []
    now = course.standing()
    assert now["late"].penalties[ASSIGNMENT] == pytest.approx(
        sum(r.manual or r.automatic or 0 for r in now["late"].rows.values())
    )
    assert now["late-with-leave"].penalties[ASSIGNMENT] is None
    assert now[writer].rows[ASSIGNMENT, ROW].manual == 3
    assert now["late"].rows[ASSIGNMENT, QUIZ].waiting
    assert (course.folder / "autograded" / writer / ASSIGNMENT / "picture.png").is_file()


def test_a_checksum_is_nbgraders_own() -> None:
    from nbformat import read
    from nbgrader.utils import compute_checksum

    from twovoices.grading import filling

    from .conftest import REPOSITORY

    notebook = read(REPOSITORY / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    for cell in notebook.cells:
        assert filling.checksum(cell) == compute_checksum(cell)
