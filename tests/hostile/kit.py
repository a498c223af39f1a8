"""Hostile and odd hand-ins, each made by a few lines: what is odd, the mark it gets, what is said, what must not happen.

A row's name is the learner's id and, unless the row is about names, the name of what arrives in the inbox. ``mark`` is
the automatic points out of 50, or ``None`` where nobody may be marked until a person acts.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import os
import random
import shutil
import socket
import stat
import uuid
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from ..grading.scratch import ASSIGNMENT, CASE, QUIZ, WRITTEN

Event = dict[str, Any]
FULL = 50.0
SECRET = "Words that Honest-a wrote for her instructor alone."
MARKUP = (
    "<script>alert('tv')</script><iframe src='//evil.example'></iframe><img src=x onerror=alert('tv')>"
    "<a href='javascript:alert(1)'>press</a><style>body{display:none}</style>"
)


@dataclass(frozen=True)
class Row:
    """One hand-in of the kit.

    Attributes
    ----------
    name
        The learner's id.
    mechanism
        What is odd about it, in words; no two rows share one, and two at most vary one.
    make
        Puts it into the inbox; with ``meddle`` an honest one is put there instead, and changed after intake.
    mark
        Automatic points, or ``None`` where it is refused.
    message
        A part of the sentence that tells a person; empty where nothing needs telling.
    absent
        Names of the side effects to look for (see ``watch.py``), beside those looked for with every row.
    waits
        Whether written work waits for a person.
    learner
        The id it ends under, where that is not the row's name.
    """

    name: str
    mechanism: str
    make: Callable[[Kit, str], None]
    mark: float | None
    message: str
    absent: tuple[str, ...]
    meddle: bool = False
    waits: bool = False
    learner: str = ""

    @property
    def id(self) -> str:
        """The learner's id in the gradebook."""
        return self.learner or self.name


ROWS: list[Row] = []


def odd(mechanism: str, mark: float | None, message: str = "", *absent: str, **more: Any) -> Callable[[Any], Any]:
    """A row whose hand-in the function below makes; its name is the function's, with hyphens."""

    def register(make: Callable[[Kit, str], None]) -> Callable[[Kit, str], None]:
        name = make.__name__.strip("_").replace("_", "-")
        ROWS.append(Row(name, mechanism, make, mark, message, absent or ("extra files",), **more))
        return make

    return register


def meddled(mechanism: str, message: str, *absent: str) -> Callable[[Any], Any]:
    """A row whose folder under ``submitted/`` is changed after intake; nobody may be marked from it."""
    return odd(mechanism, None, message, *absent, meddle=True)


@dataclass
class Kit:
    """Where hand-ins are made, and what they are made from: one whole, best hand-in's events."""

    sandbox: Path
    template: list[Event]
    assessment: dict[str, Any]
    released: bytes
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    @property
    def course(self) -> Path:
        """The instructor's course."""
        return self.sandbox / "course"

    @property
    def inbox(self) -> Path:
        """Where hand-ins arrive."""
        return self.course / "inbox"

    @property
    def outside(self) -> Path:
        """A folder in which nothing may appear or change."""
        return self.sandbox / "outside"

    def events(self) -> list[Event]:
        """The whole hand-in's events under ids of their own: best replies, good answers, nothing written."""
        ids: dict[str, str] = {}

        def fresh(old: str) -> str:
            return ids.setdefault(old, str(uuid.UUID(int=self.chance.getrandbits(128), version=4)))

        whole = copy.deepcopy(self.template)
        return [event | {"id": fresh(event["id"]), "attempt": fresh(event["attempt"])} for event in whole]

    def event(self, kind: str, activity: str, **data: Any) -> Event:
        """One more event, as the course writes it."""
        parts: dict[str, dict[str, Any]] = {
            "roleplay": self.assessment["roleplays"],
            "quiz": self.assessment["quizzes"],
        }
        parts["written"] = self.assessment["written"]
        mark = parts.get(activity.split(":")[0], {}).get(activity.split(":")[-1], {}).get("fingerprint", "f" * 16)
        ids = [str(uuid.UUID(int=self.chance.getrandbits(128), version=4)) for _ in range(2)]
        first = {"v": 1, "id": ids[0], "at": self.template[-1]["at"], "activity": activity, "attempt": ids[1], "n": 0}
        return {**first, "kind": kind, "data": data, "course": "0.1.0", "fingerprint": mark}

    def saved(self, words: str, part: str = "formulation") -> Event:
        """A part of the written work."""
        return self.event("save", f"written:{WRITTEN}", part=part, text=words)

    def note(self, learner: str, **changes: Any) -> bytes:
        """A hand-in note."""
        note = {"learner": learner, "assignment": ASSIGNMENT, "at": self.template[-1]["at"], "course": "0.1.0"}
        return json.dumps(note | changes).encode()

    def pack(
        self,
        name: str,
        entries: Iterable[tuple[str | zipfile.ZipInfo, bytes]] | None = None,
        note: bytes | None = None,
        file: str = "",
        how: int = zipfile.ZIP_DEFLATED,
    ) -> Path:
        """A zip in the inbox: the note, and entries by name (an honest log where none are given)."""
        path = self.inbox / (file or f"{name}.zip")
        with zipfile.ZipFile(path, "w", how) as archive:
            if note != b"":
                archive.writestr(f"{ASSIGNMENT}/hand-in.json", note or self.note(name))
            for entry, data in entries if entries is not None else [(LOG, lines(self.events()))]:
                archive.writestr(entry, data)
        return path

    def log(self, name: str, *more: Event | bytes) -> None:
        """A zip with an honest log and some more lines."""
        self.pack(name, [(LOG, lines(self.events()) + lines(more))])

    def folder(self, name: str) -> Path:
        """A learner's folder in the inbox, laid out as nbgrader does."""
        folder = self.inbox / name / ASSIGNMENT
        folder.mkdir(parents=True)
        return folder

    def notebook(self, name: str, change: Callable[[Any], None]) -> None:
        """A zip with an honest log and a notebook that the learner changed."""
        notebook = nbformat.reads(self.released.decode(), as_version=4)
        change(notebook)
        raw = json.dumps(notebook).encode()
        self.pack(name, [(LOG, lines(self.events())), (f"{ASSIGNMENT}/{ASSIGNMENT}.ipynb", raw)])


