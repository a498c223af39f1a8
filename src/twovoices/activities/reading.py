"""Pages that are only read: words explained, competencies with their levels, handouts for clients."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from ..content import course, library
from ..content.errors import NotFound
from ..content.texts import text
from ..events import Keeper
from ..roleplay.comment import about
from ..roleplay.model import Id, Text
from ..view import AnyBlock, Button, Buttons, Fold, Head, Press, Prose, paragraphs
from . import kept
from .base import Activity

LINES = 12


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a handout; ``lines`` blank lines to write on stand under it."""

    heading: Text
    text: str = ""
    lines: Annotated[int, msgspec.Meta(ge=0, le=LINES)] = 0


class Handout(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One page for a client, in plain words.

    Attributes
    ----------
    lead
        To the client, before anything is asked.
    storage
        To the client, on keeping it private.
    for_clinician
        When to give it and when not; not printed.
    """

    id: Id
    title: Text
    module: str
    content_note: Text
    lead: Text
    parts: Annotated[tuple[Part, ...], msgspec.Meta(min_length=1)]
    storage: Text
    for_clinician: Text


class HandoutPage(Activity):
    """A handout to look at, and to write to a page that can be printed."""

    def __init__(self, handout: Handout, keeper: Keeper) -> None:
        super().__init__(f"handout:{handout.id}", "", keeper, handout.title)
        self.handout = handout
        self.folder = Path()
        self.written = ""

    def blocks(self) -> list[AnyBlock]:
        """What the clinician should know first, then the page as the client gets it."""
        item = self.handout
        page: list[AnyBlock] = [Prose(key="lead", heading=item.title, paragraphs=(item.lead,))]
        for number, part in enumerate(item.parts):
            blank = (text("handout.lines", count=part.lines),) if part.lines else ()
            page.append(Prose(key=f"part-{number}", heading=part.heading, paragraphs=(*paragraphs(part.text), *blank)))
        page.append(Prose(key="storage", paragraphs=(item.storage,), tone="soft"))
        shown: list[AnyBlock] = [
            Head(key="head", title=text("handout.title", title=item.title)),
            Prose(key="for", heading=text("handout.for"), paragraphs=(item.for_clinician,)),
            Fold(key="page", summary=text("handout.look"), blocks=tuple(page)),
            Buttons(key="print", items=(Button(do="print", label=text("handout.print"), kind="primary"),)),
        ]
        if self.written:
            shown.append(Prose(key="written", paragraphs=(self.written,), tone="soft"))
        return shown

    def take(self, press: Press) -> None:
        """Write the page."""
        if press.do == "print":
            path = kept.file(self.folder, f"handout-{self.handout.id}")
            kept.write(path, self.handout.title, rows(self.handout))
            self.written, self.focus = text("debrief.kept", path=path), "written"


def rows(handout: Handout) -> list[tuple[str, str, int]]:
    """The client's page as headings, texts and blank lines."""
    parts = [(part.heading, part.text.strip(), part.lines) for part in handout.parts]
    return [("", handout.lead.strip(), 0), *parts, ("", handout.storage.strip(), 0)]


class WordsPage(Activity):
    """Words explained, each opened on demand."""

    def __init__(self, module: str, keeper: Keeper) -> None:
        super().__init__(f"glossary:{module or 'all'}", "", keeper, text("reading.words"))
        self.terms = course.glossary(module)
        if not self.terms:
            raise NotFound(text("reading.no_words", module=module))

    def blocks(self) -> list[AnyBlock]:
        """A fold for each word."""
        folds = [
            Fold(key=f"term-{term.id}", summary=term.term, blocks=(Prose(key="plain", paragraphs=(term.plain,)),))
            for term in self.terms
        ]
        return [Head(key="head", title=self.label), *folds]

    def take(self, press: Press) -> None:
        """Nothing here is pressed but folds."""


class CompetenciesPage(Activity):
    """The twelve competencies, each opened on demand."""

    def __init__(self, keeper: Keeper) -> None:
        super().__init__("competencies:all", "", keeper, text("reading.competencies"))

    def blocks(self) -> list[AnyBlock]:
        """A fold for each."""
        note = text("reading.competencies_note")
        return [Head(key="head", title=self.label, note=note), *(about(name, False) for name in library.competencies())]

    def take(self, press: Press) -> None:
        """Nothing here is pressed but folds."""
