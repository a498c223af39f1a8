"""Intake: from what learners sent to what nbgrader marks, by allow-list, with a manifest of what was written.

A learner's folder under ``submitted/`` holds three files, all written here: the *released* notebook, the learner's
events parsed, checked and serialised again, and a ``timestamp.txt``. Nothing else of a hand-in is ever kept there.
"""

from __future__ import annotations

import codecs
import functools
import hashlib
import io
import os
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from .. import answers
from ..activities.release import NAME as RELEASE
from ..activities.release import Assessment
from ..activities.written import LIMIT
from ..answers import Event
from ..roleplay.attempts import attempts, to_mark
from ..roleplay.play import ScriptPlay
from .arrivals import HAND_IN, TOLD_MAX, HandInNote, IntakeError, Sent, moment, shown

MANIFESTS = ".intake"
TIMESTAMP = "timestamp.txt"
EVENTS_MAX = 20_000
LINES_MAX = 50_000
ATTEMPTS_KEPT = 50
SKEW = timedelta(minutes=10)
LEARNER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
# Names that Windows gives to devices, whatever stands behind a dot.
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
WORD = re.compile(r"[\w.:+-]{1,100}", re.ASCII)
# What of each kind of event is taken over; ``text`` alone holds more than one word.
TAKEN: dict[str, tuple[str, ...]] = {
    "begin": ("mode",),
    "reply": ("scene", "option"),
    "answer": ("question", "option"),
    "save": ("part", "text"),
}


class Cleaned(msgspec.Struct, frozen=True):
    """Events of one assignment in the form the course itself writes.

    ``left`` tells what was rightly left behind, ``look`` what a person must look at.
    """

    events: tuple[Event, ...]
    left: tuple[str, ...] = ()
    look: tuple[str, ...] = ()


class Manifest(msgspec.Struct, frozen=True):
    """What intake wrote for one learner; the exporter marks nothing else.

    Attributes
    ----------
    origin
        The zip or folder it came in.
    files
        A hash of each file.
    left
        What was left behind, for information.
    look
        What a person must look at.
    attempts
        Ids of the attempts, which no two learners can share unless one log was handed in twice.
    """

    learner: str
    assignment: str
    origin: str
    files: dict[str, str]
    left: tuple[str, ...] = ()
    look: tuple[str, ...] = ()
    attempts: tuple[str, ...] = ()


def fingerprints(assessment: Assessment) -> dict[str, str]:
    """The structure each released activity has, by its id in the log."""
    found = {f"roleplay:{name}": script.fingerprint for name, script in assessment.roleplays.items()}
    found |= {f"quiz:{name}": marked.fingerprint for name, marked in assessment.quizzes.items()}
    return found | {f"written:{name}": marked.fingerprint for name, marked in assessment.written.items()}


def clean(events: Iterable[Event], assessment: Assessment) -> Cleaned:
    """Keep what belongs to this assignment, in the form the course itself writes; tell the rest."""
    activities = fingerprints(assessment)
    kept: list[Event] = []
    left: Counter[str] = Counter()
    look: Counter[str] = Counter()
    for event in events:
        wanted = TAKEN.get(event.kind)
        if event.activity not in activities or wanted is None:
            left["private events or events of other activities"] += 1
        elif not _written_by_the_course(event, wanted):
            look["events that are not as the course writes them"] += 1
        elif len(kept) >= EVENTS_MAX:
            look[f"events beyond the first {EVENTS_MAX}"] += 1
        else:
            data = {key: event.data[key] for key in wanted}
            if len(data.get("text", "")) > LIMIT:
                look[f"saved texts cut to {LIMIT} characters"] += 1
                data["text"] = data["text"][:LIMIT]
            kept.append(msgspec.structs.replace(event, data=data))
    older = sum(event.fingerprint != activities[event.activity] for event in kept)
    if older:
        look["events that answer another version of the exercise, not marked"] = older
    # Folded again: what was left out may have told which attempt came first, and whoever marks has only what is kept.
    return Cleaned(
        answers.fold(kept), *(tuple(f"{count} {what}" for what, count in told.items()) for told in (left, look))
    )


def _written_by_the_course(event: Event, wanted: tuple[str, ...]) -> bool:
    """Whether an event has the form in which the course writes it; one edited by hand may not."""
    words = [event.id, event.attempt, event.course, event.fingerprint]
    words += [value for key in wanted if key != "text" and isinstance(value := event.data.get(key, None), str)]
    return (
        all(isinstance(event.data.get(key), str) for key in wanted)
        and all(map(WORD.fullmatch, words))
        and event.v >= 1
        and 0 <= event.n <= EVENTS_MAX
        and moment(event.at) is not None
    )