LOG = f"{ASSIGNMENT}/answers.jsonl"


def lines(events: Iterable[Event | bytes]) -> bytes:
    """Events as the log holds them."""
    return b"".join((event if isinstance(event, bytes) else json.dumps(event).encode()) + b"\n" for event in events)


def _of(events: list[Event], kind: str) -> list[Event]:
    return [event for event in events if event["kind"] == kind]


# ---------------------------------------------------------------------------------------------------------- zips


@odd("a log that unpacks to 64 MB", None, "answers.jsonl: larger than 8 MB", "memory")
def zip_bomb(kit: Kit, name: str) -> None:
    kit.pack(name, [(LOG, b"\n" * (64 * 2**20))])


@odd("a log that unpacks to more than its entry declares", None, "cannot be read as a zip", "memory")
def zip_that_lies(kit: Kit, name: str) -> None:
    path = kit.pack(name, [(LOG, b"\n" * (32 * 2**20))])
    size = (32 * 2**20).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (1000).to_bytes(4, "little")))


@odd("twenty logs of 7 MB each, every one within the limit", None, "none of its answers can be read", "memory")
def zip_of_many_large_logs(kit: Kit, name: str) -> None:
    kit.pack(name, [(f"{n}/answers-{n}.jsonl", b"x" * (7 * 2**20)) for n in range(20)])


@odd("a zip of 5,000 files", None, "holds more than 2000 files", "memory")
def zip_of_many_entries(kit: Kit, name: str) -> None:
    kit.pack(name, [(f"{n}.txt", b"") for n in range(5000)])


@odd("an entry whose path is absolute", None, "its path leads outside", "outside")
def absolute_path(kit: Kit, name: str) -> None:
    kit.pack(name, [(str(kit.outside / "answers.jsonl"), lines(kit.events()))])


@odd("entries that climb out by ..", FULL, "its path leads outside", "outside")
def climbing_path(kit: Kit, name: str) -> None:
    climbing = [(f"{'../' * depth}outside/answers.jsonl", b"{}") for depth in (1, 2, 3, 4)]
    kit.pack(name, [*climbing, (LOG, lines(kit.events()))])


@odd("an entry on another drive, with backslashes", FULL, "its path leads outside", "outside")
def drive_path(kit: Kit, name: str) -> None:
    kit.pack(name, [("C:\\Users\\Public\\answers.jsonl", b"{}"), (LOG, lines(kit.events()))])


@odd("paths with backslashes, as some Windows zips have them", FULL)
def backslash_path(kit: Kit, name: str) -> None:
    kit.pack(name, [(LOG.replace("/", "\\"), lines(kit.events()))])


@odd("an entry that is a symbolic link to a system file", None, "answers.jsonl: not a regular file", "system files")
def link_entry(kit: Kit, name: str) -> None:
    link = zipfile.ZipInfo(LOG)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    kit.pack(name, [(link, b"/etc/passwd")])


@odd("a link to a folder, then an entry through it", FULL, "", "outside")
def link_then_through_it(kit: Kit, name: str) -> None:
    link = zipfile.ZipInfo(ASSIGNMENT)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    kit.pack(name, [(link, str(kit.outside).encode()), (LOG, lines(kit.events()))])


@odd("two entries of one name, a second try behind the first", FULL)
def same_entry_twice(kit: Kit, name: str) -> None:
    second = [e | {"at": "2027-01-01T00:00:00+00:00"} for e in _of(kit.events(), "begin")]
    entries = [(LOG, lines(kit.events()))]
    with contextlib.suppress(UserWarning):
        kit.pack(name, entries)
    with zipfile.ZipFile(kit.inbox / f"{name}.zip", "a") as archive:
        info = zipfile.ZipInfo(LOG.replace("answers", "answerz"))
        archive.writestr(info, lines(second))
    path = kit.inbox / f"{name}.zip"
    path.write_bytes(path.read_bytes().replace(b"answerz.jsonl", b"answers.jsonl"))


@odd("an entry locked with a password", None, "answers.jsonl: locked with a password")
def locked_entry(kit: Kit, name: str) -> None:
    path = kit.pack(name)
    raw = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.rindex(signature) + place] |= 1
    path.write_bytes(raw)


@odd("entries named after Windows devices", FULL, "", "outside")
def device_entries(kit: Kit, name: str) -> None:
    kit.pack(name, [("CON", b"x"), ("nul.txt", b"x"), ("LPT1/aux", b"x"), (LOG, lines(kit.events()))])


@odd("packed by LZMA, whose header can ask for 4 GB", None, "packed in a way that is not read here", "memory")
def unusual_packing(kit: Kit, name: str) -> None:
    kit.pack(name, how=zipfile.ZIP_LZMA)


@odd("a zip cut off in the middle", None, "cannot be read as a zip")
def cut_off_zip(kit: Kit, name: str) -> None:
    path = kit.pack(name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@odd("a zip with one byte of its log flipped", None, "cannot be read as a zip")
def flipped_byte(kit: Kit, name: str) -> None:
    path = kit.pack(name)
    raw = bytearray(path.read_bytes())
    raw[raw.index(LOG.encode(), raw.index(b"PK\x03\x04", 4)) + len(LOG) + 200] ^= 0xFF
    path.write_bytes(raw)


@odd("a log-in page that the LMS saved under the zip's name", None, "cannot be read as a zip")
def saved_web_page(kit: Kit, name: str) -> None:
    (kit.inbox / f"{name}.zip").write_text("<!doctype html><title>Log in</title>")


@odd("an empty file named as a zip", None, "cannot be read as a zip")
def empty_file(kit: Kit, name: str) -> None:
    (kit.inbox / f"{name}.zip").touch()


@odd("a zip with nothing in it", None, "no answers could be taken from it. It is empty")
def empty_zip(kit: Kit, name: str) -> None:
    kit.pack(name, [], note=b"")


@odd("a zip of zips", None, "Unpack the zips inside it")
def zip_of_zips(kit: Kit, name: str) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(LOG, lines(kit.events()))
    kit.pack(name, [("one.zip", inner.getvalue()), ("two.zip", inner.getvalue())], note=b"")


@odd("a program with a zip behind it", FULL, "", "imported")
def program_with_a_zip_behind_it(kit: Kit, name: str) -> None:
    path = kit.pack(name)
    path.write_bytes(b"#!/bin/sh\ntouch imported\nexit\n" + path.read_bytes())


@odd("entries with no date, which some writers make", FULL)
def no_dates(kit: Kit, name: str) -> None:
    path = kit.pack(name)
    raw = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 10), (b"PK\x01\x02", 12)):
        at = -1
        while (at := raw.find(signature, at + 1)) >= 0:
            raw[at + place : at + place + 4] = b"\0\0\0\0"
    path.write_bytes(raw)


