"""The last page of a grading run, in plain words: what was done, and what a person must look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from . import flags
from .batch import Done
from .journal import Change, Journal
from .roster import Roster
from .store import Standing
from .taking_in import Outcome

LISTED = 200
REPLACED = "it replaces what was taken in before"


class State(msgspec.Struct):
    """Everything the page tells of one assignment.

    Attributes
    ----------
    changes
        Automatic scores that changed since the last page, by learner.
    look
        What is odd about answers, by learner.
    """

    done: Done
    standing: dict[str, Standing]
    changes: dict[str, list[Change]]
    look: dict[str, list[str]]
    flagged: list[tuple[str, str, str]]
    missing: list[str]
    maxima: dict[tuple[str, str], float]


def state(
    course: Path,
    done: Done,
    standing: dict[str, Standing],
    maxima: dict[tuple[str, str], float],
    roster: Roster | None = None,
) -> State:
    """Gather what the page tells."""
    journal = Journal(course, done.assignment)
    look = {name: line.look for name, line in journal.last.items() if line.look}
    flagged = [
        (flag.learner, flag.words, flags.returned(course, done.assignment, flag.learner))
        for flag in flags.flagged(standing)
    ]
    missing = [person.learner for person in roster.people if person.learner not in standing] if roster else []
    return State(done, standing, dict(journal.untold), look, flagged, missing, maxima)


def intake(outcome: Outcome) -> Iterator[str]:
    """What became of the inbox."""
    yield f"{len(outcome.taken)} taken in, {len(outcome.refused)} not."
    yield from _list("NOT TAKEN IN, and not marked until you act", outcome.refused)
    # Marking again is what this run does by itself.
    look = [line for line in outcome.look if REPLACED not in line]
    again = sum(REPLACED in line for line in outcome.look)
    yield from _list("Taken in; please look at", look)
    if again:
        yield f"{again} handed in again; the new hand-in took the place of the earlier one and was marked."


def page(found: State) -> Iterator[str]:
    """The page of one assignment."""
    done = found.done
    yield f"== {done.assignment}"
    yield (
        f"{len(done.marked)} marked, {len(done.again)} marked again, {len(done.refreshed)} given new feedback, "
        f"{len(done.same)} unchanged, {len(done.unmarked)} UNMARKED. {len(found.standing)} in the gradebook."
    )
    yield from _list("UNMARKED, until you act", [f"{name}: {why}" for name, why in sorted(done.unmarked.items())])
    yield from _list("Answers that are odd; the rest of them was marked", _each(found.look))
    yield from _list(
        "Changed automatic scores", [_change(name, one) for name, all_ in sorted(found.changes.items()) for one in all_]
    )
    under = [
        f"{name}, {one.cell}: a person gave {one.under:g}, the automatic score is now {_points(one.after)}. "
        "The manual score stands; look whether it should."
        for name, all_ in sorted(found.changes.items())
        for one in all_
        if one.under is not None
    ]
    yield from _list("Changed automatic scores under manual ones", under)
    waiting, again, beyond = _waiting(found)
    if waiting:
        yield (
            f"Written work waiting to be read: {sum(waiting.values())} rows of {len(waiting)} learners. Open formgrader, "
            "Manual grading."
        )
    yield from _list("Manual scores that nbgrader asks you to look at again (needs_manual_grade)", again)
    yield from _list("Manual scores above or below what the cell is worth", beyond)
    yield from _list(
        "Flags",
        [
            f"{name}: {words or '(no words)'} [{status}{'; read it, then take the FLAG line away' if status != 'returned' else ''}]"
            for name, words, status in found.flagged
        ],
    )
    yield from _list("In the roster, and nothing handed in", found.missing)


def to_do(found: State) -> bool:
    """Whether something went wrong that a person must put right."""
    return bool(found.done.unmarked)


def _waiting(found: State) -> tuple[dict[str, int], list[str], list[str]]:
    waiting: dict[str, int] = {}
    again, beyond = [], []
    for learner, standing in sorted(found.standing.items()):
        for (_, cell), row in sorted(standing.rows.items()):
            if row.waiting and row.manual is None:
                waiting[learner] = waiting.get(learner, 0) + 1
            elif row.waiting:
                again.append(f"{learner}, {cell}: {_points(row.manual)} by hand")
        for place, row in sorted(standing.rows.items()):
            if row.manual is not None and not 0 <= row.manual <= found.maxima.get(place, row.manual):
                beyond.append(f"{learner}, {place[1]}: {row.manual:g} of {found.maxima[place]:g}")
    return waiting, again, beyond


def _change(learner: str, change: Change) -> str:
    return f"{learner}, {change.cell}: {_points(change.before)} -> {_points(change.after)}"


def _points(value: float | None) -> str:
    return "waits for a person" if value is None else f"{value:g}"


def _each(found: Mapping[str, list[str]]) -> list[str]:
    return [f"{name}: {line}" for name, lines in sorted(found.items()) for line in lines]


def _list(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"{title}:"
        yield from (f"  {line}" for line in lines[:LISTED])
        if len(lines) > LISTED:
            yield f"  and {len(lines) - LISTED} more"
