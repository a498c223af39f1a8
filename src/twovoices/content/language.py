"""Translation: an overlay replaces text and nothing else. Every text has a stable id, its path in the item.

``data/i18n/<lang>/<folder>/<id>.yaml`` maps text ids to texts; list entries are named by their ``id`` where they have
one and else counted from 0: ``beats.swan.options.and-a-swan.say``. Structure cannot be reached, so a translated case
keeps its fingerprint and a learner's log still fits.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from .errors import ContentError, Problem

T = TypeVar("T")
FOLDER = "i18n"
SOURCE = "en"
# Fields that hold text for people. Everything else is structure, and so is a field of one of these names whose type says
# so: fixed values (a gauge's `better`) or a name with a pattern (a line's `who`, which points at one of `people`).
TEXT = frozenset(
    "title content_note objective setting supervision people name heading presents case stem ask say seen line text note"
    " hint low_label high_label answer thanks critic kinder lands why better costs debrief criteria prompts items levels"
    " who believed jargon lead closed storage for_clinician term plain definition short anchors label flag formulation replies"
    " reason".split()
)


def current() -> str:
    """The language of this run: ``TWOVOICES_LANG``, else English."""
    return os.environ.get("TWOVOICES_LANG", SOURCE) or SOURCE


def texts(value: object) -> dict[str, str]:
    """Every text of an item by its id; one left empty is none."""
    found: dict[str, str] = {}
    _mapped(value, (), lambda name, text: found.setdefault(name, text))
    return found


def translate(value: T, overlay: dict[str, str], file: str) -> T:
    """The item with its texts replaced; one that the overlay leaves out, or leaves empty, stays as it is.

    Raises
    ------
    ContentError
        For every id of the overlay that names no text of the item.
    """
    known = texts(value)
    problems = [
        Problem(file, 0, "E-SHAPE", name, "There is no such text.", "Look at the id; only texts can be translated.")
        for name in overlay
        if name not in known
    ]
    if problems:
        raise ContentError(problems)

    def said(name: str, text: str) -> str:
        new = overlay.get(name, "")
        return new if new.strip() else text

    translated: T = _mapped(value, (), said)
    return translated


def path(root: Path, lang: str, folder: str, item: str) -> Path:
    """Where an item's overlay stands."""
    return root / FOLDER / lang / folder / f"{item}.yaml"


def _mapped(value: Any, at: tuple[str, ...], said: Callable[[str, str], str], is_text: bool = False) -> Any:
    """A value in which each text is what ``said(id, text)`` gives for it."""
    if isinstance(value, msgspec.Struct):
        new = {
            field: _mapped(getattr(value, field), (*at, key), said, text) for field, key, text in _fields(type(value))
        }
        return msgspec.structs.replace(value, **new)
    if isinstance(value, dict):
        return {key: _mapped(entry, (*at, str(key)), said, is_text) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_mapped(entry, (*at, _name(entry, n)), said, is_text) for n, entry in enumerate(value))
    return said(".".join(at), value) if is_text and isinstance(value, str) and value else value


def _name(entry: object, index: int) -> str:
    named = getattr(entry, "id", None) if isinstance(entry, msgspec.Struct) else None
    return str(index) if named is None else str(named)


@functools.cache
def _fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, str, bool], ...]:
    """Of each field: its name, its key in a file, and whether it holds text for people."""
    return tuple(
        (field.name, field.encode_name, field.name in TEXT and _free(field.type))
        for field in msgspec.structs.fields(kind)
    )


def _free(kind: Any) -> bool:
    """Whether a type holds strings that may say anything: neither fixed values nor a name with a pattern."""

    def free(info: inspect.Type) -> bool:
        match info:
            case inspect.StrType():
                return info.pattern is None
            case inspect.Metadata():
                return free(info.type)
            case inspect.UnionType():
                return any(map(free, info.types))
            case inspect.DictType():
                return free(info.value_type)
            case inspect.VarTupleType() | inspect.ListType():
                return free(info.item_type)
        return False

    return free(inspect.type_info(kind))