@odd("entry names with direction marks, emoji, line breaks and terminal codes", FULL, "\\u202e", "terminal")
def entry_names_that_disturb_a_screen(kit: Kit, name: str) -> None:
    names = ["\u202egpj.exe", "🙂.txt", "a\nNOT TAKEN IN: everyone.txt", "\x1b[2J\x1b[31mred.txt", "x" * 60_000]
    kit.pack(name, [*((entry, b"") for entry in names), (LOG, lines(kit.events()))])


# --------------------------------------------------------------------------------------------- what it says of itself


@odd("hand-ins of two people in one zip", None, "holds several hand-ins", "another's answers")
def two_people_in_one(kit: Kit, name: str) -> None:
    more = [("b/hand-in.json", kit.note("honest-b")), ("b/answers.jsonl", lines(kit.events()))]
    kit.pack(name, [(LOG, lines(kit.events())), *more])


@odd("a zip that does not say whose it is", None, "does not say whose it is")
def no_note(kit: Kit, name: str) -> None:
    kit.pack(name, note=b"")


@odd("a note with wrong types, 100,000 brackets deep", None, "does not say whose it is")
def broken_note(kit: Kit, name: str) -> None:
    kit.pack(name, note=b'{"learner": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")


@odd("a note that names a learner by a path to another's folder", None, "cannot be a learner's id", "outside")
def learner_as_a_path(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("../submitted/honest-a"))


@odd("a note that names a learner by a path out of the course", None, "cannot be a learner's id", "outside")
def learner_outside(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("../../outside/learner-outside"))


@odd("a note that names an assignment by a path", None, "not released here", "outside")
def assignment_as_a_path(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note(name, assignment=f"../../outside/{ASSIGNMENT}"))


@odd("a note that names an assignment which is not released", None, "not released here. Released: 02_")
def unknown_assignment(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note(name, assignment="99_everything"))


@odd("a note in another person's name, who handed in as well", None, "honest-a-02_what_is_not_regret.zip was taken")
def aaa_impostor(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("honest-a"))


@odd("a note in the name of someone who handed in nothing", FULL, "which does not name them", learner="nobody-else")
def ghost(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("nobody-else"))


@odd("a packing time that falls out of the calendar", FULL, "", "late")
def packed_in_the_year_one(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note(name, at="0001-01-01T00:00:00+14:00"))


@odd(
    "a packing time before its own answers, to be early", FULL, "which its answers or the clock here contradict", "late"
)
def packed_too_early(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note(name, at="2001-01-01T00:00:00+00:00"))


@odd("a packing time in the far future", FULL, "which its answers or the clock here contradict", "late")
def packed_too_late(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note(name, at="2099-12-31T23:59:59+00:00"))


# ------------------------------------------------------------------------------------------------------------- ids


@odd("an id with letters beyond ASCII", None, "'Zoë Müller' cannot be a learner's id", learner="Zoë Müller")
def letters_beyond_ascii(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("Zoë Müller"))


@odd("an id written right to left", None, "\\u202e", "terminal", learner="\u202eanna")
def right_to_left(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("\u202eanna"))


@odd("an id of emoji", None, "cannot be a learner's id", learner="🙂🙂")
def emoji(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("🙂🙂"))


@odd("an id of 5,000 letters", None, "cannot be a learner's id", "terminal", learner="a" * 5000)
def overlong(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("a" * 5000))


@odd("an id that Windows keeps for a device", None, "Windows' names for devices", learner="Con.txt")
def device(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("Con.txt"))


@odd("an id that a spreadsheet would run", None, "cannot be a learner's id", learner="=cmd|'/C calc'!A0")
def formula(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("=cmd|'/C calc'!A0"))


@odd("an id with a line break and terminal codes", None, "cannot be a learner's id", "terminal", learner="a\n\x1b[2J")
def terminal_codes(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("a\n\x1b[2J"))


@odd("an id that hides its folder", None, "cannot be a learner's id", learner=".intake")
def hidden_folder(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note(".intake"))


@odd("an id with a dot last, which Windows drops", None, "no dot last", learner="honest-b.")
def dot_last(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("honest-b."))


@odd("an id that is no id at all", None, "cannot be a learner's id", learner="")
def empty_id(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note(""))


@odd("another's id in capitals", None, "is named by several hand-ins", "another's answers", learner="HONEST-C")
def in_capitals(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("HONEST-C"))


@odd("an id with markup", None, "cannot be a learner's id", "markup", learner="<script>alert('tv')</script>")
def markup_id(kit: Kit, name: str) -> None:
    kit.pack(name, note=kit.note("<script>alert('tv')</script>"))


@odd("a file name that is not text", FULL, "", "terminal")
def bytes_that_are_no_text(kit: Kit, name: str) -> None:
    path = kit.pack(name)
    path.rename(os.fsdecode(os.fsencode(kit.inbox) + b"/bytes-that-are-no-text\xff.zip"))


# ------------------------------------------------------------------------------------------------------------ logs


@odd("a log that begins with a byte order mark", FULL)
def byte_order_mark(kit: Kit, name: str) -> None:
    kit.pack(name, [(LOG, b"\xef\xbb\xbf" + lines(kit.events()))])


@odd("Windows line ends and blank lines", FULL)
def windows_line_ends(kit: Kit, name: str) -> None:
    kit.pack(name, [(LOG, lines(kit.events()).replace(b"\n", b"\r\n\r\n  \r\n"))])


@odd("a log saved as UTF-16", None, "none of its answers can be read")
def utf16(kit: Kit, name: str) -> None:
    kit.pack(name, [(LOG, lines(kit.events()).decode().encode("utf-16"))])


@odd("a line in an old encoding", FULL, "cannot be read (torn while it was written, or edited)")
def old_encoding(kit: Kit, name: str) -> None:
    kit.log(name, json.dumps(kit.saved("Café"), ensure_ascii=False).encode("latin-1"))


@odd("numbers that JSON does not have", FULL, "cannot be read (torn while it was written, or edited)")
def nan_and_infinity(kit: Kit, name: str) -> None:
    kit.log(name, *(json.dumps(kit.saved("x") | {"n": n}).encode() for n in (float("nan"), float("inf"))))


@odd("numbers beyond all bounds", FULL, "cannot be read (torn", "memory")
def numbers_beyond_bounds(kit: Kit, name: str) -> None:
    line = json.dumps(kit.saved("x"))
    huge = ["1e400", "-1e400", "9" * 5000, "1" + "0" * 60_000]
    kit.log(name, *(line.replace('"n": 0', f'"n": {number}').encode() for number in huge))


@odd("a number that fits but is out of all proportion", FULL, "not as the course writes them")
def number_out_of_proportion(kit: Kit, name: str) -> None:
    kit.log(name, *(kit.saved("x") | {"n": n} for n in (10**30, 2**63, 20_001)))


@odd("negative event numbers, to come first", FULL, "not as the course writes them")
def negative_numbers(kit: Kit, name: str) -> None:
    kit.log(name, *(event | {"n": -1} for event in _of(kit.events(), "reply")))


@odd("keys given twice in one object", FULL)
def keys_given_twice(kit: Kit, name: str) -> None:
    raw = lines(kit.events()).replace(b'"option":', b'"option": "none", "option":').replace(b'"n":', b'"n": 7, "n":')
    kit.pack(name, [(LOG, raw)])


@odd("a line 100,000 brackets deep", FULL, "cannot be read (torn", "memory")
def deep_nesting(kit: Kit, name: str) -> None:
    line = json.dumps(kit.event("save", f"written:{WRITTEN}", part="formulation", text="DEEP"))
    kit.log(name, line.replace('"DEEP"', "[" * 100_000 + "]" * 100_000).encode())


@odd("a log of 30 MB", None, "answers.jsonl: larger than 8 MB", "memory")
def thirty_megabytes(kit: Kit, name: str) -> None:
    with open(kit.folder(name) / "answers.jsonl", "wb") as file:
        file.write(lines(kit.events()))
        file.truncate(30 * 2**20)


@odd("a log of 30 GB that takes no space", None, "answers.jsonl: larger than 8 MB", "memory")
def thirty_gigabytes_of_nothing(kit: Kit, name: str) -> None:
    with open(kit.folder(name) / "answers.jsonl", "wb") as file:
        file.truncate(30 * 2**30)


@odd("a million tiny lines", None, "more than 50000 lines", "memory")
def million_lines(kit: Kit, name: str) -> None:
    kit.pack(name, [(LOG, b"{}\n" * 1_000_000)])


@odd("thirty thousand whole events", FULL, "events beyond the first 20000", "memory")
def too_many_events(kit: Kit, name: str) -> None:
    late = {"at": "2026-11-23T00:00:00+00:00"}  # folded behind the honest ones
    many = (kit.event("answer", f"quiz:{QUIZ}", question="q", option="o") | late for _ in range(25_000))
    kit.log(name, *many)


@odd("wrong types in every field", FULL, "cannot be read (torn")
def wrong_types(kit: Kit, name: str) -> None:
    event = kit.saved("x")
    wrong = [event | {key: value} for key in event for value in (None, [], {}, 1.5, True) if key != "data"]
    whole = [b"[]", b"null", b'"text"', b"5", b"{}", b"true", json.dumps(event | {"data": []}).encode()]
    kit.log(name, *wrong, *whole)


@odd("wrong types inside an answer", FULL, "not as the course writes them")
def wrong_types_inside(kit: Kit, name: str) -> None:
    quiz, talk = f"quiz:{QUIZ}", f"roleplay:{CASE}"
    kit.log(
        name,
        kit.event("answer", quiz, question=5, option=["a"]),
        kit.event("answer", quiz, question={"a": "b"}, option=None),
        kit.event("reply", talk, scene=[], option={}),
        kit.event("reply", talk),
        kit.event("begin", talk, mode=True),
        kit.saved("x") | {"data": {"part": "formulation", "text": 7}},
    )


@odd("ids that are paths, markup or 100,000 letters", FULL, "not as the course writes them", "markup", "outside")
def ids_that_are_paths(kit: Kit, name: str) -> None:
    quiz = f"quiz:{QUIZ}"
    kit.log(
        name,
        kit.event("answer", quiz, question="../../x", option="/etc/passwd"),
        kit.event("answer", quiz, question=MARKUP, option=MARKUP),
        kit.saved("x") | {"id": "../../outside/x", "attempt": "../../outside/x"},
        kit.saved("x") | {"fingerprint": MARKUP},
        kit.saved("x") | {"course": "c" * 100_000},
    )


@odd("times that are none", FULL, "not as the course writes them")
def times_that_are_none(kit: Kit, name: str) -> None:
    times = ("yesterday", "", "0001-01-01T00:00:00+23:59", "2026-13-45T99:99:99", "\U0001f552")
    kit.log(name, *(event | {"at": at} for at in times for event in _of(kit.events(), "begin")))


@odd("a log of a later course", None, "written by a later version of the course")
def later_course(kit: Kit, name: str) -> None:
    kit.pack(name, [(LOG, lines(event | {"v": 2} for event in kit.events()))])


@odd("versions below the first", FULL, "not as the course writes them")
def version_below_the_first(kit: Kit, name: str) -> None:
    kit.log(name, *(kit.saved("x") | {"v": v} for v in (0, -1)))


@odd("a conversation answered under an older structure", None, "answered in another version of the exercise")
def older_course(kit: Kit, name: str) -> None:
    old = {f"roleplay:{CASE}": "0" * 16}
    changed = (event | {"fingerprint": old.get(event["activity"], event["fingerprint"])} for event in kit.events())
    kit.pack(name, [(LOG, lines(changed))])


@odd("the fingerprints of two parts swapped", None, "answered in another version of the exercise")
def swapped_fingerprints(kit: Kit, name: str) -> None:
    events = kit.events()
    marks = {event["activity"]: event["fingerprint"] for event in events}
    one, two = marks
    swapped = {one: marks[two], two: marks[one]}
    kit.pack(name, [(LOG, lines(event | {"fingerprint": swapped[event["activity"]]} for event in events))])


@odd("an older try left beside the present one", FULL, "answer another version of the exercise, not marked")
def older_try_beside(kit: Kit, name: str) -> None:
    older = [event | {"fingerprint": "0" * 16} for event in kit.events() if event["activity"] == f"roleplay:{CASE}"]
    kit.log(name, *older)


@odd("activities and kinds that do not exist", FULL)
def unknown_activities(kit: Kit, name: str) -> None:
    kit.log(
        name,
        kit.event("begin", "roleplay:../../x", mode="straight"),
        kit.event("mark", f"roleplay:{CASE}", level=4, points=100),
        kit.event("finish", f"roleplay:{CASE}", met=True),
        kit.event("", ""),
    )


@odd("the log of a lesson instead of the exercise's", None, "events is an answer to 02_what_is_not_regret")
def wrong_log(kit: Kit, name: str) -> None:
    kit.pack(name, [(LOG, lines(event | {"activity": "roleplay:priya-party"} for event in kit.events()))])


@odd("a reply that another scene offers", FULL, "do not follow from those before them")
def reply_of_another_scene(kit: Kit, name: str) -> None:
    events = kit.events()
    replies = _of(events, "reply")
    strange = replies[5] | {"id": str(uuid.uuid4()), "n": replies[2]["n"], "at": replies[1]["at"]}
    strange["data"] = {"scene": replies[2]["data"]["scene"], "option": replies[9]["data"]["option"]}
    kit.pack(name, [(LOG, lines([*events, strange]))])


@odd("replies after the end", FULL, "do not follow from those before them")
def replies_after_the_end(kit: Kit, name: str) -> None:
    events = kit.events()
    replies = _of(events, "reply")
    more = [event | {"id": str(uuid.uuid4()), "n": 500 + n} for n, event in enumerate(replies)]
    kit.pack(name, [(LOG, lines([*events, *more]))])


@odd("the last reply changed by hand for a weaker one", 48.125)
def edited_by_hand(kit: Kit, name: str) -> None:
    events = kit.events()
    last = _of(events, "reply")[-1]
    weak = next(
        reply for reply, words in kit.assessment["roleplays"][CASE]["replies"].items() if "Have that pie" in words
    )
    last["data"]["option"] = weak
    kit.pack(name, [(LOG, lines(events))])


@odd("a hundred attempts, all but the last unfinished", FULL)
def hundred_attempts(kit: Kit, name: str) -> None:
    begun = [
        kit.event("begin", f"roleplay:{CASE}", mode="straight") | {"at": "2026-01-01T00:00:00+00:00"} for _ in range(99)
    ]
    kit.log(name, *begun)


@odd("each of two people's files under the other's name", FULL, "which does not name them")
def swapped_one(kit: Kit, name: str) -> None:
    kit.pack(name, file="swapped-two.zip")


@odd("each of two people's files under the other's name (the second)", FULL, "which does not name them")
def swapped_two(kit: Kit, name: str) -> None:
    kit.pack(name, file="swapped-one.zip")


@odd("one log handed in by two people", FULL, "its answers are also in the hand-in of")
def copied(kit: Kit, name: str) -> None:
    with zipfile.ZipFile(kit.inbox / f"honest-b-{ASSIGNMENT}.zip") as archive:
        best = {(e["activity"], e["n"]): e for e in kit.events()}
        theirs = [json.loads(line) for line in archive.read(LOG).splitlines()]
    attempts = {event["activity"]: event["attempt"] for event in theirs}
    kit.pack(name, [(LOG, lines(e | {"attempt": attempts.get(e["activity"], e["attempt"])} for e in best.values()))])


@odd("one person twice, the second file renamed by the LMS", FULL, "same-person.zip was taken")
def same_person(kit: Kit, name: str) -> None:
    kit.pack(name)
    kit.pack(name, [(LOG, lines(_of(kit.events(), "begin")))], file=f"{name} (1).zip")


@odd("one person twice, neither file named after them", None, "none was taken")
def same_person_undecided(kit: Kit, name: str) -> None:
    kit.pack(name, file="upload_1.zip")
    kit.pack(name, file="upload_2.zip")


@odd("no log", None, "no answers could be taken from it")
def no_log(kit: Kit, name: str) -> None:
    kit.pack(name, [("thoughts.txt", b"I did it on paper.")])


@odd("a log with nothing in it: nothing was answered", 0.0)
def empty_log(kit: Kit, name: str) -> None:
    kit.pack(name, [(LOG, b"")])


@odd("keys that other languages act on", FULL, "", "imported")
def keys_that_others_act_on(kit: Kit, name: str) -> None:
    keys: dict[str, Any] = {
        "__proto__": {"marked": True},
        "constructor": {},
        "__class__": "x",
        "py/object": "os.system",
    }
    kit.pack(name, [(LOG, lines({**e, **keys, "data": {**e["data"], **keys}} for e in kit.events()))])


# ------------------------------------------------------------------------------------------------------- written text


@odd("scripts, frames and handlers in written text", FULL, "", "markup", waits=True)
def markup(kit: Kit, name: str) -> None:
    kit.log(name, kit.saved(MARKUP), kit.saved(MARKUP, "first-reply"))


@odd("text that closes the block it stands in", FULL, "", "markup", waits=True)
def text_that_closes_its_block(kit: Kit, name: str) -> None:
    kit.log(name, kit.saved(f"</p></div></details>\n\n{MARKUP}\n\n--> ]]> </script></textarea></title>{MARKUP}"))


@odd("line ends that only some readers know, then markup", FULL, "", "markup", "line ends", waits=True)
def uncommon_line_ends(kit: Kit, name: str) -> None:
    kit.log(name, kit.saved("".join(f"a{end}{end}    {MARKUP}{end}# b" for end in "\r\v\f\x1c\x85\u2028\u2029")))


@odd("formulas that MathJax would set, and macros", FULL, "", "formulas", waits=True)
def formulas(kit: Kit, name: str) -> None:
    kit.log(name, kit.saved("$\\def\\x{\\x\\x}\\x$ $$\\unicode{x3c}$$ \\(a\\) \\[b\\] \\begin{align}c\\end{align} \\$"))


@odd("Markdown: headings, tables, links, pictures, code, raw HTML", FULL, "", "markup", "Markdown", waits=True)
def markdown(kit: Kit, name: str) -> None:
    text = f"# H\n\n| a |\n|---|\n\n[x](javascript:alert(1)) ![y](//evil.example/p.png)\n\n    code\n\n```\n{MARKUP}\n```\n> q"
    kit.log(name, kit.saved(text))


@odd("nbgrader's own region marks in written text", FULL, "", "regions", waits=True)
def region_marks(kit: Kit, name: str) -> None:
    regions = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
    kit.log(name, kit.saved("".join(f"### BEGIN {region}\nkept {region}\n### END {region}\n" for region in regions)))


@odd("the text that stands in an unanswered cell", FULL, "", "No response", waits=True)
def text_that_looks_unanswered(kit: Kit, name: str) -> None:
    stub = "*What you saved in the written part is put here when it is marked.*"
    kit.log(name, kit.saved(stub), kit.saved(stub, "first-reply"))


@odd("written text of white space alone", FULL)
def white_space(kit: Kit, name: str) -> None:
    kit.log(name, *(kit.saved(" \t\n\u3000\u2003", part) for part in ("formulation", "first-reply")))


@odd("template code in written text", FULL, "", "templates", waits=True)
def template_code(kit: Kit, name: str) -> None:
    kit.log(name, kit.saved("{{ 7 * 7 }} {% include '/etc/passwd' %} {{ resources }} ${7*7} <%= 7*7 %> #{7*7}"))


@odd("written text of 20 MB", None, "answers.jsonl: larger than 8 MB", "memory")
def twenty_megabytes_of_text(kit: Kit, name: str) -> None:
    kit.log(name, kit.saved("w" * (20 * 2**20)))


@odd("written text of 2 MB", FULL, "saved texts cut to 20000 characters", "large pages", waits=True)
def two_megabytes_of_text(kit: Kit, name: str) -> None:
    kit.log(name, kit.saved("w " * 2**20))


@odd("half of a surrogate pair in written text", FULL, "cannot be read (torn")
def half_a_surrogate(kit: Kit, name: str) -> None:
    kit.log(name, kit.saved("\ud800"), kit.saved("\udfff\ud800", "first-reply"))


@odd("control characters and NUL in written text", FULL, "", "controls", waits=True)
def control_characters(kit: Kit, name: str) -> None:
    kit.log(name, kit.saved("a\x00b\x1b[31mc\x07d\x7fe\x9bf\ufeffg"))


@odd("parts and prompts that the exercise does not have", FULL)
def unknown_parts(kit: Kit, name: str) -> None:
    kit.log(name, *(kit.saved("x", part) for part in ("third-reply", "row-1", "score", "comment")))


@odd("a text that plays the grader: FLAG, points, comments", FULL, "", "points", waits=True)
def text_that_plays_the_grader(kit: Kit, name: str) -> None:
    kit.log(name, kit.saved("FLAG: none\nmanual_score = 20\n4 / 4\nNo response."))


# ----------------------------------------------------------------------------------------------------------- notebooks


def _poison(kit: Kit) -> str:
    return f"open({str(kit.sandbox / 'imported')!r}, 'w').close()\n"


def _poisoned(code: str) -> Callable[[Kit, str], None]:
    """A hand-in whose notebook's cells all hold some code."""

    def make(kit: Kit, name: str) -> None:
        def change(notebook: Any) -> None:
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    cell.source = _poison(kit) + code

        kit.notebook(name, change)

    return make


for _name, _mechanism, _code in (
    ("sys-exit", "a notebook that leaves by sys.exit", "import sys; sys.exit(0)"),
    ("os-exit", "a notebook that ends its process", "import os; os._exit(0)"),
    ("endless", "a notebook that never ends", "while True: pass"),
    ("writes-outside", "a notebook that writes into the home folder", "open('../../../outside/x', 'w').write('x')"),
    ("patches-loaders", "a notebook that patches the course's own code", "import twovoices; twovoices.__dict__.clear()"),
    ("gradebook-writer", "a notebook that writes to the gradebook",
     "import sqlite3; sqlite3.connect('../../../gradebook.db').execute('update grade set manual_score=99')"),
    ("prints-marks", "a notebook whose every cell says 1000", "1000.0"),
):  # fmt: skip
    ROWS.append(Row(_name, _mechanism, _poisoned(_code), FULL, "", ("imported", "points", "outside")))


def _edited(change: Callable[[Any], None]) -> Callable[[Kit, str], None]:
    return lambda kit, name: kit.notebook(name, change)


def _marked(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]


def _add_cells(notebook: Any) -> None:
    notebook.cells += [nbformat.v4.new_code_cell("1000.0") for _ in range(50)]


def _delete_cells(notebook: Any) -> None:
    notebook.cells = [cell for cell in notebook.cells if cell not in _marked(notebook)]


def _copy_cells(notebook: Any) -> None:
    notebook.cells += _marked(notebook)


def _retype_cells(notebook: Any) -> None:
    for cell in _marked(notebook):
        cell.cell_type = "markdown" if cell.cell_type == "code" else "code"


def _change_points(notebook: Any) -> None:
    for cell in _marked(notebook):
        cell.metadata.nbgrader["points"] = 1000


def _change_ids(notebook: Any) -> None:
    for number, cell in enumerate(_marked(notebook)):
        cell.metadata.nbgrader["grade_id"] = f"../{number}"


def _change_kernel(notebook: Any) -> None:
    notebook.metadata["kernelspec"] = {"name": "../../evil", "display_name": "<script>alert('tv')</script>"}


def _change_metadata(notebook: Any) -> None:
    for cell in notebook.cells:
        cell.metadata["nbgrader"] = {"schema_version": 99, "grade": "yes", "task": True, "points": float("nan")}


def _large_outputs(notebook: Any) -> None:
    output = nbformat.v4.new_output("stream", name="stdout", text="x" * (50 * 2**20))
    next(cell for cell in notebook.cells if cell.cell_type == "code").outputs = [output]


for _name, _mechanism, _change in (
    ("added-cells", "a notebook with fifty cells added", _add_cells),
    ("deleted-cells", "a notebook without its marked cells", _delete_cells),
    ("copied-cells", "a notebook with every marked cell twice", _copy_cells),
    ("retyped-cells", "a notebook whose marked cells changed type", _retype_cells),
    ("changed-points", "a notebook whose cells are worth 1000 points", _change_points),
    ("changed-ids", "a notebook whose marked cells have other names", _change_ids),
    ("changed-kernel", "a notebook for another kernel", _change_kernel),
    ("changed-metadata", "a notebook with nbgrader's metadata garbled", _change_metadata),
    ("large-outputs", "a notebook with 50 MB of output", _large_outputs),
):  # fmt: skip
    ROWS.append(Row(_name, _mechanism, _edited(_change), FULL, "", ("points", "markup", "large pages")))


@odd("a notebook that is not JSON, one renamed, one too many", FULL, "", "extra files")
def broken_notebooks(kit: Kit, name: str) -> None:
    books = [(f"{ASSIGNMENT}/{book}.ipynb", b"{ no") for book in (ASSIGNMENT, "Untitled", f"{ASSIGNMENT} (1)")]
    kit.pack(name, [(LOG, lines(kit.events())), *books])


@odd("modules that would be imported in place of real ones", FULL, "", "imported", "extra files")
def shadow_modules(kit: Kit, name: str) -> None:
    names = ("pandas.py", "twovoices/__init__.py", "sitecustomize.py", "usercustomize.py", "conftest.py", "nbformat.py")
    names += ("nbgrader_config.py", ".env", "jupyter_config.py", "key.yaml", "gradebook.db", "timestamp.txt")
    poison = _poison(kit).encode()
    kit.pack(name, [(LOG, lines(kit.events())), *((f"{ASSIGNMENT}/{file}", poison) for file in names)])


# --------------------------------------------------------------------------------------------------------------- folders


@odd("a folder as nbgrader lays it out, everything of the exercise in it", FULL, "", "extra files")
def whole_folder(kit: Kit, name: str) -> None:
    folder = kit.folder(name)
    (folder / "answers.jsonl").write_bytes(lines(kit.events()))
    (folder / f"{ASSIGNMENT}.ipynb").write_bytes(kit.released)
    (folder / "assessment.json").write_text("{}")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / f"{ASSIGNMENT}-checkpoint.ipynb").write_bytes(kit.released)


