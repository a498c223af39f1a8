"""Writing lab: letter, two voices, daily check-in, statement and reframe; boxes with prompts, and *keep* if wanted.

Where a text could be found, and by whom, is decided before anything is written. What is typed stays in memory; the log
has the decision, the rating and the ticks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec

from ..content import words
from ..content.texts import text
from ..events import Event, Keeper
from ..roleplay.model import Id, Text
from ..view import AnyBlock, Ask, Button, Buttons, Choice, Choices, Fold, Press, Prose, Scale, Ticks, paragraphs
from . import kept
from .drill import Criterion
from .form import FormOption
from .practice import LETTERS, Fault, Kind, Practice, Practises, again, head, once, reason, ticked
from .prompting import PACE, avoided, group, prompts, seconds

SHAPES: dict[str, type] = {"place": str, "believed": int, "ticks": list}
LIMIT = 20_000  # characters of a box in a kept page


class Box(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One box. ``look`` and ``need`` name groups of words (present, missing) to ask about; ``most`` is a length in words."""

    id: Id
    ask: Text
    hint: str = ""
    rows: Annotated[int, msgspec.Meta(ge=1, le=12)] = 3
    look: tuple[str, ...] = ()
    need: tuple[str, ...] = ()
    most: Annotated[int, msgspec.Meta(ge=0)] = 0


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way a person might write it, and what it does."""

    id: Id
    title: Text
    text: Text
    why: str


class Lab(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A writing task for an invented person; ``minutes`` is how long it may take to say, 0 for no limit."""

    id: Id
    title: Text
    practises: Practises
    stem: Text
    ask: Text  # where this person's page could be found
    places: Annotated[tuple[FormOption, ...], msgspec.Meta(min_length=2)]
    boxes: Annotated[tuple[Box, ...], msgspec.Meta(min_length=1)]
    criteria: Annotated[tuple[Criterion, ...], msgspec.Meta(min_length=2)]
    samples: Annotated[tuple[Sample, ...], msgspec.Meta(min_length=2)]
    believed: str = ""
    minutes: int = 0
    content_note: str = ""
    vignette: str = ""
    module: str = ""


def structure(lab: Lab) -> object:
    """What a log of it depends on."""
    return [
        lab.id,
        [p.id for p in lab.places],
        [b.id for b in lab.boxes],
        [c.id for c in lab.criteria],
        bool(lab.believed),
    ]


def said(events: Iterable[Event]) -> dict[str, Any]:
    """What was decided, rated and ticked last."""
    found: dict[str, Any] = {}
    for event in events:
        item = event.data.get("item")
        value = event.data.get("value")
        if event.kind == "say" and isinstance(item, str) and isinstance(value, SHAPES.get(item, ())):
            found[item] = value
    return found


def asked(lab: Lab, box: Box, typed: str) -> tuple[str, ...]:
    """What is to be asked about one box."""
    return (*avoided(typed), *prompts(typed, box.look, box.need, box.most)) if typed.strip() else ()


def whole(lab: Lab, texts: Iterable[str]) -> str:
    """What is to be asked about all boxes together: whether they can be said in the time there is."""
    took = seconds(" ".join(texts))
    if not lab.minutes or took <= 60 * lab.minutes:
        return ""
    return text("lab.too_long", minutes=lab.minutes, words=lab.minutes * PACE, seconds=took)


def faults(lab: Lab) -> Iterator[Fault]:
    """Every place has its answer, every group exists and can ask, and the samples keep the lab's own rules."""
    yield from once((box.id for box in lab.boxes), "boxes", "box")
    yield from once((item.id for item in lab.criteria), "criteria", "criterion")
    for number, place in enumerate(lab.places):
        yield from reason(place.answer, "places", number)
    for number, sample in enumerate(lab.samples):
        yield from reason(sample.why, "samples", number)
    for number, box in enumerate(lab.boxes):
        for field, names in (("look", box.look), ("need", box.need)):
            for name in names:
                found = group(name)
                if found is None or not (found.ask if field == "look" else found.note):
                    what = f"There is no group {name!r} that asks when it is {'present' if field == 'look' else 'missing'}."
                    yield Fault(("boxes", number, field), "E-SHAPE", what, "Groups stand in data/prompts/en.yaml.")
    for number, sample in enumerate(lab.samples):
        looked = sorted({name for box in lab.boxes for name in box.look})
        for prompt in (*avoided(sample.text), *prompts(sample.text, looked)):
            what = f"The lab itself would ask about this sample: {prompt}"
            yield Fault(("samples", number), "W-WORDS", what, "Write it so that the lab has nothing to ask.")
    longest = max(len(words.split(sample.text)) for sample in lab.samples)
    if lab.minutes and longest > lab.minutes * PACE:
        yield Fault(
            ("samples",), "E-SHAPE", f"A sample has {longest} words.", f"It fits {lab.minutes} minutes or less."
        )


