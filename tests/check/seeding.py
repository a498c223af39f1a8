"""Doing the frozen faults to the real cases, and asking the checks."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from twovoices.check import fair, humane, kinds, overlays, playable, run, wellformed
from twovoices.check.report import Review
from twovoices.content import language, store
from twovoices.content.errors import ContentError, Problem
from twovoices.content.strict import Document, read, read_text
from twovoices.roleplay import explore
from twovoices.roleplay.model import Case

from .faults import INES, Fault

# What may say a code after the file is well formed. Nothing but a case that stands still keeps a later check from running.
STEPS: dict[str, tuple[Callable[[Review], object], ...]] = {
    "E-SHAPE": (fair.shape, playable.lengths),
    "E-WHY": (),
    "E-UNREACHED": (playable.check,),
    "E-STUCK": (playable.check,),
    "E-SIZE": (playable.check,),
    "W-ENDING": (playable.check,),
    "W-STATE": (playable.check,),
    "E-CHANCE": (playable.stuck, fair.chance),
    "E-GOOD": (playable.stuck, fair.good),
    "E-OUTLOOK": (playable.stuck, fair.outlook, fair.pleasing),
    "E-ERROR": (playable.stuck, fair.error),
    "E-CRITICAL": (fair.shape,),
    "E-GUESS": (playable.stuck, fair.guess),
    "W-ROADS": (playable.stuck, fair.roads),
    "E-STANDARD": (humane.standard,),
    "W-WORDS": (humane.respect,),
    "W-READING": (humane.reading,),
    "W-CLOSING": (humane.closing,),
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
        with pytest.MonkeyPatch.context() as patch:
            if code != "E-SIZE":  # what a fault adds to a large case must not hide it
                patch.setattr(explore, "SCENES_MAX", 5 * explore.SCENES_MAX)
            for step in STEPS[code]:
                if step.__module__ != fair.__name__ or review.case.use in fair.SCORED:
                    step(review)
    return run.settled(review), document


def course(fault: Fault) -> tuple[list[Problem], str, set[int]]:
    """What the checks say of all cases together, after a fault done to all of them."""
    data = {store.shown(path): msgspec.json.decode(plain(case)) for case, path in files().items()}
    file, place = fault.make(data)
    reviews = [Review(read_text(written(value), Case, name)) for name, value in data.items()]
    for review in reviews:
        run.file_name(review, (store.repository() or Path()) / review.document.file)
    found = [*run.doubled(reviews), *(problem for review in reviews for problem in review.problems)]
    if fault.code == "E-GUESS":
        found += run.across(reviews)
    lines = {review.document.line(*place) for review in reviews if review.document.file == file} or {0}
    return found, file, lines


def translation(fault: Fault, folder: Path) -> tuple[list[Problem], str, set[int]]:
    """What the checks say of a translation into Spanish (English in upside-down marks), in a course of its own."""
    data = folder / "data"
    data.mkdir()
    for path in store.root().iterdir():
        (data / path.name).symlink_to(path)
    screen = fault.case == "ui"
    source = "" if screen else INES if fault.case not in files() else fault.case
    case = read(files()[source], Case) if source else None
    if case is None:
        groups = read(store.source("", "ui"), dict[str, dict[str, str]]).value
        english = {f"{group}.{name}": text for group, named in groups.items() for name, text in named.items()}
        best: list[str] = []
    else:
        english = language.texts(case.value)
        best = [f"beats.{b.id}.options.{o.id}.say" for b in case.value.beats for o in b.options if o.level == 4]
    overlay = {name: f"¡{text}!" if text.strip() else text for name, text in english.items()}
    place = fault.make(overlay, english, best)
    file = data / language.FOLDER / "es" / ("" if screen else "roleplays") / f"{fault.case}.yaml"
    if (data / language.FOLDER).is_symlink():
        (data / language.FOLDER).unlink()
    file.parent.mkdir(parents=True)
    grouped: dict[str, dict[str, str]] = {}
    for name, text in overlay.items():
        grouped.setdefault(name.partition(".")[0], {})[name.partition(".")[2]] = text
    file.write_text(written(grouped if screen else overlay), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWOVOICES_DATA", str(data))
        found = overlays.problems(kinds.KINDS)
        if case is not None and fault.case in files():
            for review in overlays.reviews(Review(case), store.source("roleplays", fault.case)):
                found += review.problems
    rows = file.read_text("utf-8").splitlines()
    key = place.partition(".")[2] if screen else place
    lines = {number for number, row in enumerate(rows, 1) if row.strip().startswith(key)} if place else {1}
    return found, store.shown(file), lines


def outcome(fault: Fault, folder: Path) -> tuple[list[Problem], str, set[int]]:
    """What the checks say of a fault; the file and the lines, within the part at fault, that they may name."""
    if fault.kind == "overlay":
        return translation(fault, folder)
    if fault.kind == "course":
        return course(fault)
    path = files()[fault.case]
    if fault.kind == "text":
        text, line = fault.make(path.read_text("utf-8"))
        return problems(text, path, fault.code)[0], store.shown(path), {line}
    data = msgspec.json.decode(plain(fault.case))
    place = fault.make(data)
    found, document = problems(written(data), path, fault.code)
    if document is None:
        return found, store.shown(path), set()
    within = {line for at, line in document.lines.items() if at[: len(place)] == place}
    return found, store.shown(path), within if len(place) >= 2 else {document.line(*place)}


def caught(fault: Fault, folder: Path) -> tuple[bool, list[Problem]]:
    """Whether the expected code is reported where it should be."""
    found, file, lines = outcome(fault, folder)
    return any(p.code == fault.code and p.file == file and p.line in lines for p in found), found