def take_in(course: Path, sent: Sent, release: Path, submitted: Path, now: datetime | None = None) -> Manifest:
    """Write one learner's folder under ``submitted/`` and its manifest.

    Parameters
    ----------
    course
        The course's folder; manifests stand in its ``.intake``, where no hand-in can write.
    release
        The released assignment's folder.
    submitted
        The learner's folder to write, ``submitted/<learner>/<assignment>``.
    now
        The time of receipt.

    Raises
    ------
    IntakeError
        When the learner's id cannot be used, the answers cannot be marked, or something is there already.
    """
    if not is_learner(sent.learner):
        raise IntakeError(
            f"{sent.origin}: {shown(sent.learner)!r} cannot be a learner's id. Use letters a-z, digits, dot, hyphen and "
            "underscore, at most 64, a letter or digit first, no dot last, and none of Windows' names for devices."
        )
    assessment = _released((release / RELEASE).read_bytes())
    cleaned = _events(sent, assessment)
    at, told = _received(sent, cleaned.events, now or datetime.now(UTC))
    files = {path.name: path.read_bytes() for path in sorted(release.glob("*.ipynb"))}
    files[answers.NAME] = b"".join(msgspec.json.encode(event) + b"\n" for event in cleaned.events)
    files[TIMESTAMP] = f"{at:%Y-%m-%d %H:%M:%S} UTC\n".encode()
    hashes = {name: _hash(data) for name, data in files.items()}
    before = _before(course, sent, assessment.assignment, submitted)
    look = (*sent.look, *cleaned.look, *told)
    if before is not None and before.files != hashes:
        look += ("it replaces what was taken in before: mark it again with `nbgrader autograde --force`",)
    manifest = Manifest(
        learner=sent.learner,
        assignment=assessment.assignment,
        origin=sent.origin,
        files=hashes,
        left=(*sent.left, *cleaned.left),
        look=look,
        attempts=tuple(dict.fromkeys(event.attempt for event in cleaned.events))[:ATTEMPTS_KEPT],
    )
    # The manifest first: a crash in between leaves a folder that the manifest does not fit, which is marked by nobody
    # and put right by the next run.
    _write(
        manifest_path(course, assessment.assignment, sent.learner), msgspec.json.format(msgspec.json.encode(manifest))
    )
    _put(submitted, files)
    return manifest


@functools.lru_cache(maxsize=2)
def _released(raw: bytes) -> Assessment:
    """What is released, read once for a whole inbox."""
    return msgspec.json.decode(raw, type=Assessment)


def is_learner(learner: str) -> bool:
    """Whether an id can be nothing but the plain name of a folder, here and on other systems."""
    return bool(LEARNER.fullmatch(learner)) and not DEVICES.fullmatch(learner)


def _events(sent: Sent, assessment: Assessment) -> Cleaned:
    """The events of a hand-in, if there is something in it that can be marked as it was meant."""
    readings: list[answers.Reading] = []
    unread: list[str] = []
    for name, raw in sent.logs:
        if raw.count(b"\n") > LINES_MAX:
            unread.append(f"{shown(name)}: more than {LINES_MAX} lines, left out whole")
            continue
        reading = answers.parse(raw.removeprefix(codecs.BOM_UTF8), shown(name))
        readings.append(reading)
        unread += reading.unread
    found = answers.fold(event for reading in readings for event in reading.events)
    if unread and not found:
        raise IntakeError(
            f"{sent.origin}: none of its answers can be read ({unread[0]}). Ask the learner to hand in again."
        )
    cleaned = clean(found, assessment)
    if found and not cleaned.events:
        raise IntakeError(
            f"{sent.origin}: none of its {len(found)} events is an answer to {assessment.assignment}. "
            "Ask the learner which exercise was meant."
        )
    _same_version(sent.origin, cleaned.events, assessment)
    look = (*_misfits(cleaned.events, assessment), *unread[:TOLD_MAX])
    if len(unread) > TOLD_MAX:
        look += (f"and {len(unread) - TOLD_MAX} more lines that cannot be read",)
    return msgspec.structs.replace(cleaned, look=(*cleaned.look, *look))


def _same_version(origin: str, events: Iterable[Event], assessment: Assessment) -> None:
    """Refuse a hand-in with a part answered in another version alone: it would be marked 0 without a word."""
    for activity, present in fingerprints(assessment).items():
        found = {event.fingerprint for event in events if event.activity == activity}
        if found and present not in found:
            raise IntakeError(
                f"{origin}: {activity} was answered in another version of the exercise than the one released here. "
                "Mark it with the version it was answered in, or ask the learner to answer that part again."
            )


def _misfits(events: Iterable[Event], assessment: Assessment) -> list[str]:
    """Replies that do not follow from the ones before them: left by copies edited side by side, or by hand."""
    told = []
    for name, script in assessment.roleplays.items():
        marked = to_mark(attempts(ScriptPlay(script), [e for e in events if e.activity == f"roleplay:{name}"], True))
        if marked is not None and marked.skipped:
            told.append(f"{marked.skipped} replies in {name} that do not follow from those before them, passed over")
    return told


