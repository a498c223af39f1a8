"""One way to play a case and a released script, so that nothing above needs to know which it is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol

from . import engine
from .engine import Scene
from .explore import spine
from .model import Case, fingerprint
from .script import Script, Spoken, spoken


@dataclass(frozen=True)
class Moment:
    """What a clinician meets: the scene's released id, what is heard, and the replies as ``(id, words)``.

    An ended conversation has no replies.
    """

    scene: str
    heard: tuple[Spoken, ...]
    replies: tuple[tuple[str, str], ...]
    words: bool


class Play(Protocol):
    """A conversation that can be played; positions are opaque to the caller."""

    id: str
    title: str
    minutes: int
    content_note: str
    setting: str
    people: tuple[str, ...]
    fingerprint: str

    def start(self) -> object:
        """The first position."""

    def moment(self, position: object) -> Moment:
        """What is met there."""

    def follow(self, position: object, option_id: str) -> object:
        """The position after a reply; ``Misfit`` when it is not on offer."""

    def ahead(self, position: object) -> int:
        """How many moments still lie ahead on the way every path takes, this one included."""


class CasePlay:
    """A case played from its source."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.id, self.title, self.minutes = case.id, case.title, case.minutes
        self.content_note, self.setting = case.content_note, case.setting
        self.people = tuple(case.people.values())
        self.fingerprint = fingerprint(case)
        self._spine = [index for index, beat in enumerate(case.beats) if beat in spine(case)]

    def start(self) -> Scene:
        """The first scene."""
        return engine.start(self.case)

    def moment(self, position: object) -> Moment:
        """What is met in a scene."""
        assert isinstance(position, Scene)
        beat = engine.beat(self.case, position)
        if beat is None:
            end = engine.ending(self.case, position)
            return Moment(f"end-{end.id}", (Spoken(self.case.person(end.who), end.say, end.seen),), (), False)
        replies = tuple((option.id, option.say) for option in engine.options(self.case, position))
        return Moment(beat.id, spoken(self.case, engine.line(self.case, position)), replies, beat.your_words)

    def follow(self, position: object, option_id: str) -> Scene:
        """The scene after a reply."""
        assert isinstance(position, Scene)
        return engine.reply(self.case, position, option_id)

    def ahead(self, position: object) -> int:
        """Moments that still lie ahead, this one included."""
        assert isinstance(position, Scene)
        if position.at == len(self.case.beats):
            return 0
        return 1 + sum(index > position.at for index in self._spine)


class ScriptPlay:
    """A released script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.id, self.title, self.minutes = script.id, script.title, script.minutes
        self.content_note, self.setting, self.people = script.content_note, script.setting, script.people
        self.fingerprint = script.fingerprint

    def start(self) -> str:
        """The first scene's id."""
        return self.script.first

    def moment(self, position: object) -> Moment:
        """What is met in a scene."""
        scene_id = str(position)
        scene = self.script.scenes[scene_id]
        heard = tuple(self.script.lines[line] for line in scene.heard)
        return Moment(scene_id, heard, tuple((reply, self.script.replies[reply]) for reply in scene.next), scene.words)

    def follow(self, position: object, option_id: str) -> str:
        """The scene after a reply."""
        try:
            return self.script.scenes[str(position)].next[option_id]
        except KeyError:
            raise engine.Misfit(f"{self.id}: reply {option_id!r} is not on offer here") from None

    def ahead(self, position: object) -> int:
        """Moments that still lie ahead, this one included; every path holds the same number."""
        count, scene = 0, self.script.scenes[str(position)]
        while scene.next:
            count, scene = count + 1, self.script.scenes[next(iter(scene.next.values()))]
        return count


def shuffled(attempt: str, scene: str, replies: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Replies in the order this attempt shows them: by SHA-256 of (attempt, scene id, option id)."""

    def key(reply: tuple[str, str]) -> str:
        return hashlib.sha256("\x1f".join((attempt, scene, reply[0])).encode()).hexdigest()

    return tuple(sorted(replies, key=key))
