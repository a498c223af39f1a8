"""What `twovoices check` asks of a practice file beyond its shape: reasons with their line, and the content standard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from twovoices.activities.prompting import Prompts
from twovoices.activities.sort import Sort
from twovoices.check import kinds
from twovoices.content import store
from twovoices.content.strict import read

SOURCE = store.source("sorts", "whose-voice")


def problems(tmp_path: Path, *changes: tuple[str, str]) -> list[Any]:
    raw = SOURCE.read_text("utf-8")
    for old, new in changes:
        assert old in raw
        raw = raw.replace(old, new, 1)
    path = tmp_path / "whose-voice.yaml"
    path.write_text(raw, "utf-8")
    document = read(path, Sort, path.name)
    return [*kinds.practice_problems(document, "sorts"), *kinds.standard_problems(document)]


def test_the_file_of_the_course_has_no_problems(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


def test_a_missing_reason_is_told_with_its_line_and_in_the_files_own_ids(tmp_path: Path) -> None:
    start = "She gives you the speaker, the room and the ironing"
    line = next(n for n, text in enumerate(SOURCE.read_text("utf-8").splitlines(), start=1) if start in text)
    raw = SOURCE.read_text("utf-8").splitlines()[line - 1]
    (found,) = problems(tmp_path, (raw, '    why: "Yes."'))
    assert (found.code, found.where) == ("E-WHY", "cards body-keeps-accounts, spots script")
    assert line - 3 <= found.line <= line


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("Ring 020 7946 0123 for help.", "telephone number"),
        ("She was fifteen, and it was long ago.", "may put a minor"),
        ("Like a slut, she says.", "slur-like term"),
    ],
)
def test_the_content_standard_holds_for_every_text_in_it(tmp_path: Path, words: str, what: str) -> None:
    found = problems(tmp_path, ("It is Adaeze's third meeting.", f"{words} It is Adaeze's third meeting."))
    assert [(item.code, item.where) for item in found] == [("E-STANDARD", "stem")]
    assert what in found[0].what


def test_a_file_without_a_content_note_is_refused(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, ("content_note: Religious shame, pain; no detail\n", ""))
    assert "no content note" in found.what


def test_a_group_of_words_that_cannot_be_read_or_asks_nothing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "xx.yaml"
    path.write_text(
        "id: xx\nplain: []\ngroups:\n- id: odd\n  find: ['(unclosed']\n  ask: Why?\n- id: mute\n  find: [word]\n"
    )
    found = kinds.prompts_problems(read(path, Prompts, path.name))
    assert [(item.where, item.what.split(":")[0]) for item in found] == [
        ("odd", "'(unclosed' cannot be read"),
        ("mute", "The group asks nothing."),
    ]