def _received(sent: Sent, events: Iterable[Event], now: datetime) -> tuple[datetime, list[str]]:
    """When the hand-in was made, as late penalties read it, and what is odd about that.

    The hand-in's own time is the learner's word; it can be neither before its last answer nor after its receipt.
    """
    said = sent.at or now
    last = max((found for event in events if (found := moment(event.at))), default=said)
    at = min(max(said, last), now)
    if abs(at - said) <= SKEW:
        return at, []
    return at, [f"it says it was packed at {said:%Y-%m-%d %H:%M} UTC, which its answers or the clock here contradict"]


def _before(course: Path, sent: Sent, assignment: str, submitted: Path) -> Manifest | None:
    """What was taken in before from the same zip or folder; anything else that is there already is left alone."""
    folder = submitted.parent
    if folder.is_symlink() or submitted.is_symlink():
        raise IntakeError(f"{sent.origin}: {folder} or what is in it is a link. Remove the link and run intake again.")
    near = sent.learner.casefold()
    for other in _names(folder.parent):
        if other != sent.learner and other.casefold() == near:
            raise IntakeError(
                f"{sent.origin}: the id {sent.learner!r} differs from {other!r}, who is in already, by capitals alone; "
                "some systems take the two for one folder. Change one of them."
            )
    before = load_manifest(course, assignment, sent.learner)
    if before is None and submitted.exists():
        raise IntakeError(
            f"{sent.origin}: {submitted} is there already and did not come through intake. Move it away and run intake again."
        )
    if before is not None and before.origin != sent.origin and submitted.exists():
        raise IntakeError(
            f"{sent.origin}: {sent.learner} is in already, by {before.origin}; nothing was replaced. To take this one "
            f"instead, delete {submitted} and run intake with this one alone."
        )
    return before if submitted.exists() else None


def _names(folder: Path) -> list[str]:
    """Names in a folder, as text: this is looked through for every learner."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _put(submitted: Path, files: dict[str, bytes]) -> None:
    """Write a learner's folder whole: a crash leaves the old one or the new one."""
    draft = submitted.with_name(f".{submitted.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, data in files.items():
        (draft / name).write_bytes(data)
    shutil.rmtree(submitted, ignore_errors=True)
    draft.rename(submitted)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(data)
    draft.replace(path)


def manifest_path(course: Path, assignment: str, learner: str) -> Path:
    """Where a learner's manifest stands."""
    return course / MANIFESTS / assignment / f"{learner}.json"


def load_manifest(course: Path, assignment: str, learner: str) -> Manifest | None:
    """A learner's manifest, or ``None`` when intake wrote none."""
    try:
        return msgspec.json.decode(manifest_path(course, assignment, learner).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return None


def manifests(course: Path, assignment: str) -> list[Manifest]:
    """Every manifest of an assignment, by learner."""
    names = sorted(path.stem for path in (course / MANIFESTS / assignment).glob("[!.]*.json"))
    return [found for name in names if (found := load_manifest(course, assignment, name)) is not None]


def verified_events(course: Path, submitted: Path, assignment: str, learner: str) -> tuple[Event, ...]:
    """The learner's events, if the folder is exactly what intake wrote.

    Raises
    ------
    IntakeError
        When there is no manifest, a file is not as intake wrote it, or something was added.
    """
    manifest = load_manifest(course, assignment, learner)
    if manifest is None or (manifest.learner, manifest.assignment) != (learner, assignment):
        raise IntakeError(
            f"{learner}: this folder did not come through intake. Put the hand-in into inbox/ and run intake."
        )
    if submitted.is_symlink() or submitted.parent.is_symlink():
        raise IntakeError(f"{learner}: the folder is a link. Remove the link and run intake again.")
    # Names before files: nbgrader copies whatever lies here along to the feedback, links included.
    added = sorted({path.name for path in submitted.iterdir()} - manifest.files.keys() - {".ipynb_checkpoints"})
    if added:
        raise IntakeError(f"{learner}: {shown(added[0])} was not put here by intake. Delete it, or run intake again.")
    log = b""
    for name in (*manifest.files, answers.NAME):
        path = submitted / name
        data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        if _hash(data) != manifest.files.get(name):
            raise IntakeError(f"{learner}: {name} is not as intake wrote it. Run intake again.")
        log = data
    return answers.parse(log).events


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def pack(learner: str, assessment: Assessment, log: Iterable[Event], course: str) -> bytes:
    """Make a hand-in: a zip with the note and this assignment's events, the learner's first attempts only.

    What is private stays: which reply was closest to one's own words, comments read, other activities.
    """
    now = datetime.now(UTC)
    events = clean(log, assessment).events
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


def _first_attempts(events: Iterable[Event], assessment: Assessment) -> set[str]:
    found: set[str] = set()
    for name, script in assessment.roleplays.items():
        played = attempts(ScriptPlay(script), [e for e in events if e.activity == f"roleplay:{name}"], True)
        # One in an older version goes along where there is no other, so that intake can say so instead of marking 0.
        marked = to_mark(played) or next(iter(played), None)
        if marked is not None:
            found.add(marked.id)
    return found
