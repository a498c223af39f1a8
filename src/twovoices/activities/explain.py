"""The 90-second explanation: said aloud or typed, looked over for plain words, ticked, set beside two models."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec

from ..content import library, words
from ..content.texts import text
from ..events import Event, Keeper
from ..roleplay.model import Competency, Id, Text
from ..view import AnyBlock, Ask, Button, Buttons, Fold, Log, Press, Prose, Said, Table, Ticks, paragraphs
from .drill import Criterion
from .lab import Sample
from .practice import Fault, Kind, Practice, Practises, again, head, once, quoted, reason, ticked
from .prompting import PACE, avoided, plain, seconds


class Explain(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something to explain to one person, with that person's own example. ``jargon`` adds to the words asked about."""

    id: Id
    title: Text
    practises: Practises
    competency: Competency
    who: Text
    say: Text
    stem: Text
    ask: Text
    criteria: Annotated[tuple[Criterion, ...], msgspec.Meta(min_length=3)]
    samples: Annotated[tuple[Sample, ...], msgspec.Meta(min_length=2)]
    note: str = ""
    seconds: Annotated[int, msgspec.Meta(ge=20, le=180)] = 90
    jargon: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    seen: str = ""
    content_note: str = ""
    module: str = ""


def structure(explain: Explain) -> object:
    """What a log of it depends on."""
    return [explain.id, [item.id for item in explain.criteria]]


def versions(events: Iterable[Event]) -> tuple[tuple[str, ...], ...]:
    """What was ticked after each version."""
    found = []
    for event in events:
        ticks = event.data.get("ticks")
        if event.kind == "version" and isinstance(ticks, list):
            found.append(tuple(map(str, ticks)))
    return tuple(found)


def checked(explain: Explain, typed: str) -> tuple[str, ...]:
    """What may be asked about a typed version: its length said aloud, then its words."""
    took = seconds(typed)
    long = (text("explain.too_long", seconds=took, most=explain.seconds),) if took > explain.seconds else ()
    return (*long, *plain(typed, explain.jargon), *avoided(typed))


def faults(explain: Explain) -> Iterator[Fault]:
    """The models pass their own check, and what is cited is in the file of references."""
    yield from once((item.id for item in explain.criteria), "criteria", "criterion")
    for number, sample in enumerate(explain.samples):
        yield from reason(sample.why, "samples", number)
        for asked in checked(explain, sample.text):
            what = f"The page would ask about this model: {asked}"
            yield Fault(("samples", number), "W-WORDS", what, "Say it more plainly.")
    known = library.references()
    for number, source in enumerate(explain.sources):
        if source not in known:
            what = f"Nobody has entered {source!r}."
            yield Fault(("sources", number), "E-SHAPE", what, "Cite from data/references.yaml alone.")
    if explain.sources and not explain.note:
        yield Fault(
            ("note",), "E-SHAPE", "It cites and does not say how strong that is.", "Say it in `note`, in words."
        )


