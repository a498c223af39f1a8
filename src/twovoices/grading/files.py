"""Autograded and feedback folders: the files plain nbgrader would leave, each folder put in place whole."""

from __future__ import annotations

import fnmatch
import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path


def alongside(folder: Path, ignore: tuple[str, ...]) -> dict[str, bytes]:
    """What nbgrader copies along from a folder: everything but notebooks and what the course ignores."""
    found: dict[str, bytes] = {}
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not ignored(name, ignore)]
        for name in names:
            if not ignored(name, (*ignore, "*.ipynb")):
                path = Path(where) / name
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def ignored(name: str, ignore: tuple[str, ...]) -> bool:
    """Whether a name matches one of some patterns as a shell would match it: ``*`` does not stand for a first dot."""
    return any(
        fnmatch.fnmatchcase(name, pattern) and (pattern.startswith(".") or not name.startswith("."))
        for pattern in ignore
    )


def put(folder: Path, files: Mapping[str, bytes], mode: int, shared: bool = False) -> None:
    """Write a folder whole: a crash leaves the old one, the new one or none."""
    draft = folder.with_name(f".{folder.name}.new")
    remove(draft)
    draft.mkdir(parents=True)
    for name, data in files.items():
        path = draft / name
        if "/" in name:
            path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
            if os.name == "posix":
                os.fchmod(file.fileno(), mode)
        if os.name != "posix":
            path.chmod(mode)
    if shared:
        for place in (draft, *(path for path in draft.rglob("*") if path.is_dir())):
            place.chmod(stat.S_IMODE(place.stat().st_mode) | 0o2770)
    remove(folder)
    draft.rename(folder)


def remove(folder: Path) -> None:
    """Remove a folder, if it is there, whose files may be read-only."""
    if not folder.exists():
        return
    if os.name != "posix":  # where a read-only file cannot be deleted
        for path in folder.rglob("*"):
            path.chmod(stat.S_IWRITE | stat.S_IREAD)
    shutil.rmtree(folder)
