"""Tables for people and LMSs: safe names, two marks by their own names, bands and flags."""

from __future__ import annotations

import csv
import io

import pytest

from twovoices.grading import exporting, rubric
from twovoices.grading.exporting import CellMark, Record
from twovoices.grading.rubric import RowMark

pytestmark = pytest.mark.xdist_group("fast")
NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "\uff1d1+1", '=HYPERLINK("http://x";"y")']
HARMLESS = ["Jones, MD", 'Ann "Lee"', "two\nlines", "O'Hara", "Zoë", "李", "a=b", "1-2", ""]


def record(last: str = "Lee", rows: tuple[float | None, ...] = (3, 3, 6, 3), comment: str | None = None) -> Record:
    cells = [CellMark("roleplay-ray-C4", 15, 12.5, 12.5), CellMark("quiz-q", 15, 9, 9)]
    for number, (points, most) in enumerate(zip(rows, (4, 4, 8, 4), strict=True), start=1):
        cells.append(CellMark(f"written-w-row-{number}", most, points or 0, points, comment if number == 3 else None))
    titles = {"written-w-row-3": "Safety and duties"}
    return Record("02", "al23", "Ann", last, "a@b.org", "", "2026-05-01", 50, True, 0.0, tuple(cells), "", titles)


def table(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", NASTY)
def test_nothing_in_a_name_becomes_a_formula(name: str) -> None:
    for make in (exporting.gradebook, exporting.competencies, exporting.moodle):
        (row, *_) = table(make([record(name)]))
        assert "'" + name in row.values()


@pytest.mark.parametrize("name", HARMLESS)
def test_every_other_name_comes_through_whole(name: str) -> None:
    (row,) = table(exporting.gradebook([record(name)]))
    assert row["last_name"] == name
    assert row["email"] == "a@b.org"


def test_the_automatic_column_is_called_judgement_and_the_written_mark_is_out_of_50() -> None:
    (row,) = table(exporting.gradebook([record()]))
    assert (row["judgement"], row["judgement_max"]) == ("21.5", "30")
    assert (row["written"], row["written_max"]) == ("37.5", "50.0")
    assert (row["band"], row["status"]) == ("met", "marked")
    assert float(row["raw_score"]) == 21.5 + 15


def test_excel_gets_a_mark_of_utf_8_and_every_line_ends_as_rfc_4180_has_it() -> None:
    assert exporting.gradebook([record()]).startswith(b"\xef\xbb\xbf")
    assert not exporting.moodle([record()]).startswith(b"\xef\xbb\xbf")
    raw = exporting.moodle([record()])
    assert raw.count(b"\n") == raw.count(b"\r\n") == 2


def test_written_work_that_waits_or_is_returned_has_no_mark_yet() -> None:
    (waits,) = table(exporting.gradebook([record(rows=(3, None, 6, 3))]))
    (back,) = table(exporting.gradebook([record(comment="Thank you.\nFLAG: letter of pardon")]))
    assert (waits["written"], waits["band"], waits["status"]) == ("", "", "written work waits to be read")
    assert (back["written"], back["band"], back["status"]) == ("", "", "returned")
    (row,) = table(exporting.moodle([record(comment="FLAG:")]))
    assert row["02: written practice"] == ""
    assert row["02: status"] == "returned"


def test_moodle_gets_a_line_for_each_learner_and_leaves_alone_what_is_not_there() -> None:
    other = Record("05", "al23", "Ann", "Lee", "", "", "", 50, False, 0.0, ())
    (row,) = table(exporting.moodle([record(), other]))
    assert row["02: judgement"] == "21.5"
    assert row["05: judgement"] == ""
    assert row["05: status"] == "nothing handed in"


def test_competencies_have_a_line_each() -> None:
    (row,) = table(exporting.competencies([record()]))
    assert (row["case"], row["competency"], row["judgement"], row["judgement_max"]) == ("ray", "C4", "12.5", "15")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((4, 4, 8, 4), ("met", ())),
        ((3, 3, 6, 3), ("met", ())),
        ((4, 4, 8, 1), ("revise", ("four",))),
        ((4, 4, 8, 0), ("revise", ("four",))),
        ((2, 3, 6, 3), ("revise", ())),
        ((2, 2, 4, 3), ("revise", ())),
        ((2, 2, 4, 2), ("talk", ())),
        ((0, 0, 0, 0), ("talk", ("one", "two", "three", "four"))),
    ],
)
def test_bands_are_those_of_the_rubric(rows: tuple[float, ...], expected: tuple[str, tuple[str, ...]]) -> None:
    named = zip(("one", "two", "three", "four"), rows, (4, 4, 8, 4), strict=True)
    assert rubric.band([RowMark(*one) for one in named]) == expected


def test_a_band_waits_for_every_row() -> None:
    assert rubric.band([RowMark("one", 3, 4), RowMark("two", None, 4)]) is None
    assert rubric.written_mark([RowMark("one", 3, 4), RowMark("two", None, 4)]) is None
    assert rubric.written_mark([]) is None


def test_flags_are_lines_of_a_comment_and_stay_between_those_who_teach() -> None:
    comment = "One thing worked.\n  FLAG: forgives_harm\nOne next try.\nflag: again"
    assert rubric.flags(comment) == ["forgives_harm", "again"]
    assert rubric.for_learner(comment) == "One thing worked.\nOne next try."
    assert rubric.flags(None) == rubric.flags("the red FLAG: here") == []
