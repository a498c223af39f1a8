"""Written work: a formulation on some prompts and replies in one's own words.

Where an instructor marks it, it is saved for hand-in by a press alone. Where the learner checks it, nothing is saved but
the levels given to oneself, and four graded samples can be read afterwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from ..content.texts import text
from ..events import Event, Keeper
from ..roleplay.model import Id, Text
from ..view import (
    AnyBlock,
    Ask,
    Button,
    Buttons,
    Choice,
    Choices,
    Fold,
    Head,
    Log,
    Press,
    Prose,
    Said,
    Table,
    paragraphs,
)
from .base import Activity

LIMIT = 20_000


class RubricRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One row of the rubric, read on the formulation, on the replies or on all; ``weight`` 2 counts double."""

    id: Id
    title: Text
    reads: Literal["formulation", "replies", "all"]
    levels: Annotated[tuple[Text, ...], msgspec.Meta(min_length=5)]
    weight: Annotated[int, msgspec.Meta(ge=1, le=2)] = 1
    note: str = ""


class ClientLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A client line to answer in one's own words."""

    id: Id
    who: Text
    line: Text
    seen: str = ""


class SampleRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sample's level on one row, and why."""

    level: Annotated[int, msgspec.Meta(ge=0, le=4)]
    reason: Text


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A piece of written work made to show levels; ``flag`` is the comment a grader would leave."""

    id: Id
    label: Text
    formulation: str
    replies: dict[str, str]
    rows: dict[str, SampleRow]
    flag: str = ""


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A written part: the case, its prompts, the lines to answer, and the rubric it is read by.

    ``samples`` go out to learners, so they stand here only where learners check their own work; an instructor's stand
    in ``samples.yaml``, which does not.
    """

    id: Id
    title: Text
    case: Text
    prompts: tuple[Text, ...]
    replies: tuple[ClientLine, ...]
    rubric: tuple[RubricRow, ...]
    words: tuple[int, ...] = (150, 250)
    content_note: str = ""
    self_checked: bool = False
    samples: tuple[Sample, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """Ids of what is written: the formulation, then each reply."""
        return ("formulation", *(reply.id for reply in self.replies))


def fingerprint(written: Written) -> str:
    """SHA-256 over the ids of parts and rubric rows, first 16 hex digits."""
    structure = [written.id, list(written.parts), [[row.id, row.weight] for row in written.rubric]]
    return hashlib.sha256(json.dumps(structure).encode()).hexdigest()[:16]


def saved(events: Iterable[Event]) -> dict[str, str]:
    """What was saved for hand-in last, by part; a cleared part is left out."""
    kept: dict[str, str] = {}
    for event in events:
        part, words = event.data.get("part"), event.data.get("text")
        if event.kind == "save" and isinstance(part, str) and isinstance(words, str):
            kept[part] = words[:LIMIT]
    return {part: words for part, words in kept.items() if words.strip()}


def read_for(written: Written, row: RubricRow) -> tuple[str, ...]:
    """The parts a rubric row is read on."""
    replies = tuple(reply.id for reply in written.replies)
    return {"formulation": ("formulation",), "replies": replies, "all": written.parts}[row.reads]


def own_levels(events: Iterable[Event]) -> dict[str, int]:
    """The level a learner gave to their own work, by rubric row: the last one given."""
    found: dict[str, int] = {}
    for event in events:
        row, level = event.data.get("row"), event.data.get("level")
        if event.kind == "self" and isinstance(row, str) and isinstance(level, int):
            found[row] = level
    return found


class WrittenPage(Activity):
    """Text boxes: with *save for hand-in* beside a line that says who will read it, or to be checked by oneself."""

    def __init__(self, written: Written, mark: str, keeper: Keeper) -> None:
        super().__init__(f"written:{written.id}", mark, keeper, written.title)
        self.written = written
        self.looking = False

    def blocks(self) -> list[AnyBlock]:
        """The case, then a box for each part; where the learner checks it, the rubric and the samples after that."""
        kept = saved(self.events())
        done = sum(part in kept for part in self.written.parts)
        place = (
            text("written.own")
            if self.written.self_checked
            else text("written.saved", done=done, all=len(self.written.parts))
        )
        note = f"{text('say.note', note=self.written.content_note.rstrip('.'))} " if self.written.content_note else ""
        shown: list[AnyBlock] = [
            Head(key="head", title=self.written.title, note=note + place),
            Prose(key="case", paragraphs=paragraphs(self.written.case)),
            Prose(key="prompts", heading=text("written.prompts"), paragraphs=self.written.prompts),
        ]
        label = "written.first" if self.written.self_checked else "written.formulation"
        low, high = self.written.words
        shown += self._box("formulation", text(label, low=low, high=high), 10, kept)
        for reply in self.written.replies:
            said = Said(key="line", side="client", name=reply.who, say=reply.line, seen=reply.seen)
            shown.append(Log(key=f"line-{reply.id}", label=text("written.line", name=reply.who), lines=(said,)))
            shown += self._box(reply.id, text("written.reply", name=reply.who), 3, kept)
        return shown + (self._check() if self.written.self_checked else [])

    def _box(self, part: str, label: str, rows: int, kept: dict[str, str]) -> list[AnyBlock]:
        if self.written.self_checked:
            hint = f"{text('written.aloud')} {text('say.privacy')}"
            return [Ask(key=self._key(part), label=label, hint=hint, rows=rows)]
        buttons = [Button(do="save", value=part, label=text("written.save"), kind="primary")]
        if part in kept:
            buttons.append(Button(do="clear", value=part, label=text("written.clear"), kind="quiet"))
        hint = f"{text('written.who_reads')} {text('written.privacy')}"
        box: list[AnyBlock] = [
            Ask(
                key=self._key(part), label=label, hint=hint, rows=rows, value=kept.get(part, ""), buttons=tuple(buttons)
            )
        ]
        if part in kept:
            state = text("written.kept", words=len(kept[part].split()))
            box.append(Prose(key=f"kept-{part}", paragraphs=(state,), tone="soft"))
        return box

    def _check(self) -> list[AnyBlock]:
        """The rubric, row by row, and the samples once every row has a level."""
        given = own_levels(self.events())
        if not given and not self.looking:
            look = Button(do="look", label=text("written.look"), kind="primary")
            return [Buttons(key="look", items=(look,))]
        shown: list[AnyBlock] = [
            Prose(key="check", heading=text("written.check"), paragraphs=(text("written.check_hint"),))
        ]
        for row in self.written.rubric:
            options = tuple(
                Choice(id=str(n), letter="ABCDE"[n], text=f"{n}: {level}", on=given.get(row.id) == n)
                for n, level in enumerate(row.levels)
            )
            hint = f"{text(f'written.reads_{row.reads}')} {row.note}".strip()
            shown.append(Choices(key=f"row-{row.id}", label=row.title, hint=hint, options=options, do=f"self:{row.id}"))
        if all(row.id in given for row in self.written.rubric):
            shown.append(
                Prose(key="samples", heading=text("written.samples"), paragraphs=(text("written.samples_hint"),))
            )
            shown += [self._sample(sample) for sample in self.written.samples]
        return shown

    def _sample(self, sample: Sample) -> AnyBlock:
        blocks: list[AnyBlock] = [Prose(key="formulation", paragraphs=paragraphs(sample.formulation))]
        for reply in self.written.replies:
            words = paragraphs(sample.replies.get(reply.id, ""))
            blocks.append(Prose(key=reply.id, heading=text("written.reply_to", name=reply.who), paragraphs=words))
        rows = tuple(
            (row.title, str(sample.rows[row.id].level), sample.rows[row.id].reason)
            for row in self.written.rubric
            if row.id in sample.rows
        )
        header = (text("written.row"), text("rater.level"), text("written.why"))
        blocks.append(Table(key="levels", caption=text("written.provisional"), header=header, rows=rows))
        return Fold(key=f"sample-{sample.id}", summary=sample.label, blocks=tuple(blocks))

    def take(self, press: Press) -> None:
        """Save or clear one part; or look at one's own work with the rubric."""
        do, _, row = press.do.partition(":")
        if self.written.self_checked:
            if do == "look":
                self.looking, self.focus = True, f"row-{self.written.rubric[0].id}"
            elif do == "self" and row in {one.id for one in self.written.rubric} and press.value in {*"01234"}:
                self.keep("self", row=row, level=int(press.value))
                self.focus = f"row-{row}"
        elif press.value in self.written.parts and do in ("save", "clear"):
            words = press.fields.get(self._key(press.value), "") if do == "save" else ""
            self.keep("save", part=press.value, text=words[:LIMIT])
            self.focus = self._key(press.value)

    def _key(self, part: str) -> str:
        """Key of a part's box: a new one after each clearing, since a box keeps what stands in it while its key does."""
        cleared = sum(e.data.get("part") == part and not e.data.get("text") for e in self.events() if e.kind == "save")
        return f"box-{part}-{cleared}"
