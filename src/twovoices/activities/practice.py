"""What the kinds of practice share: how a kind is registered, an attempt that can be begun again, and faults of a file."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec

from ..content.texts import text
from ..events import Event, Keeper
from ..view import Button, Choice, Head, Log, Press
from .base import Activity
from .quiz import Heard, spoken

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
REASON = 6  # words; a shorter reason says too little
Practised = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(SC-(0[1-9]|[1-4]\d|5[0-4])|RR-(0[1-9]|[1-5]\d|6[0-5]))$",
        description="Use SC-01 to SC-54 or RR-01 to RR-65.",
    ),
]
Practises = Annotated[tuple[Practised, ...], msgspec.Meta(min_length=1)]


class Fault(NamedTuple):
    """Something wrong with a file beyond its shape: the part's path, a check code, what is wrong, what to do."""

    path: tuple[str | int, ...]
    code: str
    what: str
    mend: str


class Kind(NamedTuple):
    """A kind of practice, as ``shelf`` lists it.

    Attributes
    ----------
    name
        What a notebook calls: ``tv.sort("…")``.
    folder
        Where its files stand under ``data/``.
    model
        Their shape.
    page
        Makes the activity of a file and a keeper.
    faults
        What is wrong with a file beyond its shape.
    """

    name: str
    folder: str
    model: type[Any]
    page: Callable[[Any, Keeper], Practice]
    faults: Callable[[Any], Iterator[Fault]]


class Practice(Activity):
    """An activity whose last attempt counts; beginning again opens another, and the earlier ones stay in the log.

    Attributes
    ----------
    folder
        Where a page that the learner keeps is written.
    words
        What stands in the text boxes, by key. In memory only: nothing typed reaches the log.
    """

    def __init__(self, activity: str, structure: object, keeper: Keeper, label: str) -> None:
        super().__init__(activity, digest(structure), keeper, label)
        self.folder = Path()
        self.words: dict[str, str] = {}

    def now(self) -> Sequence[Event]:
        """Events of the last attempt."""
        events = self.events()
        return [event for event in events if event.attempt == events[-1].attempt]

    def told(self, kind: str) -> Iterator[dict[str, Any]]:
        """What goes with the last attempt's events of one kind, in order."""
        return (event.data for event in self.now() if event.kind == kind)

    def begin(self) -> None:
        """Open another attempt."""
        self.keeper.append(self.activity, str(uuid.uuid4()), "begin", {}, self.fingerprint)
        self.words = {}
        self.fresh()

    def fresh(self) -> None:
        """Forget what this window alone knows: where one stands, what was typed."""
        raise NotImplementedError

    def press(self, press: Press) -> None:
        """Take a press, and remember what stands in the boxes."""
        self.words |= press.fields
        if press.do == "begin":
            self.notice = self.place = ""
            self.begin()
            self.focus = "head"
        else:
            super().press(press)

    def typed(self, key: str) -> str:
        """What stands in a box."""
        return self.words.get(key, "").strip()


def digest(structure: object) -> str:
    """Fingerprint of a file's structure, never of its wording: SHA-256, first 16 hex digits."""
    return hashlib.sha256(json.dumps(structure).encode()).hexdigest()[:16]


def again() -> Button:
    """The button that opens another attempt."""
    return Button(do="begin", label=text("practice.again"), kind="quiet")


def head(title: str, content_note: str, place: str = "", now: int = 0, of: int = 0) -> Head:
    """Title bar with the content note, and where one stands."""
    note = text("say.note", note=content_note.rstrip(".")) if content_note else ""
    return Head(key="head", title=title, note=note, place=place, moment=now, moments=of)


def heard(key: str, label: str, lines: Iterable[Heard]) -> Log:
    """Some lines of a session."""
    return Log(key=key, label=label, lines=spoken(lines))


def lettered(pairs: Iterable[tuple[str, str]], on: str | None = None) -> tuple[Choice, ...]:
    """Choices with letters from A on."""
    return tuple(Choice(id=i, letter=LETTERS[n], text=words, on=i == on) for n, (i, words) in enumerate(pairs))


def ticked(items: Iterable[tuple[str, str]], on: Iterable[str]) -> tuple[Choice, ...]:
    """Things to tick, numbered from 1 on."""
    chosen = set(on)
    return tuple(Choice(id=i, letter=str(n), text=words, on=i in chosen) for n, (i, words) in enumerate(items, start=1))


def quoted(words: str) -> str:
    """Words in quotation marks; marks inside become single ones."""
    return f"“{words.strip().replace('“', '‘').replace('”', '’')}”"


# ---------------------------------------------------------------- faults of a file


def once(ids: Iterable[str], path: str, what: str) -> Iterator[Fault]:
    """E-SHAPE when an id stands twice."""
    seen: set[str] = set()
    for number, name in enumerate(ids):
        if name in seen:
            yield Fault((path, number), "E-SHAPE", f"The {what} id {name!r} stands twice.", "Give each its own.")
        seen.add(name)


def reason(why: str, *path: str | int) -> Iterator[Fault]:
    """E-WHY when a reason is missing or says too little."""
    if len(why.split()) < REASON:
        yield Fault(path, "E-WHY", "It has no reason.", "Say what it does, and to whom, in a sentence or two.")


def covered(found: Iterable[str], wanted: Iterable[str], what: str, *path: str | int) -> Iterator[Fault]:
    """E-SHAPE when something is left out, or named that there is not."""
    have, want = list(found), list(wanted)
    missing, odd = [name for name in want if name not in have], [name for name in have if name not in want]
    if missing:
        yield Fault(path, "E-WHY", f"Nothing is said about {what} {', '.join(missing)}.", "Give each its reason.")
    if odd:
        yield Fault(path, "E-SHAPE", f"There is no {what} {', '.join(odd)}.", f"There are: {', '.join(want)}.")


def defended(count: int, of: int, *path: str | int) -> Iterator[Fault]:
    """E-SHAPE unless one or two can be defended, and not all (both of two may be)."""
    if not 1 <= count <= 2 or (count == of and of != 2):
        yield Fault(path, "E-SHAPE", f"{count} of {of} can be defended.", "Mark one or two `defensible: true`.")
