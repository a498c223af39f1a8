"""The learner's copy: what is renewed, what is kept, what is never touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twovoices.answers import MARK, NAME
from twovoices.launch import copies, pages
from twovoices.launch.place import Problem

from .conftest import notebook

LESSON = "notebooks/02_lesson.ipynb"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "Kurs é"
    write(folder / LESSON, notebook("one"))
    write(folder / "exercises/02/02_exercise.ipynb", notebook("task"))
    write(folder / "exercises/02/assessment.json", b"{}\n")
    return folder


@pytest.fixture
def work(course: Path) -> Path:
    copies.renew(course, course / "work")
    return course / "work"


def write(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def as_saved(raw: bytes) -> bytes:
    """A notebook as JupyterLab leaves it after it was run: other layout, outputs, kernel, folded inputs, timings."""
    told = json.loads(raw)
    told["metadata"] = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "widgets": {"state": {}}}
    for number, cell in enumerate(told["cells"], start=1):
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
        cell["metadata"] = {"jupyter": {"source_hidden": True}, "execution": {"iopub.status.busy": "now"}}
        cell["execution_count"] = number
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "seen\n"}]
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# ---------------------------------------------------------------- making it


def test_a_new_copy_holds_the_lessons_the_exercises_and_the_mark(course: Path, work: Path) -> None:
    assert (work / LESSON).read_bytes() == (course / LESSON).read_bytes()
    assert (work / "exercises/02/assessment.json").exists()
    assert (work / MARK).is_file()


def test_the_second_start_writes_nothing(course: Path, work: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in work.rglob("*")}
    assert copies.renew(course, work).sentences() == []
    assert {path: path.stat().st_mtime_ns for path in work.rglob("*")} == before


@pytest.mark.parametrize(
    "path",
    [
        "notebooks/workshop/read_the_room.ipynb",
        "notebooks/.ipynb_checkpoints/02_lesson-checkpoint.ipynb",
        "exercises/02/__pycache__/x.pyc",
        "exercises/02/answers.jsonl",
        "solutions/02/key.yaml",
    ],
)
def test_what_is_not_for_learners_is_not_copied(course: Path, path: str) -> None:
    write(course / path, b"not for learners")
    copies.renew(course, course / "work")
    assert not (course / "work" / path).exists()


def test_links_are_not_followed(course: Path, tmp_path: Path) -> None:
    write(tmp_path / "secret", b"x")
    (course / "notebooks" / "linked.ipynb").symlink_to(tmp_path / "secret")
    copies.renew(course, course / "work")
    assert not (course / "work/notebooks/linked.ipynb").exists()


# ---------------------------------------------------------------- keeping it up to date


def test_an_untouched_page_is_replaced(course: Path, work: Path) -> None:
    write(course / LESSON, notebook("two"))
    assert copies.renew(course, work).renewed == [LESSON]
    assert (work / LESSON).read_bytes() == notebook("two")


def test_a_page_that_was_only_run_and_saved_counts_as_untouched(course: Path, work: Path) -> None:
    write(work / LESSON, as_saved(notebook("one")))
    write(course / LESSON, notebook("two"))
    assert copies.renew(course, work).renewed == [LESSON]


def test_a_page_that_was_run_keeps_its_outputs_while_the_course_stays_the_same(course: Path, work: Path) -> None:
    write(work / LESSON, as_saved(notebook("one")))
    copies.renew(course, work)
    assert (work / LESSON).read_bytes() == as_saved(notebook("one"))


def test_an_edited_page_is_kept_and_the_new_one_laid_beside_it(course: Path, work: Path) -> None:
    write(work / LESSON, notebook("mine"))
    write(course / LESSON, notebook("two"))
    changes = copies.renew(course, work)
    assert (work / LESSON).read_bytes() == notebook("mine")
    assert (work / "notebooks/02_lesson (new).ipynb").read_bytes() == notebook("two")
    assert "02_lesson (new).ipynb" in " ".join(changes.sentences())


def test_an_edited_page_of_an_unchanged_course_is_left_alone(course: Path, work: Path) -> None:
    write(work / LESSON, notebook("mine"))
    assert copies.renew(course, work).sentences() == []
    assert not list(work.rglob("*(new)*"))


def test_a_page_laid_beside_comes_once_and_not_again_when_removed(course: Path, work: Path) -> None:
    write(work / LESSON, notebook("mine"))
    write(course / LESSON, notebook("two"))
    copies.renew(course, work)
    (work / "notebooks/02_lesson (new).ipynb").unlink()
    assert copies.renew(course, work).sentences() == []
    assert not list(work.rglob("*(new)*"))


def test_a_still_newer_page_replaces_the_untouched_one_beside(course: Path, work: Path) -> None:
    write(work / LESSON, notebook("mine"))
    for text in ("two", "three"):
        write(course / LESSON, notebook(text))
        copies.renew(course, work)
    assert (work / "notebooks/02_lesson (new).ipynb").read_bytes() == notebook("three")
    assert len(list(work.rglob("*(new*"))) == 1


def test_a_page_beside_that_was_edited_is_kept_too(course: Path, work: Path) -> None:
    write(work / LESSON, notebook("mine"))
    write(course / LESSON, notebook("two"))
    copies.renew(course, work)
    write(work / "notebooks/02_lesson (new).ipynb", notebook("mine too"))
    write(course / LESSON, notebook("three"))
    copies.renew(course, work)
    assert (work / "notebooks/02_lesson (new).ipynb").read_bytes() == notebook("mine too")
    assert (work / "notebooks/02_lesson (new 2).ipynb").read_bytes() == notebook("three")


def test_taking_back_an_edit_makes_the_page_renewable(course: Path, work: Path) -> None:
    write(work / LESSON, notebook("mine"))
    write(course / LESSON, notebook("two"))
    copies.renew(course, work)
    write(work / LESSON, notebook("two"))
    copies.renew(course, work)
    write(course / LESSON, notebook("three"))
    assert copies.renew(course, work).renewed == [LESSON]


def test_a_page_that_was_deleted_comes_back(course: Path, work: Path) -> None:
    (work / LESSON).unlink()
    assert copies.renew(course, work).new == [LESSON]


def test_a_page_the_course_no_longer_has_is_left(course: Path, work: Path) -> None:
    (course / LESSON).unlink()
    copies.renew(course, work)
    assert (work / LESSON).exists()


def test_a_changed_file_that_is_no_notebook_is_kept_too(course: Path, work: Path) -> None:
    write(work / "exercises/02/assessment.json", b"{ }\n")
    write(course / "exercises/02/assessment.json", b'{"a": 1}\n')
    copies.renew(course, work)
    assert (work / "exercises/02/assessment.json").read_bytes() == b"{ }\n"
    assert (work / "exercises/02/assessment (new).json").exists()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"files": 3}', b'{"files": {"a": {"odd": 1}}}'])
def test_without_its_list_every_differing_file_counts_as_edited(course: Path, work: Path, damage: bytes) -> None:
    write(work / LESSON, notebook("perhaps mine"))
    write(work / copies.COPIED, damage)
    copies.renew(course, work)
    assert (work / LESSON).read_bytes() == notebook("perhaps mine")
    assert (work / "notebooks/02_lesson (new).ipynb").exists()


def test_answers_are_never_touched(course: Path, work: Path) -> None:
    answers = [work / NAME, work / "exercises/02" / NAME]
    for path in answers:
        write(path, b'{"id": "1"}\n{"torn')
    write(course / LESSON, notebook("two"))
    write(course / "exercises/02" / NAME, b"an instructor's own clicks\n")
    copies.renew(course, work)
    assert [path.read_bytes() for path in answers] == [b'{"id": "1"}\n{"torn'] * 2


EVENTS = st.lists(st.sampled_from(["edit", "edition", "save", "restore"]), max_size=10)


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_in_whatever_order_things_happen_the_learners_words_are_kept_and_the_courses_are_there(
    tmp_path_factory: pytest.TempPathFactory, events: list[str]
) -> None:
    course = tmp_path_factory.mktemp("course")
    work = course / "work"
    mine, theirs = "", notebook("edition")
    for number, event in enumerate(["edition", *events]):
        if event == "edit":
            mine = f"my words {number}"
            write(work / LESSON, notebook(mine))
        elif event == "save":
            write(work / LESSON, as_saved((work / LESSON).read_bytes()))
        elif event == "restore":
            mine = ""
            write(work / LESSON, theirs)
        else:
            theirs = notebook(f"edition {number}")
            write(course / LESSON, theirs)
        copies.renew(course, work)
        present = [pages.wording(path.read_bytes()) for path in work.rglob("*.ipynb")]
        assert pages.wording(notebook(mine) if mine else theirs) == pages.wording((work / LESSON).read_bytes())
        assert event != "edition" or pages.wording(theirs) in present


# ---------------------------------------------------------------- from an older download


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An older download: one lesson edited, one only run, answers, and a file of the learner's own."""
    folder = tmp_path / "old download"
    write(folder / LESSON, notebook("one"))
    write(folder / "notebooks/01_first.ipynb", notebook("first"))
    copies.renew(folder, folder / "work")
    write(folder / "work" / LESSON, notebook("one, and my notes"))
    write(folder / "work/notebooks/01_first.ipynb", as_saved(notebook("first")))
    write(folder / "work" / NAME, b'{"id": "a"}\n{"id": "b"}\n')
    write(folder / "work/exercises/02" / NAME, b'{"id": "c"}\n')
    write(folder / "work/my words.txt", b"kept\n")
    return folder


