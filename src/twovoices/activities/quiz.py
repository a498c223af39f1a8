"""Judgement questions: a moment, some answers, of which often two can be defended; every answer has its reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Annotated

import msgspec

from ..content.texts import in_source, text
from ..events import Event, Keeper
from ..roleplay.model import Id, Text
from ..roleplay.play import shuffled
from ..view import AnyBlock, Choice, Choices, Feedback, Head, Log, Press, Prose, Said
from .base import Activity

LETTERS = "ABCDEFGH"


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One answer. Released questions carry ``id`` and ``text`` alone."""

    id: Id
    text: Text
    defensible: bool | None = None
    why: str = ""


class Heard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A line of a transcript that goes before a question."""

    who: Text
    say: Text
    seen: str = ""


def spoken(lines: Iterable[Heard]) -> tuple[Said, ...]:
    """Lines as they are shown, the clinician's on the side of the one who reads.

    Who is the clinician is told by the word for it, in a file's own language or in the one it was translated to.
    """
    clinician = text("quiz.clinician")
    mine = {clinician, in_source("quiz.clinician")}
    return tuple(
        Said(
            key=str(number),
            side="you" if line.who in mine else "client",
            name=clinician if line.who in mine else line.who,
            say=line.say,
            seen=line.seen,
        )
        for number, line in enumerate(lines)
    )


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question: ``stem`` tells the moment, ``heard`` may quote it, ``ask`` asks."""

    id: Id
    ask: Text
    options: Annotated[tuple[Answer, ...], msgspec.Meta(min_length=2)]
    stem: str = ""
    heard: tuple[Heard, ...] = ()
    items: tuple[str, ...] = ()


class Quiz(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Some questions. ``points`` is what they are worth together where they are marked."""

    id: Id
    title: Text
    questions: Annotated[tuple[Question, ...], msgspec.Meta(min_length=1)]
    points: int = 0
    module: str = ""
    content_note: str = ""


def fingerprint(quiz: Quiz) -> str:
    """SHA-256 over ids of questions and answers (not wording), first 16 hex digits."""
    structure = [
        quiz.id,
        [[question.id, sorted(option.id for option in question.options)] for question in quiz.questions],
    ]
    return hashlib.sha256(json.dumps(structure).encode()).hexdigest()[:16]


def released(quiz: Quiz) -> Quiz:
    """The quiz as learners get it: opaque answer ids in an order that says nothing, no reasons, no marks."""
    questions = []
    for question in quiz.questions:
        answers = [Answer(released_id(quiz, question, option.id), option.text) for option in question.options]
        answers.sort(key=lambda answer: answer.id)
        questions.append(msgspec.structs.replace(question, options=tuple(answers)))
    return msgspec.structs.replace(quiz, questions=tuple(questions))


def released_id(quiz: Quiz, question: Question, option: str) -> str:
    """The opaque id under which an answer is released."""
    return hashlib.sha256("\x1f".join((quiz.id, question.id, option)).encode()).hexdigest()[:12]


def answers(events: Iterable[Event]) -> dict[str, str]:
    """Answer id by question id: the last one given to each question."""
    given: dict[str, str] = {}
    for event in events:
        question, option = event.data.get("question"), event.data.get("option")
        if event.kind == "answer" and isinstance(question, str) and isinstance(option, str):
            given[question] = option
    return given


def share(quiz: Quiz, given: dict[str, str]) -> float:
    """Share of questions answered with a defensible answer (0 to 1); either of two earns the same."""
    right = sum(
        any(option.defensible and option.id == given.get(question.id) for option in question.options)
        for question in quiz.questions
    )
    return right / len(quiz.questions)


class QuizPage(Activity):
    """Questions one below the other; each is explained as soon as it is answered, unless the quiz is marked."""

    def __init__(self, quiz: Quiz, mark: str, keeper: Keeper) -> None:
        super().__init__(f"quiz:{quiz.id}", mark, keeper, quiz.title)
        self.quiz = quiz
        self.marked = all(option.defensible is None for question in quiz.questions for option in question.options)

    def blocks(self) -> list[AnyBlock]:
        """Every question, and under an answered one its reason."""
        given = answers(self.events())
        done = sum(question.id in given for question in self.quiz.questions)
        place = text("quiz.answered", done=done, all=len(self.quiz.questions))
        note = f"{text('say.note', note=self.quiz.content_note.rstrip('.'))} " if self.quiz.content_note else ""
        shown: list[AnyBlock] = [Head(key="head", title=self.quiz.title, note=note + place)]
        for number, question in enumerate(self.quiz.questions, start=1):
            shown += self._question(number, question, given.get(question.id))
        if self.marked and done == len(self.quiz.questions):
            shown.append(Prose(key="done", paragraphs=(text("quiz.done"),), tone="soft"))
        return shown

    def _question(self, number: int, question: Question, given: str | None) -> list[AnyBlock]:
        pairs = tuple((option.id, option.text) for option in question.options)
        ordered = shuffled(self.quiz.id, question.id, pairs)
        heading = text("quiz.question", now=number, all=len(self.quiz.questions))
        shown: list[AnyBlock] = []
        if question.stem or len(self.quiz.questions) > 1:
            shown.append(
                Prose(key=f"stem-{question.id}", heading=heading, paragraphs=(question.stem,) if question.stem else ())
            )
        if question.heard:
            shown.append(Log(key=f"heard-{question.id}", label=heading, lines=spoken(question.heard)))
        options = tuple(
            Choice(id=i, letter=LETTERS[n], text=words, on=i == given) for n, (i, words) in enumerate(ordered)
        )
        shown.append(Choices(key=f"q-{question.id}", label=question.ask, options=options, do=f"answer:{question.id}"))
        if given and not self.marked:
            shown += self._reason(question, given)
        return shown

    def _reason(self, question: Question, given: str) -> list[AnyBlock]:
        option = next((o for o in question.options if o.id == given), None)
        if option is None:
            return []
        heading = text("quiz.defensible" if option.defensible else "quiz.look_again")
        shown: list[AnyBlock] = [
            Feedback(key=f"why-{question.id}", heading=heading, body=option.why, quote=option.text)
        ]
        others = [o for o in question.options if o.defensible and o.id != given]
        if option.defensible and others:
            body = " ".join(f"“{other.text}” {other.why}" for other in others)
            shown.append(Prose(key=f"other-{question.id}", heading=text("quiz.also"), paragraphs=(body,), tone="soft"))
        return shown

    def take(self, press: Press) -> None:
        """Keep an answer; it can be changed."""
        kind, _, question_id = press.do.partition(":")
        question = next((q for q in self.quiz.questions if q.id == question_id), None)
        if kind != "answer" or question is None or press.value not in {option.id for option in question.options}:
            return
        self.keep("answer", question=question.id, option=press.value)
        self.focus = f"q-{question.id}" if self.marked else f"why-{question.id}"