@odd("copies of the log that a sync left side by side", FULL)
def copies_side_by_side(kit: Kit, name: str) -> None:
    folder, events = kit.folder(name), kit.events()
    (folder / "answers.jsonl").write_bytes(lines(events[::2]))
    (folder / "answers (conflicted copy).jsonl").write_bytes(lines(events[1::2] + events[:3]))


@odd("a log that is a link to another learner's", None, "answers.jsonl: not a regular file", "another's answers")
def link_to_another(kit: Kit, name: str) -> None:
    whole = kit.inbox / "whole-folder" / ASSIGNMENT / "answers.jsonl"
    (kit.folder(name) / "answers.jsonl").symlink_to(whole)


@odd("a log that is a link to a system file", None, "answers.jsonl: not a regular file", "system files")
def link_to_a_system_file(kit: Kit, name: str) -> None:
    (kit.folder(name) / "answers.jsonl").symlink_to("/etc/passwd")


@odd("a log that is a link to a device without end", None, "answers.jsonl: not a regular file", "memory")
def link_to_a_device(kit: Kit, name: str) -> None:
    (kit.folder(name) / "answers.jsonl").symlink_to("/dev/zero")


@odd("a log that is the gradebook under another name", None, "none of its answers can be read", "gradebook")
def gradebook_as_log(kit: Kit, name: str) -> None:
    os.link(kit.course / "gradebook.db", kit.folder(name) / "answers.jsonl")


