"""One course, released, answered, handed in, taken in, marked, marked again and fed back: each step once for all tests."""

from __future__ import annotations

import json
import os
import pickle
import random
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from . import scratch
from .scratch import ASSIGNMENT, Learner

HOSTILE_TEXT = (
    "# Heading\n\n<script>alert('tv')</script> & <b>bold</b> *stars* `code` [link](javascript:alert(1))\n\n"
    "$\\sum x$ \\begin{align}\n\n### BEGIN SOLUTION\n    indented\n\n| a | b |\n|---|---|"
)


@dataclass
class Graded:
    """The course after everything, and what each step said."""

    course: Path
    learners: dict[str, Learner] = field(default_factory=dict)
    said: dict[str, subprocess.CompletedProcess[str]] = field(default_factory=dict)
    due: datetime | None = None

    def notebook(self, name: str) -> dict[str, Any]:
        """A learner's autograded notebook."""
        found: dict[str, Any] = json.loads(self.autograded(name).read_text(encoding="utf-8"))
        return found

    def autograded(self, name: str) -> Path:
        """Where it is."""
        return self.course / "autograded" / name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"

    def cell(self, name: str, grade_id: str) -> dict[str, Any]:
        """A marked cell of it, by its name in the gradebook."""
        cells: list[dict[str, Any]] = self.notebook(name)["cells"]
        return next(cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)

    def feedback(self, name: str) -> str:
        """A learner's feedback page."""
        return (self.course / "feedback" / name / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")

    def gradebook(self) -> Any:
        """The gradebook, to be used in a ``with``."""
        from nbgrader.api import Gradebook

        return Gradebook(f"sqlite:///{self.course / 'gradebook.db'}", "two-voices")

    def points(self, name: str) -> dict[str, float | None]:
        """Automatic points by cell."""
        with self.gradebook() as gradebook:
            rows = gradebook.find_submission(ASSIGNMENT, name).notebooks[0].grades
            return {row.name: row.auto_score for row in rows}

    def row(self, name: str, grade_id: str) -> dict[str, Any]:
        """What the gradebook holds of one cell."""
        with self.gradebook() as gradebook:
            row = gradebook.find_grade(grade_id, ASSIGNMENT, ASSIGNMENT, name)
            return {key: getattr(row, key) for key in ("auto_score", "manual_score", "score", "needs_manual_grade")}

    def total(self, name: str) -> float:
        """Automatic points altogether."""
        return sum(value or 0 for value in self.points(name).values())


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The course, made by whichever of the processes that share the tests asks first."""
    top = tmp_path_factory.getbasetemp()
    top = top.parent if "PYTEST_XDIST_WORKER" in os.environ else top
    with FileLock(top / "graded.lock"):
        made = top / "graded.pickle"
        if not made.exists():
            made.write_bytes(pickle.dumps(grade(top / "graded")))
        found: Graded = pickle.loads(made.read_bytes())
        return found


def grade(top: Path) -> Graded:
    """A dozen learners, and three folders under ``submitted/`` that intake would not have left so."""
    graded = Graded(scratch.make(top / "course"))
    course, said = graded.course, graded.said

    stray = course / "solutions" / ASSIGNMENT / "answers-copy.jsonl"
    stray.touch()
    said["generate, stray log"] = scratch.nbgrader(course, "generate_assignment", ASSIGNMENT)
    stray.unlink()
    said["generate"] = scratch.nbgrader(course, "generate_assignment", ASSIGNMENT)

    inbox = course / "inbox"
    _learners(graded, top / "homes")
    for name, learner in graded.learners.items():
        if name not in ("late", "random"):
            learner.hand_in(inbox)
    chance = graded.learners["random"]
    said["hand-in"] = scratch.run(chance.home, "-m", "twovoices", "hand-in", "02", "--id", "random", "--to", str(inbox))
    time.sleep(1.1)  # nbgrader keeps whole seconds
    graded.due = datetime.now(UTC).replace(tzinfo=None)
    with graded.gradebook() as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate=graded.due)
    time.sleep(1.1)
    graded.learners["late"].hand_in(inbox)
    (inbox / "notes.txt").write_text("Not a hand-in.")
    said["intake"] = scratch.run(course, "-m", "twovoices", "intake")
    _tamper(graded, top / "imported")

    penalty = "--LateSubmissionPlugin.penalty_method=zero"
    said["autograde"] = scratch.nbgrader(course, "autograde", ASSIGNMENT, penalty)
    with graded.gradebook() as gradebook:
        for cell, points in (("written-m02-written-row-2", 3), ("roleplay-ray-wednesday-C2", 9)):
            gradebook.find_grade(cell, ASSIGNMENT, ASSIGNMENT, "best").manual_score = points
        gradebook.db.commit()
    said["autograde again"] = scratch.nbgrader(course, "autograde", ASSIGNMENT, "--student=best", "--force")
    said["feedback"] = scratch.nbgrader(course, "generate_feedback", ASSIGNMENT)
    said["export"] = scratch.nbgrader(course, "export", "--to=grades.csv")
    return graded


def _learners(graded: Graded, homes: Path) -> None:
    """Everyone who hands in; names say what is particular about them."""
    chance = random.Random(2)

    def at_random(beat: Any, options: Any) -> Any:
        return chance.choice(sorted(options, key=lambda option: option.id))  # they come in an order of each attempt

    error = scratch.instead("castle-street", "paid-and-forgiven")
    unmended = scratch.instead("certificate", _not_mending(), error)
    for name in (
        "blank", "best", "second", "threes", "random", "stopped", "twice", "gave-up", "mended", "unmended",
        "one-right", "writer", "late", "replaced", "shadow", "by-hand",
    ):  # fmt: skip
        graded.learners[name] = Learner.of(name, graded.course, homes)
    learner = graded.learners

    for name in ("best", "late", "replaced", "shadow", "by-hand"):
        learner[name].play(scratch.best)
        learner[name].answer(scratch.defensible(0))
    learner["best"].write(
        formulation="She is ashamed of words that were put in her mouth.", first_reply="One.", second_reply="Two."
    )
    learner["second"].answer(scratch.defensible(1))
    learner["threes"].play(scratch.level(3))
    learner["random"].play(at_random)
    learner["random"].answer(lambda question: chance.choice(question.options))
    learner["stopped"].play(scratch.best, moments=5)
    learner["twice"].play(at_random)
    learner["twice"].play(scratch.best)
    learner["gave-up"].play(scratch.level(3), moments=3)
    learner["gave-up"].play(scratch.best)
    learner["mended"].play(error)
    learner["unmended"].play(unmended)
    learner["one-right"].answer(_right_only(learner["one-right"].source.quizzes[scratch.QUIZ].questions[0].id))
    learner["writer"].write(formulation=HOSTILE_TEXT, first_reply="A first version.")
    learner["writer"].write(first_reply="What I would say.")


def _not_mending() -> str:
    """A reply at the mending moment that leaves the error standing."""
    source = scratch.release.read_source(scratch.REPOSITORY / "solutions" / ASSIGNMENT)
    case = source.cases[scratch.CASE]
    mending = case.critical_errors["forgives_harm"].mended_by
    return next(o.id for o in case.beat("certificate").options if mending not in o.sets and not o.error)


def _right_only(question_id: str) -> Any:
    """One question answered well, the others not."""
    return lambda question: (scratch.defensible(0) if question.id == question_id else scratch.wrong)(question)


def _tamper(graded: Graded, imported: Path) -> None:
    """Change what intake wrote, as someone with a hand in ``submitted/`` could."""
    submitted = graded.course / "submitted"
    replaced = submitted / "replaced" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    replaced.write_text("{ this is no notebook")
    poison = f"open({str(imported)!r}, 'w').close()\n"
    shadow = submitted / "shadow" / ASSIGNMENT
    (shadow / "twovoices").mkdir()
    for name in ("pandas.py", "nbformat.py", "sitecustomize.py", "twovoices/__init__.py"):
        (shadow / name).write_text(poison)
    notebook = json.loads((shadow / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = poison
    (shadow / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    shutil.rmtree(graded.course / ".intake" / ASSIGNMENT / "none", ignore_errors=True)
    (graded.course / ".intake" / ASSIGNMENT / "by-hand.json").unlink()