class ExplainPage(Practice):
    """Say it, look it over, tick, hear two models, say it once more. Ticks are kept, and nothing typed."""

    def __init__(self, explain: Explain, keeper: Keeper) -> None:
        super().__init__(f"explain:{explain.id}", structure(explain), keeper, explain.title)
        self.explain = explain
        self.timed = False
        self.fresh()

    def fresh(self) -> None:
        """Ready for the first version, or looking back at those there are."""
        self.stage = "over" if versions(self.now()) else "say"
        self.ticks: set[str] = set()
        self.looked = False
        self.since, self.took = time.monotonic(), 0

    @property
    def number(self) -> int:
        """Versions finished."""
        return len(versions(self.now()))

    def blocks(self) -> list[AnyBlock]:
        """Whom it is for, then the box, or the list and the models."""
        explain, done = self.explain, versions(self.now())
        place = "" if self.stage == "over" else text("explain.place", now=len(done) + 1)
        said = Said(key="say", side="client", name=explain.who, say=explain.say, seen=explain.seen)
        shown: list[AnyBlock] = [
            head(explain.title, explain.content_note, place),
            Prose(key="stem", paragraphs=paragraphs(explain.stem)),
            Log(key="heard", label=text("explain.says", name=explain.who), lines=(said,)),
        ]
        if self.stage == "say":
            return [*shown, *(self._models() if done else []), *self._box(len(done))]
        if self.stage == "over":
            return [*shown, *self._over(done)]
        items = ticked(((c.id, c.text) for c in explain.criteria), self.ticks)
        took = text("explain.took", seconds=self.took) if self.took else ""
        hint = " ".join(filter(None, (took, text("explain.ticks_hint"))))
        shown.append(Ticks(key=f"ticks-{len(done)}", label=text("explain.ticks"), hint=hint, items=items, do="tick"))
        shown += self._models()
        buttons = (
            Button(do="done", label=text("explain.done"), kind="primary"),
            Button(do="second", label=text("explain.second")),
        )
        return [*shown, Buttons(key=f"on-{len(done)}", items=buttons)]

    def _box(self, number: int) -> list[AnyBlock]:
        explain, key = self.explain, f"own-{number}"
        look = Button(do="look", label=text("explain.look"), kind="plain")
        timer = Button(do="timer", label=text("explain.untimed") if self.timed else text("explain.timed"), kind="quiet")
        buttons = (Button(do="said", label=text("explain.said"), kind="primary"), look, timer)
        most = explain.seconds * PACE // 60
        hint = f"{text('explain.hint', seconds=explain.seconds, words=most)} {text('say.privacy')}"
        shown: list[AnyBlock] = [Ask(key=key, label=explain.ask, hint=hint, rows=6, buttons=buttons)]
        if self.looked:
            typed = self.typed(key)
            found = checked(explain, typed) if typed else (text("prompting.aloud"),)
            count = text("explain.count", words=len(words.split(typed)), seconds=seconds(typed)) if typed else ""
            paragraphs = tuple(filter(None, (count, *(found or (text("prompting.none"),)))))
            shown.append(
                Prose(key=f"asked-{number}", heading=text("prompting.heading"), paragraphs=paragraphs, tone="soft")
            )
        return shown

    def _over(self, done: tuple[tuple[str, ...], ...]) -> list[AnyBlock]:
        """What each version did, and the models."""
        rows = tuple(
            (c.text, *(text("explain.yes") if c.id in ticks else text("explain.not_yet") for ticks in done))
            for c in self.explain.criteria
        )
        header = (text("explain.did"), *(text("explain.version", now=n) for n in range(1, len(done) + 1)))
        more = Button(do="second", label=text("explain.second"))
        return [
            Table(key="over", caption=text("explain.over"), header=header, rows=rows),
            Fold(key="models", summary=text("explain.models"), blocks=tuple(self._models())),
            Buttons(key="more", items=(more, again())),
        ]

    def _models(self) -> list[AnyBlock]:
        shown: list[AnyBlock] = [
            Prose(key=s.id, heading=s.title, paragraphs=(quoted(s.text), s.why), tone="soft")
            for s in self.explain.samples
        ]
        if self.explain.note:
            note = Prose(
                key="note", heading=text("explain.known"), paragraphs=(self.explain.note, *self._sources()), tone="soft"
            )
            shown.append(note)
        return shown

    def _sources(self) -> tuple[str, ...]:
        known = library.references()
        cited = [known[source] for source in self.explain.sources if source in known]
        return (text("explain.sources", works="; ".join(map(_cited, cited))),) if cited else ()

    def take(self, press: Press) -> None:
        """Look it over, tick, say it once more, or finish."""
        number = self.number
        if self.stage == "say":
            if press.do == "look":
                self.looked, self.focus = True, f"asked-{number}"
            elif press.do == "timer":
                self.timed, self.since, self.focus = not self.timed, time.monotonic(), f"own-{number}"
            elif press.do == "said":
                self.took = round(time.monotonic() - self.since) if self.timed else 0
                self.stage, self.focus = "ticks", f"ticks-{number}"
        elif (
            self.stage == "ticks" and press.do == "tick" and press.value in {item.id for item in self.explain.criteria}
        ):
            self.ticks ^= {press.value}
            self.focus = ""
        elif self.stage == "ticks" and press.do in ("done", "second"):
            self.keep("version", ticks=sorted(self.ticks))
            self.fresh()
            self.focus = "over"
        if press.do == "second" and self.stage == "over":
            self.stage, self.since, self.focus = "say", time.monotonic(), f"own-{self.number}"


def _cited(work: library.Reference) -> str:
    """A work in short: who, when, what."""
    first = work.author[0]
    return f"{first.family or first.literal} {work.issued or ''}, {work.title}"


KIND = Kind("explain", "explanations", Explain, ExplainPage, faults)
