"""YAML as clinicians write it: what it means, and what they are told when it is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest

from twovoices.content.errors import ContentError, Problem
from twovoices.content.strict import Document, read, read_text
from twovoices.roleplay.model import Case

WHOLE = "Write a whole number without quotes."
SHIPPED = Path(__file__).parents[2] / "data" / "roleplays" / "late-colleague.yaml"


class Part(msgspec.Struct, forbid_unknown_fields=True):
    say: str
    level: Annotated[int, msgspec.Meta(ge=0, le=4)] = 0
    seen: str | None = None


class Page(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    parts: tuple[Part, ...] = ()
    heavy: bool = False
    share: float = 0.0
    use: Literal["practice", "gate"] = "practice"
    people: dict[str, str] = {}
    tags: Annotated[tuple[str, ...], msgspec.Meta(min_length=2)] = ("a", "b")
    code: Annotated[str, msgspec.Meta(pattern=r"^[a-z]+$", description="Use small letters.")] = "x"


def page(text: str) -> Document[Page]:
    return read_text(text, Page, "page.yaml")


def problems(text: str) -> list[Problem]:
    with pytest.raises(ContentError) as told:
        page(text)
    assert str(told.value).splitlines() == [str(problem) for problem in told.value.problems]
    return told.value.problems


def problem(text: str) -> Problem:
    (only,) = problems(text)
    assert (only.file, only.code) == ("page.yaml", "E-SHAPE")
    assert only.mend
    return only


# ---------------------------------------------------------------- what it means


@pytest.mark.parametrize(
    "written",
    [
        "No",
        "yes",
        "off",
        "2026",
        "1.5",
        "2026-11-01",
        "~",
        "null",
        "0x1F",
        "1e3",
        "12:30",
        "true",
        "=",
        "<<",
        "no.",
        "Nein",
    ],
)
def test_a_text_stays_the_words_that_were_written(written: str) -> None:
    assert page(f"id: {written}").value.id == written
    assert page(f"id: one\nparts:\n- say: {written}").value.parts[0].say == written
    assert page(f"id: one\npeople: {{client: {written}}}").value.people == {"client": written}


def test_quotes_and_folded_blocks_mean_what_yaml_says() -> None:
    assert page('id: "a\\tb"').value.id == "a\tb"
    assert page("id: 'it''s'").value.id == "it's"
    assert page("id: >-\n  one\n  two\n\n  three\n").value.id == "one two\nthree"
    assert page("id: |\n  one\n  two\n").value.id == "one\ntwo"


def test_an_optional_text_can_be_left_empty_and_the_word_null_in_quotes_is_a_word() -> None:
    seen = [
        page(f"id: x\nparts: [{{say: y, seen: {words}}}]").value.parts[0].seen
        for words in ("", "~", "null", '"null"', "No")
    ]
    assert seen == [None, None, None, "null", "No"]


def test_numbers_truth_and_choices_are_read_by_the_type_of_their_place() -> None:
    found = page("id: x\nheavy: true\nshare: 0.5\nuse: gate\nparts: [{say: y, level: +3}]").value
    assert (found.heavy, found.share, found.use, found.parts[0].level) == (True, 0.5, "gate", 3)
    assert page("id: x\nshare: 2").value.share == 2.0


def test_every_part_has_its_line() -> None:
    document = page("id: x\nparts:\n- say: one\n\n- level: 2\n  say: two\n")
    assert document.line("id") == 1
    assert document.line("parts", 1, "say") == 6
    assert document.line("parts", 1, "seen") == 5, "a key that is not there answers with its parent's line"
    assert document.line("nowhere") == 1


# ---------------------------------------------------------------- what is told


@pytest.mark.parametrize(
    ("text", "line", "what", "mend"),
    [
        ("id: x\nheavy: yes", 2, "'heavy' must be true or false, and it says 'yes'.", "Write true or false."),
        ("id: x\nheavy: 'true'", 2, "'heavy' must be true or false, and it says 'true'.", "Write true or false."),
        ("id: x\nshare: much", 2, "'share' must be a number, and it says 'much'.", "Write a number without quotes."),
        ("id: x\nparts:\n- say: y\n  level: two", 4, "'level' must be a whole number, and it says 'two'.", WHOLE),
        ("id: x\nparts:\n- say: y\n  level: 2.0", 4, "'level' must be a whole number, and it says '2.0'.", WHOLE),
        ("id: x\nparts:\n- say: y\n  level: '2'", 4, "'level' must be a whole number, and it says '2'.", WHOLE),
        ("id: x\nparts:\n- say: y\n  level: 5", 4, "'level' is 5.", "Use a number from 0 to 4."),
        ("id: x\nparts:\n- say: [a, b]", 3, "'say' must be text, not a list or a block.", "Write it on one line."),
        ("id: x\nparts: one", 2, "'parts' must be a list.", "Begin each entry with a dash, or write [a, b]."),
        ("id: x\nparts:\n- just words", 3, "This entry must be a block of `name: value` lines.", "Indent the names under it."),
        ("id: x\npeople: Ana", 2, "'people' must be a block of `name: value` lines.", "Indent the names under it."),
        ("id: x\nuse: exam", 2, "'use' says 'exam'.", "Use one of: practice, gate."),
        ("id: x\ntags: [one]", 2, "'tags' is too short.", "It needs at least 2."),
        ("id: x\ncode: ABC", 2, "'code' is 'ABC'.", "Use small letters."),
        ("parts: []", 1, "The key 'id' is missing.", "Add a line `id: ...`."),
        ("id: x\nparts:\n- level: 2", 3, "The key 'say' is missing.", "Add a line `say: ...`."),
        ("id: x\nid: y", 2, "The key 'id' stands twice (first in line 1).", "Keep one of them."),
        ("id: x\npeople:\n  a: A\n  a: B", 4, "The key 'a' stands twice (first in line 3).", "Keep one of them."),
        ("id: x\nheavey: true", 2, "The key 'heavey' is not known here.", "Did you mean 'heavy'?"),
        ("id: x\nparts:\n- say: y\n  zzz: 1", 4, "The key 'zzz' is not known here.", "Known keys: say, level, seen."),
        ("- id: x", 1, "This entry must be a block of `name: value` lines.", "Indent the names under it."),
        ("", 1, "The file is empty.", "Write at least an id."),
        ("# only a remark\n", 1, "The file is empty.", "Write at least an id."),
        ("id: x\nparts:\n\t- say: y", 3, "There is a tab in this line.", "Use spaces: YAML does not allow tabs."),
        ("id: x\n\theavy: true", 2, "There is a tab in this line.", "Use spaces: YAML does not allow tabs."),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_and_its_mend(text: str, line: int, what: str, mend: str) -> None:
    found = problem(text)
    assert (found.line, found.what, found.mend) == (line, what, mend)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id: x\nparts:\n- say: one\n   level: 2", 4),
        ("id: x\n say: y", 2),
        ("id: 'open\nheavy: true", 2),
        ("id: said: twice", 1),
        ("id: @home", 1),
        ("id: [a, b", 1),
    ],
)
def test_a_fault_of_indentation_or_quotes_is_told_near_its_line(text: str, line: int) -> None:
    found = problem(text)
    assert line <= found.line <= line + 1
    assert found.what.startswith("Not YAML: ")
    assert found.mend.startswith("Check indentation and quotes; ")


@pytest.mark.parametrize(("odd", "name"), [("\x07", "U+0007"), ("\x00", "U+0000"), ("\ufffe", "U+FFFE")])
def test_a_character_that_is_no_text_is_told_with_its_line(odd: str, name: str) -> None:
    found = problem(f"id: äöü\npeople: {{a: Zoë}}\nuse: {odd}gate\n")
    assert (found.line, found.what) == (3, f"There is a character that is not text ({name}).")
    assert found.mend == "Remove it (often pasted from elsewhere)."


def test_the_place_is_spelled_as_words_counted_from_one() -> None:
    found = problem("id: x\nparts:\n- say: y\n- say: z\n  level: no")
    assert found.where == "parts 2, level"
    assert str(found) == (
        "page.yaml:5: E-SHAPE parts 2, level: 'level' must be a whole number, and it says 'no'. Write a whole number without quotes."
    )


def test_every_fault_is_told_at_once_in_the_order_of_the_file() -> None:
    text = "idd: x\nheavy: maybe\nparts:\n- say: y\n  level: 9\n- level: 1\n- say: z\n  lvl: 2\n"
    found = problems(text)
    assert [(p.line, p.what) for p in found] == [
        (1, "The key 'id' is missing."),
        (1, "The key 'idd' is not known here."),
        (2, "'heavy' must be true or false, and it says 'maybe'."),
        (5, "'level' is 9."),
        (6, "The key 'say' is missing."),
        (8, "The key 'lvl' is not known here."),
    ]


def test_a_file_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "page.yaml"
    path.write_bytes("id: x\npeople: {a: Zoë}\n".encode("latin-1"))
    with pytest.raises(ContentError) as told:
        read(path, Page, "page.yaml")
    assert str(told.value) == "page.yaml:2: E-SHAPE The file is not UTF-8. Save it as UTF-8."


def test_a_file_with_a_byte_order_mark_reads(tmp_path: Path) -> None:
    path = tmp_path / "page.yaml"
    path.write_bytes(b"\xef\xbb\xbfid: x\n")
    assert read(path, Page).value.id == "x"


def test_nothing_in_a_file_is_run_or_fetched() -> None:
    assert problem("id: !!python/object/apply:os.getcwd []\n").what == "'id' must be text, not a list or a block."
    assert page("id: !!python/name:os.getcwd words\n").value.id == "words"


# ---------------------------------------------------------------- a real case


def broken(old: str, new: str, *, count: int = 1) -> list[Problem]:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(ContentError) as told:
        read_text(text.replace(old, new, count), Case, "late-colleague.yaml")
    return told.value.problems


def line_of(part: str) -> int:
    return SHIPPED.read_text(encoding="utf-8").split(part)[0].count("\n") + 1


def test_a_shipped_case_with_a_wrong_type_says_where() -> None:
    (found,) = broken("difficulty: ", "difficulty: easy # ")
    assert (found.line, found.where) == (line_of("difficulty: "), "difficulty")
    assert found.what == "'difficulty' must be a whole number, and it says 'easy'."


def test_a_shipped_case_with_a_missing_key_says_where() -> None:
    (found,) = broken("objective: ", "# objective: ")
    assert (found.line, found.what) == (line_of("id: "), "The key 'objective' is missing.")


def test_a_shipped_case_with_a_misspelt_key_says_what_was_meant() -> None:
    found = broken("content_note: ", "content_notes: ")
    assert [p.what for p in found] == [
        "The key 'content_note' is missing.",
        "The key 'content_notes' is not known here.",
    ]
    assert found[1].mend == "Did you mean 'content_note'?"


def test_a_shipped_case_in_which_a_client_says_no_keeps_the_word() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    first = next(
        row for row in text.splitlines() if row.strip().startswith("- say: ") or row.strip().startswith("say: ")
    )
    case = read_text(text.replace(first, first.split("say: ")[0] + "say: No"), Case, "x").value
    assert "No" in [line.say for beat in case.beats for line in beat.client]
