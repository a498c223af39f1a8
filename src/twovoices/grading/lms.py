"""What an LMS gives: one zip of all hand-ins, or what it unpacks to, with each learner's account in a name.

Moodle names a folder ``Name_12345_assignsubmission_file_``, Canvas a file ``lastfirst_12345_67890_name.zip``. Inner
zips are put one by one into a scratch folder, named anew, and read by the same allow-list as any other hand-in.
"""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from .. import answers
from . import arrivals
from .arrivals import DAMAGED, HAND_IN, ZIP_MAX, IntakeError, Sent, shown
from .roster import Person, Roster

UNPACKED = "unpacked"
INNER_MAX = 10_000
TOTAL_MAX = 2 * 2**30
# The account's name and number, and the file's own name.
MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)", re.DOTALL)
CANVAS = re.compile(r"(?P<name>[^_]+)(?:_LATE)?_(?P<number>\d+)_\d+_(?P<file>.+)", re.DOTALL)


class Account(msgspec.Struct, frozen=True):
    """Who handed something in, by the LMS: a name and a number."""

    name: str
    number: str


def account(name: str) -> Account | None:
    """The account in the name of a file or folder, if an LMS named it."""
    match = MOODLE.fullmatch(name) or CANVAS.fullmatch(name)
    return Account(match["name"], match["number"]) if match else None


