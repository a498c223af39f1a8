"""The learner's own page and what it reads from the log; pages that are only read."""

from __future__ import annotations

import re
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from twovoices.activities import boosters, mine, opening, progress, reading
from twovoices.activities.path import PathPage, edges
from twovoices.activities.progress import Given
from twovoices.activities.reading import Handout, HandoutPage, Part
from twovoices.answers import Answers, AnswersError
from twovoices.content import course, library
from twovoices.content.texts import text
from twovoices.roleplay.model import Case
from twovoices.roleplay.play import CasePlay
from twovoices.view import Choices, Fold, Press, Prose, Table

from .pages import flat

CASE = "priya-party"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's folder, and the page's working directory."""
    (tmp_path / ".twovoices").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TWOVOICES_ANSWERS", raising=False)
    return tmp_path


def page(home: Path) -> PathPage:
    return PathPage(Answers(home / "answers.jsonl"), home)


def said(shown: PathPage) -> str:
    return str(shown.show())


def finish(name: str, level: int) -> None:
    """Play a conversation to its end with replies as near a level as can be had."""
    opened = opening.roleplay(name)
    talk = opened.activity
    assert isinstance(talk, opening.Talk)
    case = talk.case
    assert isinstance(case, Case)
    talk.fresh = True
    opened.press(Press(do="begin", value="straight"))
    while not (now := talk.attempts()[-1]).complete:
        offered = {reply for reply, _ in now.heard[-1].replies}
        options = [option for option in case.beat(now.heard[-1].scene).options if option.id in offered]
        chosen = min(options, key=lambda option: (abs(option.level - level), option.id))
        opened.show()
        opened.press(Press(do="reply", value=chosen.id))


# ---------------------------------------------------------------- where I am


def test_the_ways_add_up_to_the_hours_on_the_first_page() -> None:
    hours = {way: sum(lesson.minutes.get(way, 0) for lesson in course.lessons()) / 60 for way in course.WAYS}
    assert hours == {"essentials": 6, "core": 19, "full": 42}


def test_a_finished_conversation_counts_as_practised_and_one_begun_does_not(home: Path) -> None:
    log = Answers(home / "answers.jsonl")
    lesson = next(one for one in course.lessons() if one.id == "M02")
    assert f"roleplay:{CASE}" in lesson.steps
    opening.roleplay(CASE).press(Press(do="begin", value="straight"))
    before = progress.lesson(lesson, "full", log)
    finish(CASE, 4)
    after = progress.lesson(lesson, "full", log)
    assert (after.steps, after.of) == (before.steps + 1, before.of)


def test_a_quiz_counts_when_every_question_is_answered(home: Path) -> None:
    quiz = opening.quiz("which-place")
    log = Answers(home / "answers.jsonl")
    choices = [block for block in quiz.show().blocks if isinstance(block, Choices)]
    for number, block in enumerate(choices, start=1):
        quiz.press(Press(do=block.do, value=block.options[0].id))
        done = progress.practised("quiz:which-place", log.of("quiz:which-place"))
        assert done is (number == len(choices))


def test_the_way_chosen_in_start_here_is_the_way_shown(home: Path) -> None:
    def rows() -> int:
        table = next(block for block in page(home).show().blocks if isinstance(block, Table))
        return len(table.rows)

    assert rows() == 12
    opening.form("route").press(Press(do="say:route", value="essentials"))
    assert rows() == 6
    assert text("path.way_essentials", hours="6") in said(page(home))


# ---------------------------------------------------------------- what I have recognised


def replies(competency: str, *levels: tuple[str, int]) -> list[Given]:
    return [Given(case, case.title(), "She speaks.", competency, level) for case, level in levels]


@pytest.mark.parametrize(
    ("levels", "median"),
    [
        ([("a", 4), ("a", 2), ("b", 3)], None),
        ([("a", 4), ("a", 2), ("a", 3), ("a", 1)], None),
        ([("a", 4), ("a", 2), ("a", 3), ("b", 1)], 2.5),
        ([("a", 0), ("b", 4), ("b", 4), ("c", 4), ("c", 3)], 4.0),
    ],
)
def test_a_middle_is_shown_from_four_moments_in_two_conversations_on(
    levels: list[tuple[str, int]], median: float | None
) -> None:
    (found,) = progress.profiles(replies("C4", *levels))
    assert found.median == median
    assert found.levels == tuple(level for _, level in levels)


def test_competencies_stand_in_their_order() -> None:
    found = progress.profiles([*replies("C10", ("a", 1)), *replies("C2", ("a", 1))])
    assert [one.competency for one in found] == ["C2", "C10"]


def test_only_the_first_finished_attempt_counts(home: Path) -> None:
    finish(CASE, 1)
    first = list(progress.given(Answers(home / "answers.jsonl")))
    finish(CASE, 4)
    assert list(progress.given(Answers(home / "answers.jsonl"))) == first
    assert {reply.case for reply in first} == {CASE}
    assert sum(reply.level <= 2 for reply in first) > sum(reply.level >= 3 for reply in first)


def test_ones_edge_brings_own_moments_and_what_trains_it(home: Path) -> None:
    finish(CASE, 1)
    shown = page(home)
    lowest = min((g for g in progress.given(shown.keeper) if g.competency == "C2"), key=lambda g: g.level)
    shown.press(Press(do="edge", value="C2"))
    assert edges(shown.keeper) == {"C2"}
    assert lowest.heard in said(page(home))
    shown.press(Press(do="edge", value="C13"))
    assert edges(shown.keeper) == {"C2"}, "there is no thirteenth"
    assert text("path.edge_here") in str(opening.practice("drill", "first-reply").show())
    assert text("path.edge_here") not in str(opening.practice("pacing", "tamar-noticing").show())


# ---------------------------------------------------------------- boosters

MONDAY = date(2026, 1, 5)


@pytest.mark.parametrize(("weeks", "done", "due"), [(0, 0, 0), (1, 0, 1), (5, 0, 2), (5, 1, 1), (5, 3, 0), (30, 1, 3)])
def test_one_is_due_for_each_date_that_has_come(weeks: int, done: int, due: int) -> None:
    days = boosters.dates(MONDAY)
    assert boosters.due(days, [MONDAY + timedelta(days=8)] * done, MONDAY + timedelta(weeks=weeks)) == due


def test_one_finished_before_they_were_set_takes_nothing_off() -> None:
    assert boosters.due(boosters.dates(MONDAY), [MONDAY - timedelta(days=1)], MONDAY + timedelta(weeks=2)) == 1


def test_none_is_due_before_any_are_set() -> None:
    assert boosters.due([], [], MONDAY) == 0


def test_the_calendar_file_has_four_plain_days_and_says_nothing_of_the_course(home: Path) -> None:
    shown = page(home)
    shown.press(Press(do="boosters"))
    (path,) = home.glob("*.ics")
    assert str(path) in said(shown)
    made = Calendar.from_ical(path.read_bytes())
    days = [entry["dtstart"].dt for entry in made.walk("VEVENT")]
    assert [(day - boosters.today()).days for day in days] == [7, 28, 84, 168]
    assert all(type(day) is date for day in days)
    assert made.walk("VALARM") == []
    assert len({str(entry["uid"]) for entry in made.walk("VEVENT")}) == 4
    assert not re.search(r"sex|shame|two voices:|client", path.read_text("utf-8"), re.I)
    assert boosters.days(shown.keeper) == days


def test_a_folder_that_cannot_be_written_sets_nothing_and_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(AnswersError, match="No space left"):
        page(home).press(Press(do="boosters"))
    assert boosters.days(Answers(home / "answers.jsonl")) == []


# ---------------------------------------------------------------- my data


@pytest.fixture
def full(home: Path) -> Path:
    """A learner's folder with everything the course puts there, in a home that holds other things."""
    exercise = home / "exercises" / "02_what_is_not_regret"
    theirs = ["answers.jsonl", "answers (conflicted copy).jsonl", "kept/a-page.html"]
    for folder in (home, exercise):
        for name in theirs:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("{}\n")
    other = [
        "documents/answers.jsonl",
        "exercises/02_what_is_not_regret/notes.txt",
        "thesis.txt",
        "documents/kept/x.html",
    ]
    for name in other:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("mine")
    (home / "answers-link.jsonl").symlink_to(home / "thesis.txt")
    return home


