"""Ten messages as an author reads them, from the skeleton that `new roleplay` writes."""

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


def said(*steps: Callable[[Review], object], **changes: str) -> list[str]:
    """The messages for the skeleton with each text replaced once."""
    text = skeleton.text("sam-later")
    for old, new in zip(changes["old"].split("|"), changes["new"].split("|"), strict=True):
        assert old in text
        text = text.replace(old, new, 1)
    try:
        review = Review(read_text(text, Case, FILE))
    except ContentError as error:
        return [str(problem) for problem in error.problems]
    for step in steps:
        step(review)
    return [str(problem) for problem in sorted(review.problems)]


def test_the_skeleton_itself_has_no_problem() -> None:
    assert said(wellformed.check, playable.check, humane.check, old="Sam", new="Sam") == []


@pytest.mark.parametrize(
    ("steps", "old", "new", "message"),
    [
        (
            (),
            "    effects: {trust: +1, shame: -1}",
            "    efects: {trust: +1, shame: -1}",
            "data/roleplays/sam-later.yaml:31: E-SHAPE beats 1, options 1: The key 'efects' is not known here. "
            "Did you mean 'effects'?",
        ),
        (
            (wellformed.check,),
            'when: "trust >= 3"\n    say',
            'when: "trusted"\n    say',
            "data/roleplays/sam-later.yaml:59: E-SHAPE beat second, client line 1: The flag 'trusted' is not declared. "
            "Declare it under `flags`; known: none.",
        ),
        (
            (wellformed.check,),
            "    better: A line one could say here instead of number 1.\n",
            "",
            "data/roleplays/sam-later.yaml:40: E-WHY beat first, reply first-early: A reply of level 2 has no `better`. "
            "Write a line one could say.",
        ),
        (
            (playable.check,),
            'when: "trust >= 3"\n    say',
            'when: "trust >= 4"\n    say',
            "data/roleplays/sam-later.yaml:59: E-UNREACHED beat second, client line 1: No path hears this line. "
            "Mend its `when` or the order of the lines.",
        ),
        (
            (playable.check,),
            '  when: "trust >= 3"\n  say: How',
            '  when: "trust >= 1"\n  say: How',
            "data/roleplays/sam-later.yaml:131: W-ENDING ending stays-open: 95.3% of random play ends here. "
            "Loosen or tighten its `when` until 1 to 70 % of random play comes here.",
        ),
        (
            (fair.good,),
            "    level: 4|    level: 3",
            "    level: 2|    level: 2",
            "data/roleplays/sam-later.yaml:20: E-GOOD beat first: No reply of level 3 is on offer after: at once. "
            "Let a reply of level 3 stand here whatever the flags.",
        ),
        (
            (fair.outlook,),
            'flags: []|    effects: {trust: +1}|  when: "trust >= 3"\n  say: How',
            'flags: [met]|    sets: [met]|  when: "met"\n  say: How',
            "data/roleplays/sam-later.yaml:28: E-OUTLOOK beat first, reply first-meets: It closes more (best ending rank 1) "
            "than first-sound (2) after: at once. Mend the effects or flags, so that the better reply keeps at least as much open.",
        ),
        (
            (humane.check,),
            "  - say: What Sam says.",
            "  - say: It began when I was fourteen.",
            "data/roleplays/sam-later.yaml:23: E-STANDARD beat first, client line 1: 'I was fourteen' may put a minor on the "
            "page. Write adults only; an earlier experience is 'long ago', without age.",
        ),
        (
            (humane.check,),
            "    say: A reply that is sound",
            "    say: A normal reply that is sound",
            "data/roleplays/sam-later.yaml:36: W-WORDS beat first, reply first-sound: A clinician's line of worth says "
            "'normal'. Prefer 'common' or 'varies widely'.",
        ),
        (
            (humane.check,),
            "content_note: two to six words",
            "content_note: suicidal thoughts",
            "data/roleplays/sam-later.yaml:19: W-CLOSING beats: The content note names 'suicid', and the case does not end on "
            "looking after the way home. Let the last beat of every path be `closing: true`: minutes left, the journey, who is "
            "there, next contact.",
        ),
    ],
)
def test_a_message_says_where_what_and_how_to_mend(
    steps: tuple[Callable[[Review], object], ...], old: str, new: str, message: str
) -> None:
    assert message in said(*steps, old=old, new=new)
