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

from twovoices import __version__
from twovoices.activities import release
from twovoices.activities.release import Assessment
from twovoices.events import Event
from twovoices.grading import intake
from twovoices.roleplay.play import ScriptPlay

WORDS = (
    "she he they hurt asked before after night key Friday alone today shame worth verdict choice freedom power body "
    "medicine supervisor call safe wait doubt lament owning harm kindness mend slowly plainly perhaps listen"
).split()


class _Log:
    """Events one after the other, at times of their own."""

    def __init__(self, chance: random.Random) -> None:
        self.events: list[Event] = []
        self.chance = chance
        self._now = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(minutes=chance.randrange(40_000))

    def id(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def add(self, activity: str, attempt: str, mark: str, kind: str, **data: str) -> None:
        self._now += timedelta(seconds=self.chance.randrange(3, 60))
        n = sum(event.attempt == attempt for event in self.events)
        at = self._now.isoformat(timespec="milliseconds")
        self.events.append(
            Event(
                v=1,
                id=self.id(),
                at=at,
                activity=activity,
                attempt=attempt,
                n=n,
                kind=kind,
                data=data,
                course=__version__,
                fingerprint=mark,
            )
        )


def events(assessment: Assessment, seed: int) -> list[Event]:
    """One learner's events: a twentieth hand in nothing, a tenth stop half-way, a tenth write nothing."""
    chance = random.Random(seed)
    log = _Log(chance)
    diligence = chance.random()
    if diligence < 0.05:
        return []
    for name, script in assessment.roleplays.items():
        play, attempt = ScriptPlay(script), log.id()
        log.add(f"roleplay:{name}", attempt, play.fingerprint, "begin", mode="straight")
        place = play.start()
        for _ in range(5 if diligence < 0.15 else 100):
            moment = play.moment(place)
            if not moment.replies:
                break
            reply, _ = chance.choice(moment.replies)
            log.add(f"roleplay:{name}", attempt, play.fingerprint, "reply", scene=moment.scene, option=reply)
            place = play.follow(place, reply)
    for name, marked in assessment.quizzes.items():
        assert marked.quiz is not None
        attempt = log.id()
        for question in marked.quiz.questions:
            if chance.random() < 0.95:
                option = chance.choice(question.options).id
                log.add(f"quiz:{name}", attempt, marked.fingerprint, "answer", question=question.id, option=option)
    for name, marked in assessment.written.items():
        assert marked.written is not None
        attempt = log.id()
        for part in marked.written.parts if not 0.15 < diligence < 0.25 else ():
            words = " ".join(chance.choices(WORDS, k=chance.randrange(30, 250)))
            odd = f"{words}.\n\n# {words[:80]} <&$> `*_ é 你 \u200f"
            log.add(f"written:{name}", attempt, marked.fingerprint, "save", part=part, text=odd)
    return log.events


def zips(released: Path, count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Learners' ids and what they hand in."""
    assessment = release.find(released)
    assert assessment is not None, f"{released} is no released exercise"
    for number in range(count):
        learner = f"learner-{number:05d}"
        yield learner, intake.pack(learner, assessment, events(assessment, seed * 1_000_003 + number), __version__)


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
