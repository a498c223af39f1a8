"""The 90-second explanation: plain words, length said aloud, certainty, ticks by version, models and what is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from twovoices.activities import explain
from twovoices.activities.explain import checked, versions
from twovoices.activities.prompting import plain, seconds
from twovoices.content import language
from twovoices.view import Fold, Prose, Table, Ticks

from .pages import Page, changed, faults, real

IMRE = real("explain", "why-watching-puts-it-out")


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page("explain", IMRE, tmp_path)


@pytest.mark.parametrize(
    ("typed", "prompt"),
    [
        ("Your amygdala fires.", "“amygdala”. Would this person use that word"),
        ("It's the dual control of arousal.", "“dual control”, “arousal”: would this person"),
        ("Research proves that it rewires you.", "“Research proves”, “rewires”. Is that as certain"),
        ("It is an unsatisfactory explanation, reciprocally.", "Long words: “unsatisfactory”"),
        ("and then " * 12 + "it goes.", "One sentence has 26 words"),
        ("One two three four. " * 60, "Said calmly it takes about 103 seconds, and 90 is the aim"),
    ],
)
def test_the_plain_language_check_names_what_it_found_and_asks(typed: str, prompt: str) -> None:
    found = checked(IMRE, typed)
    assert any(prompt in item for item in found), found


def test_plain_words_are_asked_nothing_and_so_is_an_empty_box() -> None:
    assert checked(IMRE, "You can only be in one place. Here's one way to see it. Does it fit?") == ()
    assert plain("") == ()
    assert seconds("") == 0


def test_a_word_is_not_asked_about_twice() -> None:
    assert len(checked(IMRE, "It's the polyvagal system.")) == 1


def test_a_language_without_rules_gets_no_prompts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "current", lambda: "xx")
    assert plain("Your amygdala proves it.") == ()


def test_models_come_after_the_first_version_and_pass_their_own_check(page: Page) -> None:
    assert IMRE.samples[0].text[:40] not in page.said
    page.press("said", typed="words")
    assert page.has("scaffold")
    assert all(checked(IMRE, sample.text) == () for sample in IMRE.samples)


def test_versions_stand_side_by_side_with_what_was_ticked(page: Page) -> None:
    page.do("said", ("tick", "example"), "second", "said", ("tick", "example"), ("tick", "check"), "done")
    assert versions(page.log.of("explain:why-watching-puts-it-out")) == (("example",), ("check", "example"))
    table = page.find(Table, "over")
    assert table.rows[0][1:] == ("yes", "yes")
    assert next(row for row in table.rows if row[0].startswith("Asked"))[1:] == ("not yet", "yes")
    page.open()
    assert page.has("over")
    assert page.find(Fold, "models")


def test_no_timer_runs_unless_it_is_asked_for(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(explain.time, "monotonic", lambda: now)
    page.press("timer")
    now = 88.0
    page.press("said")
    assert "about 88 seconds" in page.find(Ticks, "ticks-0").hint
    page.press("done")
    page.press("second")
    page.press("timer")
    page.press("said")
    assert "seconds" not in page.find(Ticks, "ticks-1").hint


def test_what_is_known_stands_beside_the_models_in_words(page: Page) -> None:
    page.press("said")
    known = page.find(Prose, "note").paragraphs
    assert "expert view" in known[0]
    assert "Barlow 1986" in known[1]


def test_looking_over_says_how_long_it_takes_and_nothing_typed_is_fine(page: Page) -> None:
    page.press("look", typed="You can only be in one place.")
    assert page.find(Prose, "asked-0").paragraphs[0] == "7 words, about 3 seconds said calmly."
    page.press("look", typed="")
    assert page.find(Prose, "asked-0").paragraphs[0].startswith("Nothing is typed")


def test_a_model_that_over_claims_and_a_work_nobody_entered_are_faults() -> None:
    loud = changed(IMRE.samples[0], text="Science shows that it heals.")
    found = faults("explain", changed(IMRE, samples=(loud, IMRE.samples[1]), sources=("nobody2020",)))
    assert [item.split()[0] for item in found] == ["W-WORDS", "E-SHAPE"]
    assert faults("explain", changed(IMRE, note="")) == ["E-SHAPE It cites and does not say how strong that is."]
