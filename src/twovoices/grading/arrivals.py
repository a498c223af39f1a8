"""What arrives in an inbox, read without trusting it: nothing is unpacked to disk, no link is followed, all is capped.

A hand-in is a zip or a folder. Of either, only answers logs and the hand-in note are read; everything else is left
behind and named.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import lzma
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import NoReturn

import msgspec

from .. import answers

HAND_IN = "hand-in.json"
MB = 2**20
LOG_MAX = 8 * MB  # an honest log of a whole course stays under one
LOGS_MAX = 16 * MB  # all logs of one hand-in: copies that a sync left, each up to LOG_MAX
ZIP_MAX = 64 * MB
ENTRIES_MAX = 2_000
DEPTH_MAX = 8
NOTE_MAX = 64 * 2**10
TOLD_MAX = 20
# What the zip reader raises on damaged or unusual files.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
_CENTRAL_HEADER = b"PK\x01\x02"
_ENCRYPTED = 0x1
_OUTSIDE = re.compile(r"/|[A-Za-z]:|(.*/)?\.\.(/|$)")


class IntakeError(Exception):
    """A hand-in that cannot be taken in; the message says why and what to do."""


class HandInNote(msgspec.Struct, frozen=True):
    """What a hand-in says of itself."""

    learner: str
    assignment: str
    at: str
    course: str


class Sent(msgspec.Struct, frozen=True):
    """One learner's hand-in as it arrived.

    Attributes
    ----------
    learner, assignment
        Whose it says it is, and for which exercise; not to be trusted yet.
    origin
        Name of the zip or folder, safe to print.
    logs
        Name and bytes of each answers log.
    at
        When it was packed by its note, else when its files were last written; ``None`` when neither can be told.
    left
        What was left behind, each with the reason.
    look
        Answers logs among that: they may hold what the learner meant to hand in.
    """

    learner: str
    assignment: str
    origin: str
    logs: tuple[tuple[str, bytes], ...]
    at: datetime | None
    left: tuple[str, ...] = ()
    look: tuple[str, ...] = ()


def shown(name: str) -> str:
    """A name that came from outside, short and safe to print: controls, direction marks and stray bytes spelt out."""
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    return plain if len(plain) <= 100 else f"{plain[:97]}..."


def arrivals(inbox: Path) -> Iterator[Path]:
    """What lies in an inbox, sorted by name; hidden files and what operating systems strew about are passed over."""
    strewn = {"__MACOSX", "Thumbs.db", "desktop.ini"}
    yield from (path for path in sorted(inbox.iterdir()) if not path.name.startswith(".") and path.name not in strewn)


def read(path: Path) -> Sent:
    """Read one arrival.

    Raises
    ------
    IntakeError
        When it is no hand-in, cannot be read, or holds no answers log that can be used.
    """
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        raise IntakeError(f"{shown(path.name)}: it is a link, and links are not followed. Put the hand-in itself here.")
    if stat.S_ISDIR(mode):
        return _read_folder(path)
    if stat.S_ISREG(mode) and path.suffix.lower() == ".zip":
        return _read_zip(path)
    raise IntakeError(
        f"{shown(path.name)}: it is neither a zip nor a folder, so it was left. Ask for the zip that hand-in makes."
    )


class _Found:
    """What one arrival holds, by one allow-list for zips and folders."""

    def __init__(self, path: Path) -> None:
        self.origin = shown(path.name)
        self.logs: list[tuple[str, bytes]] = []
        self.notes: set[HandInNote] = set()
        self.times: list[datetime] = []
        self.left: list[str] = []
        self.look: list[str] = []
        self.more = 0
        self.size = 0

    def leave(self, name: str, reason: str) -> None:
        """Leave something behind; the first of them are named, the rest counted."""
        told = self.look if _is_log(name) else self.left
        if len(told) < TOLD_MAX:
            told.append(f"{shown(name)}: {reason}")
        else:
            self.more += 1

    def take(self, name: str, size: int, read: Callable[[int], bytes]) -> bool:
        """Take a regular file if it is part of a hand-in; ``read`` gives at most so many bytes of it."""
        base = PurePosixPath(name).name
        if base == HAND_IN:
            note = _note(read(NOTE_MAX))
            if note is None:
                self.leave(name, "cannot be read as a hand-in note")
            else:
                self.notes.add(note)
        elif not _is_log(name):
            self.leave(name, "not part of a hand-in")
        elif size > LOG_MAX:
            self.leave(name, f"larger than {LOG_MAX // MB} MB")
        elif self.size + size > LOGS_MAX:
            self.leave(name, f"with the logs before it, larger than {LOGS_MAX // MB} MB")
        else:
            raw = read(size)
            self.size += len(raw)
            self.logs.append((base, raw))
            return True
        return False

    def saw(self, state: os.stat_result) -> None:
        """Remember when a file was last written."""
        with contextlib.suppress(OSError, OverflowError, ValueError):  # a time beyond the calendar tells nothing
            self.times.append(datetime.fromtimestamp(state.st_mtime, UTC))

    def sent(self, learner: str, assignment: str) -> Sent:
        """The hand-in, if there is one to mark."""
        if self.more:
            self.left.append(f"and {self.more} more")
        if len(self.notes) > 1:
            raise IntakeError(
                f"{self.origin}: it holds several hand-ins that name different people, exercises or times. "
                "Unpack it and put each into the inbox as a zip or folder of its own."
            )
        if not self.logs:
            self._refuse()
        note = next(iter(self.notes), None)
        at = moment(note.at) if note else None
        if note:
            learner, assignment = note.learner, note.assignment
        elif not learner:
            raise IntakeError(
                f"{self.origin}: it does not say whose it is, since it has no {HAND_IN} that can be read. Ask the "
                "learner to hand in with `python course.py hand-in`, or put the answers into a folder LEARNER/EXERCISE."
            )
        return Sent(
            learner=learner,
            assignment=assignment,
            origin=self.origin,
            logs=tuple(self.logs),
            at=at or max(self.times, default=None),
            left=tuple(self.left),
            look=tuple(self.look),
        )

    def _refuse(self) -> NoReturn:
        """There are no answers: never marked as 0, since the learner may well have some."""
        found = [*self.look, *self.left]
        inside = f" It holds: {'; '.join(found[:3])}." if found else " It is empty."
        if any(".zip:" in line for line in found):
            inside += " Unpack the zips inside it and put each into the inbox."
        raise IntakeError(
            f"{self.origin}: no answers could be taken from it.{inside} Ask the learner to hand in again."
        )


def _read_zip(path: Path) -> Sent:
    """Read a zip in memory."""
    found = _Found(path)
    found.saw(path.lstat())
    raw = _bytes(path, ZIP_MAX)
    # Counted before the reader makes an object of each; the signature stands before every entry of the directory.
    if raw.count(_CENTRAL_HEADER) > ENTRIES_MAX:
        raise IntakeError(f"{found.origin}: it holds more than {ENTRIES_MAX} files. Ask the learner to hand in again.")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for info in archive.infolist():
                _take_entry(found, archive, info)
    except DAMAGED as error:
        raise IntakeError(
            f"{found.origin}: it cannot be read as a zip ({shown(str(error))}). Ask the learner to hand in again."
        ) from error
    return found.sent("", "")


def _take_entry(found: _Found, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    name = info.filename.replace("\\", "/")
    if info.is_dir():
        return
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):  # many zip writers leave the type out
        found.leave(name, "not a regular file")
    elif _OUTSIDE.match(name):
        found.leave(name, "its path leads outside the hand-in")
    elif info.flag_bits & _ENCRYPTED:
        found.leave(name, "locked with a password")
    elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        found.leave(name, "packed in a way that is not read here")
    else:

        def entry(most: int) -> bytes:
            with archive.open(info) as file:
                return file.read(most)

        found.take(name, info.file_size, entry)


def _read_folder(path: Path) -> Sent:
    """Read a learner's folder, laid out as hand-in packs it or as nbgrader does: ``learner/exercise/...``."""
    found = _Found(path)
    exercises: set[str] = set()
    for file, inside, state in _walk(path, found):

        def entry(most: int, file: Path = file) -> bytes:
            return _bytes(file, most, cut=True)

        if found.take(inside, state.st_size, entry):
            found.saw(state)
            exercises.update(inside.split("/", 1)[:-1])
    if not found.notes and len(exercises) > 1:
        raise IntakeError(
            f"{found.origin}: it holds answers to several exercises ({', '.join(map(shown, sorted(exercises)))}). "
            "Give each a folder of its own."
        )
    return found.sent(path.name, next(iter(exercises), ""))


