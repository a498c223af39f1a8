"""Marking by hand: the page a learner gets back, flags, samples in reach of graders alone, and second readers."""

from __future__ import annotations

import csv
import json
import re
from html import unescape
from pathlib import Path

import pytest
import yaml

from twovoices.grading import flags

from .conftest import ASSIGNMENT, Course

ROWS = [f"written-m02-written-row-{number}" for number in (1, 2, 3, 4)]
pytestmark = [pytest.mark.xdist_group("fast"), pytest.mark.filterwarnings("default")]


@pytest.fixture
def marked(course: Course) -> Course:
    course.hand_in(*(f"learner-{number:02d}" for number in range(14)))
    assert course.grade() == 0
    return course


def writers(course: Course) -> list[str]:
    return [n for n, found in sorted(course.standing().items()) if found.rows[ASSIGNMENT, ROWS[1]].automatic is None]


def mark(course: Course, learner: str, *points: float) -> None:
    for row, given in zip(ROWS, points, strict=True):
        course.enter(learner, row, given)


def test_feedback_says_levels_in_words_and_one_level_on(marked: Course) -> None:
    learner = writers(marked)[0]
    mark(marked, learner, 3, 4, 2, 0)
    marked.grade()
    page = marked.feedback(learner)
    rubric = yaml.safe_load((marked.folder / "solutions" / ASSIGNMENT / "written.yaml").read_text())["rubric"]
    for row, level in zip(rubric, (3, 4, 1, 0), strict=True):
        assert f"Level {level} of 4: {row['levels'][level]}" in page
        if level < 4:
            assert f"One level on: {row['levels'][level + 1]}" in page
    assert "Not yet: please talk it through" in page


def test_feedback_is_whole_in_one_file_and_fetches_nothing(marked: Course) -> None:
    for learner in marked.standing():
        page = marked.feedback(learner)
        assert not re.search(r"https?://|<script|<link|<img|@import|url\(", page)
        assert page.count("<h1>") == 1
        assert "<details" not in page  # paper cannot unfold


def test_a_flag_is_not_shown_to_the_learner_but_that_it_comes_back_is(
    marked: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    learner = writers(marked)[0]
    mark(marked, learner, 3, 3, 0, 3)
    marked.enter(
        learner, ROWS[2], comment="FLAG: forgives_harm in the plan\nShe was asleep; what would the pardon be for?"
    )
    capsys.readouterr()
    marked.grade()
    said = capsys.readouterr().out
    assert f"{learner}: forgives_harm in the plan [returned]" in said
    page = marked.feedback(learner)
    assert "forgives_harm" not in page
    assert "FLAG" not in page
    assert "She was asleep; what would the pardon be for?" in page
    assert "This comes back to you once, to be revised" in page
    assert "returned to you once" in page


def test_returned_lasts_until_it_is_handed_in_again(marked: Course) -> None:
    learner = writers(marked)[0]
    marked.enter(learner, ROWS[2], comment="FLAG: a meeting with him")
    marked.grade()
    assert flags.returned(marked.folder, ASSIGNMENT, learner) == "returned"
    marked.hand_in(learner, seed=777)
    marked.grade()
    assert flags.returned(marked.folder, ASSIGNMENT, learner) == "handed in again"
    page = (marked.folder / "grading" / f"{ASSIGNMENT}_last_page.txt").read_text()
    assert f"{learner}: a meeting with him [handed in again; read it, then take the FLAG line away]" in page


def test_a_flag_set_just_before_the_new_hand_in_came_stands_on_the_old_one(marked: Course) -> None:
    learner = writers(marked)[0]
    marked.enter(learner, ROWS[2], comment="FLAG: a meeting with him")
    marked.hand_in(learner, seed=778)
    marked.grade()
    assert flags.returned(marked.folder, ASSIGNMENT, learner) == "handed in again"


def second_list(course: Course) -> list[dict[str, str]]:
    path = course.folder / "grading" / f"{ASSIGNMENT}_second_reading.csv"
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_a_tenth_and_all_flags_are_read_twice_without_names(marked: Course) -> None:
    flagged = writers(marked)[:3]
    for learner in flagged:
        marked.enter(learner, ROWS[2], comment="FLAG: look")
    marked.grade(seconds=True, seed="a seed")
    first = second_list(marked)
    assert sum(row["why"] == "flag" for row in first) == 3
    assert len(first) in (4, 5)
    assert {row["seed"] for row in first} == {"a seed"}
    path = marked.folder / "grading" / f"{ASSIGNMENT}_second_reading.csv"
    assert "learner-" not in path.read_text(encoding="utf-8-sig")
    marked.grade(seconds=True)
    assert second_list(marked) == first


def test_two_readers_two_levels_apart_are_told(marked: Course, capsys: pytest.CaptureFixture[str]) -> None:
    learner = writers(marked)[0]
    mark(marked, learner, 3, 3, 2, 3)
    marked.enter(learner, ROWS[2], comment="FLAG: look")
    marked.grade(seconds=True)
    path = marked.folder / "grading" / f"{ASSIGNMENT}_second_reading.csv"
    rows = second_list(marked)
    line = next(row for row in rows if row["why"] == "flag")
    line[f"{ROWS[2]}: second reader"] = "3"
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(line))
        writer.writeheader()
        writer.writerows(rows)
    capsys.readouterr()
    marked.grade(seconds=True)
    assert f"{line['submission']}, {ROWS[2]}: 1 and 3. A third person reads it." in capsys.readouterr().out
    assert line in second_list(marked)


