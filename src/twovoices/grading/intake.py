"""Intake: from what learners sent to what nbgrader marks, by allow-list, with a manifest of what was written.

A learner's folder under ``submitted/`` holds three files, all written here: the *released* notebook, the learner's
events parsed, checked and serialised again, and a ``timestamp.txt``. Nothing else of a hand-in is ever kept there.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import stat
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from .. import answers
from ..activities.release import NAME as RELEASE
from ..activities.release import Assessment
from ..answers import Event
from ..roleplay.attempts import attempts, to_mark
from ..roleplay.play import ScriptPlay

MANIFESTS = ".intake"
SIZE_MAX = 8 * 2**20
EVENTS_MAX = 20_000
LINE_MAX = 64 * 2**10
DEPTH_MAX = 6
LEARNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
HAND_IN = "hand-in.json"
# What of each kind of event is taken over: the key and the type of its value.
TAKEN: dict[str, dict[str, type | tuple[type, ...]]] = {
    "begin": {"mode": str},
    "reply": {"scene": str, "option": str},
    "answer": {"question": str, "option": str},
    "save": {"part": str, "text": str},
}


class HandInNote(msgspec.Struct, frozen=True):
    """What a hand-in says of itself."""

    learner: str
    assignment: str
    at: str
    course: str


class Sent(msgspec.Struct, frozen=True):
    """One learner's hand-in as it arrived: raw logs by name, and what was left behind, each with the reason."""

    learner: str
    assignment: str
    origin: str
    logs: dict[str, bytes]
    at: datetime
    left: tuple[str, ...] = ()


class Manifest(msgspec.Struct, frozen=True):
    """What intake wrote for one learner: a hash of each file; the exporter marks nothing else."""

    learner: str
    assignment: str
    origin: str
    files: dict[str, str]
    left: tuple[str, ...]


class IntakeError(Exception):
    """A hand-in that cannot be taken in; the message says why and what to do."""


def read_zip(path: Path) -> Sent:
    """Read a hand-in zip: only answers logs and the hand-in note, size-capped, nothing extracted to disk."""
    logs: dict[str, bytes] = {}
    left: list[str] = []
    note = None
    times: list[datetime] = []
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                name = info.filename.replace("\\", "/").rsplit("/", 1)[-1]
                mode = info.external_attr >> 16
                if info.is_dir():
                    continue
                if stat.S_IFMT(mode) not in (0, stat.S_IFREG):  # many zip writers leave the type out
                    left.append(f"{info.filename!r}: not a regular file")
                elif info.file_size > SIZE_MAX:
                    left.append(f"{info.filename!r}: larger than {SIZE_MAX // 2**20} MB")
                elif name == HAND_IN:
                    note = _note(archive.open(info).read(LINE_MAX))
                elif _is_log(name):
                    with archive.open(info) as file:
                        logs[f"{len(logs)}-{name}"] = file.read(SIZE_MAX + 1)[:SIZE_MAX]
                    times.append(datetime(*info.date_time, tzinfo=UTC))
                else:
                    left.append(f"{info.filename!r}: not part of a hand-in")
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise IntakeError(
            f"{path.name} cannot be read as a zip ({error}). Ask the learner to hand in again."
        ) from error
    learner, assignment = (note.learner, note.assignment) if note else (path.stem, "")
    return Sent(learner, assignment, path.name, logs, _when(note, max(times, default=None), path), tuple(left))


