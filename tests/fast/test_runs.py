"""What a grading run does, does again, and leaves alone; and what it does when it is killed."""

from __future__ import annotations

import contextlib
import pickle
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from twovoices.grading import batch, fast, files, marking, preparing, store, taking_in
from twovoices.grading.journal import Journal
from twovoices.grading.settings import CannotGrade

from .conftest import ASSIGNMENT, Course, make

QUIZ, ROW = "quiz-m02-judgement", "written-m02-written-row-2"
pytestmark = pytest.mark.xdist_group("fast")


def learners(count: int) -> list[str]:
    return [f"learner-{number:02d}" for number in range(count)]


def test_a_fresh_clone_is_graded_from_the_inbox_in_one_command(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    course.hand_in(*learners(4))
    assert course.grade() == 0
    said = capsys.readouterr().out
    assert "4 taken in, 0 not." in said
    assert "4 marked, 0 marked again" in said
    assert "Written work waiting to be read" in said
    assert (course.folder / "grading" / f"{ASSIGNMENT}_last_page.txt").read_text().splitlines()[
        0
    ] == "4 taken in, 0 not."


def test_a_rerun_marks_nobody_again_and_changes_no_file(course: Course) -> None:
    import same

    course.hand_in(*learners(3))
    course.grade()
    before = {step: same.files(course.folder / step) for step in ("autograded", "feedback")}
    rows = same.rows(course.folder / "gradebook.db")
    assert course.mark().same == learners(3)
    assert {step: same.files(course.folder / step) for step in ("autograded", "feedback")} == before
    assert same.rows(course.folder / "gradebook.db") == rows


def test_a_lost_file_or_row_is_made_again(course: Course) -> None:
    course.hand_in(*learners(3))
    course.grade()
    files.remove(course.folder / "autograded" / "learner-00")
    course.enter("learner-01", QUIZ)
    course.sql("UPDATE grade SET auto_score = 14.5 WHERE cell_id = (SELECT id FROM base_cell WHERE name = ?)", QUIZ)
    assert course.mark().again == learners(3)
    assert all(found.rows[ASSIGNMENT, QUIZ].automatic != 14.5 for found in course.standing().values())


def test_one_bad_hand_in_never_stops_the_rest(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    course.hand_in(*learners(4))
    (course.folder / "inbox" / "broken.zip").write_bytes(b"PK\x03\x04 not a zip")
    taking_in.run(course.folder, course.folder / "inbox")
    log = course.folder / "submitted" / "learner-02" / ASSIGNMENT / "answers.jsonl"
    log.write_bytes(log.read_bytes() + b"\n")
    (course.folder / "inbox" / "learner-02.zip").unlink()
    capsys.readouterr()
    assert course.grade() == 1
    said = capsys.readouterr().out
    assert "NOT TAKEN IN, and not marked until you act:\n  broken.zip: " in said
    assert "UNMARKED, until you act:\n  learner-02: answers.jsonl is not as intake wrote it. Run intake again." in said
    assert set(course.standing()) == {"learner-00", "learner-01", "learner-03"}
    assert not (course.folder / "feedback" / "learner-02").exists()


@pytest.mark.parametrize("share", [float("nan"), float("inf"), -0.1, 1.5, None])
def test_a_mark_out_of_bounds_leaves_the_submission_unmarked(
    course: Course, share: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.hand_in("one")
    taking_in.everything(course.folder, course.folder / "inbox")
    monkeypatch.setattr(marking, "share", lambda hand_in, grade_id: share)
    done = course.mark()
    assert "came to no mark within its bounds" in done.unmarked["one"]
    assert course.standing() == {}
    assert not (course.folder / "autograded").exists()


def test_a_cell_that_the_gradebook_does_not_expect_marks_nobody(course: Course) -> None:
    course.hand_in("one")
    taking_in.everything(course.folder, course.folder / "inbox")
    course.sql("DELETE FROM solution_cells WHERE id IN (SELECT id FROM base_cell WHERE name = ?)", ROW)
    course.sql("DELETE FROM base_cell WHERE name = ? AND type = 'SolutionCell'", ROW)
    assert "those in the gradebook differ" in course.mark().unmarked["one"]


def test_a_mended_key_marks_everyone_again_and_lists_what_changed(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    course.hand_in(*learners(8))
    course.grade()
    before = {name: found.rows[ASSIGNMENT, QUIZ].automatic for name, found in course.standing().items()}
    course.enter("learner-00", QUIZ, 4)
    course.mend_key()
    capsys.readouterr()
    assert course.grade() == 0
    said = capsys.readouterr().out
    after = {name: found.rows[ASSIGNMENT, QUIZ].automatic for name, found in course.standing().items()}
    changed = [name for name in before if before[name] != after[name]]
    assert "8 marked again" in said
    assert changed
    for name in changed:
        assert f"{name}, {ASSIGNMENT}/{QUIZ}: {before[name]:g} -> {after[name]:g}" in said
    assert said.count(" -> ") == len(changed)
    if "learner-00" in changed:
        assert "learner-00, " in said.partition("under manual ones:")[2]
    assert course.standing()["learner-00"].rows[ASSIGNMENT, QUIZ].manual == 4
    assert course.standing()["learner-00"].rows[ASSIGNMENT, QUIZ].waiting
    assert course.grade() == 0
    assert " -> " not in capsys.readouterr().out


def test_changes_that_a_killed_run_stored_are_told_by_the_next_one(course: Course) -> None:
    course.hand_in(*learners(8))
    course.grade()
    course.mend_key()
    course.mark()  # and here it is killed, before its page
    assert any(Journal(course.folder, ASSIGNMENT).untold.values())
    course.grade()
    assert " -> " in (course.folder / "grading" / f"{ASSIGNMENT}_last_page.txt").read_text()
    assert not Journal(course.folder, ASSIGNMENT).untold


def test_marks_by_hand_bring_new_feedback_and_nothing_else(course: Course) -> None:
    course.hand_in(*learners(8))
    course.grade()
    writer = next(n for n, found in course.standing().items() if found.rows[ASSIGNMENT, ROW].automatic is None)
    assert "This has not been read by a person yet." in course.feedback(writer)
    course.enter(writer, ROW, 3, "Well sorted.")
    done = course.mark()
    assert (done.refreshed, done.again) == ([writer], [])
    assert "Level 3 of 4" in course.feedback(writer)
    assert "Well sorted." in course.feedback(writer)
    row = course.standing()[writer].rows[ASSIGNMENT, ROW]
    assert (row.manual, row.waiting) == (3, False)


def test_another_hand_in_of_the_same_learner_is_marked_again(course: Course) -> None:
    course.hand_in("one", seed=1)
    course.grade()
    course.hand_in("one", seed=2)
    course.grade()
    page = (course.folder / "grading" / f"{ASSIGNMENT}_last_page.txt").read_text()
    assert "1 handed in again; the new hand-in took the place of the earlier one" in page
    assert "1 marked again" in page


def bundle_of(course: Course) -> fast.Bundle:
    return preparing.prepare(course.settings, ASSIGNMENT).bundle


def submission(course: Course, seed: int) -> fast.Submission:
    import hand_ins

    return fast.Submission(f"learner-{seed}", tuple(hand_ins.events(course.assessment, seed)), 0.0, {}, str(seed))


def test_grading_is_pure_and_everything_it_takes_and_gives_can_be_pickled(course: Course) -> None:
    bundle = bundle_of(course)
    for seed in range(4):
        given = submission(course, seed)
        first = fast.grade(bundle, given)
        again = fast.grade(pickle.loads(pickle.dumps(bundle)), pickle.loads(pickle.dumps(given)))
        assert first == again == pickle.loads(pickle.dumps(first))
        assert not first.unmarked


def test_any_executor_will_do(course: Course) -> None:
    bundle, given = bundle_of(course), [submission(course, seed) for seed in range(20)]
    alone = [result for some in fast.grade_all(bundle, given, size=3) for result in some]
    with ThreadPoolExecutor(2) as threads:
        spread = [result for some in fast.grade_all(bundle, given, threads, size=3) for result in some]
    assert spread == alone


class Dying(Executor):
    """An executor whose processes are killed after a while."""

    def __init__(self) -> None:
        self.given = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given += 1
        if self.given > 4:
            raise BrokenProcessPool
        future: Future[Any] = Future()
        if self.given > 2:
            future.set_exception(BrokenProcessPool())
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_processes_that_die_lose_nobody(course: Course) -> None:
    course.hand_in(*learners(9))
    taking_in.everything(course.folder, course.folder / "inbox")
    batch.SOME, before = 1, batch.SOME
    try:
        assert course.mark(Dying()).marked == learners(9)
    finally:
        batch.SOME = before
    assert set(course.standing()) == set(learners(9))


@pytest.mark.parametrize("point", ["files", "rows", "journal"])
def test_a_run_broken_off_at_any_step_is_finished_by_the_next(
    course: Course, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.hand_in(*learners(5))
    taking_in.everything(course.folder, course.folder / "inbox")
    monkeypatch.setattr(batch, "SOME", 2)
    owner: Any = {"files": files, "rows": store, "journal": Journal}[point]
    name = {"files": "put", "rows": "write", "journal": "write"}[point]
    real, calls = getattr(owner, name), []

    def breaking(*arguments: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*arguments, **more)

    monkeypatch.setattr(owner, name, breaking)
    with pytest.raises(KeyboardInterrupt):
        course.mark()
    monkeypatch.setattr(owner, name, real)
    done = course.mark()
    assert sorted(done.marked + done.again + done.same) == learners(5)
    assert set(course.standing()) == set(learners(5))
    assert course.mark().same == learners(5)


def _working_in(folder: Path) -> list[str]:
    """Processes whose current folder this is."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").resolve() == folder.resolve():
                found.append(process.name)
    return found


def test_kill_9_at_random_points_then_a_rerun_leaves_everyone_marked_once(
    course: Course, generated: Path, tmp_path: Path
) -> None:
    import same

    whole = Course(tmp_path / "whole")
    shutil.copytree(generated, whole.folder)
    for one in (course, whole):
        one.hand_in(*learners(60))
    chance = random.Random(9)
    whole.grade()
    command = [sys.executable, "-m", "twovoices", "grade", "02", "--jobs", "2"]
    killed = 0
    for _ in range(40):
        process = subprocess.Popen(command, cwd=course.folder, stdout=subprocess.DEVNULL, start_new_session=True)
        journal = course.folder / ".grading" / ASSIGNMENT / "marked.jsonl"
        begun, size = time.monotonic(), journal.stat().st_size if journal.exists() else 0
        while process.poll() is None and (journal.stat().st_size if journal.exists() else 0) == size:
            if time.monotonic() - begun > chance.uniform(0.2, 20):
                break
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.05))
        if process.poll() is None:
            killed += 1
            process.send_signal(signal.SIGKILL)
        process.wait()
        if killed >= 4 or len(Journal(course.folder, ASSIGNMENT).last) == 60:
            break
    assert killed
    if Path("/proc/self/cwd").exists():
        until = time.monotonic() + 30
        while left := _working_in(course.folder):
            assert time.monotonic() < until, f"workers of a killed run go on: {left}"
            time.sleep(0.2)
    assert subprocess.run(command, cwd=course.folder, stdout=subprocess.DEVNULL, check=False).returncode == 0
    assert list(same.differences(whole.folder, course.folder)) == []
    assert set(course.standing()) == set(learners(60))


def test_two_runs_at_once_do_not_meet(course: Course) -> None:
    with batch.alone(course.settings), pytest.raises(CannotGrade, match="Another grading run is going on"):
        course.grade()


def test_a_clone_whose_exercise_is_not_what_the_source_generates_is_refused(
    tmp_path: Path, generated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = Course(make(tmp_path / "course"))
    name = f"{ASSIGNMENT}.ipynb"
    notebook = course.folder / "exercises" / ASSIGNMENT / name
    words = notebook.read_text(encoding="utf-8")
    notebook.write_text(words.replace("About 90 minutes", "About 80 minutes"), encoding="utf-8")

    def as_nbgrader(settings: object, assignment: str, database: Path, released: Path) -> None:
        shutil.copy(generated / "gradebook.db", database)
        shutil.copytree(generated / "exercises" / assignment, released / assignment)

    monkeypatch.setattr(preparing, "_generate", as_nbgrader)
    with pytest.raises(CannotGrade, match="what solutions/ generates is not what exercises/ holds"):
        course.mark()
    assert not (course.folder / "gradebook.db").exists()
    notebook.write_text(words, encoding="utf-8")
    assert course.mark().unmarked == {}
    assert (course.folder / "gradebook.db").exists()


def test_a_source_changed_after_release_marks_nobody(course: Course) -> None:
    path = course.folder / "solutions" / ASSIGNMENT / "ray-wednesday.case.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("    level: 3\n", "    level: 4\n", 1), encoding="utf-8")
    with pytest.raises(CannotGrade, match="the source was changed after the exercise was released"):
        course.mark()


def test_keys_kept_elsewhere_are_found_by_the_environment(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (course.folder / "solutions").rename(tmp_path / "private")
    course.hand_in("one")
    assert course.grade() == 1
    monkeypatch.setenv("TWOVOICES_SOLUTIONS", str(tmp_path / "private"))
    assert course.grade() == 0
    assert set(course.standing()) == {"one"}


def test_files_are_ignored_as_a_shell_would(tmp_path: Path) -> None:
    for name in ("a.csv", "b.case.yaml", ".hidden.yaml", "sub/c.png", "__pycache__/d.pyc", "n.ipynb"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    ignore = ("*.case.yaml", "__pycache__", "*.yaml")
    assert set(files.alongside(tmp_path, ignore)) == {"a.csv", ".hidden.yaml", "sub/c.png"}
