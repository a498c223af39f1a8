"""Written work: a formulation on five prompts and replies in one's own words, saved for hand-in by a press alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from ..content.texts import text
from ..events import Event, Keeper
from ..roleplay.model import Id, Text
from ..view import AnyBlock, Ask, Button, Head, Log, Press, Prose, Said
from .base import Activity

LIMIT = 20_000


class RubricRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One row of the rubric, read on the formulation or on the replies; ``weight`` 2 counts double."""

    id: Id
    title: Text
    reads: Literal["formulation", "replies"]
    levels: Annotated[tuple[Text, ...], msgspec.Meta(min_length=5)]
    weight: Annotated[int, msgspec.Meta(ge=1, le=2)] = 1
    note: str = ""


class ClientLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A client line to answer in one's own words."""

    id: Id
    who: Text
    line: Text
    seen: str = ""


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A written part: the case, its prompts, the lines to answer, and the rubric it is read by."""

    id: Id
    title: Text
    case: Text
    prompts: tuple[Text, ...]
    replies: tuple[ClientLine, ...]
    rubric: tuple[RubricRow, ...]
    words: tuple[int, ...] = (150, 250)
    content_note: str = ""

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
    return ("formulation",) if row.reads == "formulation" else tuple(reply.id for reply in written.replies)


class WrittenPage(Activity):
    """Text boxes with *save for hand-in* and *clear* beside a line that says who will read it."""

    def __init__(self, written: Written, mark: str, keeper: Keeper) -> None:
        super().__init__(f"written:{written.id}", mark, keeper, written.title)
        self.written = written

    def blocks(self) -> list[AnyBlock]:
        """The case, then a box for each part."""
        kept = saved(self.events())
        done = sum(part in kept for part in self.written.parts)
        place = text("written.saved", done=done, all=len(self.written.parts))
        shown: list[AnyBlock] = [
            Head(key="head", title=self.written.title, note=place),
            Prose(key="case", paragraphs=tuple(self.written.case.strip().split("\n\n"))),
            Prose(key="prompts", heading=text("written.prompts"), paragraphs=self.written.prompts),
        ]
        shown += self._box(
            "formulation", text("written.formulation", low=self.written.words[0], high=self.written.words[1]), 10, kept
        )
        for reply in self.written.replies:
            said = Said(key="line", side="client", name=reply.who, say=reply.line, seen=reply.seen)
            shown.append(Log(key=f"line-{reply.id}", label=text("written.line", name=reply.who), lines=(said,)))
            shown += self._box(reply.id, text("written.reply", name=reply.who), 3, kept)
        return shown

    def _box(self, part: str, label: str, rows: int, kept: dict[str, str]) -> list[AnyBlock]:
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

    def take(self, press: Press) -> None:
        """Save or clear one part."""
        if press.value not in self.written.parts or press.do not in ("save", "clear"):
            return
        words = press.fields.get(self._key(press.value), "") if press.do == "save" else ""
        self.keep("save", part=press.value, text=words[:LIMIT])
        self.focus = self._key(press.value)

    def _key(self, part: str) -> str:
        """Key of a part's box: a new one after each clearing, since a box keeps what stands in it while its key does."""
        cleared = sum(e.data.get("part") == part and not e.data.get("text") for e in self.events() if e.kind == "save")
        return f"box-{part}-{cleared}"