def test_the_last_page_names_scores_beyond_what_a_cell_is_worth(marked: Course) -> None:
    learner = writers(marked)[0]
    marked.enter(learner, ROWS[0], 5)
    marked.grade()
    page = (marked.folder / "grading" / f"{ASSIGNMENT}_last_page.txt").read_text()
    assert f"{learner}, {ROWS[0]}: 5 of 4" in page


def samples(course: Course) -> list[str]:
    read = yaml.safe_load((course.folder / "solutions" / ASSIGNMENT / "samples.yaml").read_text(encoding="utf-8"))
    return [row["reason"] for sample in read["samples"] for row in sample["rows"].values()]


def test_samples_are_in_reach_of_formgrader_alone(marked: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    import nbformat
    from nbconvert.exporters import HTMLExporter
    from traitlets.config import Config

    monkeypatch.chdir(marked.folder)
    learner = writers(marked)[0]
    path = marked.folder / "autograded" / learner / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    words = json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)
    assert not any(reason[:60] in words for reason in samples(marked))
    assert not any(reason[:60] in marked.feedback(learner) for reason in samples(marked))
    config = Config()
    config.CourseDirectory.source_directory = "solutions"
    config.HTMLExporter.preprocessors = ["twovoices.grading.formgrader.SamplesInReach"]
    config.Exporter.default_preprocessors = []
    exporter = HTMLExporter(config=config)
    notebook = nbformat.read(path, as_version=4)
    asked = {"assignment_id": ASSIGNMENT, "notebook_id": ASSIGNMENT, "submission_id": "x"}
    seen, _ = exporter.from_notebook_node(notebook, dict(asked))
    plain, _ = exporter.from_notebook_node(notebook, {})
    assert seen.count("Four graded samples for this row") == 4
    words = unescape(seen)
    for reason in samples(marked):
        assert reason in words
    assert "Four graded samples" not in plain


def test_plain_exports_tell_what_the_gradebook_holds(marked: Course, tmp_path: Path) -> None:
    from twovoices.grading import exporting

    learner = writers(marked)[0]
    mark(marked, learner, 4, 4, 8, 4)
    marked.sql("UPDATE student SET last_name = ? WHERE id = ?", "=cmd|' /C calc'!A0", learner)
    for kind in exporting.KINDS:
        assert exporting.run(marked.folder, kind, tmp_path / f"{kind}.csv", ["02"]) == 0
    with open(tmp_path / "gradebook.csv", newline="", encoding="utf-8-sig") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert len(rows) == 14
    assert rows[learner]["written"] == "50"
    assert rows[learner]["band"] == "met"
    assert rows[learner]["last_name"].startswith("'=cmd")
    with open(tmp_path / "competencies.csv", newline="", encoding="utf-8-sig") as file:
        assert len(list(csv.DictReader(file))) == 14 * 3
