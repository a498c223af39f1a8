"""Boosters: two-minute moments not met before, due 1, 4, 12 and 24 weeks after they are set. A calendar file, no reminders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from ..content import store
from ..content.texts import text
from ..events import Keeper
from ..roleplay.model import Case

WEEKS = (1, 4, 12, 24)
ACTIVITY = "boosters:mine"


def today() -> date:
    """The day it is, by the clock that the log uses."""
    return datetime.now(UTC).date()


def dates(start: date) -> list[date]:
    """The four days after a day on which boosters were set."""
    return [start + timedelta(weeks=weeks) for weeks in WEEKS]


def days(keeper: Keeper) -> list[date]:
    """Every day on which one is due, earliest first; they can be set again after each lesson."""
    starts = {date.fromisoformat(event.at[:10]) for event in keeper.of(ACTIVITY) if event.kind == "start"}
    return sorted(day for start in starts for day in dates(start))


def played(keeper: Keeper) -> dict[str, date]:
    """The day each booster was first finished, by id."""
    found: dict[str, date] = {}
    for name in store.ids("boosters"):
        finished = [event.at for event in keeper.of(f"roleplay:{name}") if event.kind == "finish"]
        if finished:
            found[name] = date.fromisoformat(min(finished)[:10])
    return found


def due(days: Sequence[date], done: Iterable[date], now: date) -> int:
    """How many are due: one for each day that has come, less those finished since the boosters were set."""
    if not days:
        return 0
    set_on = days[0] - timedelta(weeks=WEEKS[0])
    return max(0, sum(day <= now for day in days) - sum(day >= set_on for day in done))


def ahead(keeper: Keeper, edge: str = "") -> list[str]:
    """Boosters not finished yet, those of one's own edge first."""
    done = played(keeper)
    left = [name for name in store.ids("boosters") if name not in done]
    return sorted(left, key=lambda name: store.load(Case, "boosters", name).beats[0].focus != edge) if edge else left


def calendar(days: Sequence[date]) -> bytes:
    """A calendar file (iCalendar) with an all-day entry for each day: no alarm, no word of what the course is about."""
    from icalendar import Calendar, Event  # for this one press; a lesson opens without it

    made = Calendar()
    made.add("prodid", "-//Two Voices//EN")
    made.add("version", "2.0")
    for number, day in enumerate(days, start=1):
        entry = Event()
        entry.add("uid", f"two-voices-{days[0]:%Y%m%d}-{number}")
        entry.add("dtstamp", datetime(days[0].year, days[0].month, days[0].day, tzinfo=UTC))
        entry.add("dtstart", day)
        entry.add("dtend", day + timedelta(days=1))
        entry.add("summary", text("path.entry"))
        entry.add("transp", "TRANSPARENT")
        made.add_component(entry)
    return bytes(made.to_ical())
