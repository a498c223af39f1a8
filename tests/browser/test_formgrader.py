"""A grader in formgrader: reads the rubric and the samples, gives a level, sets a flag; then feedback and export."""

from __future__ import annotations

import csv
import importlib.util
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from twovoices.grading import exporting, running, store

ASSIGNMENT = "02_what_is_not_regret"
REPOSITORY = Path(__file__).parents[2]
ROW = "written-m02-written-row-3"
pytestmark = [pytest.mark.xdist_group("lab"), pytest.mark.filterwarnings("default")]


def hand_ins() -> ModuleType:
    """The benchmark's made-up hand-ins."""
    spec = importlib.util.spec_from_file_location("hand_ins", REPOSITORY / "benchmarks" / "hand_ins.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault("hand_ins", importlib.util.module_from_spec(spec))
    spec.loader.exec_module(module)
    return module


def _saved(course: Path, count: str) -> None:
    """Wait until the gradebook holds what was typed."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with store.connect(course / "gradebook.db") as connection:
            if connection.execute(count).fetchone() == (1,):
                return
        time.sleep(0.1)
    pytest.fail(f"formgrader did not save it: {count}")


def test_a_grader_reads_marks_and_flags_and_the_learner_and_the_table_are_told(
    start_lab: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = tmp_path / "course"
    for name in ("solutions", "exercises"):
        shutil.copytree(REPOSITORY / name, course / name)
    shutil.copy(REPOSITORY / "nbgrader_config.py", course)
    hand_ins().fill(course / "inbox", course / "exercises" / ASSIGNMENT, 6)
    assert running.run(course, "02", jobs=1) == 0
    with store.connect(course / "gradebook.db") as connection:
        (learner, submission), *_ = connection.execute(
            "SELECT s.student_id, n.id FROM submitted_notebook n JOIN submitted_assignment s ON s.id = n.assignment_id "
            "JOIN grade g ON g.notebook_id = n.id WHERE g.needs_manual_grade ORDER BY 1"
        ).fetchall()

    monkeypatch.chdir(course)  # nbgrader reads its configuration from there
    lab = start_lab(course)
    page = lab.browser.new_page(viewport={"width": 1200, "height": 900})
    lab.pages.append(page)
    page.goto(f"{lab.url}/tree?token={lab.token}")  # leaves the cookie that formgrader's own requests need
    page.goto(f"{lab.url}/formgrader/submissions/{submission}/")
    score = page.locator(f"[id='{ROW}']")
    score.wait_for(timeout=30_000)
    cell = page.locator(".nbgrader_cell", has=score)
    assert learner not in cell.inner_text()

    cell.get_by_text("How this row is read").click()
    assert cell.get_by_text("Risk is noticed and stays vague").first.is_visible()
    cell.get_by_text("Four graded samples for this row").click()
    sample = cell.get_by_text("sees both risks")
    assert sample.is_visible()
    cell.get_by_text("Read it").nth(2).click()
    assert cell.get_by_text("Solveig is very hard on herself").is_visible()
    assert cell.get_by_text("FLAG: forgives_harm and joint_before_alone").is_visible()

    score.fill("2")
    score.blur()
    comment = page.locator(f"[id='{ROW}-comment']")
    comment.fill("You saw the key.\nFLAG: a meeting with Rune\nWhat would it cost her to say no on Friday?")
    comment.blur()
    _saved(course, "SELECT count(*) FROM grade WHERE manual_score = 2")
    _saved(course, "SELECT count(*) FROM comment WHERE manual_comment LIKE '%Friday?'")

    assert running.run(course, "02", jobs=1) == 0
    page_back = (course / "feedback" / learner / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
    assert "What would it cost her to say no on Friday?" in page_back
    assert "a meeting with Rune" not in page_back
    assert "sees both risks" not in page_back
    exporting.run(course, "gradebook", course / "grades.csv", [])
    with open(course / "grades.csv", newline="", encoding="utf-8-sig") as file:
        status = {row["student_id"]: row["status"] for row in csv.DictReader(file)}
    assert status[learner] == "returned"
    assert list(status.values()).count("returned") == 1
