"""What the log says of a learner's way: what is practised, a profile where the rule allows one, what an edge trains. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import median
from typing import NamedTuple

from ..content import store
from ..content.course import Lesson, Way
from ..events import Event, Keeper
from ..roleplay import engine
from ..roleplay.attempts import attempts
from ..roleplay.explore import spine
from ..roleplay.model import Case
from ..roleplay.play import CasePlay
from .quiz import Quiz, answers, fingerprint

BEATS, CASES = 4, 2  # a profile says something from here on (clinical map, section 8, rule 1)


class Done(NamedTuple):
    """How far a lesson is: steps practised, of how many, and the first one that is not."""

    steps: int
    of: int
    next: str


class Given(NamedTuple):
    """One reply in a first attempt: the conversation, what had been said, the competency at stake, its level."""

    case: str
    title: str
    heard: str
    competency: str
    level: int


class Profile(NamedTuple):
    """A competency over all first attempts: the levels in order, their median (0 to 4), and how many conversations."""

    competency: str
    levels: tuple[int, ...]
    median: float | None
    cases: int


def practised(step: str, events: Iterable[Event]) -> bool:
    """Whether a step has been done: a conversation finished, every question answered, anything else begun."""
    kind, _, item = step.partition(":")
    found = list(events)
    if kind == "roleplay":
        return any(event.kind == "finish" for event in found)
    if kind == "quiz" and found:
        quiz = store.load(Quiz, "quizzes", item)
        given = answers(event for event in found if event.fingerprint == fingerprint(quiz))
        return all(question.id in given for question in quiz.questions)
    return bool(found)


def lesson(item: Lesson, way: Way, keeper: Keeper) -> Done:
    """How far a lesson is on a way."""
    steps = item.on(way)
    left = [step for step in steps if not practised(step, keeper.of(step))]
    return Done(len(steps) - len(left), len(steps), left[0] if left else "")


def given(keeper: Keeper) -> Iterator[Given]:
    """Every scored reply of every finished conversation's first finished attempt: what a learner recognised unprompted."""
    for folder in ("roleplays", "boosters"):
        for name in store.ids(folder):
            events = keeper.of(f"roleplay:{name}")
            if not any(event.kind == "finish" for event in events):
                continue
            case = store.load(Case, folder, name)
            if case.use == "tutorial":
                continue
            play = CasePlay(case)
            done = (found for found in attempts(play, events) if found.complete and not found.older)
            first = next(done, None)
            if first is None:
                continue
            scored = spine(case)
            for move in engine.replay(case, first.replies):
                beat = case.beats[move.scene.at]
                if beat in scored:
                    heard = engine.line(case, move.scene)
                    yield Given(
                        name, case.title, f"{case.person(heard.who)}: “{heard.say}”", beat.focus, move.option.level
                    )


def profiles(replies: Iterable[Given]) -> list[Profile]:
    """The competencies met so far; ``median`` is ``None`` below four beats or two conversations."""
    by: dict[str, list[Given]] = {}
    for reply in replies:
        by.setdefault(reply.competency, []).append(reply)
    found = []
    for competency, mine in sorted(by.items(), key=lambda pair: int(pair[0][1:])):
        levels = tuple(reply.level for reply in mine)
        cases = len({reply.case for reply in mine})
        enough = len(levels) >= BEATS and cases >= CASES
        found.append(Profile(competency, levels, float(median(levels)) if enough else None, cases))
    return found
