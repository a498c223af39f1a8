"""Worked examples: a kind miss is announced before it is read and mended at once after."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from ..content.texts import text
from ..events import Keeper
from ..roleplay.model import Id, Text
from ..view import AnyBlock, Button, Buttons, Head, Log, Press, Prose
from .base import Activity
from .quiz import Heard, spoken


class Clip(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Some lines of a session and what to notice in them; a ``miss`` is announced as one, a ``scene`` is plain reading."""

    id: Id
    kind: Literal["miss", "model", "scene"]
    lines: Annotated[tuple[Heard, ...], msgspec.Meta(min_length=1)]
    note: str = ""


class Transcript(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A worked example in one or more clips."""

    id: Id
    title: Text
    clips: Annotated[tuple[Clip, ...], msgspec.Meta(min_length=1)]
    content_note: str = ""
    vignette: str = ""


class TranscriptPage(Activity):
    """Clips shown one after the other, at the reader's pace. Nothing is kept."""

    def __init__(self, transcript: Transcript, keeper: Keeper) -> None:
        super().__init__(f"transcript:{transcript.id}", "", keeper, transcript.title)
        self.transcript = transcript
        self.shown = 1 if transcript.clips[0].kind != "miss" else 0

    def blocks(self) -> list[AnyBlock]:
        """The clips shown so far, and a button for the next."""
        note = text("say.note", note=self.transcript.content_note.rstrip(".")) if self.transcript.content_note else ""
        found: list[AnyBlock] = [Head(key="head", title=self.transcript.title, note=note)]
        for clip in self.transcript.clips[: self.shown]:
            heading = text(f"transcript.{clip.kind}")
            found.append(Prose(key=f"title-{clip.id}", heading=heading, paragraphs=()))
            found.append(Log(key=f"clip-{clip.id}", label=heading, lines=spoken(clip.lines)))
            if clip.note:
                found.append(
                    Prose(
                        key=f"note-{clip.id}", heading=text("transcript.notice"), paragraphs=(clip.note,), tone="soft"
                    )
                )
        if self.shown < len(self.transcript.clips):
            label = text(f"transcript.show_{self.transcript.clips[self.shown].kind}")
            found.append(Buttons(key="more", items=(Button(do="more", label=label, kind="primary"),)))
        return found

    def take(self, press: Press) -> None:
        """Show the next clip."""
        if press.do == "more" and self.shown < len(self.transcript.clips):
            self.shown += 1
            self.focus = f"title-{self.transcript.clips[self.shown - 1].id}"
