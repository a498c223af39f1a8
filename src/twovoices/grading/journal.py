"""What has been marked, by content: one line appended for each learner once files and rows are stored.

A run that is killed leaves learners without their line; the next run marks exactly these again, and marking again
changes nothing that was stored. What a run changed is told from here, so that a killed run's changes are told by the
next one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

FOLDER = ".grading"


class Change(msgspec.Struct, frozen=True):
    """An automatic score that is another than before; ``under`` is the manual score that hides it."""

    cell: str
    before: float | None
    after: float | None
    under: float | None = None


class Line(msgspec.Struct, frozen=True):
    """One learner marked, or a page told to the instructor.

    Attributes
    ----------
    learner
        Empty for a page that was told.
    marked
        Hash of answers, key, released notebook and scorer: the same hash, the same marks.
    answers
        Hash of the answers alone.
    shown
        Hash of all that the feedback shows besides.
    scores
        Automatic scores by ``notebook/cell``.
    unmarked
        Why there are none.
    """

    learner: str = ""
    marked: str = ""
    answers: str = ""
    shown: str = ""
    scores: dict[str, float | None] = {}
    look: list[str] = []
    changes: list[Change] = []
    unmarked: str = ""


class Journal:
    """The journal of one assignment."""

    def __init__(self, course: Path, assignment: str) -> None:
        self.path = course / FOLDER / assignment / "marked.jsonl"
        self.last: dict[str, Line] = {}
        self.untold: dict[str, list[Change]] = {}
        raw = self.path.read_bytes() if self.path.is_file() else b""
        for line in raw.split(b"\n"):
            try:
                self._take(msgspec.json.decode(line, type=Line))
            except msgspec.MsgspecError:
                continue  # torn by a crash: that learner is marked again
        self._torn = bool(raw) and not raw.endswith(b"\n")

    def _take(self, line: Line) -> None:
        if not line.learner:
            self.untold = {}
            return
        self.last[line.learner] = line
        for change in line.changes:
            self._add(line.learner, change)

    def _add(self, learner: str, change: Change) -> None:
        changes = self.untold.setdefault(learner, [])
        earlier = next((one for one in changes if one.cell == change.cell), None)
        if earlier is not None:  # changed twice since it was told: from the first to the last
            changes.remove(earlier)
            change = msgspec.structs.replace(change, before=earlier.before)
        if change.before != change.after:
            changes.append(change)

    def write(self, lines: Iterable[Line]) -> None:
        """Append lines so that they survive a crash once this returns."""
        lines = list(lines)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "ab") as file:
            if self._torn:
                file.write(b"\n")
                self._torn = False
            file.write(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        for line in lines:
            self._take(line)

    def told(self) -> None:
        """The instructor has been told of everything so far."""
        if any(self.untold.values()):
            self.write([Line()])
