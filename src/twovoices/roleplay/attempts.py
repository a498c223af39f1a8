"""From the answers log to attempts: pure, and the same for the page, for progress and for marking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..events import Event
from .engine import Misfit
from .play import Moment, Play


@dataclass
class Attempt:
    """One attempt at a conversation, as the log tells it.

    Attributes
    ----------
    replies
        ``(scene id, option id)`` as given, taken-back ones left out.
    heard
        What was met at each moment so far, the present one last.
    position
        Where the conversation stands.
    closest
        Option id nearest to the learner's own words, by scene id; ``""`` for none of them.
    explained
        How many replies' comments have been read past (coached mode).
    felt
        The learner's 0-4 answers before the debrief, about the ``client`` and the ``self``; ``None`` when skipped.
    agains
        Data of each *once more* round.
    checked
        Criteria the learner ticked (counted from 0) for own words at a gate, by scene id.
    skipped
        Presses that do not fit what came before them (from copies edited side by side); passed over.
    events
        Number of events, which is the next event's number.
    """

    id: str
    began: str
    fingerprint: str
    position: object
    heard: list[Moment]
    straight: bool = False
    replies: list[tuple[str, str]] = field(default_factory=list)
    positions: list[object] = field(default_factory=list)
    closest: dict[str, str] = field(default_factory=dict)
    explained: int = 0
    felt: dict[str, int | None] = field(default_factory=dict)
    agains: list[dict[str, Any]] = field(default_factory=list)
    checked: dict[str, list[int]] = field(default_factory=dict)
    skipped: int = 0
    events: int = 0
    summary: dict[str, Any] | None = None
    older: bool = False

    @property
    def complete(self) -> bool:
        """Whether the conversation has reached its end."""
        return not self.heard[-1].replies


def attempts(play: Play, events: Iterable[Event], straight: bool = False) -> list[Attempt]:
    """Fold one activity's events (in log order) into attempts, in the order they began.

    Attempts under another fingerprint keep only their summary: they are never replayed or half-scored.
    """
    found: dict[str, Attempt] = {}
    for event in events:
        attempt = found.get(event.attempt)
        if attempt is None:
            first = play.start()
            attempt = Attempt(event.attempt, event.at, event.fingerprint, first, [play.moment(first)], straight)
            attempt.older = event.fingerprint != play.fingerprint
            found[event.attempt] = attempt
        attempt.events += 1
        _apply(play, attempt, event)
    return list(found.values())


def _apply(play: Play, attempt: Attempt, event: Event) -> None:
    data = event.data
    match event.kind:
        case "begin" | "mode":
            attempt.straight = data.get("mode") == "straight"
        case "finish":
            attempt.summary = data
        case _ if attempt.older:
            pass
        case "reply":
            _reply(play, attempt, data)
        case "undo":
            if attempt.replies:
                attempt.replies.pop()
                attempt.heard.pop()
                attempt.position = attempt.positions.pop()
                attempt.explained = min(attempt.explained, len(attempt.replies))
        case "on":
            attempt.explained = len(attempt.replies)
        case "closest":
            attempt.closest[str(data.get("scene"))] = str(data.get("option", ""))
        case "felt":
            attempt.felt[str(data.get("of"))] = _grade(data.get("value"))
        case "again":
            attempt.agains.append(data)
        case "checked":
            ticks = data.get("ticks")
            attempt.checked[str(data.get("scene"))] = ticks if isinstance(ticks, list) else []


def _reply(play: Play, attempt: Attempt, data: dict[str, Any]) -> None:
    scene, option = data.get("scene"), data.get("option")
    if attempt.complete or scene != attempt.heard[-1].scene or not isinstance(option, str):
        attempt.skipped += 1
        return
    try:
        after = play.follow(attempt.position, option)
    except Misfit:
        attempt.skipped += 1
        return
    attempt.replies.append((str(scene), option))
    attempt.positions.append(attempt.position)
    attempt.position = after
    attempt.heard.append(play.moment(after))


def _grade(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 4 else None


def to_mark(found: list[Attempt]) -> Attempt | None:
    """The attempt that counts: the first completed one; if none is complete, the first."""
    present = [attempt for attempt in found if not attempt.older]
    return next((attempt for attempt in present if attempt.complete), present[0] if present else None)
