"""What an exercise releases: one ``assessment.json`` beside its notebook, with nothing in it that ranks an answer."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ..content import store
from ..roleplay.model import Case
from ..roleplay.script import Compiled, Script, compile_case
from . import quiz, written
from .quiz import Quiz
from .written import Written

NAME = "assessment.json"
KEYS = ("*.case", "key", "written")


class Marked(msgspec.Struct, frozen=True):
    """A released activity with the structure it had in its source."""

    fingerprint: str
    quiz: Quiz | None = None
    written: Written | None = None


class Assessment(msgspec.Struct, frozen=True):
    """Everything one exercise shows."""

    assignment: str
    roleplays: dict[str, Script]
    quizzes: dict[str, Marked]
    written: dict[str, Marked]


class Source(msgspec.Struct, frozen=True):
    """An exercise as its author wrote it: the instructor's side."""

    assignment: str
    cases: dict[str, Case]
    compiled: dict[str, Compiled]
    quizzes: dict[str, Quiz]
    written: dict[str, Written]


def read_source(folder: Path) -> Source:
    """Read an exercise's keys from its folder under ``solutions/``.

    Raises
    ------
    twovoices.content.errors.ContentError
        When one of its files does not read.
    """
    cases = [store.load_file(path, Case) for path in sorted(folder.glob("*.case.yaml"))]
    quizzes = [store.load_file(path, Quiz) for path in sorted(folder.glob("key.yaml"))]
    texts = [store.load_file(path, Written) for path in sorted(folder.glob("written.yaml"))]
    return Source(
        assignment=folder.name,
        cases={case.id: case for case in cases},
        compiled={case.id: compile_case(case) for case in cases},
        quizzes={item.id: item for item in quizzes},
        written={item.id: item for item in texts},
    )


def release(source: Source) -> Assessment:
    """What learners get of a source."""
    return Assessment(
        assignment=source.assignment,
        roleplays={name: compiled.script for name, compiled in source.compiled.items()},
        quizzes={
            name: Marked(quiz.fingerprint(item), quiz=quiz.released(item)) for name, item in source.quizzes.items()
        },
        written={name: Marked(written.fingerprint(item), written=item) for name, item in source.written.items()},
    )


def encode(assessment: Assessment) -> bytes:
    """The released file's bytes: the same for the same source, one entry a line where that helps a diff."""
    raw = msgspec.json.encode(assessment, order="deterministic")
    return msgspec.json.format(raw, indent=1) + b"\n"


def find(folder: Path) -> Assessment | None:
    """The released exercise a folder belongs to; ``None`` in a lesson."""
    path = folder / NAME
    if path.is_file():
        return msgspec.json.decode(path.read_bytes(), type=Assessment)
    if folder.parent.name == "solutions" and any(next(folder.glob(f"{name}.yaml"), None) for name in KEYS):
        return release(read_source(folder))
    return None
