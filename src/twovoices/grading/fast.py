"""``grade(bundle, submission) -> result``: pure and picklable, so that any executor can spread it over any processes.

A bundle holds everything that is the same for all learners; a submission holds one learner's log and what the
gradebook knows of them; a result holds everything that is to be stored. Nothing is read or written here.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import json
import math
import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from json.encoder import encode_basestring
from typing import Any

import msgspec

from .. import __version__
from ..activities.release import Source
from ..events import Event
from . import feedback, filling, marking
from .feedback import Mark
from .marking import HandIn, Unmarked

# Part of every mark's key, with the course's version: raise it when, within a version, the same answers would come to
# other marks, notebooks or feedback.
SCORER = 1
AHEAD = 8  # jobs given out at once: enough for any processes to be busy, few enough to stay small


class Cell(msgspec.Struct, frozen=True):
    """A marked or commented cell as the gradebook knows it.

    Attributes
    ----------
    maximum
        Points; ``None`` for a cell that is only commented on.
    """

    notebook: str
    name: str
    maximum: float | None
    commented: bool


class Bundle(msgspec.Struct, frozen=True):
    """Everything that marking one assignment needs besides the learner.

    Attributes
    ----------
    source
        The exercise with its key.
    notebooks
        Bytes of each released notebook, by name.
    cells
        The gradebook's cells, learners left out.
    late, options
        Dotted name of the late submission plugin, and its configuration.
    key
        A hash of all the above and of the scorer's version.
    """

    assignment: str
    source: Source
    notebooks: dict[str, bytes]
    cells: tuple[Cell, ...]
    late: str
    options: dict[str, Any]
    key: str


class Entered(msgspec.Struct, frozen=True):
    """What a person has entered beside one cell."""

    manual: float | None = None
    extra: float | None = None
    comment: str | None = None


class Submission(msgspec.Struct, frozen=True):
    """One learner's work.

    Attributes
    ----------
    seconds_late
        After the learner's own due date.
    entered
        By notebook and cell.
    key
        A hash of the answers and the time.
    """

    learner: str
    events: tuple[Event, ...]
    seconds_late: float
    entered: dict[tuple[str, str], Entered]
    key: str


class Result(msgspec.Struct):
    """What marking one submission came to.

    Attributes
    ----------
    scores
        Automatic points by notebook and cell; ``None`` where a person marks.
    comments
        Automatic comments by notebook and cell.
    penalties
        Points off for lateness by notebook; ``None`` where none were considered.
    autograded, feedback
        Files by notebook.
    look
        What a person should look at.
    unmarked
        Why there is no mark; all else is empty then.
    """

    learner: str
    scores: dict[tuple[str, str], float | None] = {}
    comments: dict[tuple[str, str], str | None] = {}
    penalties: dict[str, float | None] = {}
    autograded: dict[str, bytes] = {}
    feedback: dict[str, bytes] = {}
    look: list[str] = []
    unmarked: str = ""


def key_of(source: Source, notebooks: dict[str, bytes], cells: Sequence[Cell], late: str, options: Any) -> str:
    """The key of a bundle: the same content gives the same key, on every computer."""
    digest = hashlib.sha256(
        f"{__version__}\x1f{SCORER}\x1f{late}\x1f{json.dumps(options, sort_keys=True, default=str)}".encode()
    )
    digest.update(msgspec.json.encode([source.cases, source.quizzes, source.written], order="deterministic"))
    for name, raw in sorted(notebooks.items()):
        digest.update(name.encode() + raw)
    digest.update(msgspec.json.encode(sorted(cells, key=lambda cell: (cell.notebook, cell.name))))
    return digest.hexdigest()


def grade(bundle: Bundle, submission: Submission) -> Result:
    """Mark one submission. Whatever goes wrong, the result says so; it never raises, and never guesses a mark."""
    try:
        return _grade(bundle, submission)
    except Unmarked as error:
        return Result(submission.learner, unmarked=str(error))
    except Exception as error:  # one odd hand-in never stops the rest
        return Result(submission.learner, unmarked=f"marking failed ({type(error).__name__}: {error}). Report this.")


def _grade(bundle: Bundle, submission: Submission) -> Result:
    hand_in = marking.read(bundle.source, submission.events)
    result = Result(submission.learner, {}, {}, {}, {}, {}, _odd(hand_in))
    for name, blank in _blanks(bundle).items():
        notebook = blank.copy()
        filling.fill(notebook, hand_in)
        wanted = {cell.name: cell for cell in bundle.cells if cell.notebook == name}
        for about, cell in _named(notebook):
            if about.get("grade"):
                result.scores[name, about["grade_id"]] = _score(cell, about)
            if about.get("solution"):
                untouched = filling.checksum(cell) == about.get("checksum")
                result.comments[name, about["grade_id"]] = "No response." if untouched else None
        _complete(result, name, wanted)
        marks = {
            cell: Mark(
                wanted[cell].maximum or 0.0,
                score,
                (found := submission.entered.get((name, cell), Entered())).manual,
                found.extra,
                result.comments.get((name, cell)) if found.comment is None else found.comment,
            )
            for (_, cell), score in ((key, score) for key, score in result.scores.items() if key[0] == name)
        }
        result.penalties[name] = _penalty(bundle, submission, math.fsum(mark.score for mark in marks.values()))
        result.autograded[name] = blank.encode(notebook)
        page = feedback.page(notebook, marks, result.penalties[name], bundle.source, submission.learner)
        result.feedback[name] = page.encode()
    return result


def _odd(hand_in: HandIn) -> list[str]:
    look = []
    for name, played in hand_in.talks.items():
        if played.skipped:
            look.append(f"{played.skipped} replies in {name} do not follow from those before them and were passed over")
        if played.older:
            look.append(f"{played.older} attempts at {name} answer another version of it and were not marked")
    return look


def _named(notebook: Any) -> Iterator[tuple[Any, Any]]:
    for cell in notebook["cells"]:
        about = cell["metadata"].get("nbgrader")
        if about:
            yield about, cell


def _score(cell: Any, about: Any) -> float | None:
    """The automatic score as nbgrader would take it from the autograded cell; exactly one number within bounds."""
    if about.get("solution"):
        return 0.0 if filling.checksum(cell) == about.get("checksum") else None
    numbers = [output["data"]["text/plain"] for output in cell["outputs"] if output["output_type"] == "execute_result"]
    value = float(numbers[0]) if len(numbers) == 1 else math.nan
    if not 0 <= value <= float(about["points"]):
        raise Unmarked(f"The cell {about['grade_id']} has no single mark within 0 and {about['points']}.")
    return value


def _complete(result: Result, notebook: str, wanted: dict[str, Cell]) -> None:
    """Every cell that the gradebook expects has come to its mark or comment, and no other has."""
    found = {name for book, name in result.scores if book == notebook}
    said = {name for book, name in result.comments if book == notebook}
    if found != {name for name, cell in wanted.items() if cell.maximum is not None} or said != {
        name for name, cell in wanted.items() if cell.commented
    }:
        raise Unmarked(
            f"The marked cells of {notebook} and those in the gradebook differ. Generate the assignment again."
        )


def _penalty(bundle: Bundle, submission: Submission, score: float) -> float | None:
    """Points off for lateness, as ``AssignLatePenalties`` has them: within 0 and the score."""
    if submission.seconds_late <= 0:
        return None
    penalty = _plugin(bundle.late, json.dumps(bundle.options, default=str)).late_submission_penalty(
        submission.learner, score, submission.seconds_late
    )
    return None if penalty is None else 0.0 if penalty < 0 else score if penalty > score else penalty


@functools.lru_cache(maxsize=4)
def _plugin(name: str, options: str) -> Any:
    """The late submission plugin, loaded only when someone is late: it brings nbgrader with it."""
    from traitlets.config import Config

    module, _, plugin = name.rpartition(".")
    return getattr(import_module(module), plugin)(config=Config(json.loads(options)))


class _Blank:
    """A released notebook, read once: copies to fill, and its JSON in pieces, so that only filled cells are written anew."""

    def __init__(self, raw: bytes) -> None:
        self._notebook = filling.read(raw)
        self._before, _, self._after = f"{_dump({**self._notebook, 'cells': []}, 0)}\n".partition('"cells": []')
        # A cell that marking may fill: one with a mark, or code, which may show what it opens.
        self._filled = [
            cell["cell_type"] == "code" or bool(cell["metadata"].get("nbgrader", {}).get("grade"))
            for cell in self._notebook["cells"]
        ]
        self._values = [
            {name: _dump(_split(name, value), 3) for name, value in cell.items()} for cell in self._notebook["cells"]
        ]
        self._pieces = [_object(values, 2) for values in self._values]

    def copy(self) -> Any:
        """A copy whose cells can be filled; what is never filled is shared."""
        cells = [
            copy.copy(cell) if filled else cell
            for cell, filled in zip(self._notebook["cells"], self._filled, strict=True)
        ]
        return {**self._notebook, "cells": cells}

    def encode(self, notebook: Any) -> bytes:
        """A filled copy in the bytes that nbformat would write."""
        pieces = []
        for number, (blank, cell) in enumerate(zip(self._notebook["cells"], notebook["cells"], strict=True)):
            changed = {name: value for name, value in cell.items() if value is not blank.get(name)}
            if not changed:
                pieces.append(self._pieces[number])
                continue
            values = {name: _dump(_split(name, value), 3) for name, value in changed.items()}
            pieces.append(_object(self._values[number] | values, 2))
        inside = ",\n  ".join(pieces)
        return f'{self._before}"cells": [\n  {inside}\n ]{self._after}'.encode()


def _split(name: str, value: Any) -> Any:
    """A part of a cell with its long texts as lists of lines, as notebooks are stored."""
    if name == "source":
        return value.splitlines(True)
    if name == "outputs":
        return [
            {**output, "data": {mime: words.splitlines(True) for mime, words in output["data"].items()}}
            for output in value
        ]
    return value


def _dump(value: Any, depth: int) -> str:
    """JSON as nbformat has it: keys sorted, one blank to a level. Python's own writer is slow once it indents."""
    if isinstance(value, dict):
        return _object({name: _dump(inner, depth + 1) for name, inner in value.items()}, depth)
    if isinstance(value, list) and value:
        space = "\n" + " " * (depth + 1)
        inside = f",{space}".join([_dump(inner, depth + 1) for inner in value])
        return f"[{space}{inside}{space[:-1]}]"
    if isinstance(value, str):
        return encode_basestring(value)
    return json.dumps(value)


