"""Card sort: one card at a time into two to five lanes. Where two lanes can be defended, both are talked through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec

from ..content.texts import text
from ..events import Event, Keeper
from ..roleplay.model import Id, Text
from ..view import AnyBlock, Button, Buttons, Choice, Choices, Feedback, Log, Press, Prose, Said, Table, paragraphs
from .practice import LETTERS, Fault, Kind, Practice, Practises, again, covered, defended, head, once, reason

FIRST, SECOND = "first", "second"
START = 8  # words of a card on the board


class Lane(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A lane, with what belongs in it."""

    id: Id
    text: Text
    note: str = ""


class Spot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is to be said when a card is put into lane ``id``."""

    id: Id
    why: str
    defensible: bool = False


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A second question about each card, such as whether it explains or excuses."""

    ask: Text
    lanes: Annotated[tuple[Lane, ...], msgspec.Meta(min_length=2, max_length=5)]


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A card; ``who`` says it where it is speech. ``note`` is for cards with two lanes: what the two see in it."""

    id: Id
    text: Text
    spots: tuple[Spot, ...]
    second: tuple[Spot, ...] = ()
    who: str = ""
    seen: str = ""
    note: str = ""


class Sort(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Some cards and their lanes; ``stem`` says who it is about."""

    id: Id
    title: Text
    practises: Practises
    stem: Text
    ask: Text
    lanes: Annotated[tuple[Lane, ...], msgspec.Meta(min_length=2, max_length=5)]
    cards: Annotated[tuple[Card, ...], msgspec.Meta(min_length=3)]
    second: Question | None = None
    content_note: str = ""
    vignette: str = ""
    module: str = ""


def structure(sort: Sort) -> object:
    """What a log of it depends on."""
    lanes = [sorted(lane.id for lane in sort.lanes), sorted(x.id for x in sort.second.lanes) if sort.second else []]
    return [sort.id, lanes, [card.id for card in sort.cards]]


def placed(events: Iterable[Event]) -> dict[tuple[str, str], str]:
    """Lane by (card, question), the last one chosen; the question is ``first`` or ``second``."""
    found: dict[tuple[str, str], str] = {}
    for event in events:
        card, question, lane = (event.data.get(name) for name in ("card", "question", "lane"))
        if event.kind == "place" and isinstance(card, str) and isinstance(question, str) and isinstance(lane, str):
            found[card, question] = lane
    return found


def spot(card: Card, question: str, lane: str) -> Spot | None:
    """What is said of a card in a lane."""
    return next((s for s in (card.second if question == SECOND else card.spots) if s.id == lane), None)


def faults(sort: Sort) -> Iterator[Fault]:
    """Every card has a reason for every lane, one or two of them defensible; two ask for a note that talks of both."""
    yield from once((card.id for card in sort.cards), "cards", "card")
    yield from once((lane.id for lane in sort.lanes), "lanes", "lane")
    for number, card in enumerate(sort.cards):
        asked = [("spots", card.spots, sort.lanes)]
        if sort.second:
            asked.append(("second", card.second, sort.second.lanes))
        elif card.second:
            yield Fault(
                ("cards", number, "second"), "E-SHAPE", "There is no second question.", "Add it, or leave it out."
            )
        for name, spots, lanes in asked:
            here = ("cards", number, name)
            yield from covered([s.id for s in spots], [lane.id for lane in lanes], "lane", *here)
            yield from defended(sum(s.defensible for s in spots), len(lanes), *here)
            for index, item in enumerate(spots):
                yield from reason(item.why, *here, index)
        if sum(s.defensible for s in card.spots) == 2:
            yield from reason(card.note, "cards", number, "note")


