"""Well-formed: names resolve, lines and endings have a last word, every reply says why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from ..content import library
from ..content.words import split
from ..roleplay.conditions import parse
from ..roleplay.model import Beat, Case, Line, Option
from .report import Review

REPLIES = {"practice": (3, 5), "assessment": (3, 5), "gate": (3, 5), "tutorial": (2, 5), "booster": (3, 5)}


def check(review: Review) -> None:
    """Add E-SHAPE and E-WHY problems."""
    _head(review)
    _names(review)
    _beats(review)
    _endings(review)
    whys(review)


def _head(review: Review) -> None:
    case = review.case
    if case.vignette is None and case.use == "practice":
        review.add("E-SHAPE", "It does not say which vignette it plays.", "Add a line `vignette: V01` (to V18).")
    if case.vignette is not None and not re.fullmatch(r"V\d\d", case.vignette):
        review.add("E-SHAPE", f"{case.vignette!r} is no vignette.", "Write V and two digits, as in V03.", "vignette")


def _known(case: Case) -> tuple[set[str], set[str]]:
    return set(case.state), set(case.flags) | set(case.critical_errors)


def _condition(review: Review, text: str | None, flags_only: bool, *path: str | int) -> None:
    gauges, flags = _known(review.case)
    try:
        terms = parse(text)
    except ValueError as error:
        review.add("E-SHAPE", f"{error}.", "Mend the condition.", *path)
        return
    for name, op, _ in terms:
        if op == "is" and name not in flags:
            mend = f"Declare it under `flags`; known: {', '.join(sorted(flags)) or 'none'}."
            review.add("E-SHAPE", f"The flag {name!r} is not declared.", mend, *path)
        if op != "is" and name not in gauges:
            review.add("E-SHAPE", f"There is no state {name!r}.", f"Known: {', '.join(sorted(gauges))}.", *path)
        if op != "is" and flags_only:
            mend = "Let state choose lines and endings; set a flag in the reply that should open this."
            review.add("E-SHAPE", "`needs` looks at flags only, and this one looks at state.", mend, *path)


def _names(review: Review) -> None:
    case = review.case
    for name, gauge in case.state.items():
        if not gauge.min <= gauge.start <= gauge.max or gauge.min == gauge.max:
            mend = "Let min <= start <= max, with min below max."
            review.add(
                "E-SHAPE", f"State {name} starts at {gauge.start} in {gauge.min}..{gauge.max}.", mend, "state", name
            )
        if "." in name and name.split(".")[0] not in case.people:
            review.add("E-SHAPE", f"State {name} is of nobody under `people`.", "Use one of their keys.", "state", name)
    if not 2 <= len(case.state) <= 4:
        review.add("E-SHAPE", f"There are {len(case.state)} states.", "Keep two to four.", "state")
    known = {e.id: (c.id, e.kind) for c in library.competencies().values() for e in c.critical_errors}
    for name, error in case.critical_errors.items():
        at = ("critical_errors", name)
        if name not in known:
            review.add(
                "E-SHAPE", f"{name!r} is not a critical error of competencies.yaml.", "Use an id listed there.", *at
            )
            continue
        competency, kind = known[name]
        if error.competency != competency:
            review.add("E-SHAPE", f"{name} belongs to {competency}.", f"Write `competency: {competency}`.", *at)
        if kind == "wording" and error.mended_by is None:
            review.add(
                "E-ERROR", f"{name} is an error of wording and nothing mends it.", "Name a flag in `mended_by`.", *at
            )
        if kind == "act" and error.mended_by is not None:
            review.add("E-ERROR", f"{name} is an act; no sentence mends it.", "Remove `mended_by`.", *at)
        if error.mended_by is not None and error.mended_by not in case.flags:
            review.add("E-SHAPE", f"The flag {error.mended_by!r} is not declared.", "Add it to `flags`.", *at)
    doubled = [name for name, count in Counter((*case.flags, *case.critical_errors, *case.state)).items() if count > 1]
    for name in doubled:
        review.add(
            "E-SHAPE", f"The name {name!r} is used twice among flags, errors and states.", "Rename one.", "flags"
        )


def _lines(review: Review, lines: tuple[Line, ...], *path: str | int) -> None:
    people = review.case.people
    for index, line in enumerate(lines):
        at = (*path, "client", index)
        _condition(review, line.when, False, *at)
        last = index == len(lines) - 1
        if last and line.when is not None:
            review.add("E-SHAPE", "The last client line has a `when`.", "Remove it, so that one line always fits.", *at)
        if not last and line.when is None:
            review.add(
                "E-SHAPE", "A line without `when` hides the lines after it.", "Give it a `when` or put it last.", *at
            )
        for who in (line.who, *(also.who for also in line.also)):
            if who is not None and who not in people:
                review.add("E-SHAPE", f"{who!r} is nobody under `people`.", f"Use: {', '.join(people)}.", *at)
        if len(people) > 1 and line.who is None:
            review.add("E-SHAPE", "It does not say who speaks.", f"Add `who:` ({', '.join(people)}).", *at)
    if not lines:
        review.add("E-SHAPE", "The client says nothing.", "Add at least one line under `client`.", *path)


def _beats(review: Review) -> None:
    case = review.case
    order = {beat.id: index for index, beat in enumerate(case.beats)}
    for beat_id, count in Counter(beat.id for beat in case.beats).items():
        if count > 1:
            review.add(
                "E-SHAPE",
                f"The beat id {beat_id!r} stands {count} times.",
                "Give each its own id.",
                "beats",
                order[beat_id],
            )
    low, high = REPLIES[case.use]
    for index, beat in enumerate(case.beats):
        at = ("beats", index)
        _condition(review, beat.needs, True, *at)
        _lines(review, beat.client, *at)
        if not low <= len(beat.options) <= high:
            review.add("E-SHAPE", f"There are {len(beat.options)} replies.", f"Offer {low} to {high}.", *at)
        _options(review, beat, beat.options, order, index)
        if beat.your_words and len(beat.criteria) != 3:
            review.add("E-SHAPE", f"{len(beat.criteria)} criteria stand with `your_words`.", "Write three.", *at)
        if beat.again is not None:
            _again(review, beat, index)
        elif beat.your_words and case.use in ("practice", "tutorial"):
            mend = "Write the same moment in new client words with new replies."
            review.add("E-SHAPE", "An own-words beat of a practice case has no `again`.", mend, *at)
    wanted = {"practice": (3, 3), "assessment": (3, 3), "tutorial": (0, 2)}.get(case.use, (0, 3))
    words = sum(beat.your_words for beat in case.beats)
    if not wanted[0] <= words <= wanted[1]:
        review.add(
            "E-SHAPE", f"{words} beats ask for own words.", f"Mark {wanted[1]} with `your_words: true`.", "beats"
        )


def _again(review: Review, beat: Beat, index: int) -> None:
    again, at = beat.again, ("beats", index, "again")
    assert again is not None
    if review.case.use == "assessment":
        review.add("E-SHAPE", "An assessment has an `again`.", "Remove it: nothing is repeated in an assessment.", *at)
    _lines(review, again.client, *at)
    if not any(option.level == 4 for option in again.options):
        review.add("E-SHAPE", "`again` has no model reply.", "Give one reply level 4.", *at)
    if not 3 <= len(again.options) <= 5:
        review.add("E-SHAPE", f"`again` has {len(again.options)} replies.", "Offer 3 to 5.", *at)
    ids = Counter(option.id for option in (*beat.options, *again.options))
    for number, option in enumerate(again.options):
        here = (*at, "options", number)
        if option.effects or option.sets or option.goto or option.needs or option.error:
            review.add(
                "E-SHAPE", "A reply of `again` changes the client.", "Remove effects, sets, goto, needs, error.", *here
            )
        if ids[option.id] > 1:
            review.add(
                "E-SHAPE", f"The reply id {option.id!r} stands twice in this beat.", "Give it its own id.", *here
            )


def _options(review: Review, beat: Beat, options: Iterable[Option], order: dict[str, int], index: int) -> None:
    case = review.case
    cited = library.references()
    ids = Counter(option.id for option in beat.options)
    for number, option in enumerate(options):
        at = ("beats", index, "options", number)
        if ids[option.id] > 1:
            review.add("E-SHAPE", f"The reply id {option.id!r} stands twice in this beat.", "Give it its own id.", *at)
        _condition(review, option.needs, True, *at)
        for name in option.effects:
            if name not in case.state:
                review.add(
                    "E-SHAPE", f"It changes {name!r}, which is no state.", f"Known: {', '.join(case.state)}.", *at
                )
        for name in option.sets:
            if name not in case.flags:
                review.add("E-SHAPE", f"It sets {name!r}, which is not declared.", "Add it to `flags`.", *at)
        if option.goto is not None and order.get(option.goto, -1) <= index:
            what = (
                f"`goto: {option.goto}` does not lead forward."
                if option.goto in order
                else f"There is no beat {option.goto!r}."
            )
            review.add("E-SHAPE", what, "Name a later beat.", *at)
        if option.error is not None and option.error not in case.critical_errors:
            review.add("E-SHAPE", f"{option.error!r} is not declared.", "Add it to `critical_errors`.", *at)
        if option.error is not None and option.level != 0:
            review.add("E-SHAPE", "A critical error has a level above 0.", "Write `level: 0`.", *at)
        for reference in option.references:
            if reference not in cited:
                review.add(
                    "E-SHAPE", f"The work {reference!r} is not in references.yaml.", "Cite one that is, or none.", *at
                )


def _endings(review: Review) -> None:
    case = review.case
    for index, item in enumerate(case.endings):
        at = ("endings", index)
        _condition(review, item.when, False, *at)
        last = index == len(case.endings) - 1
        if last and item.when is not None:
            review.add("E-SHAPE", "The last ending has a `when`.", "Remove it, so that one ending always fits.", *at)
        if not last and item.when is None:
            review.add(
                "E-SHAPE", "An ending without `when` hides those after it.", "Give it a `when` or put it last.", *at
            )
        if len(case.people) > 1 and item.who not in case.people:
            review.add("E-SHAPE", "It does not say who speaks.", f"Add `who:` ({', '.join(case.people)}).", *at)
    for ending_id, count in Counter(item.id for item in case.endings).items():
        if count > 1:
            review.add(
                "E-SHAPE", f"The ending id {ending_id!r} stands {count} times.", "Give each its own id.", "endings"
            )


def whys(review: Review) -> None:
    """E-WHY: every reply has a reason one can learn from, a short heading, and where it is weak a line of its own."""
    persons = {name.lower() for name in (*review.case.people.values(), *review.words.persons)}
    for index, beat in enumerate(review.case.beats):
        pools: list[tuple[tuple[Option, ...], tuple[str | int, ...]]] = [(beat.options, ("beats", index, "options"))]
        if beat.again:
            pools.append((beat.again.options, ("beats", index, "again", "options")))
        said = {tuple(split(option.say)) for options, _ in pools for option in options}
        for options, path in pools:
            for number, option in enumerate(options):
                at = (*path, number)
                if len(option.why.split()) < 8:
                    mend = "Say behaviour, effect and next try."
                    review.add("E-WHY", "The reason is too short to learn from.", mend, *at, "why")
                elif option.level == 0 and not _names_someone(option.why, persons):
                    mend = "Say what it does to the client, by name or by he, she or they."
                    review.add("E-WHY", "The reason for a level 0 does not say whom it harms.", mend, *at, "why")
                if option.level <= 2 and not option.better:
                    what = f"A reply of level {option.level} has no `better`."
                    review.add("E-WHY", what, "Write a line one could say.", *at)
                if option.better and tuple(split(option.better)) in said:
                    review.add("E-WHY", "`better` is the text of a reply.", "Write a line of its own.", *at, "better")
                if not option.lands:
                    review.add("E-WHY", "`lands` is missing.", "Say in two to six words how the reply lands.", *at)
                elif len(option.lands.split()) > 8:
                    review.add("E-WHY", "`lands` is too long for a heading.", "Keep to six words.", *at, "lands")


def _names_someone(text: str, persons: set[str]) -> bool:
    """Whether a text speaks of a person, by a name (also with `'s`) or a pronoun."""
    found = {word.removesuffix("'s") for word in split(text)} | set(split(text))
    return bool(found & persons) or any(" " in name and name in text.lower() for name in persons)