@odd("a folder that is a link inside the learner's", None, "not a regular file", "another's answers")
def linked_folder(kit: Kit, name: str) -> None:
    (kit.inbox / name).mkdir()
    (kit.inbox / name / ASSIGNMENT).symlink_to(kit.inbox / "whole-folder" / ASSIGNMENT)


@odd("an arrival that is itself a link", None, "it is a link", "another's answers")
def linked_arrival(kit: Kit, name: str) -> None:
    (kit.inbox / name).symlink_to(kit.inbox / "whole-folder")


@odd("a zip that is a link to another's", None, "it is a link", "another's answers")
def linked_zip(kit: Kit, name: str) -> None:
    (kit.inbox / f"{name}.zip").symlink_to(kit.inbox / f"honest-a-{ASSIGNMENT}.zip")


@odd("a pipe in place of the log", None, "answers.jsonl: not a regular file")
def pipe(kit: Kit, name: str) -> None:
    os.mkfifo(kit.folder(name) / "answers.jsonl")


@odd("a pipe named as a zip", None, "neither a zip nor a folder")
def pipe_as_zip(kit: Kit, name: str) -> None:
    os.mkfifo(kit.inbox / f"{name}.zip")


@odd("a socket in place of the log", None, "answers.jsonl: not a regular file")
def socket_as_log(kit: Kit, name: str) -> None:
    folder = kit.folder(name)
    with contextlib.chdir(folder), socket.socket(socket.AF_UNIX) as bound:  # the path of a socket is short
        bound.bind("answers.jsonl")


