"""The learner's own copy of the course, ``work/``: made, kept up to date, and brought over from an older download.

The learner never works inside files that an update replaces. What was copied is written down with its hash, so that a later
start can tell a page nobody touched (replaced) from one the learner changed (kept, the new one laid beside it).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..answers import MARK, NAME
from .pages import clear, fingerprint, shows_nothing, wording, write_whole
from .place import Problem

COPIED = ".copied.json"
FOLDERS = ("notebooks", "exercises")
NOT_FOR_LEARNERS = ("notebooks/workshop",)
MARKER_TEXT = (
    f"This folder holds the work of one person. The answers given in lessons are kept beside this file, in {NAME}.\n"
)


@dataclass
class Record:
    """What was last laid into the copy for one file: its bytes, its wording, and the newest one laid beside an edited file."""

    bytes: str
    wording: str
    beside: str = ""


@dataclass
class Changes:
    """What a renewal did, as paths within the copy."""

    new: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)
    brought: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """Return what a person should know, nothing if nothing happened."""
        told = []
        if self.brought:
            told.append(f"Brought over: {_some(self.brought)}.")
        if self.new:
            told.append(f"New in your copy: {_some(self.new)}.")
        if self.renewed:
            told.append(f"Renewed: {_some(self.renewed)}.")
        for path, laid in self.beside.items():
            told.append(f"You changed {path}, so yours is kept. The course's new one is beside it: {Path(laid).name}")
        return told


def _some(paths: list[str]) -> str:
    return f"{len(paths)} files" if len(paths) > 3 else ", ".join(paths)


def renew(course: Path, work: Path) -> Changes:
    """Make the learner's copy, or bring it up to date.

    Parameters
    ----------
    course
        The folder that holds ``notebooks/`` and ``exercises/``.
    work
        The learner's copy. Answers in it, files the learner added, and files the course no longer has are never touched.

    Returns
    -------
    Changes
        What was copied, replaced, or laid beside an edited file.
    """
    records, changes = read_records(work), Changes()
    work.mkdir(parents=True, exist_ok=True)
    if not (work / MARK).exists():
        write_whole(work / MARK, MARKER_TEXT.encode())
    before = dict(records)
    for path, source in _course_files(course):
        raw, target = source.read_bytes(), work / path
        new, known = Record(fingerprint(raw), wording(raw)), records.get(path)
        if not target.exists():
            write_whole(target, raw)
            changes.new.append(path)
        elif known and known.bytes == new.bytes:
            continue
        else:
            present = target.read_bytes()
            if fingerprint(present) != new.bytes:
                if known and wording(present) == known.wording:
                    write_whole(target, raw)
                    changes.renewed.append(path)
                elif wording(present) != new.wording:
                    if not known or known.beside != new.bytes:
                        laid = _beside(target, known)
                        write_whole(laid, raw)
                        changes.beside[path] = laid.relative_to(work).as_posix()
                    # The file stays an edit of what it was made from, so later starts keep it too.
                    records[path] = Record(
                        known.bytes if known else "", known.wording if known else "", beside=new.bytes
                    )
                    continue
        records[path] = new
    if records != before:
        _write_records(work, records)
    return changes


def bring_over(old: Path, course: Path, work: Path) -> Changes:
    """Bring the work of an older download into this one; the older one is only read.

    Answers are joined line by line (events carry their own id, so joining loses nothing and a second run adds nothing). Pages
    the learner changed come along and stay theirs. Where both copies were changed, the older one is laid beside.

    Parameters
    ----------
    old
        The older download's folder, or its ``work/``.
    course, work
        As for `renew`.

    Raises
    ------
    Problem
        If there is no learner's copy in `old`, or it is this very one.
    """
    source = old / "work" if (old / "work").is_dir() else old
    if not (source / MARK).exists():
        raise Problem(
            f"No copy of the course was found in {old}. Name the folder of the older download, the one that holds course.py."
        )
    if work.exists() and source.samefile(work):
        raise Problem(f"{old} is this very course. Name the folder of the older download.")
    renew(course, work)
    theirs, ours, brought = read_records(source), read_records(work), []
    for path, found in _files(source):
        raw, target = found.read_bytes(), work / path
        if found.name == NAME:
            if _join(target, raw):
                brought.append(path)
            continue
        known = theirs.get(path)
        if known and wording(raw) == known.wording:
            continue  # never touched: this course's own page is as good or newer
        if target.exists() and wording(target.read_bytes()) == wording(raw):
            continue
        here = ours.get(path)
        if target.exists() and not (here and wording(target.read_bytes()) == here.wording):
            target = _free_name(target, "from before")
            if _already_beside(target, raw):
                continue
        elif known or here:
            ours[path] = known or Record("", "")
        write_whole(target, raw)
        brought.append(target.relative_to(work).as_posix())
    _write_records(work, ours)
    changes = renew(course, work)
    changes.brought = brought
    return changes


def clear_outputs(work: Path) -> tuple[int, int]:
    """Remove everything that running the pages left in the copy, and look again whether it is gone.

    Returns
    -------
    tuple of int
        How many pages there are, and how many of them had something to remove.

    Raises
    ------
    Problem
        If a page could not be cleared; it is named, and the others are cleared all the same.
    """
    pages, cleared, failed = 0, 0, []
    for checkpoints in sorted(work.rglob(".ipynb_checkpoints")):
        # JupyterLab's own spare copies show what the pages showed.
        for spare in checkpoints.glob("*"):
            if spare.is_file():
                spare.unlink()
    for path, found in _files(work):
        if found.suffix != ".ipynb":
            continue
        pages += 1
        try:
            cleared += clear(found)
            if not shows_nothing(found.read_bytes()):
                failed.append(path)
        except (OSError, ValueError):
            failed.append(path)
    if failed:
        raise Problem(
            f"Not cleared: {', '.join(failed)}. Close the course, look whether the page opens, and try again."
        )
    return pages, cleared


def read_records(work: Path) -> dict[str, Record]:
    """Return what was laid into the copy; nothing if that was never written or cannot be read, so that every file counts as edited."""
    try:
        told = json.loads((work / COPIED).read_bytes())
        return {path: Record(**record) for path, record in told["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write_records(work: Path, records: dict[str, Record]) -> None:
    told = {"v": 1, "files": {path: vars(record) for path, record in sorted(records.items())}}
    write_whole(work / COPIED, json.dumps(told, indent=1).encode())


def _course_files(course: Path) -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for path, found in _files(course / folder):
            full = f"{folder}/{path}"
            if not found.match("answers*.jsonl") and not full.startswith(
                tuple(f"{name}/" for name in NOT_FOR_LEARNERS)
            ):
                yield full, found


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the regular files below a folder, without hidden ones, half-written ones and links."""
    for found in sorted(folder.rglob("*")) if folder.is_dir() else []:
        path = found.relative_to(folder)
        hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
        if not hidden and found.suffix != ".part" and found.is_file() and not found.is_symlink():
            yield path.as_posix(), found