def read_folder(path: Path) -> Sent:
    """Read a learner's folder: regular files only, no links followed."""
    logs: dict[str, bytes] = {}
    left: list[str] = []
    note = None
    for file in sorted(path.rglob("*")):
        state = file.lstat()
        inside = file.relative_to(path).as_posix()
        if stat.S_ISDIR(state.st_mode):
            continue
        if not stat.S_ISREG(state.st_mode):
            left.append(f"{inside!r}: not a regular file")
        elif any(stat.S_ISLNK(parent.lstat().st_mode) for parent in file.parents if parent.is_relative_to(path)):
            left.append(f"{inside!r}: reached by a link")
        elif state.st_size > SIZE_MAX:
            left.append(f"{inside!r}: larger than {SIZE_MAX // 2**20} MB")
        elif file.name == HAND_IN:
            note = _note(file.read_bytes()[:LINE_MAX])
        elif _is_log(file.name):
            logs[f"{len(logs)}-{file.name}"] = file.read_bytes()
        else:
            left.append(f"{inside!r}: not part of a hand-in")
    learner, assignment = (note.learner, note.assignment) if note else (path.name, _assignment(path))
    return Sent(learner, assignment, path.name, logs, _when(note, None, path), tuple(left))


def _assignment(path: Path) -> str:
    """The assignment of a folder without a note, as nbgrader lays it out: ``learner/assignment/...``."""
    return next((inside.name for inside in sorted(path.iterdir()) if inside.is_dir() and not inside.is_symlink()), "")


def _is_log(name: str) -> bool:
    return name.startswith(Path(answers.NAME).stem) and name.endswith(".jsonl")


def _note(raw: bytes) -> HandInNote | None:
    try:
        return msgspec.json.decode(raw, type=HandInNote)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _when(note: HandInNote | None, inside: datetime | None, path: Path) -> datetime:
    """When it was handed in: the note's time, else the newest time in the zip, else the file's own."""
    if note is not None:
        try:
            return datetime.fromisoformat(note.at).astimezone(UTC)
        except ValueError:
            pass
    return inside or datetime.fromtimestamp(path.lstat().st_mtime, UTC)


def clean(events: Iterable[Event], assessment: Assessment) -> tuple[list[Event], list[str]]:
    """Keep what belongs to this assignment, in the form the course itself writes; tell the rest."""
    activities = {f"roleplay:{name}" for name in assessment.roleplays}
    activities |= {f"quiz:{name}" for name in assessment.quizzes} | {f"written:{name}" for name in assessment.written}
    kept: list[Event] = []
    left: dict[str, int] = {}
    for event in events:
        wanted = TAKEN.get(event.kind)
        if event.activity not in activities or wanted is None:
            left["events of other activities or kinds"] = left.get("events of other activities or kinds", 0) + 1
            continue
        data = {key: value for key, value in event.data.items() if key in wanted and type(value) is wanted[key]}
        if data.keys() != wanted.keys() or len(kept) >= EVENTS_MAX:
            left["events without what they need"] = left.get("events without what they need", 0) + 1
            continue
        kept.append(msgspec.structs.replace(event, data=data))
    return kept, [f"{count} {what}" for what, count in left.items()]


