"""Flags beside marks, "returned once", and the list for reading a tenth of the written work twice. No names in it."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from ..activities.release import Source
from . import marking, rubric
from .journal import FOLDER, Journal
from .store import Row, Standing

SHARE = 0.1
APART = 2  # levels between two readers from which a third one reads


class Flagged(msgspec.Struct, frozen=True):
    """One flag: whose work, which cell, and what the flag says."""

    learner: str
    notebook: str
    cell: str
    words: str


class Seen(msgspec.Struct, frozen=True):
    """A flag's beginning: the answers it was set on."""

    learner: str
    answers: str


class Kept(msgspec.Struct):
    """What is remembered of one assignment between runs: the seed of the list, and flags with the answers they are on."""

    seed: str = ""
    seen: list[Seen] = []


def flagged(standing: Mapping[str, Standing]) -> list[Flagged]:
    """Every flag in the gradebook."""
    return [
        Flagged(learner, notebook, cell, words)
        for learner, found in sorted(standing.items())
        for (notebook, cell), row in sorted(found.rows.items())
        for words in rubric.flags(row.manual_comment)
    ]


def _path(course: Path, assignment: str) -> Path:
    return course / FOLDER / assignment / "flags.json"


def load(course: Path, assignment: str) -> Kept:
    """What is remembered of an assignment."""
    try:
        return msgspec.json.decode(_path(course, assignment).read_bytes(), type=Kept)
    except (OSError, msgspec.MsgspecError):
        return Kept()


def _save(course: Path, assignment: str, kept: Kept) -> None:
    path = _path(course, assignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(kept)))
    draft.replace(path)


def remember(course: Path, assignment: str, standing: Mapping[str, Standing]) -> None:
    """Remember on which answers each flag was set; called before new hand-ins are marked."""
    kept, journal = load(course, assignment), Journal(course, assignment)
    known = {seen.learner: seen for seen in kept.seen}
    now = {flag.learner for flag in flagged(standing)}
    seen = [
        known.get(name) or Seen(name, line.answers)
        for name in sorted(now)
        if (line := journal.last.get(name)) is not None
    ]
    if seen != kept.seen:
        _save(course, assignment, msgspec.structs.replace(kept, seen=seen))


def returned(course: Path, assignment: str, learner: str) -> str:
    """``returned``, or ``handed in again`` once there are other answers than those the flag was set on."""
    seen = next((seen for seen in load(course, assignment).seen if seen.learner == learner), None)
    if seen is None:
        return "returned"
    line = Journal(course, assignment).last.get(learner)
    return "returned" if line is None or line.answers == seen.answers else "handed in again"


class Second(msgspec.Struct):
    """One piece of written work for a second reader.

    Attributes
    ----------
    submission
        The part of formgrader's address that finds it; it tells no name.
    """

    submission: str
    why: str
    first: dict[str, float | None]
    second: dict[str, float | None] = {}


def second_readers(
    connection: sqlite3.Connection, course: Path, assignment: str, source: Source, seed: str = ""
) -> tuple[list[Second], str]:
    """Who is read twice: a tenth of the written work by a seed that is kept, and everything flagged.

    Parameters
    ----------
    seed
        Used and kept when given; else the one kept, else a new one.
    """
    from . import store

    kept = load(course, assignment)
    seed = seed or kept.seed or secrets.token_hex(8)
    if seed != kept.seed:
        _save(course, assignment, msgspec.structs.replace(kept, seed=seed))
    standing = store.standing(connection, assignment)
    written = {
        (learner, notebook): read
        for learner, found in standing.items()
        for notebook in found.penalties
        if (read := dict(_read_rows(found, notebook))) and any(_is_read(row) for row in read.values())
    }

    def drawn(place: tuple[str, str]) -> str:
        return hashlib.sha256("\x1f".join((seed, *place)).encode()).hexdigest()

    count = math.ceil(SHARE * len(written))
    chosen = dict.fromkeys(sorted(written, key=drawn)[:count], "by chance")
    chosen |= {
        (flag.learner, flag.notebook): "flag" for flag in flagged(standing) if (flag.learner, flag.notebook) in written
    }
    ids = dict(_addresses(connection, assignment))
    listed = [
        Second(ids[place], chosen[place], {name: _level(source, name, row) for name, row in written[place].items()})
        for place in sorted(chosen, key=drawn)
    ]
    return listed, seed


def _read_rows(found: Standing, notebook: str) -> Iterator[tuple[str, Row]]:
    for (book, name), row in sorted(found.rows.items()):
        if book == notebook and name.startswith("written-"):
            yield name, row


def _is_read(row: Row) -> bool:
    """Whether something was written: unanswered rows have the automatic 0."""
    return row.automatic is None or row.manual is not None


def _level(source: Source, name: str, row: Row) -> float | None:
    _, item, part = marking.parts(name)
    given = row.automatic if row.manual is None else row.manual
    return None if given is None else given / marking.row(source.written[item], part).weight


def _addresses(connection: sqlite3.Connection, assignment: str) -> Iterator[tuple[tuple[str, str], str]]:
    query = (
        "SELECT s.student_id, b.name, n.id FROM submitted_notebook n JOIN notebook b ON b.id = n.notebook_id "
        "JOIN submitted_assignment s ON s.id = n.assignment_id JOIN assignment a ON a.id = s.assignment_id WHERE a.name = ?"
    )
    for learner, notebook, row in connection.execute(query, [assignment]):
        yield (learner, notebook), row


def table(found: list[Second], seed: str) -> str:
    """The list as CSV: a line for each hand-in, with room for the second reader's levels (0 to 4)."""
    names = list(dict.fromkeys(name for one in found for name in one.first))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["submission", "why", *(f"{name}: second reader" for name in names), "remark", "seed"])
    for one in found:
        levels = [_words(one.second.get(name)) for name in names]
        writer.writerow([f"formgrader/submissions/{one.submission}/", one.why, *levels, "", seed])
    return out.getvalue()


def _words(level: float | None) -> str:
    return "" if level is None else f"{level:g}"


def entered(words: str) -> dict[str, dict[str, float]]:
    """The second reader's levels from a list that was filled in, by submission and row."""
    found: dict[str, dict[str, float]] = {}
    for line in csv.DictReader(io.StringIO(words.removeprefix("\ufeff"))):
        address = (line.get("submission") or "").strip("/").rpartition("/")[2]
        levels = {}
        for head, cell in line.items():
            name, mark, _ = (head or "").partition(": second reader")
            try:
                if mark and isinstance(cell, str) and cell.strip():
                    levels[name] = float(cell.replace(",", "."))
            except ValueError:
                continue
        found[address] = levels
    return found


def apart(found: list[Second]) -> Iterator[str]:
    """Each row on which two readers are so far apart that a third one reads."""
    for one in found:
        for name, second in one.second.items():
            first = one.first.get(name)
            if first is not None and second is not None and abs(first - second) >= APART:
                yield f"formgrader/submissions/{one.submission}/, {name}: {first:g} and {second:g}. A third person reads it."