def _object(values: dict[str, str], depth: int) -> str:
    if not values:
        return "{}"
    space = "\n" + " " * (depth + 1)
    inside = f",{space}".join([f"{encode_basestring(name)}: {values[name]}" for name in sorted(values)])
    return f"{{{space}{inside}{space[:-1]}}}"


@functools.lru_cache(maxsize=4)
def _blanks_of(key: str, raw: tuple[tuple[str, bytes], ...]) -> dict[str, _Blank]:
    return {name: _Blank(data) for name, data in raw}


def _blanks(bundle: Bundle) -> dict[str, _Blank]:
    return _blanks_of(bundle.key, tuple(sorted(bundle.notebooks.items())))


# ---------------------------------------------------------------- over many


@functools.lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Bundle:
    found: Bundle = pickle.loads(packed)
    return found


def grade_some(packed: bytes, submissions: Sequence[Submission]) -> list[Result]:
    """Grade a few with a pickled bundle, which a process unpickles once."""
    bundle = _unpacked(packed)
    return [grade(bundle, submission) for submission in submissions]


def grade_all(
    bundle: Bundle, submissions: Iterable[Submission], executor: Executor | None = None, size: int = 16
) -> Iterator[list[Result]]:
    """Grade many, a few at a time, in their order.

    Parameters
    ----------
    executor
        Any executor; ``None`` works here, in this process. No more than a few hand-ins are in memory at once, however
        many there are.
    size
        Hand-ins at a time.
    """
    waiting = _chunks(submissions, size)
    if executor is None:
        for some in waiting:
            yield [grade(bundle, one) for one in some]
        return
    packed = pickle.dumps(bundle)
    running: deque[tuple[Future[list[Result]] | None, list[Submission]]] = deque()
    for some in waiting:
        running.append((_submit(executor, packed, some), some))
        if len(running) >= AHEAD:
            yield _done(*running.popleft(), bundle)
    while running:
        yield _done(*running.popleft(), bundle)


def _submit(executor: Executor, packed: bytes, some: list[Submission]) -> Future[list[Result]] | None:
    try:
        return executor.submit(grade_some, packed, some)
    except BrokenProcessPool:  # a process was killed, for example for want of memory
        return None


def _done(future: Future[list[Result]] | None, some: list[Submission], bundle: Bundle) -> list[Result]:
    """What a job came to; one whose process died is done again here."""
    if future is not None:
        try:
            return future.result()
        except BrokenProcessPool:
            pass
    return [grade(bundle, one) for one in some]


def _chunks(submissions: Iterable[Submission], size: int) -> Iterator[list[Submission]]:
    some: list[Submission] = []
    for submission in submissions:
        some.append(submission)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