def test_the_export_holds_every_file_of_the_course_and_nothing_else(full: Path) -> None:
    path = mine.export(full, MONDAY)
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    assert path.name == "two-voices-my-data-2026-01-05.zip"
    assert names == {
        f"{folder}{name}"
        for folder in ("", "exercises/02_what_is_not_regret/")
        for name in ("answers.jsonl", "answers (conflicted copy).jsonl", "kept/a-page.html")
    }


def test_erasing_asks_first_and_then_leaves_everything_that_is_not_the_courses(full: Path) -> None:
    shown = page(full)
    shown.press(Press(do="erase_all"))
    assert len(mine.files(full)) == 6, "one press alone erases nothing"
    shown.press(Press(do="erase"))
    assert "answers (conflicted copy).jsonl" in said(shown)
    shown.press(Press(do="keep_all"))
    shown.press(Press(do="erase_all"))
    assert len(mine.files(full)) == 6
    shown.press(Press(do="erase"))
    shown.press(Press(do="erase_all"))
    assert mine.files(full) == []
    left = {path.relative_to(full).as_posix() for path in full.rglob("*") if path.is_file()}
    assert left >= {"thesis.txt", "documents/answers.jsonl", "documents/kept/x.html"}
    assert text("path.erased") in said(shown)


def test_what_cannot_be_erased_is_named(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", busy)
    shown = page(full)
    shown.press(Press(do="erase"))
    shown.press(Press(do="erase_all"))
    assert "a-page.html" in said(shown)
    assert text("path.erased") not in said(shown)


# ---------------------------------------------------------------- pages to read


def test_every_competency_opens_on_its_own_page_with_five_levels() -> None:
    folds = [block for block in opening.competencies().show().blocks if isinstance(block, Fold)]
    assert len(folds) == 12
    for fold, found in zip(folds, library.competencies().values(), strict=True):
        assert found.title in fold.summary
        table = next(block for block in fold.blocks if isinstance(block, Table))
        assert [row[1] for row in table.rows] == list(found.anchors)


def test_the_page_of_a_competency_is_one_press_from_every_level_shown(home: Path) -> None:
    opened = opening.roleplay(CASE)
    opened.press(Press(do="begin", value="coached"))
    talk = opened.activity
    assert isinstance(talk, opening.Talk)
    assert isinstance(talk.play, CasePlay)
    first = talk.play.case.beats[0]
    opened.show()
    opened.press(Press(do="reply", value=first.options[0].id))
    keys = [block.key for block in flat(opened.show())]
    assert f"about-{first.focus}" in keys
    finish(CASE, 3)
    opened = opening.roleplay(CASE)
    for do in ("felt", "self"):
        opened.show()
        opened.press(Press(do=do))
    view = opened.show()
    shown = {block.key for block in flat(view)}
    levels = next(block for block in flat(view) if isinstance(block, Table) and block.key == "levels")
    assert {f"levels-{row[0].split()[0]}" for row in levels.rows} <= shown


HANDOUT = Handout(
    id="card",
    title="A card <for> you",
    module="M04",
    content_note="nothing",
    lead="Look around & name three things.",
    parts=(Part("What I see", "Write it.", 3), Part("Who is near", lines=1)),
    storage="Keep it where only you look.",
    for_clinician="Give it when it helps.",
)


def test_a_handout_is_printed_without_what_is_for_the_clinician(home: Path) -> None:
    shown = HandoutPage(HANDOUT, Answers(home / "answers.jsonl"))
    shown.folder = home
    assert HANDOUT.for_clinician in str(shown.show())
    shown.press(Press(do="print"))
    (path,) = (home / "kept").iterdir()
    html = path.read_text("utf-8")
    assert HANDOUT.for_clinician not in html
    assert html.count('class="line"') == 4
    assert "A card &lt;for&gt; you" in html
    assert "around &amp; name" in html
    assert (
        str(path) in next(b for b in shown.show().blocks if isinstance(b, Prose) and b.key == "written").paragraphs[0]
    )


def test_words_are_explained_by_lesson_and_an_unknown_lesson_is_told() -> None:
    every = course.glossary()
    assert len({term.id for term in every}) == len(every) > 0
    assert [term.term.casefold() for term in every] == sorted(term.term.casefold() for term in every)
    for module in {module for term in every for module in term.modules}:
        page = opening.glossary(module)
        assert len([block for block in page.show().blocks if isinstance(block, Fold)]) == len(course.glossary(module))
    with pytest.raises(opening.NotFound):
        opening.glossary("M99")


def test_rows_of_a_handout_keep_their_order() -> None:
    assert [row[0] for row in reading.rows(HANDOUT)] == ["", "What I see", "Who is near", ""]