@odd("a folder in place of the log", None, "no answers could be taken from it")
def folder_as_log(kit: Kit, name: str) -> None:
    (kit.folder(name) / "answers.jsonl").mkdir()


@odd("folders a thousand deep", FULL, "a folder too deep inside others", "memory")
def thousand_deep(kit: Kit, name: str) -> None:
    folder = kit.folder(name)
    (folder / "answers.jsonl").write_bytes(lines(kit.events()))
    with contextlib.chdir(folder):
        for _ in range(1000):
            os.mkdir("d")  # noqa: PTH102  (by steps: the whole path is longer than a system call takes)
            os.chdir("d")


@odd("a folder of 5,000 files", None, "holds more than 2000 files")
def folder_of_many(kit: Kit, name: str) -> None:
    folder = kit.folder(name)
    for number in range(5000):
        (folder / str(number)).touch()


@odd("answers to several exercises and no note", None, "holds answers to several exercises")
def several_exercises(kit: Kit, name: str) -> None:
    (kit.folder(name) / "answers.jsonl").write_bytes(lines(kit.events()))
    (kit.inbox / name / "05_other").mkdir()
    (kit.inbox / name / "05_other" / "answers.jsonl").write_bytes(b"{}\n")


@odd("the log alone, in no zip and no folder", None, "neither a zip nor a folder")
def bare_log(kit: Kit, name: str) -> None:
    (kit.inbox / f"{name}.jsonl").write_bytes(lines(kit.events()))


