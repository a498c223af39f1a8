"""Doing the frozen faults to the real cases, and asking the checks."""

from __future__ import annotations

import copy
import functools
from pathlib import Path
from typing import Any

import msgspec
import yaml

from twovoices.check import fair, humane, kinds, overlays, playable, run, wellformed
from twovoices.check.report import Review
from twovoices.content import store
from twovoices.content.errors import ContentError, Problem
from twovoices.content.strict import Document, read, read_text
from twovoices.roleplay.model import Case

from .faults import FAULTS, Fault

HUMANE = {
    "E-STANDARD": humane.standard,
    "W-WORDS": humane.respect,
    "W-READING": humane.reading,
    "W-CLOSING": humane.closing,
}
FAIR = {
    "E-SHAPE": (fair.shape,),
    "E-CRITICAL": (fair.shape,),
    "E-GOOD": (fair.good,),
    "E-OUTLOOK": (fair.outlook, fair.pleasing),
    "E-ERROR": (fair.error,),
    "E-GUESS": (fair.guess,),
    "E-CHANCE": (fair.chance,),
    "W-ROADS": (fair.roads,),
}


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
    """What the checks say of a file's text, in their order; what cannot say ``code`` is left out for speed."""
    try:
        document = read_text(text, Case, store.shown(path))
    except ContentError as error:
        return error.problems, None
    review = Review(document)
    wellformed.check(review)
    run.file_name(review, path)
    if not any(problem.code in (code, "E-SHAPE") for problem in review.problems):
        if code in HUMANE:
            HUMANE[code](review)
        elif playable.check(review) and document.value.use in fair.SCORED:
            for step in FAIR.get(code, ()):
                step(review)
    return run.settled(review), document


def outcome(fault: Fault) -> tuple[list[Problem], str, Document[Any] | None, tuple[str | int, ...] | int]:
    """What the checks say of a fault; the file, read, and the place (or the line) that should be named."""
    path = files()[fault.case]
    if fault.kind == "text":
        text, line = fault.make(path.read_text("utf-8"))
        return problems(text, path, fault.code)[0], store.shown(path), None, line
    data = msgspec.json.decode(plain(fault.case))
    place = fault.make(data)
    found, document = problems(written(data), path, fault.code)
    return found, store.shown(path), document, place


def caught(fault: Fault) -> tuple[bool, list[Problem]]:
    """Whether the expected code is reported where it should be: at the line, or within the beat, reply or ending."""
    found, file, document, place = outcome(fault)
    if isinstance(place, int) or document is None:
        lines = {place}
    elif len(place) >= 2:
        lines = {line for path, line in document.lines.items() if path[: len(place)] == place}
    else:
        lines = {document.line(*place)}
    return any(p.code == fault.code and p.file == file and p.line in lines for p in found), found
