"""Drill: level set by the learner, criteria met twice without help, two models, nothing timed unless asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from twovoices.activities import drill
from twovoices.activities.drill import Line, asked, following, moved, past, settled
from twovoices.view import Ask, Prose, Ticks

from .pages import Page, changed, faults, real

DECK = real("drill", "first-reply")


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page("drill", DECK, tmp_path)


def line(page: Page, *ticks: str) -> None:
    page.press("said", typed="words")
    for tick in ticks:
        page.press("tick", tick)
    page.press("next")


def test_the_deck_has_twelve_prompts_on_three_levels_with_two_roads_each() -> None:
    assert len(DECK.prompts) >= 12
    assert {prompt.level for prompt in DECK.prompts} == {1, 2, 3}
    assert all(prompt.models[0].road != prompt.models[1].road for prompt in DECK.prompts)


def test_the_level_is_asked_first_and_then_after_every_two_lines(page: Page) -> None:
    assert [do for do, _ in page.offered()] == ["level"] * 3
    page.press("level", "2")
    line(page)
    assert ("said", "") in page.offered()
    line(page)
    assert [value for do, value in page.offered() if do == "feel"] == ["easy", "right", "hard"]
    page.press("feel", "hard")
    assert past(page.log.of("drill:first-reply")).level == 1
    assert page.has("say-coat")


@pytest.mark.parametrize(
    ("level", "feel", "then"), [(1, "hard", 1), (1, "easy", 2), (2, "right", 2), (3, "easy", 3), (3, "hard", 2)]
)
def test_the_level_moves_by_one_and_stays_between_one_and_three(level: int, feel: str, then: int) -> None:
    assert moved(level, feel) == then


def test_a_criterion_met_twice_without_help_is_not_asked_again_at_its_level() -> None:
    lines = (Line("coat", ("pain",), True), Line("pillow", ("pain", "open"), True))
    assert settled(DECK, lines) == {(1, "pain")}
    third = next(prompt for prompt in DECK.prompts if prompt.id == "brochure")
    assert [item.id for item in asked(DECK, third, lines)] == ["verdict", "open"]
    harder = next(prompt for prompt in DECK.prompts if prompt.level == 2)
    assert len(asked(DECK, harder, lines)) == 3


def test_a_criterion_met_after_the_model_was_seen_does_not_move_on() -> None:
    assert settled(DECK, (Line("coat", ("pain",), False), Line("pillow", ("pain",), True))) == set()


def test_when_a_level_has_nothing_left_to_meet_the_next_harder_one_follows() -> None:
    every = ("pain", "verdict", "open")
    lines = (Line("coat", every, True), Line("pillow", every, True))
    found = following(DECK, lines, 1)
    assert found is not None
    assert found.level == 2


def test_a_deck_ends_when_every_prompt_was_seen() -> None:
    assert following(DECK, tuple(Line(prompt.id, (), True) for prompt in DECK.prompts), 2) is None


def test_two_models_come_with_the_ticks_and_not_before(page: Page) -> None:
    page.press("level", "1")
    assert not page.has("model-coat")
    page.press("said")
    assert page.has("ticks-ticks-coat")
    assert DECK.prompts[0].models[1].why in page.find(Prose, "other-coat").paragraphs


def test_someone_who_looks_first_answers_with_help_and_the_log_says_so(page: Page) -> None:
    page.press("level", "1")
    page.press("shown")
    assert page.has("model-coat")
    page.press("said")
    page.do(("tick", "pain"), "next")
    assert past(page.log.of("drill:first-reply")).lines == (Line("coat", ("pain",), False),)


def test_a_second_version_stands_beside_the_first_and_counts_no_further_line(page: Page) -> None:
    page.press("level", "1")
    page.press("said")
    page.do(("tick", "open"), "second", "said", ("tick", "pain"), "next")
    assert past(page.log.of("drill:first-reply")).lines == (Line("coat", ("open",), True),)
    assert page.events()[-1]["data"] == {"prompt": "coat", "ticks": ["pain"]}


def test_a_drill_resumes_at_the_prompt_after_the_last_line(page: Page) -> None:
    page.press("level", "1")
    line(page, "pain")
    page.open()
    assert page.has("say-pillow")


def test_no_timer_runs_unless_it_is_asked_for(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(drill.time, "monotonic", lambda: now)
    page.press("level", "1")
    now = 50.0
    page.press("said")
    assert "seconds" not in page.find(Ticks, "ticks-ticks-coat").hint
    page.press("next")
    page.press("timer")
    now = 91.0
    page.press("said")
    assert "about 41 seconds" in page.find(Ticks, "ticks-ticks-pillow").hint
    assert "seconds" not in page.log.raw
    page.press("next")
    page.press("feel", "right")
    page.press("timer")
    assert "Time me" in [button.label for button in page.find(Ask, "say-brochure").buttons]


def test_a_criterion_that_is_settled_stands_on_the_page_between_rounds(page: Page) -> None:
    page.press("level", "1")
    line(page, "pain")
    line(page, "pain")
    assert page.find(Prose, "settled").paragraphs == (DECK.prompts[0].criteria[0].text,)


def test_a_deck_with_one_road_or_a_thin_level_is_a_fault() -> None:
    first = DECK.prompts[0]
    same = changed(first, models=(first.models[0], changed(first.models[1], road=first.models[0].road)))
    assert faults("drill", changed(DECK, prompts=(same, *DECK.prompts[1:]))) == [
        "W-ROADS Both models come from one road."
    ]
    moved_up = changed(first, level=2)
    assert faults("drill", changed(DECK, prompts=(moved_up, *DECK.prompts[1:]))) == ["E-SHAPE Level 1 has 3 prompts."]
    twice = changed(first, criteria=(first.criteria[0], first.criteria[0]))
    assert faults("drill", changed(DECK, prompts=(twice, *DECK.prompts[1:]))) == ["E-SHAPE A criterion stands twice."]
