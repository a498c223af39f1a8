"""Where content is found and how it is loaded: compiled JSON for running, YAML read only when it changed."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from . import language
from .errors import NotFound

T = TypeVar("T")
PACKAGED = "course.json"
CACHE = ".compiled"
_here = Path(__file__).resolve()


@functools.cache
def repository() -> Path | None:
    """The course's repository when the package runs from one (an editable install), else ``None``."""
    top = _here.parents[3]
    return top if (top / "data").is_dir() and (top / "course.py").is_file() else None


def root() -> Path:
    """The folder of the course's content: the repository's ``data/``, or the package's own folder with compiled data.

    ``TWOVOICES_DATA`` names another folder (for authors with content of their own, and for tests).
    """
    named = os.environ.get("TWOVOICES_DATA")
    if named:
        return Path(named)
    top = repository()
    return top / "data" if top else _here.parents[1] / "_data"


def source(folder: str, item: str) -> Path:
    """The YAML file of one item, whether it exists or not."""
    return root() / folder / f"{item}.yaml"


def ids(folder: str) -> list[str]:
    """Ids of everything in a folder of the content, sorted."""
    packed = _packed(root())
    if packed is not None:
        return sorted(packed.get(folder, {}))
    return sorted(path.stem for path in (root() / folder).glob("*.yaml"))


def load(kind: type[T], folder: str, item: str) -> T:
    """Load one item of the content.

    Parameters
    ----------
    kind
        Its type.
    folder
        Folder of ``data/``; empty for a single file at its top.
    item
        Its id, which is its file name.

    Raises
    ------
    NotFound
        When there is none of that id; the message lists near ones.
    twovoices.content.errors.ContentError
        When its file does not have the shape of ``kind``.
    """
    found = _load(kind, folder, item)
    lang = language.current()
    overlay = {} if lang == language.SOURCE or not folder else _overlay(lang, folder, item)
    return language.translate(found, overlay, f"{language.FOLDER}/{lang}/{folder}/{item}.yaml") if overlay else found


def _load(kind: type[T], folder: str, item: str) -> T:
    packed = _packed(root())
    if packed is not None:
        if item not in packed.get(folder, {}):
            raise NotFound(_unknown(folder, item))
        return msgspec.convert(packed[folder][item], kind)
    path = source(folder, item)
    if not path.is_file():
        raise NotFound(_unknown(folder, item))
    return load_file(path, kind)


def _overlay(lang: str, folder: str, item: str) -> dict[str, str]:
    packed = _packed(root())
    if packed is not None:
        return msgspec.convert(
            packed.get(f"{language.FOLDER}/{lang}/{folder}".rstrip("/"), {}).get(item, {}), dict[str, str]
        )
    path = language.path(root(), lang, folder, item)
    return load_file(path, dict[str, str]) if path.is_file() else {}


def overlay_of_ui(lang: str) -> dict[str, dict[str, str]]:
    """The course's own words on screen in another language, as far as they are translated."""
    packed = _packed(root())
    if packed is not None:
        return msgspec.convert(packed.get(f"{language.FOLDER}/{lang}", {}).get("ui", {}), dict[str, dict[str, str]])
    path = language.path(root(), lang, "", "ui")
    return load_file(path, dict[str, dict[str, str]]) if path.is_file() else {}


_loaded: dict[tuple[Path, Any], tuple[bytes, Any]] = {}


def load_file(path: Path, kind: type[T]) -> T:
    """Load one YAML file: as it was loaded before while its bytes are the same, else by way of its compiled copy."""
    raw = path.read_bytes()
    before = _loaded.get((path, kind))
    if before is None or before[0] != raw:
        _loaded[path, kind] = before = (raw, _read_file(path, raw, kind))
    found: T = before[1]
    return found


def _read_file(path: Path, raw: bytes, kind: type[T]) -> T:
    shape: Any = kind
    digest = hashlib.sha256(raw + _shape(shape)).hexdigest()
    compiled = path.parent / CACHE / f"{path.stem}.json"
    try:
        kept = compiled.read_bytes()
        if kept[:64].decode() == digest:
            return msgspec.json.decode(kept[65:], type=kind)
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError):
        pass  # no copy, or one that cannot be used: it is made again below
    from .strict import read  # reading YAML is only paid for when a file changed

    value = read(path, kind, shown(path)).value
    try:
        compiled.parent.mkdir(exist_ok=True)
        draft = compiled.with_suffix(f".{os.getpid()}.tmp")
        draft.write_bytes(digest.encode() + b"\n" + msgspec.json.encode(value))
        draft.replace(compiled)
    except OSError:
        pass  # a read-only folder costs a little time at each start, nothing else
    return value


def shown(path: Path) -> str:
    """A path as messages show it: from the repository's top where it lies inside."""
    top = repository()
    try:
        return path.resolve().relative_to(top or Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def sources(pattern: str) -> Iterator[Path]:
    """Files under the content folder that match a glob pattern, sorted."""
    yield from sorted(root().glob(pattern))


@functools.cache
def _packed(base: Path) -> dict[str, Any] | None:
    path = base / PACKAGED
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Any]) if path.is_file() else None


@functools.cache
def _shape(kind: Any) -> bytes:
    return msgspec.json.encode(msgspec.json.schema(kind), order="sorted")


def _unknown(folder: str, item: str) -> str:
    import difflib

    known = ids(folder)
    near = difflib.get_close_matches(item, known, 3, 0.4)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known) or 'none yet'}."
    return f"There is no {folder.rstrip('s') or 'file'} called {item!r}. {hint}"