def _walk(top: Path, found: _Found) -> Iterator[tuple[Path, str, os.stat_result]]:
    """Every regular file under a folder, by its own list of folders to visit: a deep tree cannot exhaust the stack."""
    waiting = [(top, "")]
    count = 0
    while waiting:
        folder, before = waiting.pop()
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
        for entry in listed:
            count += 1
            if count > ENTRIES_MAX:
                raise IntakeError(
                    f"{found.origin}: it holds more than {ENTRIES_MAX} files. Ask the learner to hand in again."
                )
            inside = f"{before}{entry.name}"
            state = entry.stat(follow_symlinks=False)
            link = getattr(state, "st_reparse_tag", 0)  # Windows: a junction looks like the folder it leads to
            if stat.S_ISDIR(state.st_mode) and not link:
                if inside.count("/") + 1 >= DEPTH_MAX:
                    found.leave(inside, "a folder too deep inside others")
                else:
                    waiting.append((Path(entry.path), f"{inside}/"))
            elif not stat.S_ISREG(state.st_mode):
                found.leave(inside, "not a regular file")
            else:
                yield Path(entry.path), inside, state


def _bytes(path: Path, most: int, cut: bool = False) -> bytes:
    """A regular file's bytes, opened without following a link and without waiting on a pipe."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise IntakeError(f"{shown(path.name)}: it is not a regular file. Ask the learner to hand in again.")
        if state.st_size > most and not cut:
            raise IntakeError(
                f"{shown(path.name)}: it is larger than {most // MB} MB. Ask for the zip that hand-in makes."
            )
        return file.read(most)


def _is_log(name: str) -> bool:
    base = PurePosixPath(name).name
    return base.startswith(PurePosixPath(answers.NAME).stem) and base.endswith(".jsonl")


def _note(raw: bytes) -> HandInNote | None:
    try:
        return msgspec.json.decode(raw.removeprefix(codecs.BOM_UTF8), type=HandInNote)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def moment(words: str) -> datetime | None:
    """A time written as ISO 8601, in UTC; ``None`` when it is none."""
    try:
        found = datetime.fromisoformat(words)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
