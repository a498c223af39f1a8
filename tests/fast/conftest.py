"""A course that has been released and entered into a gradebook once; each test gets a copy and hand-ins of its own."""

from __future__ import annotations

import io
import shutil
import sys
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from twovoices import __version__
from twovoices.activities import release
from twovoices.events import Event
from twovoices.grading import batch, running, settings, store
from twovoices.grading.arrivals import HAND_IN, HandInNote

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "benchmarks"))

import hand_ins  # noqa: E402

ASSIGNMENT = "02_what_is_not_regret"
EARLY = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass
class Course:
    """A course in a folder of its own."""

    folder: Path

    @property
    def settings(self) -> settings.Settings:
        """Its configuration."""
        return settings.load(self.folder)

    def zip(self, learner: str, seed: int, at: datetime = EARLY, says: str = "") -> bytes:
        """A hand-in by a learner who plays by a seed, packed at a time."""
        return packed(says or learner, hand_ins.events(self.assessment, seed), at)

    @property
    def assessment(self) -> release.Assessment:
        """What is released."""
        found = release.find(self.folder / "exercises" / ASSIGNMENT)
        assert found is not None
        return found

    def hand_in(self, *learners: str, at: datetime = EARLY, seed: int = 100) -> None:
        """Put a zip for each learner into the inbox."""
        (self.folder / "inbox").mkdir(exist_ok=True)
        for number, learner in enumerate(learners):
            (self.folder / "inbox" / f"{learner}.zip").write_bytes(self.zip(learner, seed + number, at))

    def grade(self, *, jobs: int = 1, **more: Any) -> int:
        """Grade as the command does."""
        return running.run(self.folder, "02", jobs=jobs, **more)

    def mark(self, executor: Any = None, jobs: int = 1) -> batch.Done:
        """Mark what is taken in, and nothing else."""
        return batch.grade(self.settings, ASSIGNMENT, jobs, executor=executor)

    def standing(self) -> dict[str, store.Standing]:
        """The gradebook."""
        with store.connect(self.folder / "gradebook.db") as connection:
            return store.standing(connection, ASSIGNMENT)

    def sql(self, statement: str, *values: object) -> None:
        """Change the gradebook as formgrader or an instructor would."""
        with store.connect(self.folder / "gradebook.db") as connection:
            connection.execute(statement, values)

    def enter(self, learner: str, cell: str, points: float | None = None, comment: str | None = None) -> None:
        """Enter a score or a comment by hand, as formgrader saves it."""
        place = (
            "cell_id IN (SELECT id FROM base_cell WHERE name = ?) AND notebook_id IN (SELECT n.id FROM submitted_notebook n "
            "JOIN submitted_assignment s ON s.id = n.assignment_id WHERE s.student_id = ?)"
        )
        if points is not None:
            self.sql(f"UPDATE grade SET manual_score = ?, needs_manual_grade = 0 WHERE {place}", points, cell, learner)
        if comment is not None:
            self.sql(f"UPDATE comment SET manual_comment = ? WHERE {place}", comment, cell, learner)

    def feedback(self, learner: str) -> str:
        """A feedback page."""
        return (self.folder / "feedback" / learner / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")

    def mend_key(self) -> None:
        """Call every answer of the first question defensible."""
        path = self.folder / "solutions" / ASSIGNMENT / "key.yaml"
        first, rest = path.read_text(encoding="utf-8").split("\n- id:", 2)[:2], path.read_text(encoding="utf-8")
        question = f"\n- id:{first[1]}"
        assert "defensible: false" in question
        path.write_text(
            rest.replace(question, question.replace("defensible: false", "defensible: true")), encoding="utf-8"
        )


def packed(learner: str, events: list[Event], at: datetime = EARLY) -> bytes:
    """A zip as hand-in packs it."""
    note = HandInNote(learner, ASSIGNMENT, at.isoformat(), __version__)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{ASSIGNMENT}/{HAND_IN}", msgspec.json.encode(note))
        archive.writestr(f"{ASSIGNMENT}/answers.jsonl", b"".join(msgspec.json.encode(e) + b"\n" for e in events))
    return buffer.getvalue()


def make(folder: Path) -> Path:
    """A fresh clone: no gradebook, nothing handed in."""
    for name in ("solutions", "exercises"):
        shutil.copytree(REPOSITORY / name, folder / name)
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
    (folder / "inbox").mkdir()
    return folder


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose gradebook ``grade`` has made out of a fresh clone."""
    folder = make(tmp_path_factory.mktemp("generated") / "course")
    assert running.run(folder, "02") == 0
    shutil.rmtree(folder / "grading")
    return folder


@pytest.fixture
def course(generated: Path, tmp_path: Path) -> Course:
    """A course of a test's own."""
    shutil.copytree(generated, tmp_path / "course")
    return Course(tmp_path / "course")