class SortPage(Practice):
    """Cards one after the other; each can be put elsewhere, and the board at the end shows all."""

    def __init__(self, sort: Sort, keeper: Keeper) -> None:
        super().__init__(f"sort:{sort.id}", structure(sort), keeper, sort.title)
        self.sort = sort
        self.at = 0
        self.fresh()

    def fresh(self) -> None:
        """Go to the first card that is not settled."""
        done = placed(self.now())
        self.at = next(
            (n for n, card in enumerate(self.sort.cards) if not self.settled(card, done)), len(self.sort.cards)
        )

    def settled(self, card: Card, done: dict[tuple[str, str], str]) -> bool:
        """Whether every question about a card has an answer."""
        return (card.id, FIRST) in done and (self.sort.second is None or (card.id, SECOND) in done)

    def blocks(self) -> list[AnyBlock]:
        """The card in hand, or the whole board."""
        cards, done = self.sort.cards, placed(self.now())
        if self.at >= len(cards):
            return self._board(done)
        card = cards[self.at]
        place = text("sort.place", now=self.at + 1, all=len(cards))
        shown: list[AnyBlock] = [head(self.sort.title, self.sort.content_note, place, self.at + 1, len(cards))]
        if self.at == 0:
            shown.append(Prose(key="stem", paragraphs=paragraphs(self.sort.stem)))
        said = Said(key="card", side="client" if card.who else "note", name=card.who, say=card.text, seen=card.seen)
        shown.append(Log(key=f"card-{card.id}", label=place, lines=(said,)))
        shown += self._question(card, FIRST, self.sort.ask, self.sort.lanes, done)
        if self.sort.second and (card.id, FIRST) in done:
            shown += self._question(card, SECOND, self.sort.second.ask, self.sort.second.lanes, done)
        buttons = [Button(do="next", label=text("sort.next"), kind="primary")] if self.settled(card, done) else []
        if self.at:
            buttons.append(Button(do="back", label=text("sort.back"), kind="quiet"))
        if buttons:
            shown.append(Buttons(key=f"on-{card.id}", items=tuple(buttons)))
        return shown

    def _question(
        self, card: Card, question: str, ask: str, lanes: tuple[Lane, ...], done: dict[tuple[str, str], str]
    ) -> list[AnyBlock]:
        given = done.get((card.id, question))
        options = tuple(
            Choice(id=lane.id, letter=LETTERS[n], text=lane.text, note=lane.note, on=lane.id == given)
            for n, lane in enumerate(lanes)
        )
        key = f"{question}-{card.id}"
        shown: list[AnyBlock] = [Choices(key=key, label=ask, options=options, do=f"place:{question}")]
        found = spot(card, question, given) if given else None
        if found is None:
            return shown
        names = {lane.id: lane.text for lane in lanes}
        heading = text("sort.defensible") if found.defensible else text("practice.look_again")
        shown.append(Feedback(key=f"why-{key}", heading=heading, body=found.why, quote=names[found.id]))
        spots = card.second if question == SECOND else card.spots
        other = next((s for s in spots if s.defensible and s.id != given), None)
        if found.defensible and other is not None:
            also = (card.note,) if question == FIRST and card.note else ()
            paragraphs = (text("sort.other", lane=names[other.id], why=other.why), *also)
            shown.append(Prose(key=f"talk-{key}", heading=text("sort.talk"), paragraphs=paragraphs, tone="soft"))
        return shown

    def _board(self, done: dict[tuple[str, str], str]) -> list[AnyBlock]:
        names = {lane.id: lane.text for lane in self.sort.lanes}
        also = {lane.id: lane.text for lane in self.sort.second.lanes} if self.sort.second else {}
        rows = []
        for card in self.sort.cards:
            mine = names.get(done.get((card.id, FIRST), ""), "")
            more = (also.get(done.get((card.id, SECOND), ""), ""),) if also else ()
            fits = text("sort.or").join(names[s.id] for s in card.spots if s.defensible)
            rows.append((_start(card.text), mine, *more, fits))
        second = (text("sort.second"),) if also else ()
        header = (text("sort.card"), text("sort.mine"), *second, text("sort.fits"))
        return [
            head(self.sort.title, self.sort.content_note, text("sort.done", all=len(rows)), len(rows), len(rows)),
            Prose(key="end", paragraphs=(text("sort.end"),), tone="soft"),
            Table(key="board", caption=text("sort.board"), header=header, rows=tuple(rows)),
            Buttons(key="over", items=(Button(do="back", label=text("sort.back")), again())),
        ]

    def take(self, press: Press) -> None:
        """Put a card into a lane, or go to another card."""
        done = placed(self.now())
        card = self.sort.cards[min(self.at, len(self.sort.cards) - 1)]
        kind, _, question = press.do.partition(":")
        if press.do == "next" and self.settled(card, done) and self.at < len(self.sort.cards):
            self.at += 1
            self.focus = f"first-{self.sort.cards[self.at].id}" if self.at < len(self.sort.cards) else "board"
        elif press.do == "back" and self.at:
            self.at -= 1
            self.focus = f"first-{self.sort.cards[self.at].id}"
        elif kind == "place" and self.at < len(self.sort.cards) and spot(card, question, press.value):
            self.keep("place", card=card.id, question=question, lane=press.value)
            waits = question == FIRST and self.sort.second is not None and (card.id, SECOND) not in done
            self.focus = f"second-{card.id}" if waits else f"on-{card.id}"


def _start(words: str) -> str:
    """The first words of a card, enough to know it by."""
    found = words.split()
    return words if len(found) <= START else " ".join(found[:START]).rstrip(".,;:?") + " …"


KIND = Kind("sort", "sorts", Sort, SortPage, faults)
