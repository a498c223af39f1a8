"""From a hand-in to the gradebook: every mark as it can be worked out by hand from the key."""

from __future__ import annotations

import csv

import pytest

from twovoices.content.texts import text

from . import scratch
from .conftest import HOSTILE_TEXT, Graded
from .scratch import ASSIGNMENT

pytestmark = pytest.mark.filterwarnings("ignore")
ROLEPLAY = {name: f"roleplay-{scratch.CASE}-{name}" for name in ("C4", "C2", "C5")}
QUIZ = f"quiz-{scratch.QUIZ}"
ROWS = [f"written-{scratch.WRITTEN}-row-{number}" for number in (1, 2, 3, 4)]
MARKED = [*ROLEPLAY.values(), QUIZ]


def roleplay(graded: Graded, name: str) -> dict[str, float | None]:
    points = graded.points(name)
    return {competency: points[cell] for competency, cell in ROLEPLAY.items()}


def test_a_blank_hand_in_is_marked_zero_without_waiting_for_anybody(graded: Graded) -> None:
    points = graded.points("blank")
    assert {points[cell] for cell in MARKED} == {0}
    assert {points[row] for row in ROWS} == {0}
    assert not any(graded.row("blank", row)["needs_manual_grade"] for row in ROWS)
    with graded.gradebook() as gradebook:
        comments = [gradebook.find_comment(row, ASSIGNMENT, ASSIGNMENT, "blank").comment for row in ROWS]
    assert comments == ["No response."] * 4


def test_the_best_replies_earn_every_automatic_point(graded: Graded) -> None:
    points = graded.points("late")
    assert [points[cell] for cell in MARKED] == [15, 10, 10, 15]


def test_level_three_throughout_earns_three_quarters(graded: Graded) -> None:
    assert roleplay(graded, "threes") == {"C4": 15 * 0.75, "C2": 10 * 0.75, "C5": 10 * 0.75}
    assert graded.points("threes")[QUIZ] == 0


def test_random_play_is_marked_as_worked_out_by_hand_from_levels(graded: Graded) -> None:
    learner = graded.learners["random"]
    assert roleplay(graded, "random") == pytest.approx(scratch.by_hand(graded.course, learner.moves[0]), abs=1e-5)
    questions = learner.source.quizzes[scratch.QUIZ].questions
    right = sum(o.defensible is True for q in questions for o in q.options if o.id == learner.given[q.id])
    assert graded.points("random")[QUIZ] == pytest.approx(15 * right / 5)


def test_every_talk_is_marked_as_worked_out_by_hand_from_levels(graded: Graded) -> None:
    counted = {"best": 0, "stopped": 0, "twice": 0, "gave-up": 1, "mended": 0, "unmended": 0}
    for name, attempt in counted.items():
        moves = graded.learners[name].moves[attempt]
        assert roleplay(graded, name) == pytest.approx(scratch.by_hand(graded.course, moves), abs=1e-5), name


def test_moments_not_reached_count_zero_and_the_result_reads_not_yet(graded: Graded) -> None:
    points = roleplay(graded, "stopped")
    assert sum(value or 0 for value in points.values()) < 35 / 2
    assert len(graded.learners["stopped"].moves[0]) == 5
    page = graded.feedback("stopped")
    assert "The conversation was left after 5 replies" in page
    assert text("debrief.not_yet") in page


def test_the_first_completed_attempt_counts(graded: Graded) -> None:
    twice, gave_up = graded.learners["twice"], graded.learners["gave-up"]
    assert scratch.by_hand(graded.course, twice.moves[0]) != scratch.by_hand(graded.course, twice.moves[1])
    assert sum(value or 0 for value in roleplay(graded, "twice").values()) < 35
    assert sum(value or 0 for value in roleplay(graded, "gave-up").values()) == 35
    assert len(gave_up.moves[0]) == 3


def test_a_mended_error_keeps_its_zero_and_spoils_nothing_else(graded: Graded) -> None:
    points = roleplay(graded, "mended")
    assert (points["C2"], points["C5"]) == (10, 10)
    assert 0 < (points["C4"] or 0) < 15


def test_an_error_left_standing_zeroes_its_competency_alone(graded: Graded) -> None:
    assert roleplay(graded, "unmended") == {"C4": 0, "C2": 10, "C5": 10}


def test_the_questions_give_partial_credit_and_either_good_answer_earns_the_same(graded: Graded) -> None:
    assert graded.points("one-right")[QUIZ] == 3
    assert graded.points("best")[QUIZ] == graded.points("second")[QUIZ] == 15
    best, second = graded.learners["best"].given, graded.learners["second"].given
    assert all(best[question] != second[question] for question in best)


