"""The whole kit, graded once in one batch beside three honest learners."""

from __future__ import annotations

import json
import random
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ..grading import scratch
from ..grading.scratch import ASSIGNMENT, Learner
from . import watch
from .kit import ROWS, SECRET, Kit, Row
from .watch import Batch


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with its exercise released and nobody in it; to be copied."""
    course = scratch.make(tmp_path_factory.mktemp("released") / "course")
    said = scratch.nbgrader(course, "generate_assignment", ASSIGNMENT)
    assert said.returncode == 0, said.stderr
    return course


@pytest.fixture(scope="session")
def honest(released: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Learner]:
    """Three who answer through the course's own pages: at best, at level 3, at random."""
    chance = random.Random(11)
    ways: dict[str, Any] = {"a": scratch.best, "b": scratch.level(3), "c": lambda beat, options: chance.choice(options)}
    homes = tmp_path_factory.mktemp("homes")
    learners = {f"honest-{letter}": Learner.of(f"honest-{letter}", released, homes) for letter in ways}
    for learner, way in zip(learners.values(), ways.values(), strict=True):
        learner.play(way)
        learner.answer(scratch.defensible(0))
    learners["honest-a"].write(formulation=SECRET, first_reply="One.", second_reply="Two.")
    return learners


def prepare(sandbox: Path, released: Path, honest: dict[str, Learner], rows: Iterable[Row]) -> Batch:
    """A sandbox with a course, honest hand-ins and the rows', ready for intake."""
    shutil.copytree(released, sandbox / "course")
    (sandbox / "outside").mkdir()
    (sandbox / "outside" / "canary").write_text("as it was")
    inbox = sandbox / "course" / "inbox"
    inbox.mkdir()
    exercise = sandbox / "course" / "exercises" / ASSIGNMENT
    log = (honest["honest-a"].folder / "answers.jsonl").read_text(encoding="utf-8")
    events = [json.loads(line) for line in log.splitlines()]
    kit = Kit(
        sandbox=sandbox,
        template=[event for event in events if event["kind"] in ("begin", "reply", "answer")],
        assessment=json.loads((exercise / "assessment.json").read_bytes()),
        released=(exercise / f"{ASSIGNMENT}.ipynb").read_bytes(),
    )
    batch = Batch(kit, {name: _wanted(kit.course, learner) for name, learner in honest.items()})
    for name, learner in honest.items():
        with zipfile.ZipFile(learner.hand_in(inbox)) as archive:
            batch.handed_in[name] = watch.event_ids(archive.read(f"{ASSIGNMENT}/answers.jsonl"))
    for row in rows:
        if row.meddle:
            kit.pack(row.name)
        else:
            row.make(kit, row.name)
    batch.canary = json.dumps(watch.tree(kit.outside))
    return batch


def _wanted(course: Path, learner: Learner) -> dict[str, float]:
    """An honest learner's marks, worked out by hand."""
    talk = scratch.by_hand(course, learner.moves[0])
    return {f"roleplay-{scratch.CASE}-{name}": points for name, points in talk.items()} | {f"quiz-{scratch.QUIZ}": 15.0}


def meddle(batch: Batch, rows: Iterable[Row]) -> None:
    """What is done to ``submitted/`` after intake."""
    for row in rows:
        if row.meddle:
            row.make(batch.kit, row.name)


def remove_deep(top: Path) -> None:
    """Take away folders nested so deeply that removing them by the usual means overflows the stack."""
    while (top / "d").exists():
        if (top / "d" / "d").exists():
            (top / "d" / "d").rename(top / "next")
        (top / "d").rmdir()
        if (top / "next").exists():
            (top / "next").rename(top / "d")


INTAKE = """
import resource, sys
from twovoices.cli import main
code = main(["intake"])
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(scope="session")
def batch(released: Path, honest: dict[str, Learner], tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """All rows, through plain commands in processes of their own."""
    batch = prepare(tmp_path_factory.mktemp("kit"), released, honest, ROWS)
    course = batch.kit.course
    try:
        said = scratch.run(course, "-c", INTAKE)
    finally:
        remove_deep(batch.kit.inbox / "thousand-deep" / ASSIGNMENT)
    batch.intake = said.stdout
    assert "peak" in said.stderr, said.stderr
    batch.peak = int(said.stderr.split("peak")[1]) * 1024
    meddle(batch, ROWS)
    marked = scratch.nbgrader(course, "autograde", ASSIGNMENT)
    batch.marking = marked.stderr
    fed_back = scratch.nbgrader(course, "generate_feedback", ASSIGNMENT)
    assert fed_back.returncode == 0, fed_back.stderr
    batch.read_gradebook()
    return batch
