"""The graded path as people go it: the exercise answered in JupyterLab, handed in, marked by plain nbgrader."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from twovoices.activities import release
from twovoices.activities.release import Source

ROOT = Path(__file__).parents[2]
NAME = "02_what_is_not_regret"
TYPED = "She says the word <b>stupid</b> & pays $5 for it.\n\n# not a heading"


def nbgrader(course: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(course / ".config"),
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),  # nbgrader calls alembic
        },
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


@pytest.fixture
def course(tmp_path: Path) -> Path:
    course = tmp_path / "course"
    course.mkdir()
    shutil.copytree(ROOT / "solutions", course / "solutions", ignore=shutil.ignore_patterns(".compiled"))
    shutil.copy(ROOT / "nbgrader_config.py", course)
    nbgrader(course, "generate_assignment", NAME)
    return course


def answer_conversation(page: Page, source: Source) -> list[int]:
    """Play the conversation by clicks, taking the second best reply at every third moment; returns the levels."""
    (case,) = source.cases.values()
    (compiled,) = source.compiled.values()
    by_words = {option.say: (beat, option) for beat in case.beats for option in beat.options}
    spine = {beat.id for beat in case.beats if beat.needs is None}
    assert compiled.script.moments > 10
    page.get_by_role("button", name="Begin").first.click()
    levels: list[int] = []
    panel = page.locator(".tv").first
    for turn in range(60):  # no case has as many moments
        if panel.locator("[data-key=finished]").count():
            return levels
        if panel.locator("textarea").count() and not panel.locator("[data-choices]").count():
            panel.locator("textarea").fill("Mine, first.")
            panel.get_by_role("button", name="Show me the replies").click()
            panel.get_by_role("button", name="None of them").click()
            panel.locator("[data-key^=reply]").wait_for()
        said = panel.locator("[role=log] .tv-you").count()
        choices = panel.locator("[data-key^=reply] .tv-choice")
        choices.first.wait_for()
        words = [choices.nth(n).locator(".tv-words").inner_text().strip() for n in range(choices.count())]
        ranked = sorted(words, key=lambda say: -by_words[say][1].level)
        chosen = ranked[1] if turn % 3 == 2 else ranked[0]
        beat, option = by_words[chosen]
        if beat.id in spine:
            levels.append(option.level)
        choices.nth(words.index(chosen)).click()
        page.wait_for_function("n => document.querySelectorAll('.tv [role=log] .tv-you').length > n", arg=said)
    raise AssertionError("the conversation did not end")


def test_an_exercise_answered_in_jupyterlab_comes_to_the_score_worked_out_by_hand(
    start_lab: Callable[..., Any], course: Path, tmp_path: Path
) -> None:
    source = release.read_source(course / "solutions" / NAME)
    work = tmp_path / "work" / "exercises"
    shutil.copytree(course / "exercises", work)
    lab = start_lab(tmp_path / "work")
    page = lab.open(f"exercises/{NAME}/{NAME}.ipynb", height=1200)
    levels = answer_conversation(page, source)

    page.reload()  # reopened: what was answered stands, the rest goes on
    page.wait_for_function(
        "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
    )
    lab.run_all(page)
    # the page comes back to where one was; first JupyterLab shows the panels it still knows
    page.wait_for_function(
        "Math.abs(document.querySelector('.tv')?.getBoundingClientRect().y ?? 999) < 300", timeout=20000
    )
    quiz = page.locator(".tv", has=page.locator("[data-key^='q-']"))
    quiz.scroll_into_view_if_needed()
    quiz.locator("[data-choices]").first.wait_for()
    page.wait_for_timeout(2000)  # JupyterLab first shows the panels it still knows, then those of the new run
    (questions,) = source.quizzes.values()
    right = 0
    for number, question in enumerate(questions.questions):
        wanted = next(o for o in question.options if bool(o.defensible) == (number < 3))
        right += bool(wanted.defensible)
        group = quiz.locator(f"[data-key='q-{question.id}']")
        group.locator(".tv-choice", has_text=wanted.text).click()
        group.locator(".tv-choice.tv-on", has_text=wanted.text).wait_for()
    assert quiz.locator(".tv-b-feedback").count() == 0, "a marked question was explained before it was handed in"

    written = page.locator(".tv", has=page.locator("textarea[data-ask^='box-formulation']"))
    written.scroll_into_view_if_needed()
    written.locator("textarea").first.fill(TYPED)
    written.get_by_role("button", name="Save for hand-in").first.click()
    written.locator("[data-key='kept-formulation']").wait_for()
    found = Axe().run(page, context=".tv", options={"rules": {"region": {"enabled": False}}}).response["violations"]
    assert [v["id"] for v in found if v["id"] != "landmark-unique"] == []

    done = subprocess.run(
        [sys.executable, "-m", "twovoices", "hand-in", "02", "--id", "learner-1", "--to", str(course / "inbox")],
        cwd=tmp_path / "work",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    taken = subprocess.run(
        [sys.executable, "-m", "twovoices", "intake"], cwd=course, capture_output=True, text=True, check=False
    )
    assert taken.returncode == 0, taken.stdout + taken.stderr
    nbgrader(course, "autograde", NAME)
    nbgrader(course, "generate_feedback", NAME)

    (case,) = source.cases.values()
    spine = [beat for beat in case.beats if beat.needs is None]
    assert len(levels) == len(spine)
    by_hand: dict[str, float] = {}
    for competency, points in (("C4", 15), ("C2", 10), ("C5", 10)):
        own = [level for beat, level in zip(spine, levels, strict=True) if beat.focus == competency]
        by_hand[f"roleplay-{case.id}-{competency}"] = points * sum(own) / (4 * len(own))
    by_hand[f"quiz-{questions.id}"] = 15 * right / 5
    with sqlite3.connect(course / "gradebook.db") as database:
        rows = database.execute(
            "select base_cell.name, grade.auto_score, grade.needs_manual_grade from grade join base_cell on base_cell.id = grade.cell_id"
        ).fetchall()
    marks = {name: score for name, score, _ in rows}
    assert {name: round(marks[name], 4) for name in by_hand} == {
        name: round(value, 4) for name, value in by_hand.items()
    }
    waiting = {name for name, _, waits in rows if waits}
    assert waiting == {"written-m02-written-row-2", "written-m02-written-row-3"}, (
        "the saved formulation waits for a person"
    )
    feedback = (course / "feedback" / "learner-1" / NAME / f"{NAME}.html").read_text("utf-8")
    assert "<b>stupid</b>" not in feedback
    assert "stupid" in feedback
    assert "Mine, first." not in feedback
