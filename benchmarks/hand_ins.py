"""Made-up hand-ins of an exercise: learners who play, answer and write at random, the same for the same seed.

``python benchmarks/hand_ins.py 02 inbox --count 20`` fills an inbox, to rehearse a grading session with.
"""

from __future__ import annotations

import argparse
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from twovoices import __version__
from twovoices.activities import release
from twovoices.activities.quiz import QuizPage
from twovoices.activities.release import Assessment
from twovoices.activities.written import WrittenPage
from twovoices.events import Event
from twovoices.grading import intake
from twovoices.roleplay.play import ScriptPlay
from twovoices.roleplay.talk import Talk
from twovoices.view import Ask, Choices, Press

WORDS = (
    "she he they hurt asked before after night key Friday alone today shame worth verdict choice freedom power body "
    "medicine supervisor call safe wait doubt lament owning harm kindness mend slowly plainly perhaps listen"
).split()


class Memory:
    """Keeps events in memory, at times of its own."""

    def __init__(self, chance: random.Random) -> None:
        self.events: list[Event] = []
        self._chance = chance
        self._ids: dict[str, str] = {}
        self._now = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(minutes=chance.randrange(40_000))

    def of(self, activity: str) -> tuple[Event, ...]:
        """Events of one activity."""
        return tuple(event for event in self.events if event.activity == activity)

    def append(
        self, activity: str, attempt: str, kind: str, data: dict[str, Any], fingerprint: str, n: int | None = None
    ) -> Event:
        """Keep one event."""
        self._now += timedelta(seconds=self._chance.randrange(3, 60))
        taken = sum(event.attempt == attempt for event in self.events)
        # The page draws an attempt's id anew each time; here it has to follow from the seed.
        attempt = self._ids.setdefault(attempt, self._id())
        event = Event(
            v=1,
            id=self._id(),
            at=self._now.isoformat(timespec="milliseconds"),
            activity=activity,
            attempt=attempt,
            n=taken if n is None else n,
            kind=kind,
            data=data,
            course=__version__,
            fingerprint=fingerprint,
        )
        self.events.append(event)
        return event


    def _id(self) -> str:
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))


def hand_in(assessment: Assessment, seed: int, *, skill: float | None = None) -> list[Event]:
    """One learner's events.

    Parameters
    ----------
    skill
        How far through the conversation they get and how much is written (0 to 1); at random when ``None``. About a
        tenth stop half-way, a tenth write nothing, a twentieth hand in nothing at all.
    """
    chance = random.Random(seed)
    share = chance.random() if skill is None else skill
    keeper = Memory(chance)
    if share < 0.05:
        return []
    for script in assessment.roleplays.values():
        _play(Talk(ScriptPlay(script), keeper), chance, 5 if share < 0.15 else 100)
    for marked in assessment.quizzes.values():
        assert marked.quiz is not None
        page = QuizPage(marked.quiz, marked.fingerprint, keeper)
        for question in marked.quiz.questions:
            if chance.random() < 0.95:
                page.press(Press(do=f"answer:{question.id}", value=chance.choice(question.options).id))
    for marked in assessment.written.values():
        assert marked.written is not None
        boxes = WrittenPage(marked.written, marked.fingerprint, keeper)
        for part in marked.written.parts if share > 0.1 else ():
            words = " ".join(chance.choices(WORDS, k=chance.randrange(30, 250)))
            boxes.press(Press(do="save", value=part, fields={f"box-{part}-0": f"{words}.\n\n{words[:80]} <&$> `*_"}))
    return keeper.events


def _play(talk: Talk, chance: random.Random, moments: int) -> None:
    talk.press(Press(do="begin", value="straight"))
    while moments:
        offers = [block for block in talk.show().blocks if isinstance(block, (Ask, Choices))]
        if not offers:
            return
        offer = offers[-1]
        if isinstance(offer, Ask):
            talk.press(Press(do="worded", fields={offer.key: "My own words."}))
            continue
        talk.press(Press(do=offer.do, value=chance.choice(offer.options).id))
        moments -= offer.do == "reply"


def zips(released: Path, count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Learners' ids and what they hand in."""
    assessment = release.find(released)
    assert assessment is not None, f"{released} is no released exercise"
    for number in range(count):
        learner = f"learner-{number:05d}"
        yield learner, intake.pack(learner, assessment, hand_in(assessment, seed * 1_000_003 + number), __version__)


def fill(inbox: Path, released: Path, count: int, seed: int = 0) -> None:
    """Put so many zips into an inbox."""
    inbox.mkdir(parents=True, exist_ok=True)
    for learner, data in zips(released, count, seed):
        (inbox / f"{learner}-{released.name}.zip").write_bytes(data)


def main() -> None:
    """Fill an inbox."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", help="the exercise's number, for example 02")
    parser.add_argument("inbox", type=Path)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    (released,) = (Path(__file__).parents[1] / "exercises").glob(f"{options.number}*")
    fill(options.inbox, released, options.count, options.seed)


if __name__ == "__main__":
    main()
