"""Doing the frozen faults to the real cases, and asking the checks."""

from __future__ import annotations

import copy
import functools
from pathlib import Path
from typing import Any

import msgspec
import yaml

from twovoices.check import fair, humane, playable, run, wellformed
from twovoices.check.report import Review
from twovoices.content import store
from twovoices.content.errors import ContentError, Problem
from twovoices.content.strict import Document, read, read_text
from twovoices.roleplay.model import Case

from .faults import FAULTS, Fault

HUMANE = {"E-STANDARD", "W-WORDS", "W-READING", "W-CLOSING"}
PLAYABLE = {"E-UNREACHED", "E-STUCK", "E-SIZE", "W-ENDING", "W-STATE"}


@functools.cache
def files() -> dict[str, Path]:
    """The real cases by id."""
    return {run.case_id(path): path for path in run.case_files()}


@functools.cache
def plain(case: str) -> str:
    """A real case as plain data, kept as JSON so that every fault gets its own copy."""
    return msgspec.json.encode(read(files()[case], Case).value).decode()


def written(data: dict[str, Any]) -> str:
    """Plain data as an author's YAML."""
    return yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=110)


def problems(text: str, path: Path, code: str) -> tuple[list[Problem], Document[Case] | None]:
    """What the checks say of a file's text, in their order; groups that cannot say ``code`` are left out for speed."""
    try:
        document = read_text(text, Case, store.shown(path))
    except ContentError as error:
        return error.problems, None
    review = Review(document)
    wellformed.check(review)
    if not any(problem.code == "E-SHAPE" for problem in review.problems):
        if code in HUMANE:
            humane.check(review)
        elif playable.check(review) and code not in PLAYABLE:
            fair.check(review)
    run.file_name(review, path)
    return run.settled(review), document


def outcome(fault: Fault) -> tuple[list[Problem], str, int]:
    """What the checks say of a fault, and the file and line where they should say it (line 0: anywhere)."""
    if fault.kind == "text":
        path = files()[fault.case]
        text, line = fault.make(path.read_text("utf-8"))
        return problems(text, path, fault.code)[0], store.shown(path), line
    path = files()[fault.case]
    data = msgspec.json.decode(plain(fault.case))
    place = fault.make(data)
    text = written(data)
    found, document = problems(text, path, fault.code)
    line = document.line(*place) if document else 0
    return found, store.shown(path), line


def caught(fault: Fault) -> tuple[bool, list[Problem]]:
    """Whether the expected code is reported where it should be."""
    found, file, line = outcome(fault)
    hits = [p for p in found if p.code == fault.code and p.file == file and (not line or p.line == line)]
    return bool(hits), found
