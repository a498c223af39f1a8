"""Marking: pure functions from a source with its key and a learner's events to a share for each marked cell.

A marked cell is named by its ``grade_id``: ``roleplay-<case>-<competency>``, ``quiz-<quiz>`` or
``written-<written>-<row>`` (the last kind is marked by a person).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from ..activities import quiz, written
from ..activities.quiz import Quiz
from ..activities.release import Source
from ..activities.written import RubricRow, Written
from ..answers import Event
from ..roleplay import engine
from ..roleplay.attempts import attempts, to_mark
from ..roleplay.engine import Move
from ..roleplay.model import Case
from ..roleplay.play import ScriptPlay
from ..roleplay.scoring import Result, score
from ..roleplay.script import Compiled, authored

MARKED = re.compile(r"(?P<kind>roleplay|quiz|written)-(?P<item>[a-z0-9-]+?)(?:-(?P<part>C\d{1,2}|row-\d))?")


class Unmarked(Exception):
    """A hand-in that cannot be marked honestly; the message says why, for the instructor."""


class PlayedTalk(msgspec.Struct, frozen=True):
    """The marked attempt at a role-play; ``None`` moves when nothing was begun."""

    case: Case
    moves: tuple[Move, ...]
    result: Result
    attempts: int
    skipped: int
    older: int


class AnsweredQuiz(msgspec.Struct, frozen=True):
    """The answers to a quiz, by question id, under the ids of the source."""

    quiz: Quiz
    given: dict[str, str]


class SavedWriting(msgspec.Struct, frozen=True):
    """What was saved for hand-in, by part."""

    written: Written
    saved: dict[str, str]


class HandIn(msgspec.Struct, frozen=True):
    """One learner's hand-in, read against its source."""

    talks: dict[str, PlayedTalk]
    quizzes: dict[str, AnsweredQuiz]
    writing: dict[str, SavedWriting]


def read(source: Source, events: Sequence[Event]) -> HandIn:
    """Read a learner's events against an exercise's source.

    Events of other activities and of another structure are passed over; nothing is executed.
    """
    talks = {
        name: _talk(case, source.compiled[name], _of(events, f"roleplay:{name}")) for name, case in source.cases.items()
    }
    quizzes = {}
    for name, item in source.quizzes.items():
        mark = quiz.fingerprint(quiz.released(item))
        given = quiz.answers(e for e in _of(events, f"quiz:{name}") if e.fingerprint in (mark, quiz.fingerprint(item)))
        quizzes[name] = AnsweredQuiz(item, _source_ids(item, given))
    writing = {}
    for name, text in source.written.items():
        mark = written.fingerprint(text)
        writing[name] = SavedWriting(
            text, written.saved(e for e in _of(events, f"written:{name}") if e.fingerprint == mark)
        )
    return HandIn(talks, quizzes, writing)


def _of(events: Iterable[Event], activity: str) -> list[Event]:
    return [event for event in events if event.activity == activity]


def _source_ids(item: Quiz, given: dict[str, str]) -> dict[str, str]:
    found = {}
    for question in item.questions:
        for option in question.options:
            if given.get(question.id) == quiz.released_id(item, question, option.id):
                found[question.id] = option.id
    return found


def _talk(case: Case, compiled: Compiled, events: list[Event]) -> PlayedTalk:
    play = ScriptPlay(compiled.script)
    found = attempts(play, events, straight=True)
    chosen = to_mark(found)
    moves: tuple[Move, ...] = ()
    if chosen is not None:
        moves = engine.replay(case, authored(case, compiled, chosen.replies))
    return PlayedTalk(
        case=case,
        moves=moves,
        result=score(case, moves),
        attempts=len(found),
        skipped=chosen.skipped if chosen else 0,
        older=sum(attempt.older for attempt in found),
    )


def share(hand_in: HandIn, grade_id: str) -> float | None:
    """Share of a marked cell's points (0 to 1); ``None`` where a person marks.

    Raises
    ------
    Unmarked
        When the cell's name belongs to nothing in the source.
    """
    kind, item, part = parts(grade_id)
    if kind == "roleplay" and item in hand_in.talks:
        for competency in hand_in.talks[item].result.competencies:
            if competency.competency == part:
                return competency.share
    if kind == "quiz" and item in hand_in.quizzes and part is None:
        answered = hand_in.quizzes[item]
        return quiz.share(answered.quiz, answered.given)
    if kind == "written" and item in hand_in.writing:
        row(hand_in.writing[item].written, part)
        return None
    raise Unmarked(
        f"The marked cell {grade_id!r} belongs to nothing in the assignment's source. Generate the assignment again."
    )


def row(text: Written, part: str | None) -> RubricRow:
    """A rubric row by its id."""
    for found in text.rubric:
        if found.id == part:
            return found
    raise Unmarked(f"The written part {text.id!r} has no rubric row {part!r}. Generate the assignment again.")


def parts(grade_id: str) -> tuple[str, str, str | None]:
    """Kind, item and part of a marked cell's name; ``Unmarked`` when it is no such name."""
    match = MARKED.fullmatch(grade_id)
    if match is None:
        raise Unmarked(f"The marked cell {grade_id!r} has a name that marking does not know.")
    return match["kind"], match["item"], match["part"]


def opens(cell: Any, item: str) -> bool:
    """Whether a notebook's cell is the one that opens a conversation."""
    return cell["cell_type"] == "code" and f"tv.play({item!r})" in cell["source"].replace('"', "'")
