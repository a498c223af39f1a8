"""Every kind of content there is: its folder under ``data/``, its type, and what is asked of it beyond its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec

from ..activities.form import Form
from ..activities.quiz import Quiz
from ..activities.transcript import Transcript
from ..content import language, store
from ..content.errors import ContentError, Problem
from ..content.library import Competencies, Reference
from ..content.strict import Document, read
from ..content.support import Support
from ..content.words import Words
from ..roleplay.model import Case
from . import overlays


class Vignette(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An invented adult: what a referrer would know. ``adult`` is said aloud, so that it is never taken for granted."""

    id: Annotated[str, msgspec.Meta(pattern=r"^V\d\d$", description="Use V01 to V99.")]
    name: str
    heading: str
    content_note: str
    presents: str
    text: str
    adult: bool


KINDS: dict[str, type[Any]] = {
    "roleplays": Case,
    "boosters": Case,
    "vignettes": Vignette,
    "quizzes": Quiz,
    "transcripts": Transcript,
    "forms": Form,
    "words": Words,
}
SINGLE: dict[str, Any] = {
    "ui": dict[str, dict[str, str]],
    "competencies": Competencies,
    "references": tuple[Reference, ...],
    "support": Support,
}


def documents() -> Iterator[tuple[str, Path, Document[Any] | None, list[Problem]]]:
    """Every file of the content, read: ``(folder, path, document or None, problems)``."""
    for folder, kind in KINDS.items():
        for path in store.sources(f"{folder}/*.yaml"):
            yield folder, path, *_read(path, kind)
    for name, kind in SINGLE.items():
        path = store.source("", name)
        yield "", path, *_read(path, kind)


def _read(path: Path, kind: Any) -> tuple[Document[Any] | None, list[Problem]]:
    try:
        return read(path, kind, store.shown(path)), []
    except ContentError as error:
        return None, error.problems


def check() -> list[Problem]:
    """Problems of everything but role-plays, which have checks of their own."""
    problems: list[Problem] = []
    for folder, path, document, found in documents():
        problems += [] if KINDS.get(folder) is Case else found
        if document is None or not folder:
            continue
        value = document.value
        if value.id != path.stem:
            what = f"The id is {value.id!r} and the file is {path.name}."
            problems.append(Problem(document.file, 1, "E-SHAPE", "", what, "Give both the same name."))
        if isinstance(value, Quiz):
            problems += quiz_problems(document)
        if isinstance(value, Words):
            problems += words_problems(document)
        if isinstance(value, Vignette) and not value.adult:
            problems.append(
                Problem(document.file, 1, "E-STANDARD", "", "It does not say `adult: true`.", "Write adults only.")
            )
    return problems + overlays.problems(KINDS)


def quiz_problems(document: Document[Quiz]) -> list[Problem]:
    """E-SHAPE and E-WHY of judgement questions: ids once, a reason for every answer, one or two that can be defended."""
    problems = []
    for number, question in enumerate(document.value.questions):
        line = document.line("questions", number)
        where = f"question {question.id}"
        ids = [option.id for option in question.options]
        if len(set(ids)) != len(ids):
            problems.append(
                Problem(document.file, line, "E-SHAPE", where, "An answer id stands twice.", "Give each its own.")
            )
        defensible = sum(bool(option.defensible) for option in question.options)
        if not 1 <= defensible < len(question.options):
            what = f"{defensible} of {len(ids)} answers can be defended."
            problems.append(Problem(document.file, line, "E-SHAPE", where, what, "Mark one or two `defensible: true`."))
        for index, option in enumerate(question.options):
            if option.defensible is None or len(option.why.split()) < 6:
                at = document.line("questions", number, "options", index)
                mend = "Say defensible: true or false, and why."
                problems.append(
                    Problem(document.file, at, "E-WHY", f"{where}, answer {option.id}", "It has no reason.", mend)
                )
    names = [question.id for question in document.value.questions]
    if len(set(names)) != len(names):
        problems.append(Problem(document.file, 1, "E-SHAPE", "", "A question id stands twice.", "Give each its own."))
    return problems


def words_problems(document: Document[Words]) -> list[Problem]:
    """E-SHAPE of a language's words: every regular expression can be read."""
    problems = []
    value = document.value
    said: list[tuple[str, tuple[str | int, ...]]] = [(value.reading.silent, ("reading", "silent"))]
    said += [(term.say, ("avoid", number)) for number, term in enumerate(value.avoid)]
    said += [(entry, ("minors", number)) for number, entry in enumerate(value.minors)]
    for text, path in said:
        try:
            re.compile(text)
        except re.error as error:
            what, line = f"{text!r} cannot be read: {error}.", document.line(*path)
            problems.append(Problem(document.file, line, "E-SHAPE", str(path[0]), what, "Mend the expression."))
    return problems


def compiled() -> dict[str, dict[str, Any]]:
    """All content as one plain structure, for the wheel: folder, then id.

    Raises
    ------
    ContentError
        With every problem of shape.
    """
    found: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for folder, path, document, wrong in documents():
        problems += wrong
        if document is not None:
            found.setdefault(folder, {})[path.stem] = msgspec.to_builtins(document.value)
    for lang, folder, item, path in overlays.found():
        kind = dict[str, str] if folder else dict[str, dict[str, str]]
        document, wrong = _read(path, kind)
        problems += wrong
        if document is not None:
            found.setdefault(f"{language.FOLDER}/{lang}/{folder}".rstrip("/"), {})[item] = document.value
    if problems:
        raise ContentError(problems)
    return found