def test_answers_edited_pages_and_own_files_come_over(old: Path, course: Path) -> None:
    work = course / "work"
    before = everything(old)
    write(course / "notebooks/01_first.ipynb", notebook("first, better"))
    copies.bring_over(old, course, work)
    assert (work / NAME).read_bytes() == b'{"id": "a"}\n{"id": "b"}\n'
    assert (work / "exercises/02" / NAME).read_bytes() == b'{"id": "c"}\n'
    assert (work / LESSON).read_bytes() == notebook("one, and my notes")
    assert (work / "my words.txt").read_bytes() == b"kept\n"
    assert (work / "notebooks/01_first.ipynb").read_bytes() == notebook("first, better")
    assert everything(old) == before


def test_the_courses_newer_page_lies_beside_one_brought_over(old: Path, course: Path) -> None:
    write(course / LESSON, notebook("a new edition"))
    changes = copies.bring_over(old, course, course / "work")
    assert (course / "work/notebooks/02_lesson (new).ipynb").read_bytes() == notebook("a new edition")
    assert LESSON in changes.brought


def test_answers_of_both_copies_are_joined_once(old: Path, course: Path) -> None:
    work = course / "work"
    write(work / NAME, b'{"id": "b"}\n{"id": "z"}')
    for _ in range(2):
        copies.bring_over(old, course, work)
    assert (work / NAME).read_bytes() == b'{"id": "b"}\n{"id": "z"}\n{"id": "a"}\n'