class Sources:
    """Where hand-ins come from: folders and zips, those of LMSs taken apart.

    Parameters
    ----------
    scratch
        An own folder for what is unpacked; emptied first.
    roster
        Who is who; without one a hand-in is whose it says it is.
    assignment
        What hand-ins are taken for that do not say it.

    Attributes
    ----------
    paths
        What is to be read, each by :meth:`read`.
    refused
        A sentence for each thing that could not be taken apart.
    look
        A sentence for each thing a person should look at, by what was read.
    """

    def __init__(self, scratch: Path, roster: Roster | None = None, assignment: str = "") -> None:
        self.paths: list[Path] = []
        self.refused: list[str] = []
        self.look: dict[str, str] = {}
        self._scratch, self._roster, self._assignment = scratch, roster, assignment
        self._accounts: dict[Path, Account] = {}
        self._number = 0
        shutil.rmtree(scratch, ignore_errors=True)

    def add(self, places: Iterable[Path]) -> None:
        """Add folders of hand-ins, zips of all, or single hand-ins."""
        for place in places:
            named = account(place.name) is not None
            for path in arrivals.arrivals(place) if place.is_dir() and not named else [place]:
                try:
                    self._take(path)
                except IntakeError as error:
                    self.refused.append(str(error))
                except DAMAGED as error:
                    self.refused.append(f"{shown(path.name)}: it cannot be read ({shown(str(error))}).")

    def _take(self, path: Path) -> None:
        mode = path.lstat().st_mode
        found = account(path.name)
        if stat.S_ISREG(mode) and path.suffix.lower() == ".zip" and _is_of_all(path):
            self._take_apart(path)
        elif stat.S_ISDIR(mode) and found and any(_zips_in(path)):
            for inner in _zips_in(path):
                self._add(inner, found)
        elif stat.S_ISDIR(mode) and not found and (accounts := [p for p in path.iterdir() if account(p.name)]):
            for inner in sorted(accounts):  # a zip of all that somebody unpacked into a folder of its own
                self._take(inner)
        else:
            self._add(path, found)

    def _add(self, path: Path, found: Account | None) -> None:
        self.paths.append(path)
        if found:
            self._accounts[path] = found

    def _take_apart(self, path: Path) -> None:
        total = 0
        with zipfile.ZipFile(path) as archive:
            entries = [info for info in archive.infolist() if not info.is_dir()]
            if len(entries) > INNER_MAX:
                raise IntakeError(f"{shown(path.name)}: it holds more than {INNER_MAX} files. Give it in parts.")
            folders: dict[str, Path] = {}
            for info in entries:
                *above, name = info.filename.replace("\\", "/").split("/")
                found = next((a for part in (*reversed(above), name) if (a := account(part))), None)
                match = MOODLE.fullmatch(name) or CANVAS.fullmatch(name)
                own = match["file"] if match else name
                log = own == HAND_IN or (own.startswith(Path(answers.NAME).stem) and own.endswith(".jsonl"))
                if "__MACOSX" in above or not (own.lower().endswith(".zip") or log):
                    continue
                total += info.file_size
                if info.file_size > ZIP_MAX or total > TOTAL_MAX or info.flag_bits & 0x1:
                    self.refused.append(
                        f"{shown(path.name)}: {shown(info.filename)} is too large or locked with a password. "
                        "Ask the learner to hand in again."
                    )
                    continue
                with archive.open(info) as file:
                    data = file.read(ZIP_MAX)
                if log:
                    where = "/".join(above) or (found.name if found else "")
                    if where not in folders:
                        folders[where] = self._new(above[-1] if above else where)
                        self._add(folders[where], found)
                    folders[where].mkdir(parents=True, exist_ok=True)
                    (folders[where] / own).write_bytes(data)
                else:
                    whose = f"{found.name}_{found.number}-" if found else ""
                    place = self._new(f"{whose}{own}")
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(data)
                    self._add(place, found)

    def clear(self) -> None:
        """Remove what was unpacked."""
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _new(self, name: str) -> Path:
        """A place for what is unpacked; its name stays the same from one download to the next."""
        self._number += 1
        return self._scratch / f"{self._number:05d}" / (re.sub(r"[^\w. @-]+", "_", name)[:120] or "unnamed")

    def read(self, path: Path) -> Sent:
        """Read one hand-in, and settle whose it is.

        Raises
        ------
        twovoices.grading.arrivals.IntakeError
            When it is no hand-in, or it is not clear whose.
        """
        sent = arrivals.read(path)
        found = self._accounts.get(path)
        if not sent.assignment and self._assignment:
            sent = msgspec.structs.replace(sent, assignment=self._assignment)
        if self._roster is None:
            return sent
        person = self._person(sent, found)
        if person is None:
            self.look[sent.origin] = f"{sent.origin}: {shown(sent.learner)!r} is in no row of the roster."
            return sent
        # One name for a learner's hand-in from any download: a later one takes the place of an earlier one.
        origin = f"{person.learner}-{sent.assignment}" if found else sent.origin
        if sent.learner not in (person.learner, path.name):
            self.look[origin] = f"{person.learner}: it says it is {shown(sent.learner)!r}; taken in by the roster."
        return msgspec.structs.replace(sent, learner=person.learner, origin=origin)

    def _person(self, sent: Sent, found: Account | None) -> Person | None:
        assert self._roster is not None
        said = self._roster.find(sent.learner)
        if found is None:
            return said
        person = self._roster.find(found.name, found.number)
        if person is None:
            raise IntakeError(
                f"{sent.origin}: the account {shown(found.name)!r} ({found.number}) is in no one row of the roster. Add "
                "its name as lms_name or its number as lms_id, then grade again."
            )
        if said is not None and said.learner != person.learner:
            raise IntakeError(
                f"{sent.origin}: {person.learner}'s account handed in what says it is {said.learner}'s. Ask both."
            )
        return person


def _is_of_all(path: Path) -> bool:
    """Whether a zip holds hand-ins rather than being one."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:INNER_MAX]
    except DAMAGED:
        return False  # whoever reads it as a hand-in says what is wrong
    if any(name.rsplit("/", 1)[-1] == HAND_IN and not _in_account(name) for name in names):
        return False
    return any(name.lower().endswith(".zip") or _in_account(name) for name in names)


def _in_account(name: str) -> bool:
    return any(account(part) for part in name.split("/"))


def _zips_in(folder: Path) -> Iterator[Path]:
    for path in arrivals.arrivals(folder):
        if path.suffix.lower() == ".zip" and stat.S_ISREG(path.lstat().st_mode):
            yield path
