"""Lessons as text: what stands in a notebook, its activities, its sources, and how it reads. Pure functions over plain files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ..activities.shelf import SHELF
from ..content import library, store
from ..content.library import EVIDENCE_WORDS, Reference
from ..content.words import Words, hardness

CALL = re.compile(r'tv\.([a-z]+)\((?:"([A-Za-z0-9-]+)")?\)')
HEADING = re.compile(r"^#+ +(.*?) *$", re.MULTILINE)
SOURCES = "Sources"
# What is only read leaves no trace in the log, so nobody's way can count it.
READ = frozenset({"transcript", "handout", "glossary", "competencies", "path", "booster", "gate"})
STEP = {"play": "roleplay"}


class Cited(NamedTuple):
    """A row of a lesson's table of sources: the source as named, what it is used for, the word for its strength."""

    source: str
    use: str
    word: str


def cells(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook."""
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["cells"]
    return found


def prose(path: Path) -> str:
    """All its text."""
    return "\n\n".join("".join(cell["source"]) for cell in cells(path) if cell["cell_type"] == "markdown")


def headings(path: Path) -> list[str]:
    """Its headings, without their marks."""
    return HEADING.findall(prose(path))


def calls(path: Path) -> list[tuple[str, str]]:
    """What its cells open, as ``(name, id)``."""
    found = []
    for cell in cells(path):
        if cell["cell_type"] == "code" and (match := CALL.search("".join(cell["source"]))):
            found.append((match[1], match[2] or ""))
    return found


def steps(path: Path) -> list[str]:
    """What is practised in it, as the course map names it."""
    return [f"{STEP.get(name, name)}:{item}" for name, item in calls(path) if name not in READ]


def sources(path: Path) -> Iterator[Cited]:
    """Rows of its table of sources."""
    _, _, rest = prose(path).partition(f"## {SOURCES}")
    for line in rest.splitlines():
        parts = [part.strip() for part in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(parts) == 3 and parts[0] != "Source" and not set(parts[0]) <= {"-", ":"}:
            yield Cited(*parts)


def works(source: str) -> list[Reference]:
    """The works that a row's first cell may name, by first author and year (or by author alone where it gives no year)."""
    found: list[Reference] = []
    for part in re.split(r"(?<=\d{4}) and ", source):
        named = re.match(r"(.*?) (\d{4})\b", part)
        name, year = (named[1], int(named[2])) if named else (part.split(",")[0], None)
        first = _plain(re.split(r" and | others|,", name)[0])
        found += [work for work in library.references().values() if work.issued == year and _by(work, first)]
    return found


def _by(work: Reference, name: str) -> bool:
    """Whether a name is a work's first author, or the initials of the body that published it."""
    author = work.author[0]
    whole = author.literal or f"{author.family} {author.given}"
    return _plain(whole).startswith(name) or _plain("".join(re.findall(r"[A-Z]", whole))) == name


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower().replace("é", "e").replace("á", "a").replace("í", "i").replace("ö", "o"))


def evidence(work: Reference) -> str:
    """The word for the strength of a work's claim."""
    return EVIDENCE_WORDS[work.evidence]


def grade(path: Path, words: Words) -> float:
    """How hard its prose reads (a school grade in English); tables and fold marks left out."""
    text = re.sub(r"^\|.*$|<[^>]+>|^#+ .*$|[*_`>]", "", prose(path), flags=re.MULTILINE)
    return hardness(text, words.reading)


def items(path: Path) -> int:
    """How many questions, cards, prompts, clips and moments its activities ask."""
    return sum(_asked(name, item) for name, item in calls(path))


def _asked(name: str, item: str) -> int:
    if name == "play":
        from ..roleplay.model import Case

        return len(store.load(Case, "roleplays", item).beats)
    if name == "quiz":
        from ..activities.quiz import Quiz

        return len(store.load(Quiz, "quizzes", item).questions)
    kind = next((kind for kind in SHELF if kind.name == name), None)
    if kind is None:
        return 0
    found = store.load(kind.model, kind.folder, item)
    for field in ("cards", "prompts", "clips", "phrases", "parts", "cues", "boxes"):
        if asked := getattr(found, field, None):
            return len(asked)
    return 1
