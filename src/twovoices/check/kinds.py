"""Every kind of content there is: its folder under ``data/``, its type, and what is asked of it beyond its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from ..activities.form import Form
from ..activities.gate import Gate
from ..activities.prompting import Prompts
from ..activities.quiz import Quiz
from ..activities.reading import Handout
from ..activities.shelf import SHELF
from ..activities.transcript import Transcript
from ..content import language, store, words
from ..content.course import Course, Glossary
from ..content.errors import ContentError, Problem
from ..content.library import Competencies, Reference, Vignette
from ..content.strict import Document, read
from ..content.support import Support
from ..content.words import Words
from ..roleplay.model import Case
from . import humane, overlays

KINDS: dict[str, type[Any]] = {
    "roleplays": Case,
    "boosters": Case,
    "vignettes": Vignette,
    "quizzes": Quiz,
    "transcripts": Transcript,
    "forms": Form,
    "words": Words,
    "prompts": Prompts,
    "gates": Gate,
    "handouts": Handout,
    **{kind.folder: kind.model for kind in SHELF},
}
PRACTICE = {kind.folder: kind for kind in SHELF}
SINGLE: dict[str, Any] = {
    "ui": dict[str, dict[str, str]],
    "competencies": Competencies,
    "references": tuple[Reference, ...],
    "support": Support,
    "course": Course,
    "glossary": Glossary,
}
PLAIN = 8.0  # the grade a client's page may read at


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
        if document is None:
            continue
        if not folder:
            problems += single_problems(document)
            continue
        value = document.value
        if value.id != path.stem:
            what = f"The id is {value.id!r} and the file is {path.name}."
            problems.append(Problem(document.file, 1, "E-SHAPE", "", what, "Give both the same name."))
        if isinstance(value, Quiz):
            problems += quiz_problems(document)
        if isinstance(value, Words):
            problems += words_problems(document)
        if isinstance(value, Prompts):
            problems += prompts_problems(document)
        if folder in PRACTICE:
            problems += practice_problems(document, folder)
        if isinstance(value, Gate):
            problems += gate_problems(document)
        if isinstance(value, Handout):
            problems += handout_problems(document)
        if KINDS[folder] not in (Case, Words, Prompts):
            problems += standard_problems(document)
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


def prompts_problems(document: Document[Prompts]) -> list[Problem]:
    """E-SHAPE of what the writing pages ask about: every expression can be read, every group asks something."""
    problems = []
    for number, group in enumerate(document.value.groups):
        if not group.ask and not group.note:
            what, line = "The group asks nothing.", document.line("groups", number)
            problems.append(Problem(document.file, line, "E-SHAPE", group.id, what, "Write `ask`, or `note`."))
        for index, text in enumerate(group.find):
            try:
                re.compile(text)
            except re.error as error:
                what, line = f"{text!r} cannot be read: {error}.", document.line("groups", number, "find", index)
                problems.append(Problem(document.file, line, "E-SHAPE", group.id, what, "Mend the expression."))
    return problems


def practice_problems(document: Document[Any], folder: str) -> list[Problem]:
    """What a kind of practice asks of its files."""
    file, value = document.file, document.value
    problems = [
        Problem(file, document.line(*fault.path), fault.code, _spelled(value, fault.path), fault.what, fault.mend)
        for fault in PRACTICE[folder].faults(value)
    ]
    if not value.content_note.strip():
        mend = "Say the topics in two to six words each."
        problems.append(Problem(file, 1, "E-STANDARD", "", "There is no content note.", mend))
    return problems


def standard_problems(document: Document[Any]) -> list[Problem]:
    """The content standard for every text of a file."""
    problems = []
    look = words.of(language.SOURCE)
    slur, minor = words.pattern(look.slurs), words.minor(look)
    for name, text in language.texts(document.value).items():
        for pattern, what, mend in (
            (slur, "A slur-like term stands here.", "Say it by meaning."),
            (humane.PHONE, "A telephone number stands here.", "Numbers live in data/support.yaml alone."),
            (minor, "This may put a minor on the page.", "Write adults only; an earlier experience is 'long ago'."),
        ):
            if pattern.search(text):
                problems.append(Problem(document.file, 1, "E-STANDARD", name, what, mend))
    return problems


def gate_problems(document: Document[Gate]) -> list[Problem]:
    """E-SHAPE of a gate: its pool is of gate role-plays, its way round and what it opens exist."""
    gate, file = document.value, document.file
    problems = []
    for number, name in enumerate(gate.pool):
        if name not in store.ids("roleplays") or store.load(Case, "roleplays", name).use != "gate":
            what, line = f"{name!r} is no role-play with `use: gate`.", document.line("pool", number)
            problems.append(Problem(file, line, "E-SHAPE", "pool", what, "Name one of data/roleplays/."))
    wanted = [f"roleplay:{gate.way_round.roleplay}", f"quiz:{gate.way_round.quiz}", *gate.opens]
    for step in wanted:
        if not exists(step):
            problems.append(Problem(file, 1, "E-SHAPE", "", f"There is no {step}.", "Name something that exists."))
    return problems


def handout_problems(document: Document[Handout]) -> list[Problem]:
    """W-READING of a client's page."""
    item = document.value
    text = " ".join([item.lead, *(part.text for part in item.parts), item.storage])
    found = words.hardness(text, words.of(language.SOURCE).reading)
    if found > PLAIN:
        what = f"The page reads at grade {found:.1f}; {PLAIN:g} is the limit for clients."
        return [Problem(document.file, 1, "W-READING", "", what, "Shorten sentences and choose plainer words.")]
    return []


def single_problems(document: Document[Any]) -> list[Problem]:
    """E-SHAPE of the course map and the glossary: every step exists, every id stands once."""
    value, file = document.value, document.file
    problems = []
    if isinstance(value, Course):
        for number, lesson in enumerate(value.lessons):
            line = document.line("lessons", number)
            for step in (*lesson.steps, *lesson.essentials):
                if not exists(step):
                    mend = "Name a step as kind:id."
                    problems.append(Problem(file, line, "E-SHAPE", lesson.id, f"There is no {step}.", mend))
            for step in set(lesson.essentials) - set(lesson.steps):
                mend = "Essentials keeps some of the lesson's steps."
                problems.append(Problem(file, line, "E-SHAPE", lesson.id, f"{step} is not among its steps.", mend))
    if isinstance(value, Glossary):
        ids = [term.id for term in value.terms]
        for number, name in enumerate(ids):
            if name in ids[:number]:
                what, line = f"The id {name!r} stands twice.", document.line("terms", number)
                problems.append(Problem(file, line, "E-SHAPE", "", what, "Put the two together."))
        problems += standard_problems(document)
    return problems


def exists(step: str) -> bool:
    """Whether an activity as a step names it (``quiz:m02-kinds``) is there."""
    kind, _, item = step.partition(":")
    folder = {"roleplay": "roleplays", "quiz": "quizzes", "form": "forms"}.get(kind)
    if folder is None:
        folder = next((one.folder for one in SHELF if one.name == kind), "")
    return bool(folder) and item in store.ids(folder)


def _spelled(value: Any, path: tuple[str | int, ...]) -> str:
    """A path in the file's own ids: ``cards psalm, spots need``."""
    said: list[str] = []
    part: Any = msgspec.to_builtins(value)
    for step in path:
        part = part[step] if isinstance(step, int) else part.get(step, {})
        if isinstance(step, int):
            said[-1] += f" {part['id'] if isinstance(part, dict) and 'id' in part else step + 1}"
        else:
            said.append(step)
    return ", ".join(said)


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
