"""Writing lab: privacy first, prompts that name and ask, words in memory, *keep* into a named file and out again."""

from __future__ import annotations

from pathlib import Path

import pytest

from twovoices.activities import kept
from twovoices.activities.lab import asked, said, whole
from twovoices.answers import AnswersError
from twovoices.view import Ask, Notice, Prose

from .pages import Page, changed, faults, real

LETTER, VOICES, DAILY = real("lab", "kinder-letter"), real("lab", "two-voices-daniela"), real("lab", "daily-check-in")
REFRAME = real("lab", "fact-meaning-step")


@pytest.fixture
def page(tmp_path: Path) -> Page:
    page = Page("lab", LETTER, tmp_path)
    page.press("place", "session")
    return page


def test_nothing_can_be_written_before_it_is_decided_where_it_could_be_found(tmp_path: Path) -> None:
    page = Page("lab", LETTER, tmp_path)
    assert {do for do, _ in page.offered()} == {"place"}
    page.press("place", "boots")
    assert "whoever tidies the cabin" in page.find(Prose, "decided").paragraphs[0]
    assert page.has(page.activity.key("hurts"))  # type: ignore[attr-defined]


def boxes(lab: object) -> dict[str, object]:
    return {box.id: box for box in lab.boxes}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("lab", "box", "typed", "prompt"),
    [
        (LETTER, "hurts", "I am worthless.", "You wrote “worthless”. Is that a voice"),
        (LETTER, "hurts", "It is a Sunday.", "Does it say what hurts"),
        (LETTER, "wide", "You deserve love.", "“You deserve love”. Could anybody have written that"),
        (LETTER, "wide", "At least it was caught.", "“At least”. Who gets to say that"),
        (LETTER, "wide", "I forgive myself for it.", "nothing to pardon and no lesson owed"),
        (VOICES, "first", "It just happened and we argued.", "“It just happened”. Does it explain, or does it excuse?"),
        (VOICES, "first", "He cried, and he lost a year.", "what I did, in a plain verb"),
        (VOICES, "first", "I lied about the test.", "what it was like for the other person"),
        (VOICES, "second", "I've heard you.", "one small thing to do"),
        (DAILY, "plain-line", "I did well today.", "“well”. The plain line has no marks"),
        (REFRAME, "meaning", "It proves that he meant it.", "Is that as certain as it sounds?"),
        (REFRAME, "fact", " ".join(["word"] * 40), "40 words; about 30 will do"),
        (LETTER, "hurts", "It hurts where the groin is.", "Is that detail needed for care?"),
    ],
)
def test_a_prompt_names_the_words_found_or_what_is_missing_and_asks(
    lab: object, box: str, typed: str, prompt: str
) -> None:
    found = asked(lab, boxes(lab)[box], typed)  # type: ignore[arg-type]
    assert any(prompt in item for item in found), found
    assert all("?" in item or "keep it as theirs" in item for item in found)


@pytest.mark.parametrize("lab", [LETTER, VOICES, DAILY, REFRAME], ids=lambda lab: lab.id)
def test_an_empty_box_is_asked_nothing_and_the_samples_pass_their_own_rules(lab: object) -> None:
    assert all(asked(lab, box, "  ") == () for box in lab.boxes)  # type: ignore[attr-defined]
    assert faults("lab", lab) == []


def test_own_and_impact_in_the_first_voice_leave_nothing_to_ask() -> None:
    box = boxes(VOICES)["first"]
    assert asked(VOICES, box, "I lied about the results. She waited a month and believed me.") == ()  # type: ignore[arg-type]


def test_a_check_in_that_takes_more_than_three_minutes_is_asked_what_could_go() -> None:
    assert whole(DAILY, ["word " * 400]) == "" or DAILY.minutes == 3
    assert "3 minutes are about 420 words" in whole(DAILY, ["word " * 300, "word " * 200])
    assert whole(LETTER, ["word " * 2000]) == ""


def test_prompts_appear_under_their_box_on_request_alone(page: Page) -> None:
    page.press("look", "hurts", typed="I am worthless.")
    assert page.has("asked-hurts")
    assert not page.has("asked-wide")


def test_ratings_and_ticks_are_kept_and_nothing_else(page: Page) -> None:
    page.press("believed", "7", typed="a heron")
    page.press("tick", "pain", typed="a heron")
    page.press("look", "hurts", typed="a heron")
    assert said(page.log.of("lab:kinder-letter")) == {"place": "session", "believed": 7, "ticks": ["pain"]}
    page.press("tick", "pain")
    assert said(page.log.of("lab:kinder-letter"))["ticks"] == []


@pytest.mark.parametrize(("number", "start"), [("5", "Below six"), ("6", "Six or more")])
def test_belief_from_six_on_is_enough_to_practise_with(page: Page, number: str, start: str) -> None:
    page.press("believed", number)
    assert page.find(Prose, "believed-said").paragraphs[0].startswith(start)


def test_keep_writes_to_the_file_the_learner_names_and_delete_takes_it_away(page: Page, tmp_path: Path) -> None:
    own = {page.activity.key("hurts"): "Bins at <eleven>", "name": "../Halvard's page!"}  # type: ignore[attr-defined]
    page.press("keep", **own)
    path = tmp_path / "kept" / "halvard-s-page.html"
    assert "Bins at &lt;eleven&gt;" in path.read_text("utf-8")
    assert page.find(Prose, "kept").paragraphs[0].startswith(f"Kept in {path}")
    page.press("keep", **(own | {page.activity.key("hurts"): "Bins at ten"}))  # type: ignore[attr-defined]
    assert "Bins at ten" in path.read_text("utf-8")
    page.press("delete")
    assert not path.exists()
    assert "Bins" not in page.log.raw


def test_a_page_that_is_there_already_is_never_overwritten(page: Page, tmp_path: Path) -> None:
    path = kept.file(tmp_path, "mine")
    kept.write(path, "Old", [("a", "b")])
    before = path.read_text("utf-8")
    page.press("keep", typed="mine")
    assert page.find(Notice, "notice").kind == "warn"
    assert path.read_text("utf-8") == before


def test_nothing_is_kept_without_a_name_or_without_words(page: Page, tmp_path: Path) -> None:
    page.press("keep", name="mine")
    page.press("keep", **{page.activity.key("hurts"): "words"})  # type: ignore[attr-defined]
    assert not (tmp_path / "kept").exists()


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    with pytest.raises(AnswersError, match="could not be written"):
        kept.write(kept.file(tmp_path, "x"), "t", [])
    (tmp_path / "kept").unlink()
    kept.file(tmp_path, "x").mkdir(parents=True)
    with pytest.raises(AnswersError, match="could not be deleted"):
        kept.delete(kept.file(tmp_path, "x"))


def test_clear_empties_every_box_and_forgets_the_words(page: Page) -> None:
    page.press("look", "hurts", typed="a heron")
    before = {block.key for block in page.view.blocks if isinstance(block, Ask)}
    page.press("clear", typed="a heron")
    assert before.isdisjoint({block.key for block in page.view.blocks if isinstance(block, Ask)})
    assert page.activity.words == {}


def test_a_group_that_cannot_ask_is_a_fault() -> None:
    box = changed(LETTER.boxes[0], need=("self-attack",))
    found = faults("lab", changed(LETTER, boxes=(box, *LETTER.boxes[1:])))
    assert found == ["E-SHAPE There is no group 'self-attack' that asks when it is missing."]