def test_written_work_waits_for_a_person_row_by_row(graded: Graded) -> None:
    waiting = {row: graded.row("writer", row) for row in ROWS}
    assert all(row["needs_manual_grade"] for row in waiting.values())
    assert all(row["auto_score"] is None for row in waiting.values())
    with graded.gradebook() as gradebook:
        assert gradebook.find_comment(ROWS[0], ASSIGNMENT, ASSIGNMENT, "writer").comment is None


def test_the_autograded_notebook_shows_what_was_written_escaped_and_once(graded: Graded) -> None:
    first, second, third, fourth = (graded.cell("writer", row)["source"] for row in ROWS)
    shown = "".join(second)
    assert "&#60;script&#62;alert" in shown
    assert "&#35; Heading" in shown
    assert "&#36;<span></span>" in shown
    for sign in ("<script", "<b>", "[link]", "\n\n    ", "### BEGIN", "| a |"):
        assert sign not in shown, sign
    assert shown.count("Heading") == 1
    assert "What I would say." in "".join(first)
    assert "A first version." not in "".join(first)
    for later in (third, fourth):
        assert "Heading" not in "".join(later)
        assert "What I would say." not in "".join(later)
        assert "".join(later).rstrip().endswith("Read on the text above.")


def test_saved_text_reaches_feedback_whole_and_harmless(graded: Graded) -> None:
    from html import unescape

    page = graded.feedback("writer")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page or "&#60;script&#62;alert" in page
    words = unescape(page).replace("<span></span>", "")
    for line in filter(str.strip, HOSTILE_TEXT.splitlines()):
        assert line.strip() in words, line


def test_a_manual_score_survives_marking_again_and_is_flagged(graded: Graded) -> None:
    assert graded.said["autograde again"].returncode == 0, graded.said["autograde again"].stderr
    written, judged = graded.row("best", ROWS[1]), graded.row("best", ROLEPLAY["C2"])
    assert (written["manual_score"], written["needs_manual_grade"]) == (3, True)
    assert (judged["manual_score"], judged["auto_score"], judged["score"]) == (9, 10, 9)
    assert judged["needs_manual_grade"] is True


def test_a_late_hand_in_is_late_by_the_time_that_intake_wrote(graded: Graded) -> None:
    with graded.gradebook() as gradebook:
        late = gradebook.find_submission(ASSIGNMENT, "late")
        assert 0 < late.total_seconds_late < 120
        assert late.late_submission_penalty == late.score == 50
        for name in set(graded.learners) - {"late", "replaced", "shadow", "by-hand"}:
            assert gradebook.find_submission(ASSIGNMENT, name).total_seconds_late == 0, name


def test_export_tells_the_same_marks(graded: Graded) -> None:
    with open(graded.course / "grades.csv", newline="", encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows["second"]["raw_score"]) == 15
    assert float(rows["threes"]["raw_score"]) == 35 * 0.75
    assert float(rows["late"]["late_submission_penalty"]) == 50
    assert float(rows["best"]["max_score"]) == 70


def test_who_was_meddled_with_fails_alone_and_with_the_reason(graded: Graded) -> None:
    said = graded.said["autograde"]
    assert said.returncode != 0
    for sentence in (
        f"replaced: {ASSIGNMENT}.ipynb is not as intake wrote it. Run intake again.",
        "was not put here by intake. Delete it, or run intake again.",
        "by-hand: this folder did not come through intake. Put the hand-in into inbox/ and run intake.",
    ):
        assert sentence in said.stderr
    failed = {"replaced", "shadow", "by-hand"}
    assert {path.name for path in (graded.course / "autograded").iterdir() if any(path.iterdir())} == (
        set(graded.learners) - failed
    )
    for name in failed:
        assert set(graded.points(name).values()) == {None}


def test_nothing_of_a_submitted_folder_is_parsed_or_imported(graded: Graded) -> None:
    assert not (graded.course.parent / "imported").exists()
    assert "JSONDecodeError" not in graded.said["autograde"].stderr
    assert "NotJSONError" not in graded.said["autograde"].stderr


def test_intake_says_what_it_took_and_what_to_look_at(graded: Graded) -> None:
    said = graded.said["intake"]
    assert said.returncode == 1
    assert f"{len(graded.learners)} taken in, 1 not." in said.stdout
    assert "notes.txt: it is neither a zip nor a folder" in said.stdout
    assert said.stderr == ""


@pytest.mark.parametrize("name", ["best", "writer", "blank"])
def test_intake_writes_three_files_for_each_learner(graded: Graded, name: str) -> None:
    folder = graded.course / "submitted" / name / ASSIGNMENT
    assert {path.name for path in folder.iterdir()} == {"answers.jsonl", "timestamp.txt", f"{ASSIGNMENT}.ipynb"}
    released = graded.course / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    assert (folder / f"{ASSIGNMENT}.ipynb").read_bytes() == released.read_bytes()
