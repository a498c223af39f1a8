"""What LMSs give is taken apart, and whose it is is settled by the roster."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from twovoices.grading import lms, roster, store
from twovoices.grading.settings import CannotGrade

from .conftest import ASSIGNMENT, Course

pytestmark = pytest.mark.xdist_group("fast")
ROSTER = """learner,first_name,last_name,email,lms_id,lms_name
al23,Ann,"O'Hara, Lee",ann@example.org,901,
bz24,Béla,Zoltán,bela@example.org,902,
cx25,Chi,Xu,,903,"Xu Chi (MSc)"
"""


def zipped(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def people(folder: Path) -> Path:
    path = folder / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8-sig")
    return path


def page(course: Course) -> str:
    return (course.folder / "grading" / f"{ASSIGNMENT}_last_page.txt").read_text(encoding="utf-8")


def test_moodles_zip_of_all_is_graded_by_the_roster(course: Course, tmp_path: Path) -> None:
    given = tmp_path / "SXS-Assignment 2-778.zip"
    given.write_bytes(
        zipped(
            {
                f"Ann O'Hara, Lee_12345_assignsubmission_file_/al23-{ASSIGNMENT}.zip": course.zip("al23", 1),
                "Béla Zoltán_12346_assignsubmission_file_/my work.zip": course.zip("bela", 2),
                "Béla Zoltán_12346_assignsubmission_file_/notes.docx": b"not read",
                "Xu Chi (MSc)_12347_assignsubmission_file_/x.zip": course.zip("cx25", 3),
            }
        )
    )
    assert course.grade(places=[given], people=people(tmp_path)) == 0
    assert set(course.standing()) == {"al23", "bz24", "cx25"}
    assert "bz24: it says it is 'bela'; taken in by the roster." in page(course)
    with store.connect(course.folder / "gradebook.db") as connection:
        found = connection.execute("SELECT first_name, last_name, email, lms_user_id FROM student WHERE id = 'al23'")
        assert found.fetchone() == ("Ann", "O'Hara, Lee", "ann@example.org", "901")


def test_a_later_download_with_a_later_hand_in_takes_the_place_of_the_earlier(course: Course, tmp_path: Path) -> None:
    given = tmp_path / "all.zip"
    for seed in (1, 2):
        entry = f"Ann O'Hara, Lee_{seed}5_assignsubmission_file_/take {seed}.zip"
        given.write_bytes(zipped({entry: course.zip("al23", seed)}))
        assert course.grade(places=[given], people=people(tmp_path)) == 0
    assert "1 marked again" in page(course)


def test_canvas_zip_of_all_is_graded_by_the_roster(course: Course, tmp_path: Path) -> None:
    given = tmp_path / "submissions.zip"
    given.write_bytes(
        zipped(
            {
                f"oharaleeann_901_55501_al23-{ASSIGNMENT}.zip": course.zip("al23", 1),
                "zoltanbela_LATE_902_55502_work-1.zip": course.zip("bz24", 2),
            }
        )
    )
    assert course.grade(places=[given], people=people(tmp_path)) == 0
    assert set(course.standing()) == {"al23", "bz24"}
    assert "In the roster, and nothing handed in:\n  cx25" in page(course)


def test_an_unpacked_download_and_loose_answers_are_graded(course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "downloads" / "Assignment 2"
    one = folder / "Ann O'Hara, Lee_12345_assignsubmission_file_"
    other = folder / "Béla Zoltán_12346_assignsubmission_file_"
    one.mkdir(parents=True)
    other.mkdir()
    (one / "hand-in.zip").write_bytes(course.zip("al23", 1))
    with zipfile.ZipFile(io.BytesIO(course.zip("bz24", 2))) as archive:
        (other / "answers.jsonl").write_bytes(archive.read(f"{ASSIGNMENT}/answers.jsonl"))
    assert course.grade(places=[folder], people=people(tmp_path)) == 0
    assert set(course.standing()) == {"al23", "bz24"}


def test_a_zip_of_all_needs_no_roster_where_hand_ins_say_whose_they_are(course: Course, tmp_path: Path) -> None:
    given = tmp_path / "all.zip"
    given.write_bytes(zipped({f"x/{name}-{ASSIGNMENT}.zip": course.zip(name, 1) for name in ("al23", "bz24")}))
    assert course.grade(places=[given]) == 0
    assert set(course.standing()) == {"al23", "bz24"}
    assert "bz24: its answers are also in the hand-in of al23" in page(course)


def test_somebody_elses_hand_in_under_ones_own_account_is_not_taken_in(course: Course, tmp_path: Path) -> None:
    given = tmp_path / "all.zip"
    given.write_bytes(zipped({"Ann O'Hara, Lee_1_assignsubmission_file_/x.zip": course.zip("bz24", 1)}))
    assert course.grade(places=[given], people=people(tmp_path)) == 1
    assert "al23's account handed in what says it is bz24's. Ask both." in page(course)
    assert course.standing() == {}


def test_an_account_that_the_roster_does_not_know_is_not_taken_in(course: Course, tmp_path: Path) -> None:
    given = tmp_path / "all.zip"
    given.write_bytes(zipped({"Nobody Known_7_assignsubmission_file_/x.zip": course.zip("al23", 1)}))
    assert course.grade(places=[given], people=people(tmp_path)) == 1
    assert "the account 'Nobody Known' (7) is in no one row of the roster" in page(course)


def test_a_learner_who_is_not_in_the_roster_is_taken_in_and_told(course: Course, tmp_path: Path) -> None:
    course.hand_in("zz99")
    course.grade(people=people(tmp_path))
    assert set(course.standing()) == {"zz99"}
    assert "'zz99' is in no row of the roster" in page(course)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Ann Lee_12345_assignsubmission_file_", lms.Account("Ann Lee", "12345")),
        ("Ann_Lee_12345_assignsubmission_file_al23.zip", lms.Account("Ann_Lee", "12345")),
        ("leeann_12345_67890_al23-02.zip", lms.Account("leeann", "12345")),
        ("leeann_LATE_12345_67890_al23-02.zip", lms.Account("leeann", "12345")),
        ("al23-02_what_is_not_regret.zip", None),
        ("al23", None),
        ("answers.jsonl", None),
    ],
)
def test_names_that_lmss_give_are_told_from_others(name: str, found: lms.Account | None) -> None:
    assert lms.account(name) == found


def test_a_roster_is_read_as_people_save_it(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(
        "First name;Surname;ID number;Email address\r\nAnn;Lee;al23;a@b.org\r\n;;;\r\n", encoding="utf-8-sig"
    )
    (person,) = roster.load(path).people
    assert person == roster.Person("al23", "Ann", "Lee", "a@b.org")
    assert roster.load(path).find("lee ann") == person


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("name,age\nAnn,3\n", "no column of learner ids"),
        ("learner\n../etc\n", "line 2: '../etc' cannot be a learner's id"),
        ("learner\na\na\n", "a stands there more than once"),
        ("", "no column of learner ids"),
    ],
)
def test_a_roster_that_cannot_be_used_says_why(tmp_path: Path, words: str, reason: str) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(words)
    with pytest.raises(CannotGrade, match=reason):
        roster.load(path)


def test_a_name_that_two_people_share_means_nobody(tmp_path: Path) -> None:
    found = roster.Roster([roster.Person("a", "Ann", "Lee"), roster.Person("b", "Ann", "Lee")])
    assert found.find("Ann Lee") is None
    assert found.find("b") is not None
