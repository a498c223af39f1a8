"""Translation: an overlay replaces text and nothing else. Every text has a stable id, its path in the item.

``data/i18n/<lang>/<folder>/<id>.yaml`` maps text ids to texts; list entries are named by their ``id`` where they have
one and else counted from 0: ``beats.swan.options.and-a-swan.say``. Structure cannot be reached, so a translated case
keeps its fingerprint and a learner's log still fits.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from .errors import ContentError, Problem

T = TypeVar("T")
FOLDER = "i18n"
SOURCE = "en"
# Fields that hold text for people; everything else is structure. `text` is a quiz answer's, `line` a written task's.
TEXT = frozenset(
    "title content_note objective setting supervision say seen critic kinder why lands better costs debrief criteria "
    "people stem ask text note hint low_label high_label answer thanks case prompts line items levels who".split()
)


def current() -> str:
    """The language of this run: ``TWOVOICES_LANG``, else English."""
    return os.environ.get("TWOVOICES_LANG", SOURCE) or SOURCE


def texts(value: object) -> dict[str, str]:
    """Every text of an item by its id, in file order."""
    return dict(_walk(msgspec.to_builtins(value), (), False))


def translate(value: T, overlay: dict[str, str], file: str) -> T:
    """The item with its texts replaced.

    Raises
    ------
    ContentError
        For every id of the overlay that names no text of the item.
    """
    raw = msgspec.to_builtins(value)
    known = dict(_walk(raw, (), False))
    problems = [
        Problem(file, 0, "E-SHAPE", name, "There is no such text.", "Look at the id; only texts can be translated.")
        for name in overlay
        if name not in known
    ]
    if problems:
        raise ContentError(problems)
    return msgspec.convert(_replace(raw, (), False, overlay), type(value))


def path(root: Path, lang: str, folder: str, item: str) -> Path:
    """Where an item's overlay stands."""
    return root / FOLDER / lang / folder / f"{item}.yaml"


def _name(entry: Any, index: int) -> str:
    return str(entry["id"]) if isinstance(entry, dict) and "id" in entry else str(index)


def _walk(raw: Any, at: tuple[str, ...], inside: bool) -> Iterator[tuple[str, str]]:
    if isinstance(raw, dict):
        for key, entry in raw.items():
            yield from _walk(entry, (*at, key), inside or key in TEXT)
    elif isinstance(raw, list):
        for index, entry in enumerate(raw):
            yield from _walk(entry, (*at, _name(entry, index)), inside)
    elif isinstance(raw, str) and inside and _is_text(at):
        yield ".".join(at), raw


def _replace(raw: Any, at: tuple[str, ...], inside: bool, overlay: dict[str, str]) -> Any:
    if isinstance(raw, dict):
        return {key: _replace(entry, (*at, key), inside or key in TEXT, overlay) for key, entry in raw.items()}
    if isinstance(raw, list):
        return [_replace(entry, (*at, _name(entry, index)), inside, overlay) for index, entry in enumerate(raw)]
    return overlay.get(".".join(at), raw) if isinstance(raw, str) and inside and _is_text(at) else raw


def _is_text(at: tuple[str, ...]) -> bool:
    """Whether a path ends in a text field, in a list of texts, or in a name under ``people``."""
    last = next((step for step in reversed(at) if not step.isdigit()), "")
    return last in TEXT or (len(at) >= 2 and at[-2] == "people")
