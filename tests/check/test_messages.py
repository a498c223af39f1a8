"""Ten messages as an author reads them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from twovoices.authoring import skeleton
from twovoices.check import fair, humane, playable, wellformed
from twovoices.check.report import Review
from twovoices.content.errors import ContentError
from twovoices.content.strict import read_text
from twovoices.roleplay.model import Case

FILE = "data/roleplays/sam-later.yaml"
TALK = """\
id: sam-later
title: First session
use: tutorial
difficulty: 1
minutes: 5
content_note: a missed appointment
objective: To hear what it was like.
people: {client: Sam}
state: {trust: {start: 2, min: 0, max: 4, better: high}, shame: {start: 2, min: 0, max: 4, better: low}}
flags: [stayed]
beats:
- id: first
  focus: C2
  client:
  - {say: Nobody waited., inner: {critic: Who would., kinder: You came.}}
  options:
  - id: meets
    say: You came all the same.
    level: 4
    effects: {trust: +1}
    lands: seen at the door
    why: You took up that Sam came, and Sam could look up for the first time.
  - id: asks
    say: What was that like?
    level: 3
    effects: {shame: -1}
    sets: [stayed]
    lands: asked
    why: You asked, and Sam answered in a few words and then in more of them.
  - id: cheers
    say: It happens to us all!
    level: 1
    effects: {trust: -1, shame: +1}
    lands: waved away
    why: You meant to cheer Sam, who has heard it before and says so no more.
    better: That hurt, I think.
- id: second
  focus: C2
  client:
  - when: trust >= 3
    say: I counted the chairs.
    inner: {critic: Sad., kinder: Eleven.}
  - {say: Anyway., inner: {critic: Go., kinder: Stay.}}
  options:
  - {id: counts, say: How many?, level: 4, effects: {trust: +1}, lands: met, why: You stayed with the chairs and with Sam.}
  - {id: waits, say: (You wait.), level: 3, effects: {}, lands: room, why: You gave it room and Sam could use the room.}
endings:
- {id: stays, rank: 2, when: "trust >= 3", say: Monday?, debrief: Sam asked for a day.}
- {id: goes, rank: 1, say: Bye., debrief: Sam left as Sam came.}
"""


def said(step: Callable[[Review], object], *changes: tuple[str, str]) -> list[str]:
    """The messages for the talk with some words changed."""
    text = TALK
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    try:
        review = Review(read_text(text, Case, FILE))
    except ContentError as error:
        return [str(problem) for problem in error.problems]
    step(review)
    return [str(problem) for problem in sorted(review.problems)]


@pytest.mark.parametrize(
    ("step", "changes", "message"),
    [
        (
            wellformed.check,
            [("    effects:", "    efects:")],
            "20: E-SHAPE beats 1, options 1: The key 'efects' is not known here. Did you mean 'effects'?",
        ),
        (
            wellformed.check,
            [("when: trust >= 3", "when: trusted")],
            "40: E-SHAPE beat second, client line 1: The flag 'trusted' is not declared. Declare it under `flags`; "
            "known: stayed.",
        ),
        (
            wellformed.check,
            [("    better: That hurt, I think.\n", "")],
            "30: E-WHY beat first, reply cheers: A reply of level 1 has no `better`. Write a line one could say.",
        ),
        (
            playable.check,
            [("when: trust >= 3", "when: trust >= 4")],
            "40: E-UNREACHED beat second, client line 1: No path hears this line. Mend its `when` or the order of the lines.",
        ),
        (
            playable.check,
            [('when: "trust >= 3"', 'when: "trust >= 2"')],
            "48: W-ENDING ending stays: 83.3% of random play ends here. Loosen or tighten its `when` until 1 to 70 % of "
            "random play comes here.",
        ),
        (
            fair.good,
            [
                ("level: 4, effects: {trust", "level: 2, effects: {trust"),
                ("level: 3, effects: {}", "level: 2, effects: {}"),
            ],
            "37: E-GOOD beat second: No reply of level 3 is on offer after first: meets. Let a reply of level 3 stand here "
            "whatever the flags.",
        ),
        (
            fair.outlook,
            [('when: "trust >= 3"', "when: stayed")],
            "17: E-OUTLOOK beat first, reply meets: It closes more than asks (best ending of rank 1, and 2 there) from the "
            "start. Mend the effects or flags, so that the better reply keeps at least as much open.",
        ),
        (
            humane.check,
            [("Nobody waited.", "I was fourteen.")],
            "15: E-STANDARD beat first, client line 1: 'I was fourteen' may put a minor on the page. Write adults only; an "
            "earlier experience is 'long ago', without age.",
        ),
        (
            humane.check,
            [("What was that like?", "Why did you come?")],
            "24: W-WORDS beat first, reply asks: A clinician's line of worth says 'Why did you'. Prefer 'what was happening "
            "for you when…'.",
        ),
        (
            humane.check,
            [("a missed appointment", "thoughts of suicide")],
            "12: W-CLOSING beats: The content note names 'suicide', and the case does not end on looking after the way home. "
            "Let the last beat of every path be `closing: true`: minutes left, the journey, who is there, next contact.",
        ),
    ],
)
def test_a_message_says_where_what_and_how_to_mend(
    step: Callable[[Review], object], changes: list[tuple[str, str]], message: str
) -> None:
    assert f"{FILE}:{message}" in said(step, *changes)


def test_a_new_role_play_has_no_problem() -> None:
    review = Review(read_text(skeleton.text("sam-later"), Case, FILE))
    for step in (wellformed.check, playable.check, humane.check):
        step(review)
    assert review.problems == []
