"""What leaves a learner's computer and where an instructor's own clicks go."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from twovoices.activities import opening
from twovoices.answers import Answers
from twovoices.view import Press

from . import scratch
from .conftest import Graded
from .scratch import ASSIGNMENT

pytestmark = pytest.mark.filterwarnings("ignore")


def packed(path: Path) -> dict[str, Any]:
    """A hand-in's events and its note."""
    with zipfile.ZipFile(path) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    assert set(files) == {f"{ASSIGNMENT}/hand-in.json", f"{ASSIGNMENT}/answers.jsonl"}
    lines = files[f"{ASSIGNMENT}/answers.jsonl"].splitlines()
    return {"events": [json.loads(line) for line in lines], **json.loads(files[f"{ASSIGNMENT}/hand-in.json"])}


def test_the_command_says_what_goes_and_what_stays(graded: Graded) -> None:
    said = graded.said["hand-in"]
    assert said.returncode == 0, said.stderr
    for words in (
        "The conversation is finished and kept.", "5 of 5 questions are answered.", "0 of 3 parts are saved",
        "This stays with you", f"random-{ASSIGNMENT}.zip",
    ):  # fmt: skip
        assert words in said.stdout


def test_only_this_exercise_and_nothing_private_is_packed(graded: Graded) -> None:
    learner = graded.learners["random"]
    kept = Answers(learner.folder / "answers.jsonl").read().events
    assert "closest" in {event.kind for event in kept}
    hand_in = packed(graded.course / "inbox" / f"random-{ASSIGNMENT}.zip")
    assert (hand_in["learner"], hand_in["assignment"]) == ("random", ASSIGNMENT)
    assert {event["kind"] for event in hand_in["events"]} == {"begin", "reply", "answer"}
    assert {key for event in hand_in["events"] for key in event["data"]} == {"mode", "scene", "option", "question"}


def test_only_the_attempt_that_counts_is_packed(graded: Graded) -> None:
    learner = graded.learners["gave-up"]
    events = list(packed(graded.course / "inbox" / f"gave-up-{ASSIGNMENT}.zip")["events"])
    assert len({event["attempt"] for event in events}) == 1
    assert sum(event["kind"] == "reply" for event in events) == len(learner.moves[1])


def test_practice_in_another_place_is_not_packed(graded: Graded, tmp_path: Path) -> None:
    learner = scratch.Learner.of("elsewhere", graded.course, tmp_path)
    Answers(learner.folder / "answers.jsonl").append("roleplay:priya-party", "a", "begin", {"mode": "straight"}, "f")
    learner.answer(scratch.wrong)
    events = packed(learner.hand_in(tmp_path))["events"]
    assert {event["activity"] for event in events} == {f"quiz:{scratch.QUIZ}"}


def test_an_instructors_click_inside_solutions_goes_to_the_preview_alone(
    graded: Graded, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = graded.course / "solutions" / ASSIGNMENT
    before = _files(graded.course / "solutions") | _files(graded.course / "exercises")
    monkeypatch.chdir(folder)
    talk = opening.roleplay(scratch.CASE)
    talk.press(Press(do="begin", value="straight"))
    quiz = opening.quiz(scratch.QUIZ)
    question = next(b for b in quiz.show().blocks if b.key.startswith("q-"))
    quiz.press(Press(do=question.do, value=question.options[0].id))  # type: ignore[union-attr]
    part = opening.written(scratch.WRITTEN)
    part.press(Press(do="save", value="formulation", fields={"box-formulation-0": "Trying it out."}))
    for item in (scratch.CASE, scratch.QUIZ, scratch.WRITTEN):
        opening.answered(item)
    assert _files(graded.course / "solutions") | _files(graded.course / "exercises") == before
    preview = graded.course / ".preview"
    assert [path for path in _files(preview) if path.suffix != ".lock"] == [preview / ASSIGNMENT / "answers.jsonl"]
    assert len(Answers(preview / ASSIGNMENT / "answers.jsonl").read().events) == 3


def _files(folder: Path) -> set[Path]:
    """Files of a folder, without what the course keeps compiled."""
    return {path for path in folder.rglob("*") if path.is_file() and ".compiled" not in path.parts}
