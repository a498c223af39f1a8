"""Every assignment, released, answered in four ways, handed in and graded: the marks as worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from twovoices.grading import running

from . import scratch
from .scratch import REPOSITORY, Learner, defensible, wrong
from .test_release import RANKING, released_files

pytestmark = pytest.mark.filterwarnings("ignore")
ASSIGNMENTS = sorted(path.name for path in (REPOSITORY / "solutions").iterdir() if (path / "key.yaml").is_file())


def test_there_are_five_assignments() -> None:
    assert [name[:2] for name in ASSIGNMENTS] == ["01", "02", "03", "04", "05"]


@pytest.fixture(scope="module", params=ASSIGNMENTS)
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """One assignment's course, released."""
    folder = scratch.make(tmp_path_factory.mktemp("one"))
    said = scratch.nbgrader(folder, "generate_assignment", request.param)
    assert said.returncode == 0, said.stderr
    return folder, request.param


def test_the_exercise_is_current_and_ranks_nothing(course: tuple[Path, str]) -> None:
    folder, name = course
    made = released_files(folder / "exercises" / name)
    assert set(made) == {f"{name}.ipynb", "assessment.json"}
    committed = released_files(REPOSITORY / "exercises" / name)
    assert made == committed, f"Run `nbgrader generate_assignment {name} --force` and commit exercises/."
    keys: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            keys.update(value)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(inner)

    released = json.loads(made["assessment.json"])
    walk({part: inner for part, inner in released.items() if part != "written"})
    assert keys & RANKING == set()
    key = yaml.safe_load((folder / "solutions" / name / "key.yaml").read_text("utf-8"))
    everything = "\n".join(raw.decode() for raw in made.values())
    whys = [option["why"] for question in key["questions"] for option in question["options"]]
    assert [why for why in whys if why in everything] == []


def points(folder: Path, name: str, learner: str) -> dict[str, float]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "two-voices") as gradebook:
        (notebook,) = gradebook.find_submission(name, learner).notebooks
        return {grade.name: grade.auto_score for grade in notebook.grades if not grade.name.startswith("written-")}


def test_right_wrong_partial_and_blank_hand_ins_get_the_marks_worked_out_by_hand(
    course: tuple[Path, str], tmp_path: Path
) -> None:
    folder, name = course
    ways = {
        "right": (scratch.best, defensible(0)),
        "wrong": (_worst, wrong),
        "partial": (scratch.best, None),
        "blank": (None, None),
    }
    wanted: dict[str, dict[str, float]] = {}
    for who, (pick, which) in ways.items():
        learner = Learner.of(who, folder, tmp_path, name)
        ((quiz_id, quiz),) = learner.source.quizzes.items()
        if pick is not None and learner.source.cases:
            learner.play(pick, 100 if who != "partial" else 4)
        if which is not None:
            learner.answer(which)
        elif who == "partial":
            learner.answer(_first_two_right(quiz))
        (folder / "inbox").mkdir(exist_ok=True)
        learner.hand_in(folder / "inbox")
        share = {"right": 1, "wrong": 0, "partial": 0.4, "blank": 0}[who]
        wanted[who] = {f"quiz-{quiz_id}": share * quiz.points}
        for case in learner.source.cases:
            maxima = _maxima(folder / "exercises" / name / f"{name}.ipynb")
            moves = learner.moves[0] if learner.moves else []
            for competency, mark in scratch.by_hand(folder, moves, name, maxima).items():
                wanted[who][f"roleplay-{case}-{competency}"] = mark
    assert running.run(folder, name[:2], jobs=1) == 0
    for who, marks in wanted.items():
        assert points(folder, name, who) == pytest.approx(marks, abs=1e-5), who
    assert sum(wanted["right"].values()) == pytest.approx(50)
    assert sum(wanted["blank"].values()) == 0
    for who in ways:
        page = (folder / "feedback" / who / name / f"{name}.html").read_text("utf-8")
        assert who in page


def _worst(beat: Any, options: Any) -> Any:
    """A weakest reply on offer."""
    return min(options, key=lambda option: option.level)


def _first_two_right(quiz: Any) -> Any:
    """Two questions right, two wrong, and the last one the same."""
    right = {question.id for question in quiz.questions[:2]}
    return lambda question: defensible(1)(question) if question.id in right else wrong(question)


def _maxima(notebook: Path) -> dict[str, int]:
    """Points of each competency of the conversation, from the released notebook."""
    found = {}
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade") and about["grade_id"].startswith("roleplay-"):
            found[about["grade_id"].rpartition("-")[2]] = about["points"]
    return found
