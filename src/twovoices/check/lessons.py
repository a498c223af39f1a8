"""Lessons as text: what stands in a notebook, its activities, its sources, how it reads, and what is wrong with any of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ..activities.quiz import Quiz
from ..activities.shelf import SHELF
from ..content import course, language, library, store, words
from ..content.errors import Problem
from ..content.library import EVIDENCE_WORDS, Reference
from ..content.words import Words, hardness
from ..roleplay.model import Case
from . import kinds

CALL = re.compile(r'tv\.([a-z]+)\((?:"([A-Za-z0-9-]+)")?\)')
HEADING = re.compile(r"^#+ +(.*?) *$", re.MULTILINE)
SOURCES = "Sources"
# What is only read leaves no trace in the log, so nobody's way can count it.
READ = frozenset({"transcript", "handout", "glossary", "competencies", "path", "booster", "gate"})
STEP = {"play": "roleplay"}
GRADE = 9.0  # the hardest a lesson's prose may read


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


def grade(path: Path, look: Words) -> float:
    """How hard its prose reads (a school grade in English); tables and fold marks left out."""
    text = re.sub(r"^\|.*$|<[^>]+>|^#+ .*$|[*_`>]", "", prose(path), flags=re.MULTILINE)
    return hardness(text, look.reading)


def items(path: Path) -> int:
    """How many questions, cards, prompts, clips and moments its activities ask."""
    return sum(_asked(name, item) for name, item in calls(path))


def _asked(name: str, item: str) -> int:
    if name == "play":
        return len(store.load(Case, "roleplays", item).beats)
    if name == "quiz":
        return len(store.load(Quiz, "quizzes", item).questions)
    kind = next((kind for kind in SHELF if kind.name == name), None)
    if kind is None:
        return 0
    found = store.load(kind.model, kind.folder, item)
    for field in ("cards", "prompts", "clips", "phrases", "parts", "cues", "boxes"):
        if asked := getattr(found, field, None):
            return len(asked)
    return 1


# ---------------------------------------------------------------- what is wrong


def check() -> list[Problem]:
    """Problems of the lessons, where the course runs from its repository."""
    top = store.repository()
    if top is None or store.root() != top / "data":
        return []
    found: list[Problem] = []
    by_name = {lesson.notebook: lesson for lesson in course.lessons() if lesson.notebook}
    for path in sorted((top / "notebooks").glob("*.ipynb")):
        file = store.shown(path)
        lesson = by_name.get(path.stem)
        practised = list(dict.fromkeys(steps(path)))
        if lesson is None or list(lesson.steps) != practised:
            what = f"The course map does not count what {path.stem} practises."
            mend = f"In data/course.yaml write its steps: {', '.join(practised)}."
            found.append(Problem(file, 1, "E-SHAPE", path.stem, what, mend))
        for step in practised:
            if not kinds.exists(step):
                found.append(Problem(file, 1, "E-SHAPE", step, f"There is no {step}.", "Mend the cell's id."))
        found += _sources(path, file)
        hard = grade(path, words.of(language.SOURCE))
        if hard > GRADE:
            what = f"The prose reads at grade {hard:.1f}; {GRADE:g} is the limit."
            found.append(Problem(file, 1, "W-READING", "", what, "Shorten sentences and choose plainer words."))
    return found


def _sources(path: Path, file: str) -> Iterator[Problem]:
    for row in sources(path):
        named = works(row.source)
        if not named:
            what, mend = (
                "This is none of the works that may be cited.",
                "Name one of data/references.yaml, or take it out.",
            )
            yield Problem(file, 1, "E-STANDARD", row.source, what, mend)
        elif row.word not in (words_ := {evidence(work) for work in named}):
            what = f"Its claim is not {row.word!r}."
            yield Problem(file, 1, "E-STANDARD", row.source, what, f"Write {' or '.join(sorted(words_))}.")
