"""Regret triage: one part of a story at a time, body and medicines first, then danger, down to one of five places.

A place belongs to a part, never to a person, and a question nobody can answer yet is something to ask, not to guess.
Learners meet plain names alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal, NamedTuple

import msgspec

from ..content.texts import text
from ..events import Event, Keeper
from ..roleplay.model import Id, Text
from ..view import AnyBlock, Button, Buttons, Choices, Feedback, Fold, Log, Press, Prose, Said, Table, paragraphs
from .practice import Fault, Kind, Practice, Practises, again, covered, defended, head, lettered, once, reason

Place = Literal["danger", "done-to-me", "no-wrong", "own-value", "hurt-someone"]
Asked = Literal["body", "danger", "done", "wronged", "rule", "own", "hurt"]
Said3 = Literal["yes", "no", "unknown"]
Door = Literal["rule", "loss", ""]
PLACES: tuple[Place, ...] = ("danger", "done-to-me", "no-wrong", "own-value", "hurt-someone")  # the order to work in
QUESTIONS: tuple[Asked, ...] = ("body", "danger", "done", "wronged", "rule", "own", "hurt")
ANSWERS: tuple[Said3, ...] = ("yes", "no", "unknown")
OPENS: dict[Place, frozenset[str]] = {
    "danger": frozenset({"self-compassion", "safety"}),
    "done-to-me": frozenset({"self-compassion", "safety"}),
    "no-wrong": frozenset({"self-compassion", "values", "own-harshness"}),
    "own-value": frozenset({"self-compassion", "values", "own-harshness", "self-forgiveness"}),
    "hurt-someone": frozenset({"self-compassion", "values", "own-harshness", "self-forgiveness", "repair"}),
}


class Spot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What speaks for and against a place for one part."""

    id: Place
    why: str
    defensible: bool = False


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the authors answer one question about a part, and from which words."""

    id: Asked
    reads: tuple[Said3, ...]
    why: str


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One part of a story, in the person's own words where there are some."""

    id: Id
    title: Text
    text: Text
    spots: tuple[Spot, ...]
    readings: Annotated[tuple[Reading, ...], msgspec.Meta(min_length=2)]
    say: str = ""
    note: str = ""


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A story in parts."""

    id: Id
    title: Text
    practises: Practises
    who: Text
    stem: Text
    parts: Annotated[tuple[Part, ...], msgspec.Meta(min_length=2)]
    content_note: str = ""
    vignette: str = ""
    module: str = ""


class Arrival(NamedTuple):
    """Where a part stands as far as the answers go.

    Attributes
    ----------
    place
        The place; ``None`` while it cannot be said.
    door
        For *no wrong done*: whether a rule or a loss is carried as blame, where that is known.
    open
        Questions answered *don't know*: to be asked before anything that depends on them.
    ask
        The next question; ``None`` when the way ends.
    """

    place: Place | None
    door: Door
    open: tuple[Asked, ...]
    ask: Asked | None


def arrive(answers: Mapping[str, str]) -> Arrival:
    """Where the answers lead: the map's order, with danger before harm suffered, and both before any fault.

    Parameters
    ----------
    answers
        ``yes``, ``no`` or ``unknown`` by question. *Body* never decides a place; it stands first because a medical
        cause changes everything after it.
    """

    def so_far(question: Asked | None, place: Place | None = None, door: Door = "") -> Arrival:
        return Arrival(place, door, tuple(q for q in QUESTIONS if answers.get(q) == "unknown"), question)

    for question, place in (("body", None), ("danger", "danger"), ("done", "done-to-me")):
        if question not in answers:
            return so_far(question)  # type: ignore[arg-type]
        if place and answers[question] == "yes":
            return so_far(None, place)  # type: ignore[arg-type]
    if "wronged" not in answers:
        return so_far("wronged")
    if answers["wronged"] == "no":
        if "rule" not in answers:
            return so_far("rule")
        doors: dict[str, Door] = {"yes": "rule", "no": "loss"}
        return so_far(None, "no-wrong", doors.get(answers["rule"], ""))
    for question in ("own", "hurt"):
        if question not in answers:
            return so_far(question)  # type: ignore[arg-type]
    if answers["hurt"] == "yes":
        return so_far(None, "hurt-someone")
    return so_far(None, "own-value" if answers["own"] == "yes" else None)


def opened_tools(place: Place | None, open_questions: Iterable[str] = ()) -> frozenset[str]:
    """Tools that open for a part: self-compassion always, self-forgiveness only where the part was one's own to do.

    Parameters
    ----------
    place
        Where the part stands; ``None`` while nobody can say.
    open_questions
        Questions still to be asked. While danger or harm suffered is among them, no tool of forgiving opens.
    """
    if place is None:
        return frozenset({"self-compassion"})
    opens = OPENS[place]
    if {"danger", "done"} & set(open_questions):
        return opens & {"self-compassion", "safety", "values"}
    return opens


def earliest(places: Iterable[Place]) -> Place | None:
    """The place to begin with when a story has several."""
    found = set(places)
    return next((place for place in PLACES if place in found), None)


def structure(story: Story) -> object:
    """What a log of it depends on."""
    return [story.id, list(QUESTIONS), [part.id for part in story.parts]]


def answered(events: Iterable[Event]) -> dict[str, dict[str, str]]:
    """Answers by part, in the order given; a question taken back takes those after it along."""
    found: dict[str, dict[str, str]] = {}
    for event in events:
        part, question, answer = (event.data.get(name) for name in ("part", "question", "answer"))
        if event.kind != "answer" or not isinstance(part, str) or question not in QUESTIONS:
            continue
        mine = found.setdefault(part, {})
        kept = list(mine)[: list(mine).index(question)] if question in mine else list(mine)
        found[part] = {name: mine[name] for name in kept} | ({question: answer} if answer in ANSWERS else {})
    return found


def faults(story: Story) -> Iterator[Fault]:
    """Each part speaks to all five places, and the authors' own readings lead to one that can be defended."""
    yield from once((part.id for part in story.parts), "parts", "part")
    for number, part in enumerate(story.parts):
        here = ("parts", number)
        yield from covered([spot.id for spot in part.spots], PLACES, "place", *here, "spots")
        yield from defended(sum(spot.defensible for spot in part.spots), len(part.spots), *here, "spots")
        for index, spot in enumerate(part.spots):
            yield from reason(spot.why, *here, "spots", index)
        for index, reading in enumerate(part.readings):
            yield from reason(reading.why, *here, "readings", index)
        names = [reading.id for reading in part.readings]
        yield from once(names, "parts", "reading")
        good = {spot.id for spot in part.spots if spot.defensible}
        led = reach(part)
        if not good <= led:
            what = (
                f"The readings lead to {', '.join(sorted(led)) or 'no place'}, not to {', '.join(sorted(good - led))}."
            )
            yield Fault((*here, "readings"), "E-SHAPE", what, "Let each defensible place be reached by the readings.")


