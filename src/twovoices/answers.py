"""The answers log: one append-only file of events. A score is always recomputed from it; nothing stored is trusted.

The file is ``answers.jsonl``, one JSON object a line. Events fold by ``id``, so the union of synced or conflicted
copies (``answers*.jsonl`` in the same folder) loses nothing and counts nothing twice.
"""

from __future__ import annotations

import contextlib
import errno
import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock
import msgspec

from .content import store
from .events import NAME, VERSION, Event, Reading, Stale, fold, parse

__all__ = ["NAME", "Answers", "AnswersError", "Event", "Place", "Reading", "Stale", "fold", "locate", "parse"]

MARK = ".twovoices"
RELEASE = "assessment.json"
LOCK_SECONDS = 5.0


class AnswersError(Exception):
    """An answer could not be kept; the message is for the learner, and nothing before it is lost."""


class Answers:
    """One learner's log at one place.

    Parameters
    ----------
    path
        The file to append to; it and its folder are made when first needed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[tuple[str, int, int], ...] | None = None
        self._reading = Reading((), ())

    def read(self) -> Reading:
        """Everything in this folder's logs, folded; read again only when a file changed."""
        copies = sorted(self.path.parent.glob(f"{self.path.stem}*.jsonl")) if self.path.parent.is_dir() else []
        state = tuple((copy.name, (stat := copy.stat()).st_size, stat.st_mtime_ns) for copy in copies if copy.is_file())
        if state != self._seen:
            readings = [parse(copy.read_bytes(), copy.name) for copy in copies if copy.is_file()]
            events = fold(event for reading in readings for event in reading.events)
            self._reading = Reading(events, tuple(line for reading in readings for line in reading.unread))
            self._seen = state
        return self._reading

    def of(self, activity: str) -> tuple[Event, ...]:
        """Events of one activity."""
        return tuple(event for event in self.read().events if event.activity == activity)

    def append(
        self, activity: str, attempt: str, kind: str, data: dict[str, Any], fingerprint: str, n: int | None = None
    ) -> Event:
        """Write one event so that it survives a crash the moment this returns.

        Parameters
        ----------
        n
            Number the event must get in its attempt; when another window was quicker, nothing is written.

        Raises
        ------
        Stale
            When ``n`` is taken already.
        AnswersError
            When it cannot be written: folder not writable, disk full, file in use. Nothing before it is harmed.
        """
        from . import __version__

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock():
                before = self.of(activity)
                taken = sum(event.attempt == attempt for event in before)
                if n is not None and n != taken:
                    raise Stale
                now = datetime.now(UTC).isoformat(timespec="milliseconds")
                event = Event(
                    v=VERSION,
                    id=str(uuid.uuid4()),
                    # never before what stands: another computer's clock may be ahead, and attempts go by time
                    at=max(now, *(event.at for event in before)) if before else now,
                    activity=activity,
                    attempt=attempt,
                    n=taken,
                    kind=kind,
                    data=data,
                    course=__version__,
                    fingerprint=fingerprint,
                )
                self._write(msgspec.json.encode(event) + b"\n")
                return event
        except filelock.Timeout as error:
            raise AnswersError(
                f"The file {self.path} is in use by another program. Close it there and press again."
            ) from error
        except OSError as error:
            raise AnswersError(_reason(error, self.path)) from error

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        with filelock.FileLock(self.path.with_name(f".{self.path.name}.lock"), timeout=LOCK_SECONDS):
            yield

    def _write(self, line: bytes) -> None:
        with open(self.path, "ab", buffering=0) as file:  # what a buffer still holds, closing would write after all
            size = file.seek(0, os.SEEK_END)
            torn = size > 0 and _last_byte(self.path, size) != b"\n"  # a crash while writing: keep that line to itself
            try:
                rest = memoryview(b"\n" + line if torn else line)
                while rest:
                    rest = rest[file.write(rest) :]
                os.fsync(file.fileno())
            except OSError:
                with contextlib.suppress(OSError):
                    os.truncate(self.path, size)  # half a line would hide the next one
                raise


def _last_byte(path: Path, size: int) -> bytes:
    with open(path, "rb") as file:
        file.seek(size - 1)
        return file.read(1)


def _reason(error: OSError, path: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full, so this answer is not kept yet ({path}). Free some space and press again; nothing else is lost."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"The file {path} cannot be written, so this answer is not kept. Make its folder writable and press again."
        )
    return (
        f"This answer is not kept: {error.strerror or error} ({path}). Mend that and press again; nothing else is lost."
    )


class Place(msgspec.Struct, frozen=True):
    """Where answers go.

    Attributes
    ----------
    path
        The log.
    kind
        ``named``, ``exercise``, ``preview`` (an instructor's own clicks in a source folder), ``course`` or ``home``.
    """

    path: Path
    kind: str


def locate(folder: Path | None = None) -> Place:
    """Where answers given in ``folder`` (default: the current one) are kept.

    In this order: ``TWOVOICES_ANSWERS``; the exercise's own folder, so that they travel with the hand-in; for a
    source folder under ``solutions/`` a preview folder outside it, since a log left there would be released to
    learners; the nearest folder above with a ``.twovoices`` mark; else the home folder.
    """
    here = (folder or Path.cwd()).resolve()
    named = os.environ.get("TWOVOICES_ANSWERS")
    if named:
        path = Path(named).expanduser()
        return Place(path if path.suffix == ".jsonl" else path / NAME, "named")
    top = store.repository()
    for place in (here, *here.parents):
        if place.parent.name == "solutions" or any(place.glob("*.case.yaml")) or (place / "key.yaml").is_file():
            base = top if top and place.is_relative_to(top) else place.parent.parent
            return Place(base / ".preview" / place.name / NAME, "preview")
        if (place / RELEASE).is_file():
            return Place(place / NAME, "exercise")
        if (place / MARK).is_file():
            return Place(place / NAME, "course")
    return Place(Path.home() / "Two Voices" / NAME, "home")
