"""The course as a whole: its lessons in order, the ways through them, and the words it explains."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from . import store

Way = Literal["essentials", "core", "full"]
WAYS: tuple[Way, ...] = ("essentials", "core", "full")


class Lesson(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One lesson.

    Attributes
    ----------
    notebook
        Its file's name without the ending; empty while it is not written.
    minutes
        Minutes on each way, the exercise included; a way that leaves it out is missing.
    steps
        What is practised in it, in order, as ``quiz:m02-kinds``.
    essentials
        The steps that Essentials keeps; empty for all of them.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^M\d\d$")]
    title: str
    minutes: dict[Way, int]
    notebook: str = ""
    steps: tuple[str, ...] = ()
    essentials: tuple[str, ...] = ()

    def on(self, way: Way) -> tuple[str, ...]:
        """The steps of this lesson on a way."""
        return self.essentials or self.steps if way == "essentials" else self.steps


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file course.yaml."""

    lessons: tuple[Lesson, ...]


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word that colleagues of another school may not know, in a plain sentence or two."""

    id: str
    term: str
    plain: str
    modules: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Glossary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file glossary.yaml."""

    terms: tuple[Term, ...]


def lessons() -> tuple[Lesson, ...]:
    """The lessons in their order."""
    return store.load(Course, "", "course").lessons


def glossary(module: str = "") -> list[Term]:
    """Words explained, by their own order in the alphabet; of one lesson where it is named."""
    terms = store.load(Glossary, "", "glossary").terms
    return sorted(
        (term for term in terms if not module or module in term.modules), key=lambda term: term.term.casefold()
    )
