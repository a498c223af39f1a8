"""What a role-play is: the shape of its file, and nothing that happens in it."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Literal

import msgspec

Id = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        description="Use small letters, digits and single hyphens, for example priya-party.",
    ),
]
Name = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$",
        description="Use small letters, digits and underscores, for example asked_choice.",
    ),
]
Competency = Annotated[str, msgspec.Meta(pattern=r"^C([1-9]|1[0-2])$", description="Use C1 to C12.")]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Level = Annotated[int, msgspec.Meta(ge=0, le=4)]
Change = Annotated[int, msgspec.Meta(ge=-3, le=3)]
Use = Literal["practice", "assessment", "gate", "tutorial", "booster"]
Road = Literal["common", "compassion", "acceptance", "dynamic", "narrative", "systemic", "faith"]


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One writer's guess at what the client might be thinking, in the client's own idiom."""

    critic: Text
    kinder: Text


class Also(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A second person who speaks in the same moment (couples)."""

    who: Name
    say: Text
    seen: str = ""
    inner: Inner | None = None


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the client says at a moment; the first line whose ``when`` holds is used."""

    say: Text
    inner: Inner
    seen: str = ""
    when: str | None = None
    who: Name | None = None
    also: tuple[Also, ...] = ()


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One reply the clinician can give, with its level, its effects and the reason for both."""

    id: Id
    say: Text
    level: Level
    why: Text
    lands: str = ""
    better: str | None = None
    effects: dict[Name, Change] = {}
    sets: tuple[Name, ...] = ()
    road: Road = "common"
    references: tuple[str, ...] = ()
    error: Name | None = None
    costs: str | None = None
    goto: Id | None = None
    needs: str | None = None
    also_missed: tuple[Competency, ...] = ()


class Again(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same moment in new words with new replies, for *once more*."""

    client: tuple[Line, ...]
    options: tuple[Option, ...]


class Beat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One moment of the conversation."""

    id: Id
    focus: Competency
    client: tuple[Line, ...]
    options: tuple[Option, ...]
    critical: bool = False
    your_words: bool = False
    criteria: tuple[Text, ...] = ()
    challenge: bool = False
    closing: bool = False
    needs: str | None = None
    again: Again | None = None


class Ending(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the conversation can end; rank says what the work made possible, not how pleased the client is."""

    id: Id
    rank: Annotated[int, msgspec.Meta(ge=0, le=9)]
    say: Text
    debrief: Text
    seen: str = ""
    when: str | None = None
    who: Name | None = None
    inner: Inner | None = None


class Gauge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bounded whole number inside the client, and which way is better."""

    start: int
    min: int
    max: int
    better: Literal["high", "low"]


class CriticalError(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A level-0 reply that blocks the pass until mended; without ``mended_by`` nothing mends it."""

    competency: Competency
    mended_by: Name | None = None


class Case(msgspec.Struct, frozen=True, eq=False, forbid_unknown_fields=True, omit_defaults=True):
    """A whole role-play, as written in one YAML file. Two cases are the same only if they are one object.

    Raises
    ------
    twovoices.content.errors.ContentError
        From the reader, when a file does not have this shape.
    """

    id: Id
    title: Text
    use: Use
    difficulty: Annotated[int, msgspec.Meta(ge=1, le=5)]
    minutes: Annotated[int, msgspec.Meta(ge=1, le=60)]
    content_note: Text
    objective: Text
    people: dict[Name, Text]
    state: dict[Name, Gauge]
    beats: Annotated[tuple[Beat, ...], msgspec.Meta(min_length=1)]
    endings: Annotated[tuple[Ending, ...], msgspec.Meta(min_length=1)]
    vignette: str | None = None
    module: Annotated[str, msgspec.Meta(pattern=r"^M\d\d$")] | None = None
    setting: str = ""
    flags: tuple[Name, ...] = ()
    critical_errors: dict[Name, CriticalError] = {}
    heavy: bool = False
    mode: Literal["coached", "straight"] | None = None
    accepted: dict[str, Text] = {}
    supervision: str = ""

    @property
    def straight(self) -> bool:
        """Whether the talk runs without comment: by ``mode``, else difficulty 3 and up, and always in assessment."""
        if self.use == "assessment":
            return True
        return self.difficulty >= 3 if self.mode is None else self.mode == "straight"

    def beat(self, beat_id: str) -> Beat:
        """The beat with that id; ``KeyError`` when there is none."""
        for beat in self.beats:
            if beat.id == beat_id:
                return beat
        raise KeyError(beat_id)

    def person(self, who: str | None) -> str:
        """The name shown for a line's speaker; the only person when the line names none."""
        return self.people[who] if who is not None else next(iter(self.people.values()))


def fingerprint(case: Case) -> str:
    """SHA-256 over a case's structure (ids, levels, effects, conditions, errors), first 16 hex digits.

    Wording is left out, so a corrected or translated text keeps the fingerprint and a learner's log still fits.
    """

    def option(item: Option) -> list[object]:
        effects = sorted(item.effects.items())
        return [item.id, item.level, effects, sorted(item.sets), item.error, item.goto, item.needs]

    def beat(item: Beat) -> list[object]:
        again = [[o.id, o.level] for o in item.again.options] if item.again else None
        lines = [line.when for line in item.client]
        marks = [item.focus, item.critical, item.your_words, item.needs]
        return [item.id, marks, lines, [option(o) for o in item.options], again]

    structure = [
        case.id,
        sorted((name, g.start, g.min, g.max, g.better) for name, g in case.state.items()),
        sorted((name, e.competency, e.mended_by) for name, e in case.critical_errors.items()),
        [beat(item) for item in case.beats],
        [[e.id, e.rank, e.when] for e in case.endings],
    ]
    return hashlib.sha256(json.dumps(structure, ensure_ascii=False).encode()).hexdigest()[:16]