def test_where_both_were_edited_both_are_kept(old: Path, course: Path, work: Path) -> None:
    write(work / LESSON, notebook("edited here"))
    for _ in range(2):
        copies.bring_over(old, course, work)
    assert (work / LESSON).read_bytes() == notebook("edited here")
    assert (work / "notebooks/02_lesson (from before).ipynb").read_bytes() == notebook("one, and my notes")
    assert len(list(work.rglob("*from before*"))) == 1


def test_bringing_over_twice_changes_nothing_more(old: Path, course: Path) -> None:
    work = course / "work"
    copies.bring_over(old, course, work)
    before = everything(work)
    assert copies.bring_over(old, course, work).sentences() == []
    assert everything(work) == before


def test_the_older_copys_own_folder_may_be_named_too(old: Path, course: Path) -> None:
    copies.bring_over(old / "work", course, course / "work")
    assert (course / "work" / NAME).exists()


def test_a_folder_without_a_copy_is_refused(tmp_path: Path, course: Path) -> None:
    with pytest.raises(Problem, match="No copy of the course"):
        copies.bring_over(tmp_path / "nothing here", course, course / "work")


def test_this_course_is_not_its_own_older_download(course: Path, work: Path) -> None:
    with pytest.raises(Problem, match="this very course"):
        copies.bring_over(course, course, work)


# ---------------------------------------------------------------- clearing


def test_clearing_removes_what_pages_show_and_keeps_words_and_answers(course: Path, work: Path) -> None:
    write(work / LESSON, as_saved(notebook("one")))
    write(work / "notebooks/.ipynb_checkpoints/02_lesson-checkpoint.ipynb", as_saved(notebook("one")))
    write(work / NAME, b'{"id": "a"}\n')
    assert copies.clear_outputs(work) == (2, 1)
    assert b"seen" not in b"".join(everything(work).values())
    assert pages.wording((work / LESSON).read_bytes()) == pages.wording(notebook("one"))
    assert (work / NAME).read_bytes() == b'{"id": "a"}\n'
    assert copies.clear_outputs(work) == (2, 0)


def test_a_page_that_cannot_be_cleared_is_named_and_the_rest_is_cleared(course: Path, work: Path) -> None:
    write(work / "notebooks/01_broken.ipynb", b"{")
    write(work / LESSON, as_saved(notebook("one")))
    with pytest.raises(Problem, match=r"notebooks/01_broken\.ipynb"):
        copies.clear_outputs(work)
    assert pages.shows_nothing((work / LESSON).read_bytes())


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.ipynb"
    page.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        pages.write_whole(page, b"new")
    assert page.read_bytes() == b"old"


# ---------------------------------------------------------------- when two files count as the same


def test_a_changed_word_a_new_cell_and_another_kind_of_cell_are_edits() -> None:
    base = json.loads(notebook("one"))
    kind = json.loads(notebook("one"))
    kind["cells"][0]["cell_type"] = "markdown"
    others = [notebook("ones"), notebook("one", "two"), json.dumps(kind).encode()]
    assert pages.wording(json.dumps(base).encode()) not in {pages.wording(other) for other in others}


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'{"cells": 3}', b'{"cells": ["x"]}', "text é".encode(), b"\xff\x00\xfe"]
)
def test_what_is_no_notebook_counts_byte_for_byte(raw: bytes) -> None:
    assert pages.wording(raw) == pages.fingerprint(raw)