def take_in(course: Path, sent: Sent, release: Path, submitted: Path) -> Manifest:
    """Write one learner's folder under ``submitted/`` and its manifest.

    Parameters
    ----------
    course
        The course's folder; manifests stand in its ``.intake``, where no hand-in can write.
    release
        The released assignment's folder.
    submitted
        The learner's folder to write, ``submitted/<learner>/<assignment>``.

    Raises
    ------
    IntakeError
        When the learner's id cannot be used, or the same learner is there already from another hand-in.
    """
    if not LEARNER.fullmatch(sent.learner) or sent.learner in (".", ".."):
        raise IntakeError(
            f"{sent.origin}: {sent.learner[:80]!r} cannot be a learner's id. Use letters, digits, dot, hyphen and underscore."
        )
    assessment = msgspec.json.decode((release / RELEASE).read_bytes(), type=Assessment)
    readings = [answers.parse(raw, name.split("-", 1)[1]) for name, raw in sent.logs.items()]
    events = answers.fold(event for reading in readings for event in reading.events)
    kept, left = clean(events, assessment)
    told = (*sent.left, *(line for reading in readings for line in reading.unread[:20]), *left)
    files = {path.name: path.read_bytes() for path in sorted(release.glob("*.ipynb"))}
    files[answers.NAME] = b"".join(msgspec.json.encode(event) + b"\n" for event in kept)
    files["timestamp.txt"] = f"{sent.at:%Y-%m-%d %H:%M:%S} UTC\n".encode()
    manifest = Manifest(sent.learner, assessment.assignment, sent.origin, {n: _hash(d) for n, d in files.items()}, told)
    kept_at = manifest_path(course, assessment.assignment, sent.learner)
    before = load_manifest(course, assessment.assignment, sent.learner)
    if before is not None and before.origin != sent.origin and submitted.exists():
        raise IntakeError(
            f"{sent.learner} handed in twice: {before.origin} is in already, {sent.origin} was left. Keep one of them in the inbox."
        )
    if submitted.is_symlink():
        submitted.unlink()
    draft = submitted.with_name(f".{submitted.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, data in files.items():
        (draft / name).write_bytes(data)
    shutil.rmtree(submitted, ignore_errors=True)
    draft.rename(submitted)
    kept_at.parent.mkdir(parents=True, exist_ok=True)
    kept_at.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


def manifest_path(course: Path, assignment: str, learner: str) -> Path:
    """Where a learner's manifest stands."""
    return course / MANIFESTS / assignment / f"{learner}.json"


def load_manifest(course: Path, assignment: str, learner: str) -> Manifest | None:
    """A learner's manifest, or ``None`` when intake wrote none."""
    try:
        return msgspec.json.decode(manifest_path(course, assignment, learner).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return None


def verified_events(course: Path, submitted: Path, assignment: str, learner: str) -> tuple[Event, ...]:
    """The learner's events, if the folder is exactly what intake wrote.

    Raises
    ------
    IntakeError
        When there is no manifest or a file is not as intake wrote it.
    """
    manifest = load_manifest(course, assignment, learner)
    if manifest is None:
        raise IntakeError(
            f"{learner}: this folder did not come through intake. Put the hand-in into inbox/ and run intake."
        )
    for name, wanted in manifest.files.items():
        path = submitted / name
        if path.is_symlink() or not path.is_file() or _hash(path.read_bytes()) != wanted:
            raise IntakeError(f"{learner}: {name} is not as intake wrote it. Run intake again.")
    return answers.parse((submitted / answers.NAME).read_bytes()).events


def arrivals(inbox: Path) -> Iterator[Path]:
    """What lies in an inbox: one zip or one folder for each learner, sorted by name."""
    yield from (
        path
        for path in sorted(inbox.iterdir())
        if not path.name.startswith(".") and (path.is_dir() or path.suffix == ".zip")
    )


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def pack(learner: str, assessment: Assessment, log: Iterable[Event], course: str) -> bytes:
    """Make a hand-in: a zip with the note and this assignment's events, the learner's first attempts only.

    What is private stays: which reply was closest to one's own words, comments read, other activities.
    """
    now = datetime.now(UTC)
    events, _ = clean(log, assessment)
    complete = _first_attempts(events, assessment)
    sent = [event for event in events if event.attempt in complete or not event.activity.startswith("roleplay:")]
    note = HandInNote(learner, assessment.assignment, now.isoformat(timespec="seconds"), course)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{assessment.assignment}/{HAND_IN}", msgspec.json.encode(note))
        archive.writestr(
            f"{assessment.assignment}/{answers.NAME}", b"".join(msgspec.json.encode(e) + b"\n" for e in sent)
        )
    return buffer.getvalue()


def _first_attempts(events: list[Event], assessment: Assessment) -> set[str]:
    found: set[str] = set()
    for name, script in assessment.roleplays.items():
        marked = to_mark(attempts(ScriptPlay(script), [e for e in events if e.activity == f"roleplay:{name}"], True))
        if marked is not None:
            found.add(marked.id)
    return found
