"""What a learner gets back: the reasons of what they chose, and nothing of what they did not."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest
import yaml

from . import scratch
from .conftest import Graded
from .scratch import ASSIGNMENT, strings

pytestmark = pytest.mark.filterwarnings("ignore")
RETURNED = [
    "best",
    "second",
    "threes",
    "random",
    "stopped",
    "twice",
    "mended",
    "unmended",
    "one-right",
    "blank",
    "late",
]


def pages(graded: Graded, name: str) -> dict[str, str]:
    """Everything that goes back to a learner, as text."""
    folders = (graded.course / step / name / ASSIGNMENT for step in ("autograded", "feedback"))
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {path.name: unescape(_cells(path)) for path in files}


def _cells(path: Path) -> str:
    """A file's text; a notebook's without the quoting of JSON."""
    raw = path.read_text(encoding="utf-8")
    return "\n".join(strings(json.loads(raw))) if path.suffix == ".ipynb" else raw


def test_feedback_was_made_for_everyone_marked(graded: Graded) -> None:
    assert graded.said["feedback"].returncode == 0, graded.said["feedback"].stderr
    assert set(pages(graded, "best")) == {f"{ASSIGNMENT}.ipynb", f"{ASSIGNMENT}.html", "timestamp.txt"}


def test_a_wrong_choice_comes_back_with_its_reason_and_a_line_to_try(graded: Graded) -> None:
    page = unescape(graded.feedback("random"))
    moves = graded.learners["random"].moves[0]
    weak = [(beat, option) for beat, option in moves if option.level <= 2]
    assert weak
    case = graded.learners["random"].source.cases[scratch.CASE]
    for beat, option in weak:
        assert option.why in page
        assert option.better
        assert option.better in page
        assert f"Level {option.level}" in page or f"level {option.level}" in page
        for other in case.beat(beat).options:
            if other is not option:
                assert other.say not in page
                assert other.why not in page


def test_a_wrong_answer_comes_back_with_its_reason(graded: Graded) -> None:
    page = unescape(graded.feedback("one-right"))
    learner = graded.learners["one-right"]
    chosen = [
        o for q in learner.source.quizzes[scratch.QUIZ].questions for o in q.options if o.id == learner.given[q.id]
    ]
    assert [option.defensible for option in chosen] == [True, False, False, False, False]
    for option in chosen:
        assert option.text in page
        assert option.why in page


@pytest.mark.parametrize("name", RETURNED)
def test_nothing_of_the_key_comes_back_but_what_was_chosen(graded: Graded, name: str) -> None:
    folder = graded.course / "solutions" / ASSIGNMENT
    case = yaml.safe_load((folder / f"{scratch.CASE}.case.yaml").read_text(encoding="utf-8"))
    key = yaml.safe_load((folder / "key.yaml").read_text(encoding="utf-8"))
    samples = yaml.safe_load((folder / "samples.yaml").read_text(encoding="utf-8"))
    learner = graded.learners[name]
    marked = learner.moves[0] if learner.moves else []
    chosen = {(beat, option.id) for beat, option in marked} | set(learner.given.items())
    mine: set[str] = set()
    secret: set[str] = set()
    authored: set[str] = set()
    for beat in case["beats"]:
        secret |= {text for line in beat["client"] for text in strings(line["inner"])}
        for option in beat["options"]:
            texts = {option[part] for part in ("say", "why", "better", "costs") if part in option}
            (mine if (beat["id"], option["id"]) in chosen else secret).update(texts)
            authored.add(option["id"])
    for question in key["questions"]:
        for option in question["options"]:
            texts = {option["why"], option["text"]}
            (mine if (question["id"], option["id"]) in chosen else secret).update(texts)
            authored.add(option["id"])
    endings = [ending["debrief"] for ending in case["endings"]]
    secret |= {text for text in strings(samples) if len(text) > 40}
    secret |= {text for ending in case["endings"] for text in strings(ending.get("inner", {}))}
    authored |= {*case["flags"], *case["critical_errors"]}
    for file, page in pages(graded, name).items():
        assert [text for text in secret - mine if text in page] == [], file
        assert sum(debrief in page for debrief in endings) <= 1, file
        quoted = [f"{sign}{word}{sign}" for word in authored for sign in "\"'"]
        assert [word for word in quoted if word in page] == [], file


def test_no_reply_of_an_unplayed_talk_comes_back(graded: Graded) -> None:
    assert "Nothing was handed in for this conversation." in graded.feedback("blank")


def test_no_traceback_and_no_hidden_cell_comes_back(graded: Graded) -> None:
    for name in RETURNED:
        for page in pages(graded, name).values():
            assert "Traceback (most" not in page
            assert "BEGIN HIDDEN" not in page
            assert str(graded.course) not in page