def _beside(target: Path, known: Record | None) -> Path:
    """Return where to lay a new version: over the last one laid there if nobody touched that, else under a free name."""
    last = target.with_name(f"{target.stem} (new){target.suffix}")
    if known and known.beside and last.exists() and fingerprint(last.read_bytes()) == known.beside:
        return last
    return _free_name(target, "new")


def _free_name(target: Path, word: str) -> Path:
    names = (f"{target.stem} ({word}{f' {count}' if count > 1 else ''}){target.suffix}" for count in range(1, 1000))
    return next(path for path in map(target.with_name, names) if not path.exists())


def _already_beside(target: Path, raw: bytes) -> bool:
    stem = target.name.rsplit(" (from before", 1)[0]
    return any(
        wording(other.read_bytes()) == wording(raw)
        for other in target.parent.glob(f"{stem} (from before*{target.suffix}")
    )


def _join(target: Path, raw: bytes) -> bool:
    """Append the answers that are not there yet; return whether there were any."""
    present = target.read_bytes() if target.exists() else b""
    there = set(present.splitlines())
    missing = [line for line in raw.splitlines() if line.strip() and line not in there]
    if missing:
        head = present + b"\n" if present and not present.endswith(b"\n") else present
        write_whole(target, head + b"\n".join(missing) + b"\n")
    return bool(missing)
