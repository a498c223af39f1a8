"""The roster: who is who, from a CSV that an instructor writes or an LMS exports."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import msgspec

from .intake import is_learner
from .settings import CannotGrade

# Headings that mean the same, as people and systems write them; the first one found in a file counts.
HEADINGS = {
    "learner": ("learner", "learner_id", "student_id", "id_number", "sis_login_id", "username", "id"),
    "first_name": ("first_name", "firstname", "given_name"),
    "last_name": ("last_name", "lastname", "surname", "family_name"),
    "email": ("email", "e_mail", "email_address"),
    "lms_id": ("lms_id", "lms_user_id", "canvas_id", "moodle_id", "user_id", "id"),
    "lms_name": ("lms_name", "name", "full_name", "student"),
}


class Person(msgspec.Struct, frozen=True):
    """One row of the roster."""

    learner: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""
    lms_name: str = ""


class Roster:
    """People, found by learner id, LMS id, e-mail or name."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = list(people)
        self._found: dict[str, set[str]] = {}
        self._by_id = {person.learner: person for person in self.people}
        for person in self.people:
            first, last = person.first_name, person.last_name
            names = [person.lms_name, f"{first} {last}" if first and last else "", f"{last} {first}" if last else ""]
            for key in {person.learner, person.lms_id, person.email, *names}:
                if plain(key):
                    self._found.setdefault(plain(key), set()).add(person.learner)

    def find(self, *keys: str) -> Person | None:
        """The one person meant by the first of some keys that means anybody; ``None`` for nobody or several."""
        for key in keys:
            found = {key} if key in self._by_id else self._found.get(plain(key), set())
            if len(found) == 1:
                return self._by_id[next(iter(found))]
        return None


def plain(name: str) -> str:
    """A name without accents, capitals, blanks and signs, as LMSs write it into file names."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in letters if sign.isalnum())


def load(path: Path) -> Roster:
    """Read a roster.

    Raises
    ------
    CannotGrade
        When the file does not read, has no column of learner ids, or names someone twice.
    """
    try:
        words = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotGrade(f"The roster {path} cannot be read ({error}). Save it as CSV in UTF-8.") from error
    try:
        # Where people's system writes lists with commas in numbers, their spreadsheet writes semicolons.
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(words.partition("\n")[0], delimiters=",;\t")
    except csv.Error:
        dialect = "excel"
    rows = list(csv.reader(io.StringIO(words), dialect))
    heads = [re.sub(r"\W+", "_", cell.strip().casefold()).strip("_") for cell in (rows[0] if rows else [])]
    places: dict[str, int] = {}
    for field, names in HEADINGS.items():
        place = next((heads.index(name) for name in names if name in heads), None)
        if place is not None and place not in places.values():
            places[field] = place
    if "learner" not in places:
        raise CannotGrade(
            f"The roster {path} has no column of learner ids. Its first line needs the heading learner; others that are "
            "read are first_name, last_name, email, lms_id and lms_name."
        )
    people = []
    for number, row in enumerate(rows[1:], start=2):
        found = {field: row[place].strip() if place < len(row) else "" for field, place in places.items()}
        if not any(found.values()):
            continue
        if not is_learner(found["learner"]):
            raise CannotGrade(f"{path}, line {number}: {found['learner']!r} cannot be a learner's id.")
        people.append(Person(**found))
    ids = [person.learner for person in people]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise CannotGrade(f"{path}: {', '.join(twice)} stands there more than once. Give everyone an id of their own.")
    return Roster(people)