@odd("a folder under submitted/ that came by another way", None, "did not come through intake. Move it away")
def put_there_by_hand(kit: Kit, name: str) -> None:
    folder = kit.course / "submitted" / name / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_bytes(kit.released)
    kit.pack(name)


@odd("a folder under submitted/ that is a link to another's", None, "is a link. Remove the link", "another's answers")
def linked_place(kit: Kit, name: str) -> None:
    (kit.course / "submitted").mkdir(exist_ok=True)
    (kit.course / "submitted" / name).symlink_to(kit.course / "submitted" / "honest-a")
    kit.pack(name)


# ------------------------------------------------------------------------------------------------- after intake, by hand


@meddled("the notebook under submitted/ replaced", f"{ASSIGNMENT}.ipynb is not as intake wrote it", "imported")
def replaced_notebook(kit: Kit, name: str) -> None:
    folder = kit.course / "submitted" / name / ASSIGNMENT
    notebook = nbformat.reads(kit.released.decode(), as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = _poison(kit)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook))


@meddled("the notebook under submitted/ taken away", "No notebooks were matched by")
def notebook_taken_away(kit: Kit, name: str) -> None:
    (kit.course / "submitted" / name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").unlink()


@meddled("modules put beside the notebook under submitted/", "was not put here by intake", "imported", "extra files")
def added_modules(kit: Kit, name: str) -> None:
    folder = kit.course / "submitted" / name / ASSIGNMENT
    for file in ("pandas.py", "sitecustomize.py"):
        (folder / file).write_text(_poison(kit))


@meddled("the log under submitted/ edited", "answers.jsonl is not as intake wrote it")
def edited_log(kit: Kit, name: str) -> None:
    with open(kit.course / "submitted" / name / ASSIGNMENT / "answers.jsonl", "ab") as file:
        file.write(lines([kit.saved("Added later.")]))


@meddled(
    "the log under submitted/ replaced by a link to another's", "answers.jsonl is not as intake", "another's answers"
)
def log_linked_later(kit: Kit, name: str) -> None:
    log = kit.course / "submitted" / name / ASSIGNMENT / "answers.jsonl"
    log.unlink()
    log.symlink_to(kit.course / "submitted" / "honest-a" / ASSIGNMENT / "answers.jsonl")


@meddled("the time under submitted/ set back", "timestamp.txt is not as intake wrote it", "late")
def time_set_back(kit: Kit, name: str) -> None:
    (kit.course / "submitted" / name / ASSIGNMENT / "timestamp.txt").write_text("2001-01-01 00:00:00 UTC\n")


@meddled("a link to the gradebook put under submitted/", "was not put here by intake", "extra files", "gradebook")
def gradebook_linked(kit: Kit, name: str) -> None:
    (kit.course / "submitted" / name / ASSIGNMENT / "data.csv").symlink_to(kit.course / "gradebook.db")


@meddled("a link to a system file put under submitted/", "was not put here by intake", "system files")
def system_file_linked(kit: Kit, name: str) -> None:
    (kit.course / "submitted" / name / ASSIGNMENT / "data.csv").symlink_to("/etc/passwd")


@meddled("a pipe put under submitted/", "SpecialFileError")
def pipe_added(kit: Kit, name: str) -> None:
    os.mkfifo(kit.course / "submitted" / name / ASSIGNMENT / "data.csv")


@meddled("an empty folder put under submitted/", "was not put here by intake")
def folder_added(kit: Kit, name: str) -> None:
    (kit.course / "submitted" / name / ASSIGNMENT / "__pycache__").mkdir()


@meddled("the manifest taken away", "did not come through intake")
def no_manifest(kit: Kit, name: str) -> None:
    (kit.course / ".intake" / ASSIGNMENT / f"{name}.json").unlink()


@meddled(
    "another learner's manifest and files put in place of one's own", "did not come through intake", "another's answers"
)
def anothers_manifest(kit: Kit, name: str) -> None:
    manifests = kit.course / ".intake" / ASSIGNMENT
    shutil.copy(manifests / "honest-a.json", manifests / f"{name}.json")
    submitted = kit.course / "submitted"
    shutil.copy(submitted / "honest-a" / ASSIGNMENT / "answers.jsonl", submitted / name / ASSIGNMENT / "answers.jsonl")


@meddled("a manifest that is not JSON", "did not come through intake")
def broken_manifest(kit: Kit, name: str) -> None:
    (kit.course / ".intake" / ASSIGNMENT / f"{name}.json").write_bytes(b"\xff{")


@meddled("the folder under submitted/ replaced by a link to another's", "the folder is a link", "another's answers")
def folder_linked_later(kit: Kit, name: str) -> None:
    folder = kit.course / "submitted" / name / ASSIGNMENT
    shutil.rmtree(folder)
    folder.symlink_to(kit.course / "submitted" / "honest-a" / ASSIGNMENT)