def reach(part: Part) -> set[Place]:
    """Every place to which the authors' readings of a part can lead; a question without a reading takes any answer."""
    reads = {reading.id: reading.reads for reading in part.readings}
    found: set[Place] = set()
    ways: list[dict[str, str]] = [{}]
    while ways:
        answers = ways.pop()
        arrival = arrive(answers)
        if arrival.ask is None:
            found |= {arrival.place} if arrival.place else set()
        else:
            ways += [{**answers, arrival.ask: answer} for answer in reads.get(arrival.ask, ANSWERS)]
    return found


class TriagePage(Practice):
    """The parts of a story, one after the other, and then the order to work in."""

    def __init__(self, story: Story, keeper: Keeper) -> None:
        super().__init__(f"triage:{story.id}", structure(story), keeper, story.title)
        self.story = story
        self.fresh()

    def fresh(self) -> None:
        """Go to the first part without a place to be."""
        given = answered(self.now())
        parts = self.story.parts
        self.at = next((n for n, part in enumerate(parts) if arrive(given.get(part.id, {})).ask), len(parts))

    @staticmethod
    def plain(place: str) -> str:
        """The plain name of a place."""
        names = {
            "danger": text("triage.danger"),
            "done-to-me": text("triage.done_to_me"),
            "no-wrong": text("triage.no_wrong"),
            "own-value": text("triage.own_value"),
            "hurt-someone": text("triage.hurt_someone"),
        }
        return names[place]

    def question(self, question: str) -> tuple[str, str]:
        """A question about a part, and how one may ask it in the room."""
        asks = {
            "body": (text("triage.ask_body"), text("triage.hint_body")),
            "danger": (text("triage.ask_danger"), text("triage.hint_danger")),
            "done": (text("triage.ask_done", name=self.story.who), text("triage.hint_done")),
            "wronged": (text("triage.ask_wronged", name=self.story.who), text("triage.hint_wronged")),
            "rule": (text("triage.ask_rule"), text("triage.hint_rule")),
            "own": (text("triage.ask_own", name=self.story.who), text("triage.hint_own")),
            "hurt": (text("triage.ask_hurt", name=self.story.who), text("triage.hint_hurt")),
        }
        return asks[question]

    @staticmethod
    def answer(answer: str) -> str:
        """An answer in words."""
        return {"yes": text("triage.yes"), "no": text("triage.no"), "unknown": text("triage.unknown")}[answer]

    def blocks(self) -> list[AnyBlock]:
        """The story, the part in hand with its question or its place, or the whole sorted."""
        parts, given = self.story.parts, answered(self.now())
        if self.at >= len(parts):
            return self._end(given)
        part = parts[self.at]
        place = text("triage.place", now=self.at + 1, all=len(parts))
        shown: list[AnyBlock] = [head(self.story.title, self.story.content_note, place, self.at + 1, len(parts))]
        story = Prose(key="story", paragraphs=paragraphs(self.story.stem))
        shown.append(story if self.at == 0 else Fold(key="story-again", summary=text("triage.story"), blocks=(story,)))
        shown.append(Prose(key=f"part-{part.id}", heading=part.title, paragraphs=(part.text,)))
        if part.say:
            said = Said(key="said", side="client", name=self.story.who, say=part.say)
            shown.append(Log(key=f"said-{part.id}", label=part.title, lines=(said,)))
        mine = given.get(part.id, {})
        arrival = arrive(mine)
        if mine:
            rows = tuple((self.question(name)[0], self.answer(answer)) for name, answer in mine.items())
            header = (text("triage.asked"), text("triage.answered"))
            table = Table(key="table", caption=text("triage.so_far"), header=header, rows=rows)
            summary = text("triage.so_far_count", count=len(mine))
            shown.append(Fold(key=f"so-far-{part.id}", summary=summary, blocks=(table,)))
        if arrival.ask:
            ask, hint = self.question(arrival.ask)
            options = lettered((name, self.answer(name)) for name in ANSWERS)
            shown.append(Choices(key=f"{arrival.ask}-{part.id}", label=ask, hint=hint, options=options, do="answer"))
        else:
            shown += self._arrived(part, arrival)
        buttons = [] if arrival.ask else [Button(do="next", label=text("triage.next"), kind="primary")]
        if mine:
            buttons.append(Button(do="back", label=text("triage.back"), kind="quiet"))
        if buttons:
            shown.append(Buttons(key=f"on-{part.id}", items=tuple(buttons)))
        return shown

    def _arrived(self, part: Part, arrival: Arrival) -> list[AnyBlock]:
        """The place with its reason, what is open, what to do now and not now, and how the authors read it."""
        shown: list[AnyBlock] = []
        spot = next((s for s in part.spots if s.id == arrival.place), None)
        if spot is None or arrival.place is None:
            shown.append(
                Feedback(key=f"place-{part.id}", heading=text("triage.nowhere"), body=text("triage.nowhere_body"))
            )
        else:
            door = {"rule": text("triage.rule_door"), "loss": text("triage.loss_door"), "": ""}[arrival.door]
            name = self.plain(arrival.place) + (f", {door}" if door else "")
            stands = text("triage.defensible") if spot.defensible else text("practice.look_again")
            heading = text("triage.arrive", place=name, stands=stands)
            now, later = self._now(arrival.place)
            body = "\n\n".join(filter(None, (spot.why, self._open(arrival))))
            shown.append(
                Feedback(
                    key=f"place-{part.id}", heading=heading, body=body, better_label=text("triage.now"), better=now
                )
            )
            shown.append(Prose(key=f"later-{part.id}", heading=text("triage.later"), paragraphs=(later,)))
        others = [s for s in part.spots if s.id != arrival.place and s.defensible]
        for other in others:
            paragraphs = (other.why, *((part.note,) if part.note else ()))
            heading = text("triage.other", place=self.plain(other.id))
            shown.append(Prose(key=f"other-{other.id}-{part.id}", heading=heading, paragraphs=paragraphs, tone="soft"))
        readings = tuple(
            f"{self.question(r.id)[0]} {text('triage.or').join(map(self.answer, r.reads))}. {r.why}"
            for r in part.readings
        )
        rest = tuple(f"{self.plain(s.id)}: {s.why}" for s in part.spots if not s.defensible and s.id != arrival.place)
        inner = (
            Prose(key="readings", paragraphs=readings),
            Prose(key="rest", heading=text("triage.against"), paragraphs=rest, tone="soft"),
        )
        shown.append(Fold(key=f"why-{part.id}", summary=text("triage.readings"), blocks=inner))
        return shown

    def _open(self, arrival: Arrival) -> str:
        """What has to be asked before anything else, in words."""
        asks = " ".join(self.question(name)[0] for name in arrival.open)
        return text("triage.open", questions=asks) if asks else ""

    @staticmethod
    def _now(place: Place) -> tuple[str, str]:
        """What to do now for a part in a place, and what not now."""
        said = {
            "danger": (text("triage.do_danger"), text("triage.not_danger")),
            "done-to-me": (text("triage.do_done"), text("triage.not_done")),
            "no-wrong": (text("triage.do_no_wrong"), text("triage.not_no_wrong")),
            "own-value": (text("triage.do_own"), text("triage.not_own")),
            "hurt-someone": (text("triage.do_hurt"), text("triage.not_hurt")),
        }
        return said[place]

    def _end(self, given: dict[str, dict[str, str]]) -> list[AnyBlock]:
        parts = self.story.parts
        arrivals = {part.id: arrive(given.get(part.id, {})) for part in parts}
        rows = []
        for part in parts:
            arrival = arrivals[part.id]
            mine = self.plain(arrival.place) if arrival.place else text("triage.not_yet")
            fits = text("triage.or").join(self.plain(s.id) for s in part.spots if s.defensible)
            forgiving = "self-forgiveness" in opened_tools(arrival.place, arrival.open)
            rows.append((part.title, mine, fits, text("triage.opens") if forgiving else text("triage.closed")))
        first = earliest(arrival.place for arrival in arrivals.values() if arrival.place)
        begin = text("triage.begin", place=self.plain(first)) if first else text("triage.begin_asking")
        header = (text("triage.part"), text("triage.mine"), text("triage.fits"), text("triage.tools"))
        return [
            head(self.story.title, self.story.content_note, text("triage.done"), len(parts), len(parts)),
            Table(key="sorted", caption=text("triage.sorted"), header=header, rows=tuple(rows)),
            Prose(key="begin", paragraphs=(begin, text("triage.kindness"))),
            Buttons(key="over", items=(Button(do="back", label=text("triage.back"), kind="quiet"), again())),
        ]

    def take(self, press: Press) -> None:
        """Answer the question that stands, take the last answer back, or go on."""
        parts, given = self.story.parts, answered(self.now())
        if press.do == "back" and self.at >= len(parts):
            self.at = len(parts) - 1
            self.focus = f"on-{parts[self.at].id}"
            return
        if self.at >= len(parts):
            return
        part = parts[self.at]
        mine = given.get(part.id, {})
        arrival = arrive(mine)
        if press.do == "answer" and arrival.ask and press.value in ANSWERS:
            self.keep("answer", part=part.id, question=arrival.ask, answer=press.value)
            after = arrive({**mine, arrival.ask: press.value})
            self.focus = f"{after.ask}-{part.id}" if after.ask else f"place-{part.id}"
        elif press.do == "back" and mine:
            last = list(mine)[-1]
            self.keep("answer", part=part.id, question=last, answer="")
            self.focus = f"{last}-{part.id}"
        elif press.do == "next" and not arrival.ask:
            self.at += 1
            self.focus = f"body-{parts[self.at].id}" if self.at < len(parts) else "sorted"


KIND = Kind("triage", "triage", Story, TriagePage, faults)
