"""Transcript rater: one competency's anchors, alone first; then the authors' rating and the words that decided it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, NamedTuple

import msgspec

from ..content import library
from ..content.texts import text
from ..events import Event, Keeper
from ..roleplay.model import Competency, Id, Level, Text
from ..view import AnyBlock, Button, Buttons, Feedback, Press, Prose, Scale, Table, Ticks
from .practice import Fault, Kind, Practice, Practises, again, head, heard, once, quoted, reason, ticked
from .quiz import Heard


class Quote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of the transcript that moved the rating, exactly as they stand there, and how."""

    say: Text
    why: str


class RatedClip(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A clip with the authors' level, its reason, and its critical errors; ``better`` mends one of level 0 to 2."""

    id: Id
    lines: Annotated[tuple[Heard, ...], msgspec.Meta(min_length=2)]
    level: Level
    why: str
    quotes: Annotated[tuple[Quote, ...], msgspec.Meta(min_length=1)]
    better: str = ""
    stem: str = ""
    errors: tuple[str, ...] = ()


class Rating(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Some clips, all rated on one competency."""

    id: Id
    title: Text
    practises: Practises
    competency: Competency
    clips: Annotated[tuple[RatedClip, ...], msgspec.Meta(min_length=1)]
    content_note: str = ""
    module: str = ""


class Agreement(NamedTuple):
    """How often two raters agreed: of ``clips`` rated by both, ``near`` within one level and ``exact`` on the level."""

    clips: int
    near: int
    exact: int


def agreement(ratings: Mapping[str, int], reference: Mapping[str, int]) -> Agreement:
    """Agreement over the clips that both have rated (levels 0 to 4).

    Parameters
    ----------
    ratings, reference
        Level by clip.
    """
    gaps = [abs(level - reference[clip]) for clip, level in ratings.items() if clip in reference]
    return Agreement(len(gaps), sum(gap <= 1 for gap in gaps), sum(gap == 0 for gap in gaps))


def structure(rating: Rating) -> object:
    """What a log of it depends on."""
    return [rating.id, rating.competency, [clip.id for clip in rating.clips]]


def given(events: Iterable[Event]) -> dict[str, tuple[int, frozenset[str]]]:
    """Level and critical errors noticed, by clip: the first rating of each, since the second is no longer made alone."""
    found: dict[str, tuple[int, frozenset[str]]] = {}
    for event in events:
        clip, level, errors = (event.data.get(name) for name in ("clip", "level", "errors"))
        if event.kind == "rate" and isinstance(clip, str) and isinstance(level, int) and isinstance(errors, list):
            found.setdefault(clip, (level, frozenset(map(str, errors))))
    return found


def faults(rating: Rating) -> Iterator[Fault]:
    """Quotes stand in their clips, errors belong to the competency, a level 0 alone may hold them."""
    yield from once((clip.id for clip in rating.clips), "clips", "clip")
    known = {error.id for error in library.competencies()[rating.competency].critical_errors}
    for number, clip in enumerate(rating.clips):
        here = ("clips", number)
        said = " ".join(line.say for line in clip.lines)
        yield from reason(clip.why, *here, "why")
        if clip.level <= 2 and not clip.better:
            what = "Nothing mends what was missed."
            yield Fault(here, "E-WHY", what, "Write `better`: the moment again, as it could have been said.")
        for index, quote in enumerate(clip.quotes):
            yield from reason(quote.why, *here, "quotes", index)
            if quote.say not in said:
                what = f"Nobody in the clip says {quote.say!r}."
                yield Fault((*here, "quotes", index), "E-SHAPE", what, "Quote the words as they stand there.")
        for odd in set(clip.errors) - known:
            what, mend = f"{rating.competency} has no critical error {odd!r}.", f"It has: {', '.join(sorted(known))}."
            yield Fault((*here, "errors"), "E-SHAPE", what, mend)
        if clip.errors and clip.level:
            what = f"A critical error stands at level {clip.level}."
            yield Fault(
                (*here, "level"), "E-SHAPE", what, "A critical error is a level 0; give the clip level 0, or no error."
            )


class RaterPage(Practice):
    """Clips one after the other; a rating is final once it is compared."""

    def __init__(self, rating: Rating, keeper: Keeper) -> None:
        super().__init__(f"rater:{rating.id}", structure(rating), keeper, rating.title)
        self.rating = rating
        self.competency = library.competencies()[rating.competency]
        self.fresh()

    def fresh(self) -> None:
        """Go to the first clip not rated."""
        done = given(self.now())
        clips = self.rating.clips
        self.at = next((n for n, clip in enumerate(clips) if clip.id not in done), len(clips))
        self.level: int | None = None
        self.noticed: set[str] = set()

    def blocks(self) -> list[AnyBlock]:
        """The clip in hand with its anchors or its comparison, or how often it agreed."""
        clips, done = self.rating.clips, given(self.now())
        if self.at >= len(clips):
            return self._end(done)
        clip = clips[self.at]
        place = text("rater.place", now=self.at + 1, all=len(clips))
        shown: list[AnyBlock] = [head(self.rating.title, self.rating.content_note, place, self.at + 1, len(clips))]
        if clip.stem:
            shown.append(Prose(key=f"stem-{clip.id}", paragraphs=(clip.stem,), tone="soft"))
        shown.append(heard(f"clip-{clip.id}", place, clip.lines))
        if clip.id in done:
            return [*shown, *self._compared(clip, *done[clip.id])]
        rows = tuple((str(n), anchor) for n, anchor in enumerate(self.competency.anchors))
        caption = text("rater.anchors", title=self.competency.title)
        shown.append(Table(key="anchors", caption=caption, header=(text("rater.level"), text("rater.seen")), rows=rows))
        shown.append(
            Scale(
                key=f"level-{clip.id}",
                label=text("rater.ask"),
                hint=text("rater.ask_hint"),
                low=0,
                high=4,
                low_label=text("rater.low"),
                high_label=text("rater.high"),
                do="level",
                value=self.level,
            )
        )
        errors = ((error.id, error.label) for error in self.competency.critical_errors)
        items = ticked(errors, self.noticed)
        shown.append(
            Ticks(
                key=f"errors-{clip.id}",
                label=text("rater.errors"),
                hint=text("rater.errors_hint"),
                items=items,
                do="error",
            )
        )
        compare = Button(do="compare", label=text("rater.compare"), kind="primary", off=self.level is None)
        return [*shown, Buttons(key=f"compare-{clip.id}", items=(compare,))]

    def _compared(self, clip: RatedClip, level: int, noticed: frozenset[str]) -> list[AnyBlock]:
        gap = abs(level - clip.level)
        apart = text("rater.exact") if gap == 0 else text("rater.near") if gap == 1 else text("rater.apart", gap=gap)
        heading = text("rater.both", mine=level, authors=clip.level, apart=apart)
        rows = tuple((f"“{quote.say}”", quote.why) for quote in clip.quotes)
        header = (text("rater.words"), text("rater.did"))
        mend = text("rater.better") if clip.better else ""
        feedback = Feedback(
            key=f"both-{clip.id}",
            heading=heading,
            body=clip.why,
            level=clip.level,
            better_label=mend,
            better=quoted(clip.better) if clip.better else "",
        )
        shown: list[AnyBlock] = [
            feedback,
            Table(key=f"words-{clip.id}", caption=text("rater.decided"), header=header, rows=rows),
        ]
        errors = self._errors(clip, noticed)
        if errors:
            shown.append(Prose(key=f"noticed-{clip.id}", heading=text("rater.errors_after"), paragraphs=errors))
        last = self.at + 1 == len(self.rating.clips)
        go_on = Button(do="next", label=text("rater.sum") if last else text("rater.next"), kind="primary")
        return [*shown, Buttons(key=f"on-{clip.id}", items=(go_on,))]

    def _errors(self, clip: RatedClip, noticed: frozenset[str]) -> tuple[str, ...]:
        """In words: critical errors noticed, missed, and seen where the authors see none."""
        found = []
        for error in self.competency.critical_errors:
            if error.id in clip.errors:
                found.append(text("rater.noticed" if error.id in noticed else "rater.missed", label=error.label))
            elif error.id in noticed:
                found.append(text("rater.unseen", label=error.label))
        return tuple(found)

    def _end(self, done: dict[str, tuple[int, frozenset[str]]]) -> list[AnyBlock]:
        clips = self.rating.clips
        found = agreement({clip: level for clip, (level, _) in done.items()}, {clip.id: clip.level for clip in clips})
        there = sum(len(clip.errors) for clip in clips)
        seen = sum(len(done[clip.id][1] & set(clip.errors)) for clip in clips if clip.id in done)
        rows = [
            (text("rater.near_row"), text("rater.of", part=found.near, all=found.clips)),
            (text("rater.exact_row"), text("rater.of", part=found.exact, all=found.clips)),
        ]
        if there:
            rows.append((text("rater.errors_row"), text("rater.of", part=seen, all=there)))
        header = (text("rater.what"), text("rater.how_often"))
        return [
            head(self.rating.title, self.rating.content_note, text("rater.done"), len(clips), len(clips)),
            Table(key="sum", caption=text("rater.agreement"), header=header, rows=tuple(rows)),
            Prose(key="rule", paragraphs=(text("rater.rule"),), tone="soft"),
            Buttons(key="over", items=(again(),)),
        ]

    def take(self, press: Press) -> None:
        """Set a level, tick an error, compare, or go on."""
        clips, done = self.rating.clips, given(self.now())
        if self.at >= len(clips):
            return
        clip = clips[self.at]
        if clip.id in done:
            if press.do == "next":
                self.at, self.level, self.noticed = self.at + 1, None, set()
                self.focus = f"level-{clips[self.at].id}" if self.at < len(clips) else "sum"
        elif press.do == "level" and press.value in ("0", "1", "2", "3", "4"):
            self.level, self.focus = int(press.value), ""
        elif press.do == "error" and press.value in {error.id for error in self.competency.critical_errors}:
            self.noticed ^= {press.value}
            self.focus = ""
        elif press.do == "compare" and self.level is not None:
            self.keep("rate", clip=clip.id, level=self.level, errors=sorted(self.noticed))
            self.focus = f"both-{clip.id}"


KIND = Kind("rater", "ratings", Rating, RaterPage, faults)
