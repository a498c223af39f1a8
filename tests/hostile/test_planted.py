"""Faults planted in the grading path, one at a time: each must turn a row of the kit red, or the kit proves nothing."""

from __future__ import annotations

import contextlib
import html
import logging
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from twovoices import answers
from twovoices.grading import arrivals, intake, pages, taking_in

from ..grading.scratch import ASSIGNMENT, Learner
from . import watch
from .conftest import meddle, prepare
from .kit import ROWS

pytestmark = pytest.mark.filterwarnings("ignore")
Plant = Callable[[pytest.MonkeyPatch], None]


def _follow_links(patch: pytest.MonkeyPatch) -> None:
    def walk(top: Path, found: Any) -> Iterator[Any]:
        for folder, _, files in os.walk(top, followlinks=True):
            for file in files:
                path = Path(folder, file)
                yield path, path.relative_to(top).as_posix(), path.stat()

    patch.setattr(arrivals, "_walk", walk)
    patch.setattr(arrivals, "_bytes", lambda path, most, cut=False: path.read_bytes())


def _keep_unknown_files(patch: pytest.MonkeyPatch) -> None:
    take_in = intake.take_in

    def kept(course: Path, sent: Any, release: Path, submitted: Path) -> Any:
        manifest = take_in(course, sent, release, submitted)
        if sent.origin.endswith(".zip"):
            with zipfile.ZipFile(course / "inbox" / sent.origin) as archive:
                archive.extractall(submitted.parent)
        return manifest

    patch.setattr(intake, "take_in", kept)


def _believe_every_folder(patch: pytest.MonkeyPatch) -> None:
    def events(course: Path, submitted: Path, assignment: str, learner: str) -> Any:
        return answers.parse((submitted / answers.NAME).read_bytes()).events

    patch.setattr(intake, "verified_events", events)


def _stop_at_the_first_bad_one(patch: pytest.MonkeyPatch) -> None:
    def stop(path: Path, error: Exception) -> str:
        raise error

    patch.setattr(taking_in, "_told", stop)


def _print_names_as_they_come(patch: pytest.MonkeyPatch) -> None:
    for module in (arrivals, intake, taking_in):
        patch.setattr(module, "shown", lambda name: name)


def _set(module: Any, name: str, value: Any) -> Plant:
    return lambda patch: patch.setattr(module, name, value)


def _no_size_cap(patch: pytest.MonkeyPatch) -> None:
    for name in ("LOG_MAX", "LOGS_MAX"):
        patch.setattr(arrivals, name, 2**40)


# What is planted; rows to grade, of which one must turn red; and what is seen of it.
FAULTS: dict[str, tuple[Plant, list[str], str]] = {
    "links are followed": (
        _follow_links,
        ["whole-folder", "link-to-another", "link-to-a-system-file"],
        "link-to-another: marked",
    ),
    "any learner's id will do": (
        _set(intake, "is_learner", lambda learner: True),
        ["learner-outside"],
        "learner-outside: written outside",
    ),
    "no cap on size": (_no_size_cap, ["thirty-megabytes"], "thirty-megabytes: marked"),
    "no cap on entries": (_set(arrivals, "ENTRIES_MAX", 10**9), ["zip-of-many-entries"], "nobody was told"),
    "unknown files are kept": (_keep_unknown_files, ["shadow-modules"], "shadow-modules: left in submitted"),
    "nothing is escaped": (_set(pages, "escape", lambda words: words), ["markup"], "markup: markup came through"),
    "formulas are not escaped": (_set(pages, "escape", html.escape), ["formulas"], "a formula came through"),
    "every folder is believed": (_believe_every_folder, ["no-manifest", "edited-log"], "no-manifest: marked"),
    "whoever comes first is taken": (
        _set(taking_in, "_chosen", lambda course, assignment, claimed, outcome: claimed[0][0]),
        ["aaa-impostor"],
        "honest-a, who is honest, has other answers",
    ),
    "what is there is replaced": (
        _set(intake, "_before", lambda *_: None),
        ["put-there-by-hand", "linked-place"],
        "put-there-by-hand: marked",
    ),
    "versions are not compared": (
        _set(intake, "_same_version", lambda *_: None),
        ["older-course"],
        "older-course: marked",
    ),
    "events are taken as they are": (
        _set(intake, "_written_by_the_course", lambda *_: True),
        ["negative-numbers"],
        "nobody was told",
    ),
    "misfits are not told": (
        _set(intake, "_misfits", lambda *_: []),
        ["reply-of-another-scene"],
        "nobody was told",
    ),
    "the packing time is believed": (
        _set(intake, "_received", lambda sent, *_: (sent.at, [])),
        ["packed-too-early"],
        "its time is 2001",
    ),
    "paths of entries are not looked at": (
        _set(arrivals, "_OUTSIDE", re.compile("(?!)")),
        ["absolute-path"],
        "absolute-path: marked",
    ),
    "one bad hand-in stops the rest": (_stop_at_the_first_bad_one, ["cut-off-zip"], "intake stopped"),
    "names are printed as they come": (
        _print_names_as_they_come,
        ["entry-names-that-disturb-a-screen"],
        "printed: ",
    ),
}


class _Kept(logging.Handler):
    """Keeps what nbgrader logs."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def grade_here(sandbox: Path, released: Path, honest: dict[str, Learner], names: list[str]) -> list[str]:
    """Some rows through intake and nbgrader in this process, so that a planted fault takes effect; and what is red."""
    from nbgrader.apps import AutogradeApp, GenerateFeedbackApp

    rows = [row for row in ROWS if row.name in names]
    batch = prepare(sandbox, released, {"honest-a": honest["honest-a"]}, rows)
    course = batch.kit.course
    try:
        batch.intake = "\n".join(taking_in.page(taking_in.everything(course, batch.kit.inbox)))
        meddle(batch, rows)
    except Exception as error:
        return [f"intake stopped: {error!r}"]
    kept = _Kept()
    with contextlib.chdir(course):
        for kind in (AutogradeApp, GenerateFeedbackApp):
            app = kind()
            app.initialize([ASSIGNMENT, "--Application.log_level=ERROR"])
            app.log.addHandler(kept)
            with contextlib.suppress(SystemExit):
                app.start()
            app.log.removeHandler(kept)
    batch.marking = "\n".join(kept.lines)
    batch.read_gradebook()
    return [f"{row.name}: {problem}" for row in rows for problem in watch.problems(batch, row)]


def test_without_a_fault_the_same_rows_are_green_here_too(
    tmp_path: Path, released: Path, honest: dict[str, Learner]
) -> None:
    names = sorted({name for _, rows, _ in FAULTS.values() for name in rows})
    assert grade_here(tmp_path, released, honest, names) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_turns_a_row_red(
    fault: str, tmp_path: Path, released: Path, honest: dict[str, Learner], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, names, seen = FAULTS[fault]
    assert set(names) <= {row.name for row in ROWS}
    plant(monkeypatch)
    red = grade_here(tmp_path, released, honest, names)
    assert any(seen in problem for problem in red), f"No row of {names} noticed that {fault}: {red}"
