"""Events: what a learner did, one by one. Pure: reading bytes into events and folding them, no files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import msgspec

VERSION = 1
NAME = "answers.jsonl"


class Stale(Exception):
    """Another window went on with the same attempt; read again before answering."""


class Keeper(Protocol):
    """Where events are kept; :class:`twovoices.answers.Answers` is one."""

    def of(self, activity: str) -> tuple[Event, ...]:
        """Events of one activity, in order."""

    def append(
        self, activity: str, attempt: str, kind: str, data: dict[str, Any], fingerprint: str, n: int | None = None
    ) -> Event:
        """Keep one event, or raise; ``Stale`` when its number ``n`` in the attempt is taken."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a learner did.

    Attributes
    ----------
    v
        Version of this form (1).
    id
        UUID of the event; two events with one id are the same event.
    at
        UTC time, ISO 8601.
    activity
        Id of the activity, with its kind: ``roleplay:priya-party``.
    attempt
        UUID of the attempt within the activity.
    n
        Number of the event within its attempt, from 0.
    kind
        What was done; unknown kinds are kept and passed over.
    data
        What goes with it.
    course
        Version of the course that wrote it.
    fingerprint
        Structure of the content it answers.
    """

    v: int
    id: str
    at: str
    activity: str
    attempt: str
    n: int
    kind: str
    data: dict[str, Any]
    course: str
    fingerprint: str


class Reading(msgspec.Struct, frozen=True):
    """A log as read: its events in order, and lines that could not be used, each with the reason."""

    events: tuple[Event, ...]
    unread: tuple[str, ...]


def parse(raw: bytes, name: str = NAME) -> Reading:
    """Read a log's bytes.

    A line that is torn, is not an event, or comes from a later version is left out and reported; the rest stands.
    """
    events: list[Event] = []
    unread: list[str] = []
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            event = msgspec.json.decode(line, type=Event)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            unread.append(f"{name}, line {number}: cannot be read (torn while it was written, or edited)")
            continue
        if event.v > VERSION:
            unread.append(f"{name}, line {number}: written by a later version of the course")
            continue
        events.append(event)
    return Reading(tuple(events), tuple(unread))


def fold(events: Iterable[Event]) -> tuple[Event, ...]:
    """Each event once, attempts in the order they began, events of an attempt by number."""
    once: dict[str, Event] = {}
    for event in events:
        once.setdefault(event.id, event)
    began: dict[str, str] = {}
    for event in once.values():
        began[event.attempt] = min(began.get(event.attempt, event.at), event.at)
    return tuple(sorted(once.values(), key=lambda e: (began[e.attempt], e.attempt, e.n, e.at, e.id)))