class LabPage(Practice):
    """A decision about privacy, then the boxes with their prompts, belief, ticks, samples, and *keep*."""

    def __init__(self, lab: Lab, keeper: Keeper) -> None:
        super().__init__(f"lab:{lab.id}", structure(lab), keeper, lab.title)
        self.lab = lab
        self.cleared = 0
        self.path: Path | None = None
        self.fresh()

    def fresh(self) -> None:
        """Nothing is written."""
        self.looked: set[str] = set()
        self.cleared += 1

    def key(self, box: str) -> str:
        """Key of a box: a new one after each clearing, since a box keeps what stands in it while its key does."""
        return f"box-{box}-{self.cleared}"

    def blocks(self) -> list[AnyBlock]:
        """The decision first; once it is made, everything else."""
        given = said(self.now())
        shown: list[AnyBlock] = [
            head(self.lab.title, self.lab.content_note),
            Prose(key="stem", paragraphs=paragraphs(self.lab.stem)),
        ]
        shown += self._decision(given.get("place"))
        if "place" not in given:
            return shown
        for box in self.lab.boxes:
            shown += self._box(box)
        typed = [self.typed(self.key(box.id)) for box in self.lab.boxes]
        if self.looked and (long := whole(self.lab, typed)):
            shown.append(Prose(key="whole", paragraphs=(long,), tone="soft"))
        if self.lab.believed:
            shown.append(
                Scale(
                    key="believed",
                    label=self.lab.believed,
                    hint=text("lab.believed_hint"),
                    low=0,
                    high=10,
                    low_label=text("lab.believed_low"),
                    high_label=text("lab.believed_high"),
                    do="believed",
                    value=given.get("believed"),
                )
            )
            if "believed" in given:
                body = text("lab.believed_enough") if given["believed"] >= 6 else text("lab.believed_less")
                shown.append(Prose(key="believed-said", paragraphs=(body,), tone="soft"))
        items = ticked(((c.id, c.text) for c in self.lab.criteria), given.get("ticks", ()))
        shown.append(Ticks(key="ticks", label=text("lab.ticks"), hint=text("lab.ticks_hint"), items=items, do="tick"))
        samples = tuple(
            Prose(key=s.id, heading=s.title, paragraphs=(*paragraphs(s.text), s.why)) for s in self.lab.samples
        )
        shown.append(Fold(key="samples", summary=text("lab.samples"), blocks=samples))
        return [*shown, *self._keep()]

    def _decision(self, given: Any) -> list[AnyBlock]:
        options = tuple(
            Choice(id=p.id, letter=LETTERS[n], text=p.text, note=p.note, on=p.id == given)
            for n, p in enumerate(self.lab.places)
        )
        place = next((p for p in self.lab.places if p.id == given), None)
        if place is None:
            return [Choices(key="place", label=self.lab.ask, hint=text("lab.place_hint"), options=options, do="place")]
        inner = (Choices(key="place", label=self.lab.ask, options=options, do="place"),)
        decided = Prose(key="decided", heading=text("lab.decided"), paragraphs=(f"{place.text}. {place.answer}",))
        return [decided, Fold(key="decide-again", summary=text("lab.decide_again"), blocks=inner)]

    def _box(self, box: Box) -> list[AnyBlock]:
        key = self.key(box.id)
        hint = " ".join(
            filter(None, (box.hint, text("say.privacy") if box is self.lab.boxes[0] else text("lab.unsaved")))
        )
        look = Button(do="look", value=box.id, label=text("lab.look"))
        shown: list[AnyBlock] = [Ask(key=key, label=box.ask, hint=hint, rows=box.rows, buttons=(look,))]
        if box.id in self.looked:
            typed = self.typed(key)
            found = asked(self.lab, box, typed) or (text("prompting.none") if typed else text("prompting.aloud"),)
            shown.append(Prose(key=f"asked-{box.id}", heading=text("prompting.heading"), paragraphs=found, tone="soft"))
        return shown

    def _keep(self) -> list[AnyBlock]:
        buttons = [Button(do="keep", label=text("lab.keep"))]
        if self.path is not None:
            buttons.append(Button(do="delete", label=text("lab.delete"), kind="quiet"))
        ask = Ask(key="name", label=text("lab.name"), hint=text("lab.name_hint"), rows=1, buttons=tuple(buttons))
        inner: list[AnyBlock] = [ask]
        if self.path is not None:
            inner.append(Prose(key="kept", paragraphs=(text("lab.kept", path=self.path),), tone="soft"))
        clear = Button(do="clear", label=text("lab.clear"), kind="quiet")
        fold = Fold(key="keep", summary=text("lab.keep_summary"), blocks=tuple(inner), open=self.path is not None)
        return [fold, Buttons(key="over", items=(clear, again()))]

    def take(self, press: Press) -> None:
        """Decide, look over a box, rate, tick, keep, delete or clear."""
        given = said(self.now())
        if press.do == "place" and press.value in {place.id for place in self.lab.places}:
            self.keep("say", item="place", value=press.value)
            self.focus = "decided"
        elif "place" not in given:
            return
        elif press.do == "look" and press.value in {box.id for box in self.lab.boxes}:
            self.looked.add(press.value)
            self.focus = f"asked-{press.value}"
        elif press.do == "believed" and self.lab.believed and press.value in {str(n) for n in range(11)}:
            self.keep("say", item="believed", value=int(press.value))
            self.focus = ""
        elif press.do == "tick" and press.value in {item.id for item in self.lab.criteria}:
            before = given.get("ticks", ())
            self.keep(
                "say",
                item="ticks",
                value=[c.id for c in self.lab.criteria if (c.id in before) != (c.id == press.value)],
            )
            self.focus = ""
        elif press.do == "clear":
            self.words, self.looked, self.cleared = {}, set(), self.cleared + 1
            self.focus = self.key(self.lab.boxes[0].id)
        elif press.do == "delete" and self.path is not None:
            kept.delete(self.path)
            self.path, self.focus = None, "name"
        elif press.do == "keep":
            self._write()

    def _write(self) -> None:
        name = self.typed("name")
        rows = [(box.ask, self.typed(self.key(box.id))[:LIMIT]) for box in self.lab.boxes]
        if not name or not any(words for _, words in rows):
            self.notice, self.focus = text("lab.unnamed"), "notice"
            return
        path = kept.file(self.folder, name)
        if path.exists() and path != self.path:
            self.notice, self.focus = text("lab.taken", path=path), "notice"
            return
        kept.write(path, self.lab.title, rows)
        self.path, self.focus = path, "kept"


KIND = Kind("lab", "labs", Lab, LabPage, faults)
