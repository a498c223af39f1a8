"""What every case refers to: competencies with their critical errors, and the works that may be cited."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from . import store


class ErrorKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A critical error of a competency: one of wording can be mended by a sentence, an act by none."""

    id: str
    kind: Literal["wording", "act"]
    label: str


class Competency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the twelve competencies; ``anchors`` are encounter anchors for levels 0 to 4."""

    id: str
    title: str
    short: str
    definition: str
    anchors: Annotated[tuple[str, ...], msgspec.Meta(min_length=5)]
    critical_errors: tuple[ErrorKind, ...]


class Competencies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file competencies.yaml."""

    competencies: tuple[Competency, ...]


class Author(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An author of a cited work; organisations have a ``literal`` name or a family name alone."""

    family: str = ""
    given: str = ""
    literal: str = ""


class Reference(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"container_title": "container-title"}):
    """A work the course may cite, for its ``claim`` alone."""

    id: str
    type: str
    author: tuple[Author, ...]
    title: str
    claim: str
    evidence: Literal["A", "B", "C", "D", "S"]
    confidence: str
    record_seen: bool
    issued: int | None = None
    container_title: str = ""
    publisher: str = ""
    volume: str = ""
    issue: str = ""
    page: str = ""
    DOI: str = ""
    doi_seen: bool | None = None
    note: str = ""


class Vignette(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An invented adult: what a referrer would know. ``adult`` is said aloud, so that it is never taken for granted."""

    id: Annotated[str, msgspec.Meta(pattern=r"^V\d\d$", description="Use V01 to V99.")]
    name: str
    heading: str
    content_note: str
    presents: str
    text: str
    adult: bool


def vignette(item: str | None) -> Vignette | None:
    """A vignette by its id; ``None`` where there is none."""
    return store.load(Vignette, "vignettes", item) if item and item in store.ids("vignettes") else None


def competencies() -> dict[str, Competency]:
    """The competencies by id, C1 to C12."""
    return {item.id: item for item in store.load(Competencies, "", "competencies").competencies}


def references() -> dict[str, Reference]:
    """The works that may be cited, by id."""
    return {item.id: item for item in store.load(tuple[Reference, ...], "", "references")}


EVIDENCE_WORDS = {"A": "strong", "B": "some", "C": "early", "D": "expert view", "S": "article only"}
